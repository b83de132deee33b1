//! With a wrong baseline, or a stream whose events a decoder drops, the figures would compare different work.

const std = @import("std");
const abi = @import("../../abi.zig");
const Decoder = @import("../../decoder/decoder.zig").Decoder;
const Packet = @import("../../decoder/packet.zig").Packet;
const streams = @import("streams.zig");
const Event = @import("baseline.zig").Event;
const Baseline = @import("baseline.zig").Baseline;

const length = 16 << 10;
const capacity = length / 2 * 12;

test "bench: on every stream without faults, the baseline makes the decoder's events" {
    const gpa = std.testing.allocator;
    var arena: std.heap.ArenaAllocator = .init(gpa);
    defer arena.deinit();
    var list: std.ArrayList(streams.Stream) = .empty;
    for (std.enums.values(abi.Format)) |format| try streams.append(arena.allocator(), format, length, &list);
    const events = try gpa.alloc(Event, capacity);
    defer gpa.free(events);
    const memory = try gpa.alignedAlloc(u8, .@"8", 13 * capacity + 10 * length);
    defer gpa.free(memory);
    for (list.items) |stream| {
        if (std.mem.eql(u8, stream.name, "faulty") or std.mem.eql(u8, stream.name, "random")) continue;
        errdefer std.debug.print("{t} {s}\n", .{ stream.format, stream.name });
        var baseline: Baseline = .init(stream.format, 1280, 720);
        const count = baseline.decode(stream.bytes, events);
        try expectDecoded(stream, events[0..count], .at(memory.ptr, &.{ capacity, length, 0, 0, 0 }));
    }
}

fn expectDecoded(stream: streams.Stream, events: []const Event, empty: Packet) !void {
    var decoder: Decoder = .init(stream.format, 1280, 720);
    var packet = empty;
    try std.testing.expectEqual(stream.bytes.len, decoder.decode(stream.bytes, &packet));
    const decoded = packet.events.polarity;
    try std.testing.expect(decoded.count > 0);
    try std.testing.expectEqual(decoded.count, events.len);
    for (events, 0..) |event, index| {
        try std.testing.expectEqual(decoded.t[index], @as(f64, @floatFromInt(event.t)));
        try std.testing.expectEqual(decoded.x[index], event.x);
        try std.testing.expectEqual(decoded.y[index], event.y);
        try std.testing.expectEqual(decoded.on[index], event.on);
    }
}
