//! Straight from bytes, every kernel draws what the events of the scalar decoder draw.

const std = @import("std");
const abi = @import("../abi.zig");
const accumulator_module = @import("accumulator.zig");
const decoding = @import("decoding.zig");
const dispatch = @import("../decoder/kernels/dispatch.zig");
const kinds = @import("../kinds.zig");
const packet_module = @import("../decoder/packet.zig");
const LastEvents = @import("last_events.zig").LastEvents;
const streams = @import("../tools/bench/streams.zig");
const Accumulator = accumulator_module.Accumulator;
const Decoder = @import("../decoder/decoder.zig").Decoder;
const testing = std.testing;

const width = 1280;
const height = 720;
const length = 96 << 10;
const every = [_]accumulator_module.Options{
    .{ .width = width, .height = height, .kept = .last_events },
    .{ .width = width, .height = height, .kept = .{ .counts = .{ .bins = 1, .bin_us = std.math.inf(f64) } } },
    .{ .width = width, .height = height, .kept = .{ .counts = .{ .bins = 3, .bin_us = 1000 } } },
    .{ .width = width, .height = height, .kept = .{ .counts = .{ .bins = 1, .bin_us = 1000 } } },
    // Smaller than the sensor.
    .{ .width = 600, .height = 300, .kept = .last_events },
};

/// Where stamps begin is no part of the picture.
pub fn expectSame(expected: *const Accumulator, actual: *const Accumulator) !void {
    switch (expected.kept) {
        .last_events => |*last| for (last.stamps, actual.kept.last_events.stamps) |one, other| {
            try testing.expectEqual(timeOf(last, one), timeOf(&actual.kept.last_events, other));
            try testing.expectEqual(one & 1, other & 1);
        },
        .counts => |*counts| try testing.expectEqualSlices(i16, counts.planes, actual.kept.counts.planes),
    }
}

fn timeOf(last: *const LastEvents, stamp: u32) ?f64 {
    return if (stamp == 0) null else last.origin + @as(f64, @floatFromInt(stamp >> 1));
}

/// All events of a stream by the scalar decoder, by the way that checks each of them.
fn addPlainly(accumulator: *Accumulator, stream: streams.Stream) !accumulator_module.Added {
    const capacities: packet_module.Capacities = .{ length / 2 * 12 + 256, length, 0, 0, 0 };
    const memory = try testing.allocator.alignedAlloc(u8, .@"64", packet_module.byteLength(&capacities));
    defer testing.allocator.free(memory);
    var packet: packet_module.Packet = .at(memory.ptr, &capacities);
    var decoder: Decoder = .initKernel(dispatch.scalar, stream.format, width, height);
    try testing.expectEqual(stream.bytes.len, decoder.decode(stream.bytes, &packet));
    const events = packet.events.polarity;
    return accumulator.add(.{ .t = events.t, .x = events.x, .y = events.y, .on = events.on, .count = events.count });
}

fn addStraight(accumulator: *Accumulator, kernel: *const dispatch.Kernel, stream: streams.Stream) !accumulator_module.Added {
    const staging = try testing.allocator.create(decoding.Staging);
    defer testing.allocator.destroy(staging);
    var decoder: Decoder = .initKernel(kernel, stream.format, width, height);
    var triggers: [80]u8 align(8) = undefined;
    var added: accumulator_module.Added = .{};
    var consumed: usize = 0;
    while (consumed < stream.bytes.len) {
        var columns = kinds.columnsAt(kinds.Trigger, &triggers, 8);
        const end = @min(stream.bytes.len, consumed + 30_001);
        consumed += decoding.decode(accumulator, &decoder, staging, stream.bytes[consumed..end], &columns, &added);
    }
    return added;
}

test "every kernel, straight from bytes, gives the picture of the scalar decoder's events" {
    var arena: std.heap.ArenaAllocator = .init(testing.allocator);
    defer arena.deinit();
    var list: std.ArrayList(streams.Stream) = .empty;
    for (std.enums.values(abi.Format)) |format| try streams.append(arena.allocator(), format, length, &list);
    for (every) |options| for (list.items) |stream| {
        var expected: Accumulator = try .init(testing.allocator, options);
        defer expected.deinit(testing.allocator);
        const added = try addPlainly(&expected, stream);
        const available = if (stream.format == .evt3) dispatch.available() else &[_]dispatch.Kernel{dispatch.scalar.*};
        for (available) |*kernel| {
            errdefer std.debug.print("{t} {s} by {s}\n", .{ stream.format, stream.name, kernel.name });
            var actual: Accumulator = try .init(testing.allocator, options);
            defer actual.deinit(testing.allocator);
            try testing.expectEqual(added, try addStraight(&actual, kernel, stream));
            try expectSame(&expected, &actual);
        }
    };
}
