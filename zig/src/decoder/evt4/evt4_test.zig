//! Tests of the EVT4 decoder.

const std = @import("std");
const abi = @import("../../abi.zig");
const Decoder = @import("../decoder.zig").Decoder;
const Room = @import("../testing/test_support.zig").Room;

const gpa = std.testing.allocator;
const testing = std.testing;

const Event = struct { t: f64, x: u16, y: u16, on: u8 };

fn expectEvents(room: *const Room, expected: []const Event) !void {
    try room.checkCanaries();
    const columns = &room.output.polarity;
    try testing.expectEqual(expected.len, columns.count);
    for (expected, 0..) |event, index| {
        const actual: Event = .{ .t = columns.t[index], .x = columns.x[index], .y = columns.y[index], .on = columns.on[index] };
        try testing.expectEqual(event, actual);
    }
}

fn statisticsOf(decoder: *const Decoder) abi.DecoderStatistics {
    var totals: abi.DecoderStatistics = undefined;
    decoder.statistics(&totals);
    return totals;
}

const Golden = struct { name: []const u8, words: []const u32, events: []const Event };

/// What OpenEB 5.1.1 makes of these words, without the events beyond a sensor of 1280 x 720.
const golden = [_]Golden{
    .{ .name = "cd", .words = &.{ 0xe000_0010, 0xb140_3809, 0xafe7_facf }, .events = &.{ .{ .t = 1029, .x = 7, .y = 9, .on = 1 }, .{ .t = 1087, .x = 1279, .y = 719, .on = 0 } } },
    .{ .name = "before the first TIME_HIGH", .words = &.{ 0xb140_3809, 0xe000_0010, 0xb180_4009 }, .events = &.{.{ .t = 1030, .x = 8, .y = 9, .on = 1 }} },
    .{ .name = "vector with mask 0", .words = &.{ 0xe000_0010, 0xd0c2_0064, 0x0000_0000, 0xb140_0801 }, .events = &.{.{ .t = 1029, .x = 1, .y = 1, .on = 1 }} },
    .{ .name = "vector mask that looks like TIME_HIGH", .words = &.{ 0xe000_0010, 0xd0c2_0064, 0xe000_0063, 0xb140_0801 }, .events = &.{ .{ .t = 1027, .x = 64, .y = 100, .on = 1 }, .{ .t = 1027, .x = 65, .y = 100, .on = 1 }, .{ .t = 1027, .x = 69, .y = 100, .on = 1 }, .{ .t = 1027, .x = 70, .y = 100, .on = 1 }, .{ .t = 1027, .x = 93, .y = 100, .on = 1 }, .{ .t = 1027, .x = 94, .y = 100, .on = 1 }, .{ .t = 1027, .x = 95, .y = 100, .on = 1 }, .{ .t = 1029, .x = 1, .y = 1, .on = 1 } } },
    .{ .name = "x and y outside", .words = &.{ 0xe000_0010, 0xb0e8_0064, 0xb0c0_2ad0 }, .events = &.{} },
    .{ .name = "others: ERC counters", .words = &.{ 0xe000_0010, 0x6240_0014, 0x7000_04d2, 0x6280_0016, 0x7000_03e8, 0xb2c0_0801 }, .events = &.{.{ .t = 1035, .x = 1, .y = 1, .on = 1 }} },
    .{ .name = "padding", .words = &.{ 0xe000_0010, 0xffff_ffff, 0xb0c0_0801, 0xffff_ffff }, .events = &.{.{ .t = 1027, .x = 1, .y = 1, .on = 1 }} },
    .{ .name = "wrap with a gap (drop of more than half)", .words = &.{ 0xef00_0000, 0xb040_0801, 0xe010_0000, 0xb080_1002 }, .events = &.{ .{ .t = 16106127361, .x = 1, .y = 1, .on = 1 }, .{ .t = 17246978050, .x = 2, .y = 2, .on = 1 } } },
    .{ .name = "time high repeated", .words = &.{ 0xe000_0010, 0xbf00_0801, 0xe000_0010, 0xbf40_1002 }, .events = &.{ .{ .t = 1084, .x = 1, .y = 1, .on = 1 }, .{ .t = 1085, .x = 2, .y = 2, .on = 1 } } },
};

test "EVT4: what OpenEB makes of the same words, cut anywhere" {
    for (golden) |case| {
        const bytes = std.mem.sliceAsBytes(case.words);
        for (1..bytes.len + 1) |size| {
            errdefer std.debug.print("{s}, {d} bytes at a time\n", .{ case.name, size });
            var room: Room = try .init(gpa, 32, 8);
            defer room.deinit();
            var decoder: Decoder = .init(.evt4, 1280, 720);
            decoder.followJumps(); // as in files
            var rest: []const u8 = bytes;
            while (rest.len > 0) rest = rest[room.decode(&decoder, rest[0..@min(size, rest.len)])..];
            try expectEvents(&room, case.events);
            try testing.expectEqual(@as(f64, @floatFromInt(case.words.len)), statisticsOf(&decoder).words);
        }
    }
}

test "EVT4: triggers, the rate controller's counts, and words by kind" {
    var room: Room = try .init(gpa, 32, 8);
    defer room.deinit();
    var decoder: Decoder = .init(.evt4, 1280, 720);
    const words = [_]u32{
        0xd000_0064, 0xe000_0063, // skipped with its mask, which looks like TIME_HIGH
        0xe000_0010,
        0x9140_1f85, // input 31, a count that means nothing here, rising
        0x9180_0000,
        0x6240_0014, 0xb2c0_0801, 0x7fc0_04d2, // a payload behind an event: 22 bits
        0x7000_0001, // of no OTHER any more
        0x6280_0016,
        0x7000_03e8,
        0xffff_ffff, 0xffff_fffe, // padding, and a word that is none
        0x8000_0000,
        0xc2e7_b001, 0xffff_ffff, // 22 of 32 beyond the sensor
    };
    try testing.expectEqual(4 * words.len, room.decode(&decoder, std.mem.sliceAsBytes(&words)));
    try testing.expectEqual(11, room.output.polarity.count);
    try testing.expectEqual(0, room.output.polarity.on[10]);
    try testing.expectEqual(2, room.output.trigger.count);
    try testing.expectEqualSlices(f64, &.{ 1029, 1030 }, room.output.trigger.t[0..2]);
    try testing.expectEqualSlices(u8, &.{ 31, 0 }, room.output.trigger.id[0..2]);
    try testing.expectEqualSlices(u8, &.{ 1, 0 }, room.output.trigger.edge[0..2]);
    const totals = statisticsOf(&decoder);
    try testing.expectEqual(0x4d2, totals.rate_controller_input);
    try testing.expectEqual(1000, totals.rate_controller_output);
    try testing.expectEqual(words.len, @as(usize, @intFromFloat(totals.words)));
    try testing.expectEqual(2, totals.skipped_words);
    try testing.expectEqual(22, totals.out_of_sensor);
    try testing.expectEqual(2, totals.unknown_words);
    try testing.expectEqual(1, totals.padding_words);
    try testing.expectEqual(2, totals.vector_base_words);
    try testing.expectEqual(2, totals.vector_words);
}

test "EVT4: a loss ends a vector before its mask" {
    var room: Room = try .init(gpa, 32, 8);
    defer room.deinit();
    var decoder: Decoder = .init(.evt4, 1280, 720);
    _ = room.decode(&decoder, std.mem.sliceAsBytes(&[_]u32{ 0xe000_0010, 0xd000_0064 }));
    decoder.lose(1000);
    _ = room.decode(&decoder, std.mem.sliceAsBytes(&[_]u32{ 0xe000_0020, 0xb040_0801 }));
    try expectEvents(&room, &.{.{ .t = 2049, .x = 1, .y = 1, .on = 1 }});
}

test "EVT4: any split and little room give the same events and state, and decoding without output the same state" {
    const base_seed: u64 = testing.random_seed;
    for (0..60) |round| {
        const seed = base_seed + round;
        errdefer std.debug.print("seed {d}\n", .{seed});
        var prng: std.Random.DefaultPrng = .init(seed);
        const random = prng.random();
        var bytes: [4096]u8 = undefined;
        random.bytes(&bytes);
        // Often a TIME_HIGH, or else hardly any event would have a time.
        for (0..100) |_| bytes[random.uintLessThan(usize, 1024) * 4 + 3] = 0xe0;
        var whole: Room = try .init(gpa, 32 * 1024, 1024);
        defer whole.deinit();
        var one: Decoder = .init(.evt4, 1280, 720);
        try testing.expectEqual(bytes.len, whole.decode(&one, &bytes));
        var parts: Room = try .init(gpa, 32 * 1024, 1024);
        defer parts.deinit();
        var other: Decoder = .init(.evt4, 1280, 720);
        var rest: []const u8 = &bytes;
        const room = parts.output.polarity.capacity;
        while (rest.len > 0) {
            parts.output.polarity.capacity = @min(room, parts.output.polarity.count + random.intRangeAtMost(usize, 1, 40));
            const consumed = parts.decode(&other, rest[0..@min(rest.len, random.intRangeAtMost(usize, 1, 100))]);
            try testing.expect(consumed > 0 or parts.output.polarity.count == parts.output.polarity.capacity);
            rest = rest[consumed..];
        }
        parts.output.polarity.capacity = room;
        try parts.checkCanaries();
        try testing.expect(whole.equals(&parts));
        try testing.expectEqual(one.state, other.state);
        var followed: Decoder = .init(.evt4, 1280, 720);
        const cut = random.uintLessThan(usize, bytes.len);
        followed.decodeWithoutOutput(bytes[0..cut]);
        followed.decodeWithoutOutput(bytes[cut..]);
        var expected = one.state.evt4;
        expected.events = 0;
        expected.triggers = 0;
        try testing.expectEqual(expected, followed.state.evt4);
    }
}
