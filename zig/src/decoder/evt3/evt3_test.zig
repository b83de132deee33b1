//! Tests of the EVT3 decoder, run on every kernel that this machine has.

const std = @import("std");
const dispatch = @import("../kernels/dispatch.zig");
const Decoder = @import("../decoder.zig").Decoder;
const encode = @import("../testing/encode.zig");
const golden = @import("../testing/golden.zig");
const support = @import("../testing/test_support.zig");
const Room = support.Room;

const gpa = std.testing.allocator;
const testing = std.testing;

test {
    _ = @import("words.zig");
    _ = @import("decode.zig");
    _ = @import("order.zig");
    _ = @import("../kernels/lanes_test.zig");
    _ = @import("../kernels/differential_test.zig");
    _ = @import("../kernels/scenes_test.zig");
    _ = @import("../kernels/silent_words_test.zig");
    _ = @import("../kernels/prefixes_test.zig");
}

test "golden streams" {
    for (dispatch.available()) |*kernel| {
        for (&golden.table) |*case| {
            errdefer std.debug.print("kernel {s}, golden stream \"{s}\"\n", .{ kernel.name, case.name });
            var room: Room = try .init(gpa, 64, 8);
            defer room.deinit();
            var decoder: Decoder = .initKernel(kernel, .evt3, 1280, 720);
            const bytes = std.mem.sliceAsBytes(case.words);
            const cut = case.cut orelse 0;
            try testing.expectEqual(cut, room.decode(&decoder, bytes[0..cut]));
            try testing.expectEqual(bytes.len - cut, room.decode(&decoder, bytes[cut..]));
            try expectEvents(case, &room);
            const totals = statisticsOf(&decoder);
            if (case.events_in) |count| try testing.expectEqual(count, totals.rate_controller_input);
            if (case.events_out) |count| try testing.expectEqual(count, totals.rate_controller_output);
            if (case.discontinuities) |count| try testing.expectEqual(count, totals.time_discontinuities);
            if (case.out_of_sensor) |count| try testing.expectEqual(count, totals.out_of_sensor);
            if (case.padding) |count| try testing.expectEqual(count, totals.padding_words);
            if (case.unknown) |count| try testing.expectEqual(count, totals.unknown_words);
            if (case.skipped) |count| try testing.expectEqual(count, totals.skipped_words);
        }
    }
}

fn expectEvents(case: *const golden.Golden, room: *const Room) !void {
    const columns = &room.output.polarity;
    var index: usize = 0;
    for (case.events) |event| {
        for (0..event.run) |step| {
            try testing.expect(index < room.output.polarity.count);
            try testing.expectEqual(event.t, columns.t[index]);
            try testing.expectEqual(event.x + step, columns.x[index]);
            try testing.expectEqual(event.y, columns.y[index]);
            try testing.expectEqual(event.on, columns.on[index]);
            index += 1;
        }
    }
    try testing.expectEqual(index, room.output.polarity.count);
    try testing.expectEqual(case.triggers.len, room.output.trigger.count);
    for (case.triggers, 0..) |trigger, position| {
        try testing.expectEqual(trigger.t, room.output.trigger.t[position]);
        try testing.expectEqual(trigger.id, room.output.trigger.id[position]);
        try testing.expectEqual(trigger.rising, room.output.trigger.edge[position]);
    }
}

test "what is encoded is decoded" {
    for (dispatch.available()) |*kernel| {
        for (0..40) |seed| {
            errdefer std.debug.print("kernel {s}, seed {d}\n", .{ kernel.name, seed });
            var prng: std.Random.DefaultPrng = .init(seed);
            var events: [3000]encode.Event = undefined;
            support.randomEvents(prng.random(), &events, 1280, 720);
            var encoder: encode.Encoder = .{ .gpa = gpa };
            defer encoder.deinit();
            try encoder.events(&events, seed % 2 == 0);
            var room: Room = try .init(gpa, events.len, 8);
            defer room.deinit();
            var decoder: Decoder = .initKernel(kernel, .evt3, 1280, 720);
            const bytes = std.mem.sliceAsBytes(encoder.words.items);
            try testing.expectEqual(bytes.len, room.decode(&decoder, bytes));
            try room.checkCanaries();
            try testing.expectEqual(events.len, room.output.polarity.count);
            for (events, 0..) |event, index| {
                try testing.expectEqual(event.t, @as(u64, @intFromFloat(room.output.polarity.t[index])));
                try testing.expectEqual(event.x, room.output.polarity.x[index]);
                try testing.expectEqual(event.y, room.output.polarity.y[index]);
                try testing.expectEqual(event.on, room.output.polarity.on[index]);
            }
            const totals = statisticsOf(&decoder);
            try testing.expectEqual([_]f64{ events.len, 0, 0, 0, 0 }, totals.events);
            try testing.expectEqual(0, totals.time_discontinuities + totals.out_of_sensor + totals.skipped_words);
        }
    }
}

test "any split equals none" {
    for (dispatch.available()) |*kernel| {
        for (0..70) |seed| {
            errdefer std.debug.print("kernel {s}, seed {d}\n", .{ kernel.name, seed });
            var prng: std.Random.DefaultPrng = .init(seed);
            const random = prng.random();
            var words: [700]u16 = undefined;
            var grammar: support.Grammar = .init(random, .usual);
            if (seed % 5 == 0) support.randomWords(random, &words) else grammar.fill(&words);
            const bytes = std.mem.sliceAsBytes(&words);
            var whole: Room = try .init(gpa, words.len * 12, words.len);
            defer whole.deinit();
            var parts: Room = try .init(gpa, words.len * 12, words.len);
            defer parts.deinit();
            var one: Decoder = .initKernel(kernel, .evt3, 1280, 720);
            try testing.expectEqual(bytes.len, whole.decode(&one, bytes));
            var other: Decoder = .initKernel(kernel, .evt3, 1280, 720);
            var rest: []const u8 = bytes;
            while (rest.len > 0) {
                const size = @min(rest.len, if (seed < 64) seed + 1 else random.uintLessThan(usize, 200));
                try testing.expectEqual(size, parts.decode(&other, rest[0..size]));
                rest = rest[size..];
            }
            try testing.expect(whole.equals(&parts));
            try testing.expectEqual(one.state.evt3, other.state.evt3);
        }
    }
}

test "little room gives the same events, in parts" {
    for (dispatch.available()) |*kernel| {
        for (0..60) |seed| {
            errdefer std.debug.print("kernel {s}, seed {d}\n", .{ kernel.name, seed });
            var prng: std.Random.DefaultPrng = .init(seed);
            const random = prng.random();
            var words: [600]u16 = undefined;
            var grammar: support.Grammar = .init(random, .usual);
            if (seed % 5 == 0) support.randomWords(random, &words) else grammar.fill(&words);
            const bytes = std.mem.sliceAsBytes(&words);
            var whole: Room = try .init(gpa, words.len * 12, words.len);
            defer whole.deinit();
            var one: Decoder = .initKernel(kernel, .evt3, 1280, 720);
            _ = whole.decode(&one, bytes);
            var other: Decoder = .initKernel(kernel, .evt3, 1280, 720);
            var rest: []const u8 = bytes;
            var events: usize = 0;
            while (rest.len > 0) {
                var part: Room = try .init(gpa, 16 + random.uintLessThan(usize, 40), 1 + random.uintLessThan(usize, 3));
                defer part.deinit();
                const consumed = part.decode(&other, rest[0..@min(rest.len, 301)]);
                try part.checkCanaries();
                // A call may consume only the first byte of a word, so progress is an event or a byte.
                try testing.expect(consumed > 0);
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
            try testing.expectEqual(one.state.evt3, other.state.evt3);
        }
    }
}

test "decoding without output leaves the same state as decoding" {
    for (0..50) |seed| {
        errdefer std.debug.print("seed {d}\n", .{seed});
        var prng: std.Random.DefaultPrng = .init(seed);
        var words: [500]u16 = undefined;
        var grammar: support.Grammar = .init(prng.random(), .usual);
        if (seed % 5 == 0) support.randomWords(prng.random(), &words) else grammar.fill(&words);
        const bytes = std.mem.sliceAsBytes(&words);
        var room: Room = try .init(gpa, words.len * 12, words.len);
        defer room.deinit();
        var decoded: Decoder = .init(.evt3, 1280, 720);
        _ = room.decode(&decoded, bytes);
        var followed: Decoder = .init(.evt3, 1280, 720);
        const cut = prng.random().uintLessThan(usize, bytes.len);
        followed.decodeWithoutOutput(bytes[0..cut]);
        followed.decodeWithoutOutput(bytes[cut..]);
        try testing.expectEqual(0, followed.state.evt3.events);
        followed.state.evt3.events = decoded.state.evt3.events;
        followed.state.evt3.triggers = decoded.state.evt3.triggers;
        try testing.expectEqual(decoded.state.evt3, followed.state.evt3);
    }
}

test "after a loss: no event before the next time and row, and wraps are kept" {
    for (dispatch.available()) |*kernel| {
        var room: Room = try .init(gpa, 16, 8);
        defer room.deinit();
        var decoder: Decoder = .initKernel(kernel, .evt3, 1280, 720);
        try feed(&decoder, &room, &.{ 0x8fff, 0x6001, 0x0064, 0x2801, 0x8000, 0x2802, 0x3800 });
        _ = room.decode(&decoder, &.{0x64});
        decoder.lose(0);
        try testing.expectEqual(1 << 24, decoder.currentTime());
        try feed(&decoder, &room, &.{ 0x0065, 0x2803, 0xa001, 0x6050, 0x8003, 0x2804, 0x4001, 0x6002, 0x0066, 0x4001, 0x2805 });
        try testing.expectEqual(3, room.output.polarity.count);
        try testing.expectEqual(0, room.output.trigger.count);
        try testing.expectEqual((1 << 24) + 3 * 4096 + 2, room.output.polarity.t[2]);
        try testing.expectEqual(0x66, room.output.polarity.y[2]);
        // Before the time: 4 words. Before the row: 2. Before the base: 1.
        try testing.expectEqual(7, statisticsOf(&decoder).skipped_words);
    }
}

test "after a loss, the host's clock tells how often the time has wrapped" {
    const wrap_us = 1 << 24;
    const before: u16 = 100;
    inline for (.{
        // TIME_HIGH after the loss, µs on the host's clock, TIME_HIGHs from 0 on
        .{ 100, 0, 100 },
        .{ 101, 4096, 101 },
        .{ 3000, 2900 * 4096, 3000 }, // more than half a wrap
        .{ 99, 4095 * 4096, 4096 + 99 }, // back by one: nearly a whole wrap
        .{ 99, 0, 4096 + 99 }, // never back
        .{ 50, 3 * wrap_us, 3 * 4096 + 50 },
        .{ 4000, 3 * wrap_us, 2 * 4096 + 4000 }, // before the promised time, by less than half a wrap
        .{ 1000, 3 * wrap_us + 8_000_000, 3 * 4096 + 1000 }, // the host was late
        .{ 150, 3 * wrap_us + 500_000, 3 * 4096 + 150 }, // by less than a second
        .{ 150, 3 * wrap_us + 5_000_000, 150 }, // received before a pause
    }) |case| {
        var room: Room = try .init(gpa, 16, 8);
        defer room.deinit();
        var decoder: Decoder = .init(.evt3, 1280, 720);
        try feed(&decoder, &room, &.{ 0x8000 | before, 0x6001, 0x0064, 0x2801 });
        decoder.lose(case[1]);
        try feed(&decoder, &room, &.{ 0x8000 | @as(u16, case[0]), 0x6001, 0x0064, 0x2801 });
        try testing.expectEqual(case[2] * 4096 + 1, room.output.polarity.t[1]);
        // TIME_HIGHs that did not come are a jump.
        const jumps: f64 = if (case[2] > before + 1) 1 else 0;
        try testing.expectEqual(jumps, statisticsOf(&decoder).time_discontinuities);
    }
}

test "a loss before the first time has no effect on a later one" {
    var room: Room = try .init(gpa, 16, 8);
    defer room.deinit();
    var decoder: Decoder = .init(.evt3, 1280, 720);
    decoder.lose(10_000_000);
    try feed(&decoder, &room, &.{0x8064});
    decoder.lose(0);
    try feed(&decoder, &room, &.{ 0x8065, 0x6001, 0x0064, 0x2801 });
    try testing.expectEqual(0x65 * 4096 + 1, room.output.polarity.t[0]);
}

test "the counters count every kind of word and fault" {
    for (dispatch.available()) |*kernel| {
        var room: Room = try .init(gpa, 64, 8);
        defer room.deinit();
        var decoder: Decoder = .initKernel(kernel, .evt3, 1280, 720);
        try testing.expect(std.math.isNan(decoder.currentTime()));
        try feed(&decoder, &room, &.{
            0x2801, 0x6005, // skipped: no time
            0x8ffe, 0x2801, // skipped: no row
            0x0010, 0x2801, 0x2fff, // one event, one beyond the width
            0x3cfe, 0x4fff, 0x5000, // two events, ten beyond
            0x1000, 0x2801, 0x0800, 0x2801, // no row of this sensor: two beyond
            0x8fff, 0x8000, 0x8005, // a wrap, a jump
            0x6009, 0x6008, 0xa001, 0x6007, 0x600a, // a step back before anything had that time, one after
            0x9000, 0xb000, 0xc000, 0xd000,
        });
        const totals = statisticsOf(&decoder);
        try testing.expectEqual(26, totals.words);
        try testing.expectEqual([_]f64{ 3, 1, 0, 0, 0 }, totals.events);
        try testing.expectEqual(2, totals.address_y_words);
        try testing.expectEqual(6, totals.address_x_words);
        try testing.expectEqual(1, totals.vector_base_words);
        try testing.expectEqual(2, totals.vector_words);
        try testing.expectEqual(5, totals.time_low_words);
        try testing.expectEqual(4, totals.time_high_words);
        try testing.expectEqual(1, totals.trigger_words);
        try testing.expectEqual(5, totals.unknown_words);
        try testing.expectEqual(13, totals.out_of_sensor);
        try testing.expectEqual(3, totals.skipped_words);
        try testing.expectEqual(2, totals.time_discontinuities);
        try testing.expectEqual(1, totals.time_wraps);
        try testing.expectEqual((1 << 24) + 5 * 4096 + 10, decoder.currentTime());
    }
}

fn feed(decoder: *Decoder, room: *Room, words: []const u16) !void {
    const bytes = std.mem.sliceAsBytes(words);
    try testing.expectEqual(bytes.len, room.decode(decoder, bytes));
    try room.checkCanaries();
}

fn statisticsOf(decoder: *const Decoder) @import("../../abi.zig").DecoderStatistics {
    var totals: @import("../../abi.zig").DecoderStatistics = undefined;
    decoder.statistics(&totals);
    return totals;
}
