//! The quick loops of EVT2 and EVT2.1 against their specifications, on random words.

const std = @import("std");
const evt2 = @import("decode.zig");
const evt21 = @import("../evt21/decode.zig");
const Output = @import("../output.zig").Output;
const State = @import("state.zig").State;
const Room = @import("../testing/test_support.zig").Room;

const gpa = std.testing.allocator;
const testing = std.testing;

/// Words as in files, with a fault now and then, for a sensor of 1280 x 720.
fn fillOrdinary(random: std.Random, comptime Word: type, words: []Word) void {
    const shift = @bitSizeOf(Word) - 32;
    const faults = random.uintLessThan(u8, 40);
    const counters = if (random.boolean()) random.uintLessThan(u8, 40) else 0;
    const clock_faults = if (random.boolean()) random.uintLessThan(u8, 20) else 0;
    var time: u64 = if (random.boolean()) random.int(u20) else (1 << 34) - 1000;
    for (words, 0..) |*word, index| {
        const before = time >> 6;
        time += random.uintLessThan(u8, 8);
        // Mostly where sensors begin groups, the last of them beyond the sensor.
        const column = switch (random.uintLessThan(u8, 16)) {
            0 => random.uintLessThan(u32, 1344),
            1 => random.intRangeAtMost(u32, 1240, 1280),
            else => random.uintLessThan(u32, 42) * 32,
        };
        var upper: u32 = @as(u32, random.int(u1)) << 28 | @as(u32, @intCast(time & 63)) << 22 | column << 11;
        upper |= random.uintLessThan(u32, 720);
        if (random.int(u8) < clock_faults) time = switch (random.uintLessThan(u8, 4)) {
            0 => time +% random.int(u21), // a jump, of up to two seconds
            1 => time -% random.int(u21),
            2 => random.int(u10), // the clock starts again
            else => random.int(u34),
        };
        if (index == 0 or time >> 6 != before) upper = 8 << 28 | @as(u32, @intCast(time >> 6 & 0xfff_ffff));
        if (random.int(u8) < clock_faults) upper = 8 << 28 | @as(u32, random.int(u28));
        if (random.int(u8) < faults) upper = random.int(u32);
        if (random.int(u8) < faults / 4) upper = 0xa000_0000 | @as(u32, random.int(u28));
        // Not always adjacent: a payload belongs only to the word right before it.
        if (random.int(u8) < counters) upper = 0xe000_0014 | @as(u32, random.int(u2));
        if (random.int(u8) < counters) upper = 0xf000_0000 | @as(u32, random.int(u28));
        var lower = random.int(u32);
        switch (random.uintLessThan(u8, 4)) {
            0 => lower = @as(u32, 1) << random.int(u5),
            1 => lower &= random.int(u32) & random.int(u32),
            2 => if (random.boolean()) {
                lower = 0xffff_ffff;
            },
            else => {},
        }
        word.* = @as(Word, upper) << shift | if (shift == 0) 0 else @as(Word, lower);
    }
}

fn expectSameAsPlain(
    random: std.Random,
    comptime Word: type,
    comptime decode: fn (*State, []align(1) const Word, *Output) usize,
    comptime plain: fn (*State, []align(1) const Word, *Output) usize,
) !void {
    var words: [600]Word = undefined;
    fillOrdinary(random, Word, &words);
    const capacity: usize = if (random.boolean()) 32 * words.len else random.intRangeAtMost(usize, 16, 500);
    var expected: Room = try .init(gpa, capacity, 1024);
    defer expected.deinit();
    var actual: Room = try .init(gpa, capacity, 1024);
    defer actual.deinit();
    var expected_state: State = .init(1280, 720);
    var actual_state: State = .init(1280, 720);
    var rest: []align(1) const Word = &words;
    while (rest.len > 0) {
        const part = rest[0..random.intRangeAtMost(usize, 1, rest.len)];
        expected.clear();
        actual.clear();
        const consumed = plain(&expected_state, part, &expected.output);
        try testing.expectEqual(consumed, decode(&actual_state, part, &actual.output));
        try testing.expectEqual(expected_state, actual_state);
        try testing.expect(expected.equals(&actual));
        try actual.checkCanaries();
        rest = rest[consumed..];
    }
}

test "the quick loops do what the plain ones do" {
    for (0..2000) |seed| {
        errdefer std.debug.print("seed {d}\n", .{seed});
        var prng: std.Random.DefaultPrng = .init(seed);
        const random = prng.random();
        switch (seed % 3) {
            0 => try expectSameAsPlain(random, u32, evt2.decode, evt2.decodePlainly),
            1 => try expectSameAsPlain(random, u64, Evt21(.little).decode, Evt21(.little).plain),
            else => try expectSameAsPlain(random, u64, Evt21(.legacy).decode, Evt21(.legacy).plain),
        }
    }
}

fn Evt21(comptime order: evt21.ByteOrder) type {
    return struct {
        fn decode(state: *State, input: []align(1) const u64, output: *Output) usize {
            return evt21.decode(order, state, input, output);
        }
        fn plain(state: *State, input: []align(1) const u64, output: *Output) usize {
            return evt21.decodePlainly(order, state, input, output);
        }
    };
}
