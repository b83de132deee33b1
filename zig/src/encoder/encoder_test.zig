//! Words of each format, and what decoders make of them.

const std = @import("std");
const abi = @import("../abi.zig");
const decoder = @import("../decoder/decoder.zig");
const kernels = @import("../decoder/kernels/dispatch.zig");
const dispatch = @import("dispatch.zig");
const encoder = @import("encoder.zig");
const support = @import("testing/events.zig");
const Room = @import("../decoder/testing/test_support.zig").Room;

const gpa = std.testing.allocator;
const testing = std.testing;
const List = support.List;

fn expectWords(comptime Word: type, format: encoder.Format, list: *const List, expected: []const Word) !void {
    const bytes = try support.encoded(gpa, format, .{ .width = 1280, .height = 720 }, list, 1 << 20);
    defer gpa.free(bytes);
    try testing.expectEqualSlices(Word, expected, @alignCast(std.mem.bytesAsSlice(Word, bytes)));
}

test "EVT3: what has not changed is not said again, and a trigger comes before the events of its time" {
    var list: List = .init(gpa);
    defer list.deinit();
    try list.events(&.{ .{ 20487, 200, 100, 1 }, .{ 20487, 201, 100, 0 }, .{ 20488, 5, 100, 1 }, .{ 24576, 5, 7, 1 } });
    try list.triggers(&.{.{ 20488, 6, 1 }});
    try expectWords(u16, .evt3, &list, &.{
        0x8005, 0x6007, 0x0064, 0x28c8, 0x20c9, // two events
        0x6008, 0xa601, 0x2805, // the trigger, and the event of its time
        0x8006, 0x6000, 0x0007, 0x2805, // a TIME_LOW also where it is 0
    });
}

test "EVT3: a TIME_LOW follows each TIME_HIGH, also where it is the same, or 0" {
    var list: List = .init(gpa);
    defer list.deinit();
    try list.events(&.{ .{ 4103, 1, 2, 0 }, .{ 8199, 1, 2, 0 }, .{ 12288, 1, 2, 0 } });
    try expectWords(u16, .evt3, &list, &.{
        0x8001, 0x6007, 0x0002, 0x2001, 0x8002, 0x6007, 0x2001, 0x8003, 0x6000, 0x2001,
    });
}

test "EVT3: vectors are whole, begin at multiples of 32, and stand where they are not longer" {
    var list: List = .init(gpa);
    defer list.deinit();
    for ([_]u16{ 640, 642, 663, 671 }) |x| try list.event(20487, x, 100, 1);
    for ([_]u16{ 672, 673, 674, 703 }) |x| try list.event(20487, x, 100, 1); // behind a vector it needs no base
    for ([_]u16{ 10, 11, 12 }) |x| try list.event(20487, x, 100, 1);
    for ([_]u16{ 30, 31, 32, 33 }) |x| try list.event(20487, x, 100, 0); // two groups
    try expectWords(u16, .evt3, &list, &.{
        0x8005, 0x6007, 0x0064, 0x3a80, 0x4005, 0x4800, 0x5080, 0x4007, 0x4000, 0x5080, //
        0x280a, 0x280b, 0x280c, 0x201e, 0x201f, 0x2020, 0x2021,
    });
}

test "EVT3: no vector reaches beyond the sensor" {
    var list: List = .init(gpa);
    defer list.deinit();
    for (320..346) |x| try list.event(5, @intCast(x), 1, 1);
    const bytes = try support.encoded(gpa, .evt3, .{ .width = 346, .height = 260 }, &list, 1 << 20);
    defer gpa.free(bytes);
    const words = std.mem.bytesAsSlice(u16, bytes);
    try testing.expectEqual(3 + 26, words.len);
    for (words[3..]) |word| try testing.expectEqual(0x2, word >> 12);
}

test "EVT3: vectors stay whole where the events of a block end" {
    var list: List = .init(gpa);
    defer list.deinit();
    for (0..40) |y| {
        for (0..20) |x| try list.event(5, @intCast(x), @intCast(y), 1);
    }
    const bytes = try support.encoded(gpa, .evt3, .{ .width = 1280, .height = 720 }, &list, 1 << 20);
    defer gpa.free(bytes);
    // A time, and ADDR_Y, VECT_BASE_X and three vectors for each row.
    try testing.expectEqual(2 + 40 * 5, bytes.len / 2);
}

test "EVT3: TIME_HIGHs, pauses and triggers among the events of a block" {
    var list: List = .init(gpa);
    defer list.deinit();
    var expected: std.ArrayList(u16) = .empty;
    defer expected.deinit(gpa);
    for (1..200) |index| {
        // A pause of four TIME_HIGHs at each 50th event, and its trigger.
        const high: i64 = @intCast(index + index / 50 * 3);
        try list.event(high << 12 | 7, 3, 9, 0);
        if (index == 1) try expected.appendSlice(gpa, &.{ 0x8001, 0x6007, 0x0009 });
        if (index > 1) {
            const before: i64 = @intCast(index - 1 + (index - 1) / 50 * 3);
            var next = before + 1;
            while (next <= high) : (next += 1) try expected.append(gpa, @intCast(0x8000 | next));
            try expected.append(gpa, 0x6007);
        }
        if (index % 50 == 0) {
            try list.trigger(high << 12 | 7, 2, 1);
            try expected.append(gpa, 0xa201);
        }
        try expected.append(gpa, 0x2003);
    }
    try expectWords(u16, .evt3, &list, expected.items);
}

test "EVT3: events whose columns do not ascend keep their order" {
    var list: List = .init(gpa);
    defer list.deinit();
    for ([_]u16{ 5, 3, 4, 6, 7, 7, 8 }) |x| try list.event(1, x, 2, 0);
    try expectWords(u16, .evt3, &list, &.{
        0x8000, 0x6001, 0x0002, 0x2005, 0x3000, 0x40d8, 0x4000, 0x5000, 0x2007, 0x2008,
    });
}

test "EVT3: each wrap has the counter's end and its beginning, and no step reaches 2048" {
    for ([_]i64{ 1 << 24, (1 << 27) + 4096 * 3, (1 << 35) + 17, (1 << 38) - 1 }) |t| for ([_]i64{ 0, 4095, 1 << 20 }) |first| {
        var list: List = .init(gpa);
        defer list.deinit();
        try list.event(first, 1, 1, 1);
        try list.event(t, 2, 2, 0);
        const bytes = try support.encoded(gpa, .evt3, .{ .width = 1280, .height = 720 }, &list, 1 << 12);
        defer gpa.free(bytes);
        var high: ?u16 = null;
        var wraps: i64 = 0;
        for (std.mem.bytesAsSlice(u16, bytes)) |word| {
            if (word >> 12 != 0x8) continue;
            const value = word & 0xfff;
            if (high) |before| {
                if (value < before) {
                    try testing.expectEqual(0xfff, before);
                    try testing.expectEqual(0, value);
                    wraps += 1;
                } else try testing.expect(value - before <= 255);
            }
            high = value;
        }
        try testing.expectEqual(t >> 24, wraps);
        try testing.expectEqual(t >> 12 & 0xfff, high.?);
    };
}

test "EVT2: events, triggers and TIME_HIGH" {
    var list: List = .init(gpa);
    defer list.deinit();
    try list.events(&.{ .{ 133, 100, 200, 1 }, .{ 134, 1279, 719, 0 }, .{ 192, 0, 0, 1 } });
    try list.triggers(&.{.{ 191, 31, 0 }});
    try expectWords(u32, .evt2, &list, &.{
        0x8000_0002, 0x1143_20c8, 0x01a7_facf, 0xafc0_1f00, 0x8000_0003, 0x1000_0000,
    });
}

test "EVT2.1: neighbours share a word, in both byte orders" {
    var list: List = .init(gpa);
    defer list.deinit();
    try list.events(&.{ .{ 133, 64, 200, 1 }, .{ 133, 65, 200, 1 }, .{ 133, 95, 200, 1 }, .{ 133, 96, 200, 1 } });
    try list.triggers(&.{.{ 136, 3, 1 }});
    const expected = [_]u64{
        0x8000_0002_0000_0000, 0x1142_00c8_8000_0003, 0x1143_00c8_0000_0001, 0xa200_0301_0000_0000,
    };
    try expectWords(u64, .evt21, &list, &expected);
    var legacy = expected;
    for (&legacy) |*word| word.* = std.math.rotl(u64, word.*, 32);
    try expectWords(u64, .evt21_legacy, &list, &legacy);
}

test "what any format cannot hold is found with its index, also behind many events without a fault" {
    const Fault = abi.EncoderFault;
    const wrong = [_]struct { encoder.Format, Fault, f64 }{
        .{ .evt3, .event_time, 0.5 },               .{ .evt2, .event_time, std.math.nan(f64) },
        .{ .evt3, .event_time, std.math.inf(f64) }, .{ .evt3, .event_time, -1 },
        .{ .evt3, .event_order, 99 },               .{ .evt3, .event_range, 1 << 42 },
        .{ .evt2, .event_range, 1 << 34 },          .{ .evt21_legacy, .event_range, 1 << 34 },
        .{ .evt3, .event_x, 1280 },                 .{ .evt21, .event_y, 720 },
        .{ .evt2, .event_on, 2 },                   .{ .evt2, .trigger_time, 0.25 },
        .{ .evt3, .trigger_order, 99 },             .{ .evt21, .trigger_range, 1 << 34 },
        .{ .evt3, .trigger_id, 16 },                .{ .evt2, .trigger_id, 32 },
        .{ .evt3, .trigger_edge, 2 },
    };
    for (wrong) |case| for ([_]usize{ 0, 1, 7, 8, 9, 40, 49 }) |index| {
        const format, const fault, const value = case;
        errdefer std.debug.print("{t} {t} at {d}\n", .{ format, fault, index });
        if (index == 0 and (fault == .event_order or fault == .trigger_order)) continue;
        var list: List = .init(gpa);
        defer list.deinit();
        for (0..50) |_| try list.event(100, 1, 1, 1);
        for (0..50) |_| try list.trigger(100, 1, 1);
        const of_triggers = @backingInt(fault) >= @backingInt(Fault.trigger_time);
        switch (fault) {
            .event_x => list.x.items[index] = @intFromFloat(value),
            .event_y => list.y.items[index] = @intFromFloat(value),
            .event_on => list.on.items[index] = @intFromFloat(value),
            .trigger_id => list.id.items[index] = @intFromFloat(value),
            .trigger_edge => list.edge.items[index] = @intFromFloat(value),
            else => (if (of_triggers) list.trigger_t.items else list.t.items)[index] = value,
        }
        const state: encoder.State = .{ .width = 1280, .height = 720 };
        const found = encoder.findFault(format, &state, &list.columns()).?;
        try testing.expectEqual(fault, found.fault);
        try testing.expectEqual(index, found.index);
    };
}

test "a time before the last one of the call before is found" {
    var list: List = .init(gpa);
    defer list.deinit();
    try list.event(99, 1, 1, 1);
    try list.trigger(100, 1, 1);
    var state: encoder.State = .{ .width = 1280, .height = 720, .last_time = 100 };
    try testing.expectEqual(.event_order, encoder.findFault(.evt3, &state, &list.columns()).?.fault);
    state.last_time = 99;
    try testing.expectEqual(null, encoder.findFault(.evt3, &state, &list.columns()));
}

/// Whether words of EVT3 have the form that every reader takes: whole vectors behind their base, which nothing parts.
fn expectPlain(bytes: []const u8, width: u16) !void {
    const words = std.mem.bytesAsSlice(u16, bytes);
    var base: ?u16 = null;
    var index: usize = 0;
    while (index < words.len) : (index += 1) switch (words[index] >> 12) {
        0x3 => {
            base = words[index] & 0x7ff;
            try testing.expectEqual(0x4, words[index + 1] >> 12);
        },
        0x4 => {
            try testing.expectEqual(0, base.? % 32);
            try testing.expect(base.? + 32 <= width);
            base.? += 32;
            try testing.expectEqual(0x4, words[index + 1] >> 12);
            try testing.expectEqual(0x5, words[index + 2] >> 12);
            index += 2;
        },
        else => |kind| {
            try testing.expect(kind != 0x5);
            base = null;
        },
    };
}

/// Decodes words with a kernel, whole or in parts, and compares every event and trigger.
fn expectDecoded(kernel: *const kernels.Kernel, format: encoder.Format, sensor: support.Sensor, list: *const List, bytes: []const u8, part: usize) !void {
    var room: Room = try .init(gpa, list.t.items.len + 64, list.trigger_t.items.len + 8);
    defer room.deinit();
    var one: decoder.Decoder = .initKernel(kernel, @fromBackingInt(@backingInt(format)), sensor.width, sensor.height);
    var rest = bytes;
    while (rest.len > 0) rest = rest[room.decode(&one, rest[0..@min(part, rest.len)])..];
    const events = &room.output.polarity;
    try testing.expectEqualSlices(f64, list.t.items, events.t[0..events.count]);
    try testing.expectEqualSlices(u16, list.x.items, events.x[0..events.count]);
    try testing.expectEqualSlices(u16, list.y.items, events.y[0..events.count]);
    try testing.expectEqualSlices(u8, list.on.items, events.on[0..events.count]);
    const triggers = &room.output.trigger;
    try testing.expectEqualSlices(f64, list.trigger_t.items, triggers.t[0..triggers.count]);
    try testing.expectEqualSlices(u8, list.id.items, triggers.id[0..triggers.count]);
    try testing.expectEqualSlices(u8, list.edge.items, triggers.edge[0..triggers.count]);
    var totals: abi.DecoderStatistics = undefined;
    one.statistics(&totals);
    try testing.expectEqual(0, totals.out_of_sensor + totals.skipped_words + totals.unknown_words);
}

test "decoding gives what was encoded: any events, triggers, gaps, wraps, room, CPU level and kernel" {
    const sensors = [_]support.Sensor{
        .{ .width = 1280, .height = 720 }, .{ .width = 346, .height = 260 }, .{ .width = 2048, .height = 2048 }, .{ .width = 1, .height = 1 },
    };
    const base_seed: u64 = testing.random_seed;
    for (0..240) |round| {
        const seed = base_seed + round;
        errdefer std.debug.print("seed {d}\n", .{seed});
        var prng: std.Random.DefaultPrng = .init(seed);
        const random = prng.random();
        const format = std.enums.values(encoder.Format)[round % 4];
        const sensor = sensors[random.uintLessThan(usize, sensors.len)];
        var list = try support.random(gpa, random, format, sensor);
        defer list.deinit();
        const room = if (random.boolean()) @as(usize, 1) << 20 else random.intRangeAtMost(usize, 16, 80) * 8;
        const bytes = try support.encoded(gpa, format, sensor, &list, room);
        defer gpa.free(bytes);
        for (kernels.available()) |*kernel| {
            errdefer std.debug.print("code for {s}\n", .{kernel.name});
            const same = try support.encodedBy(dispatch.of(kernel), gpa, format, sensor, &list, room);
            defer gpa.free(same);
            try testing.expectEqualSlices(u8, bytes, same);
        }
        const part = if (random.boolean()) bytes.len else random.intRangeAtMost(usize, 1, 5000);
        if (format != .evt3) {
            try expectDecoded(kernels.scalar, format, sensor, &list, bytes, part);
            continue;
        }
        try expectPlain(bytes, sensor.width);
        for (kernels.available()) |*kernel| {
            errdefer std.debug.print("kernel {s}\n", .{kernel.name});
            try expectDecoded(kernel, format, sensor, &list, bytes, part);
        }
    }
}
