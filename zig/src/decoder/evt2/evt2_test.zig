//! Tests of the EVT2 and EVT2.1 decoders.

const std = @import("std");
const abi = @import("../../abi.zig");
const Decoder = @import("../decoder.zig").Decoder;
const Room = @import("../testing/test_support.zig").Room;

test {
    _ = @import("quick_test.zig");
}

const gpa = std.testing.allocator;
const testing = std.testing;

fn expectEvent(room: *const Room, index: usize, t: f64, x: u16, y: u16, on: u8) !void {
    const columns = &room.output.polarity;
    try testing.expectEqual(t, columns.t[index]);
    try testing.expectEqual(x, columns.x[index]);
    try testing.expectEqual(y, columns.y[index]);
    try testing.expectEqual(on, columns.on[index]);
}

fn statisticsOf(decoder: *const Decoder) abi.DecoderStatistics {
    var totals: abi.DecoderStatistics = undefined;
    decoder.statistics(&totals);
    return totals;
}

fn evt2Event(on: u32, low: u32, x: u32, y: u32) u32 {
    return on << 28 | low << 22 | x << 11 | y;
}

test "EVT2: events, triggers, counters" {
    var room: Room = try .init(gpa, 16, 8);
    defer room.deinit();
    var decoder: Decoder = .init(.evt2, 640, 480);
    const words = [_]u32{
        evt2Event(1, 5, 1, 1), // skipped: no time
        0x8000_0002, evt2Event(1, 5, 100, 200), evt2Event(0, 6, 639, 479), // 2 << 6 | 5
        evt2Event(1, 7, 640, 0), evt2Event(1, 7, 0, 480), // beyond the sensor
        0xa000_0301 | 8 << 22, 0xe000_0014, 0xf000_1234, // trigger 3 rising, counter
        0xe000_0016, 0x8000_0003, 0xf000_0001, // a counter without its payload
        0x8000_0001, evt2Event(1, 9, 1, 2), // back: time holds
        0x5000_0000,
    };
    const bytes = std.mem.sliceAsBytes(&words);
    try testing.expectEqual(bytes.len, room.decode(&decoder, bytes));
    try room.checkCanaries();
    try testing.expectEqual(3, room.output.polarity.count);
    try expectEvent(&room, 0, 133, 100, 200, 1);
    try expectEvent(&room, 1, 134, 639, 479, 0);
    try expectEvent(&room, 2, 192, 1, 2, 1);
    try testing.expectEqual(1, room.output.trigger.count);
    try testing.expectEqual(136, room.output.trigger.t[0]);
    try testing.expectEqual(3, room.output.trigger.id[0]);
    try testing.expectEqual(1, room.output.trigger.edge[0]);
    const totals = statisticsOf(&decoder);
    try testing.expectEqual(words.len, @as(usize, @intFromFloat(totals.words)));
    try testing.expectEqual(0x1234, totals.rate_controller_input);
    try testing.expect(std.math.isNan(totals.rate_controller_output));
    try testing.expectEqual(2, totals.out_of_sensor);
    try testing.expectEqual(1, totals.skipped_words);
    try testing.expectEqual(1, totals.time_discontinuities);
    try testing.expectEqual(1, totals.unknown_words);
}

test "EVT2: TIME_HIGH wraps after 2^34 µs" {
    var room: Room = try .init(gpa, 16, 8);
    defer room.deinit();
    var decoder: Decoder = .init(.evt2, 640, 480);
    const words = [_]u32{ 0x8fff_ffff, evt2Event(1, 63, 1, 2), 0x8000_0000, evt2Event(0, 0, 1, 2) };
    _ = room.decode(&decoder, std.mem.sliceAsBytes(&words));
    try expectEvent(&room, 0, (1 << 34) - 1, 1, 2, 1);
    try expectEvent(&room, 1, 1 << 34, 1, 2, 0);
    try testing.expectEqual(1, statisticsOf(&decoder).time_wraps);
}

/// TIME_HIGHs, each with an event behind it; the times that the events must have, in steps of TIME_HIGH.
const Clocks = struct { highs: []const u28, after_loss: usize = 0, elapsed_us: u64 = 0, steps: []const u64, discontinuities: f64 };

const clocks = [_]Clocks{
    // Steps forward of less than a second, and over the counter's end.
    .{ .highs = &.{ 5, 6, 90, 90, 16473, 16474 }, .steps = &.{ 5, 6, 90, 90, 16473, 16474 }, .discontinuities = 0 },
    .{ .highs = &.{ 0xfff_fff0, 3 }, .steps = &.{ 0xfff_fff0, 0x1000_0003 }, .discontinuities = 0 },
    // A clock that starts again.
    .{ .highs = &.{ 46_875_000, 0, 0, 1, 2, 3, 4 }, .steps = &.{ 46_875_000, 46_875_000, 46_875_000, 46_875_000, 46_875_000, 46_875_003, 46_875_004 }, .discontinuities = 1 },
    .{ .highs = &.{ 0xf00_0000, 0, 1, 2, 3 }, .steps = &.{ 0xf00_0000, 0xf00_0000, 0xf00_0000, 0xf00_0000, 0xf00_0003 }, .discontinuities = 1 },
    .{ .highs = &.{ 7, 5, 6, 7, 8 }, .steps = &.{ 7, 7, 7, 7, 8 }, .discontinuities = 1 },
    // Single wrong ones, ahead and back.
    .{ .highs = &.{ 5, 0x800_0000, 5, 6, 0xfff_ffff, 7 }, .steps = &.{ 5, 5, 5, 6, 6, 7 }, .discontinuities = 2 },
    .{ .highs = &.{ 50_000, 3, 50_001 }, .steps = &.{ 50_000, 50_000, 50_001 }, .discontinuities = 1 },
    .{ .highs = &.{ 5, 8, 6, 7, 8, 9 }, .steps = &.{ 5, 8, 8, 8, 8, 9 }, .discontinuities = 1 },
    // A jump, and one that times missing in a file make.
    .{ .highs = &.{ 5, 60_000, 60_000, 60_001 }, .steps = &.{ 5, 5, 5, 60_001 }, .discontinuities = 1 },
    .{ .highs = &.{ 5, 60_000, 120_000 }, .steps = &.{ 5, 5, 120_000 }, .discontinuities = 1 },
    // After a loss: what the host's clock promises is followed at once, but nothing else.
    .{ .highs = &.{ 5, 60_000, 60_001 }, .after_loss = 1, .elapsed_us = 60_000 << 6, .steps = &.{ 5, 60_000, 60_001 }, .discontinuities = 0 },
    .{ .highs = &.{ 5, 7 }, .after_loss = 1, .elapsed_us = (3 << 34) + 100_000, .steps = &.{ 5, 0x3000_0007 }, .discontinuities = 0 },
    .{ .highs = &.{ 50_000_000, 1, 2, 3, 4 }, .after_loss = 1, .elapsed_us = 1000, .steps = &.{ 50_000_000, 50_000_000, 50_000_000, 50_000_000, 50_000_003 }, .discontinuities = 1 },
    .{ .highs = &.{ 5, 0x700_0000, 6, 7 }, .after_loss = 1, .elapsed_us = 1000, .steps = &.{ 5, 5, 6, 7 }, .discontinuities = 1 },
};

test "EVT2 and EVT2.1: clocks that jump, go back or start again" {
    for ([_]abi.Format{ .evt2, .evt21, .evt21_legacy }) |format| {
        for (clocks, 0..) |case, number| {
            // Sixteen events at a time, for the quick loops.
            for ([_]usize{ 1, 16 }) |count| {
                errdefer std.debug.print("{t}, clock {d}, {d} events at a time\n", .{ format, number, count });
                var room: Room = try .init(gpa, 16 * 16, 1);
                defer room.deinit();
                var decoder: Decoder = .init(format, 640, 480);
                var memory: [8 * 17 * 16]u8 = undefined;
                var bytes: std.ArrayList(u8) = .initBuffer(&memory);
                for (case.highs, 0..) |high, index| {
                    if (case.after_loss > 0 and index == case.after_loss) {
                        try testing.expectEqual(bytes.items.len, room.decode(&decoder, bytes.items));
                        bytes.clearRetainingCapacity();
                        decoder.lose(case.elapsed_us);
                    }
                    appendWord(&bytes, format, 0x8000_0000 | @as(u32, high));
                    for (0..count) |_| appendWord(&bytes, format, evt2Event(1, 0, 1, 2));
                }
                try testing.expectEqual(bytes.items.len, room.decode(&decoder, bytes.items));
                for (case.steps, 0..) |steps, index| {
                    for (0..count) |event| {
                        try expectEvent(&room, index * count + event, @floatFromInt(steps << 6), 1, 2, 1);
                    }
                }
                try testing.expectEqual(case.steps.len * count, room.output.polarity.count);
                try testing.expectEqual(case.discontinuities, statisticsOf(&decoder).time_discontinuities);
            }
        }
    }
}

/// A word of EVT2, or one of EVT2.1 with it as the upper half and one pixel.
fn appendWord(bytes: *std.ArrayList(u8), format: abi.Format, upper: u32) void {
    const word = @as(u64, upper) << 32 | 1;
    const all: [8]u8 = @bitCast(if (format == .evt21_legacy) std.math.rotl(u64, word, 32) else word);
    bytes.appendSliceAssumeCapacity(if (format == .evt2) all[4..] else &all);
}

fn evt21Vector(on: u64, low: u64, x: u64, y: u64, pixels: u64) u64 {
    return on << 60 | low << 54 | x << 43 | y << 32 | pixels;
}

const evt21_words = [_]u64{
    evt21Vector(1, 5, 32, 1, 1), // skipped: no time
    0x8 << 60 | 2 << 32,
    evt21Vector(1, 5, 64, 200, 0x8000_0003),
    evt21Vector(0, 6, 624, 479, 0xffff_ffff), // 16 of 32 beyond the width
    evt21Vector(0, 7, 0, 480, 0x7), // beyond the height
    0xa << 60 | 8 << 54 | 3 << 40 | 1 << 32,
    0xe << 60 | 0x16 << 32 | 0x77,
    0xf << 60,
    0x3 << 60,
};

fn expectEvt21(decoder: *const Decoder, room: *const Room) !void {
    try room.checkCanaries();
    try testing.expectEqual(19, room.output.polarity.count);
    try expectEvent(room, 0, 133, 64, 200, 1);
    try expectEvent(room, 1, 133, 65, 200, 1);
    try expectEvent(room, 2, 133, 95, 200, 1);
    for (0..16) |step| try expectEvent(room, 3 + step, 134, @intCast(624 + step), 479, 0);
    try testing.expectEqual(1, room.output.trigger.count);
    try testing.expectEqual(136, room.output.trigger.t[0]);
    try testing.expectEqual(3, room.output.trigger.id[0]);
    const totals = statisticsOf(decoder);
    try testing.expectEqual(evt21_words.len, @as(usize, @intFromFloat(totals.words)));
    try testing.expectEqual(19, totals.out_of_sensor);
    try testing.expectEqual(0x77, totals.rate_controller_output);
    try testing.expectEqual(1, totals.unknown_words);
}

test "EVT2.1: both byte orders, cut anywhere" {
    for ([_]abi.Format{ .evt21, .evt21_legacy }) |format| {
        var words = evt21_words;
        if (format == .evt21_legacy) for (&words) |*word| {
            word.* = std.math.rotl(u64, word.*, 32);
        };
        const bytes = std.mem.sliceAsBytes(&words);
        for (1..bytes.len + 1) |size| {
            errdefer std.debug.print("{t}, parts of {d} bytes\n", .{ format, size });
            var room: Room = try .init(gpa, 32, 8);
            defer room.deinit();
            var decoder: Decoder = .init(format, 640, 480);
            var rest: []const u8 = bytes;
            while (rest.len > 0) rest = rest[room.decode(&decoder, rest[0..@min(size, rest.len)])..];
            try expectEvt21(&decoder, &room);
        }
    }
}

test "EVT2: a payload belongs to the OTHER right before it, not to one further back" {
    // Enough events for the quick loop, and every place of the OTHER among the words before.
    for (0..20) |before| {
        for (0..20) |between| {
            errdefer std.debug.print("{d} events before, {d} between\n", .{ before, between });
            var buffer: [64]u32 = undefined;
            var words: std.ArrayList(u32) = .initBuffer(&buffer);
            words.appendAssumeCapacity(0x8000_0002);
            words.appendNTimesAssumeCapacity(evt2Event(1, 5, 100, 200), before);
            words.appendAssumeCapacity(0xe000_0014);
            words.appendNTimesAssumeCapacity(evt2Event(1, 6, 101, 200), between);
            words.appendAssumeCapacity(0xf000_1234);
            words.appendNTimesAssumeCapacity(evt2Event(1, 7, 102, 200), 16);
            var room: Room = try .init(gpa, 64, 8);
            defer room.deinit();
            var decoder: Decoder = .init(.evt2, 640, 480);
            const bytes = std.mem.sliceAsBytes(words.items);
            try testing.expectEqual(bytes.len, room.decode(&decoder, bytes));
            const counter = statisticsOf(&decoder).rate_controller_input;
            if (between == 0) try testing.expectEqual(0x1234, counter) else try testing.expect(std.math.isNan(counter));
        }
    }
}

test "EVT2.1: the pixels of a word end at the sensor's edge, for every first column" {
    for ([_]u64{ 0xc000_0001, 0xffff_ffff, 0x8000_0000, 0x0001_8000 }) |pixels| {
        for (1240..1282) |x| {
            errdefer std.debug.print("pixels {x}, column {d}\n", .{ pixels, x });
            // More words than are decoded one by one after the first.
            var words: [60]u64 = @splat(evt21Vector(1, 5, x, 7, pixels));
            words[0] = 0x8 << 60 | 2 << 32;
            var room: Room = try .init(gpa, 32 * words.len, 8);
            defer room.deinit();
            var decoder: Decoder = .init(.evt21, 1280, 720);
            const bytes = std.mem.sliceAsBytes(&words);
            try testing.expectEqual(bytes.len, room.decode(&decoder, bytes));
            var index: usize = 0;
            for (1..words.len) |_| for (0..32) |bit| {
                if (pixels >> @intCast(bit) & 1 == 0 or x + bit >= 1280) continue;
                try expectEvent(&room, index, 133, @intCast(x + bit), 7, 1);
                index += 1;
            };
            try testing.expectEqual(index, room.output.polarity.count);
            const set = (words.len - 1) * @popCount(pixels);
            try testing.expectEqual(@as(f64, @floatFromInt(set - index)), statisticsOf(&decoder).out_of_sensor);
        }
    }
}

test "any format: little room gives the same events and state, and decoding without output the same state" {
    for (0..60) |seed| {
        const formats = [_]abi.Format{ .evt2, .evt21, .evt21_legacy };
        const format = formats[seed % 3];
        errdefer std.debug.print("{t}, seed {d}\n", .{ format, seed });
        var prng: std.Random.DefaultPrng = .init(seed);
        const random = prng.random();
        var bytes: [4096]u8 = undefined;
        random.bytes(&bytes);
        // Often a TIME_HIGH, or else hardly any event would have a time.
        for (0..40) |_| bytes[random.uintLessThan(usize, 512) * 8 + 7] = 0x80;
        var whole: Room = try .init(gpa, 32 * 1024, 1024);
        defer whole.deinit();
        var one: Decoder = .init(format, 1280, 720);
        try testing.expectEqual(bytes.len, whole.decode(&one, &bytes));
        try whole.checkCanaries();
        var other: Decoder = .init(format, 1280, 720);
        var rest: []const u8 = &bytes;
        var events: usize = 0;
        while (rest.len > 0) {
            var part: Room = try .init(gpa, 16, 1);
            defer part.deinit();
            const consumed = part.decode(&other, rest[0..@min(rest.len, random.intRangeAtMost(usize, 1, 100))]);
            try part.checkCanaries();
            try testing.expect(consumed > 0 or part.output.polarity.count > 0);
            for (0..part.output.polarity.count) |index| {
                inline for (.{ "t", "x", "y", "on" }) |name| {
                    const expected = @field(whole.output.polarity, name)[events];
                    try testing.expectEqual(expected, @field(part.output.polarity, name)[index]);
                }
                events += 1;
            }
            rest = rest[consumed..];
        }
        try testing.expectEqual(whole.output.polarity.count, events);
        try testing.expectEqual(one.state, other.state);
        var followed: Decoder = .init(format, 1280, 720);
        const cut = random.uintLessThan(usize, bytes.len);
        followed.decodeWithoutOutput(bytes[0..cut]);
        followed.decodeWithoutOutput(bytes[cut..]);
        const totals = statisticsOf(&one);
        const followed_totals = statisticsOf(&followed);
        try testing.expectEqual(@as(abi.PerKind, @splat(0)), followed_totals.events);
        inline for (comptime std.meta.fieldNames(abi.DecoderStatistics)) |name| {
            if (comptime std.mem.eql(u8, name, "events")) continue;
            const expected: u64 = @bitCast(@field(totals, name));
            try testing.expectEqual(expected, @as(u64, @bitCast(@field(followed_totals, name))));
        }
        try testing.expectEqual(one.currentTime(), followed.currentTime());
    }
}
