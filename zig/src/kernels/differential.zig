//! Every kernel against the specification on the same words: events, triggers, counters and the whole
//! state must be equal bit for bit, after every part of the input, with canaries after every column.

const std = @import("std");
const dispatch = @import("dispatch.zig");
const support = @import("../evt3/test_support.zig");
const specification = @import("../evt3/decode.zig").decodePlainly;
const State = @import("../evt3/state.zig").State;
const Evt3 = @import("evt3.zig").Evt3;
const Output = @import("output.zig").Output;
const Room = support.Room;

pub const Stream = enum { random, grammar, mutated };

/// Decodes words in parts of random length with little or much room. Prints what reproduces a difference.
pub const Comparison = struct {
    expected: Room,
    actual: Room,

    const event_capacity = 64 * 1024;

    pub fn init(gpa: std.mem.Allocator) !Comparison {
        return .{
            .expected = try .init(gpa, event_capacity, 1024),
            .actual = try .init(gpa, event_capacity, 1024),
        };
    }

    pub fn deinit(comparison: *Comparison) void {
        comparison.expected.deinit();
        comparison.actual.deinit();
    }

    pub fn run(
        comparison: *Comparison,
        kernel: *const dispatch.Kernel,
        random: std.Random,
        words: []const u16,
    ) !void {
        const width: u16, const height: u16 = switch (random.uintLessThan(u8, 8)) {
            0 => .{ random.intRangeAtMost(u16, 1, 2048), random.intRangeAtMost(u16, 1, 2048) },
            1 => .{ 2048, 2048 },
            2 => .{ 640, 480 },
            else => .{ 1280, 720 },
        };
        var scalar_state: State = .init(width, height);
        var kernel_state: State = .init(width, height);
        var rest = words;
        while (rest.len > 0) {
            const longest: usize = if (random.boolean()) rest.len else @min(rest.len, 200);
            const part = rest[0..random.intRangeAtMost(usize, 1, longest)];
            const room = switch (random.uintLessThan(u8, 8)) {
                0, 1 => random.intRangeAtMost(usize, 0, 400),
                2 => random.intRangeAtMost(usize, 400, event_capacity),
                else => event_capacity,
            };
            const consumed = try comparison.step(kernel, room, part, &scalar_state, &kernel_state);
            rest = rest[consumed..];
        }
    }

    fn step(
        comparison: *Comparison,
        kernel: *const dispatch.Kernel,
        room: usize,
        words: []const u16,
        scalar_state: *State,
        kernel_state: *State,
    ) !usize {
        const before = scalar_state.*;
        comparison.expected.clear();
        comparison.actual.clear();
        comparison.actual.refresh(event_capacity - room, 12 * words.len);
        // The room ends where the column's canaries begin.
        comparison.expected.output.events = event_capacity - room;
        comparison.actual.output.events = event_capacity - room;
        const expected = specification(scalar_state, words, &comparison.expected.output);
        const actual = kernel.decode(kernel_state, words.ptr, words.len, &comparison.actual.output);
        errdefer std.debug.print(
            "kernel {s} differs: state {any}\nroom {d}\nwords {any}\nscalar {any}\nkernel {any}\n",
            .{ kernel.name, before, room, words, scalar_state, kernel_state },
        );
        try std.testing.expectEqual(expected, actual);
        try std.testing.expectEqual(scalar_state.*, kernel_state.*);
        try comparison.actual.checkCanaries();
        if (!comparison.expected.equalsFrom(&comparison.actual, event_capacity - room)) return error.EventsDiffer;
        return expected;
    }
};

pub fn fill(stream: Stream, random: std.Random, words: []u16) void {
    switch (stream) {
        .random => support.randomWords(random, words),
        .grammar, .mutated => {
            var grammar: support.Grammar = .init(random);
            grammar.fill(words);
            if (stream == .mutated) mutate(random, words);
        },
    }
}

/// Faults here and there: a word, a bit, or a word from elsewhere.
pub fn mutate(random: std.Random, words: []u16) void {
    for (0..1 + words.len / 64) |_| {
        const index = random.uintLessThan(usize, words.len);
        switch (random.uintLessThan(u8, 3)) {
            0 => words[index] = random.int(u16),
            1 => words[index] ^= @as(u16, 1) << random.int(u4),
            else => words[index] = words[random.uintLessThan(usize, words.len)],
        }
    }
}

/// The kernel of 32 lanes in plain loops, for machines without AVX-512.
const plain_avx512: dispatch.Kernel = .{ .name = "avx512 in plain loops", .decode = struct {
    fn decode(state: *State, input: [*]align(1) const u16, count: usize, output: *Output) callconv(.c) usize {
        return Evt3(@import("lanes_avx512.zig")).decode(state, input[0..count], output);
    }
}.decode };

/// This machine's kernels, and that of AVX-512 in plain loops.
fn tested(kernels: *[dispatch.known.len + 1]dispatch.Kernel) []const dispatch.Kernel {
    const available = dispatch.available();
    @memcpy(kernels[0..available.len], available);
    kernels[available.len] = plain_avx512;
    return kernels[0 .. available.len + 1];
}

test "every kernel equals the specification" {
    // On an emulated processor the build tells which kernel is meant to be tested, so that none is left out in silence.
    if (std.c.getenv("NEUROMORPHIC_DRIVERS_EXPECTED_KERNEL")) |expected| {
        try std.testing.expectEqualStrings(std.mem.span(expected), dispatch.available()[0].name);
    }
    var comparison: Comparison = try .init(std.testing.allocator);
    defer comparison.deinit();
    var kernels: [dispatch.known.len + 1]dispatch.Kernel = undefined;
    for (tested(&kernels)) |*kernel| {
        for (0..600) |seed| {
            errdefer std.debug.print("seed {d}\n", .{seed});
            var prng: std.Random.DefaultPrng = .init(seed);
            const random = prng.random();
            var words: [2000]u16 = undefined;
            const length = 1 + random.uintLessThan(usize, words.len);
            fill(std.enums.fromInt(Stream, seed % 3).?, random, words[0..length]);
            try comparison.run(kernel, random, words[0..length]);
        }
    }
}

test "bases in great number are no scene full of vectors where the row is none of the sensor's" {
    const bases: [400]u16 = @splat(0x3000);
    const times: [64]u16 = @splat(0x8001);
    inline for (.{ 0x8001, 0x0320 }) |time_or_row_beyond| {
        inline for (.{ 0x2005, 0x4fff }) |pixels| {
            const many: [64]u16 = @splat(pixels);
            try expectEqualEverywhere(1280, &([_]u16{ 0x8001, time_or_row_beyond } ++ bases ++ many ++ times));
        }
    }
}

test "rows between bases in great number are counted once" {
    const bases: [100]u16 = @splat(0x3000);
    const row = [_]u16{0x0010} ++ bases;
    for ([_]u16{ 1280, 2048 }) |width| {
        try expectEqualEverywhere(width, &([_]u16{0x8001} ++ row ++ row ++ row ++ row ++ row ++ row));
    }
}

test "a flash ends where rows, the sensor, the room or the words do" {
    const group = [_]u16{ 0x4fff, 0x4fff, 0x50ff };
    var buffer: [2000]u16 = undefined;
    var words: std.ArrayList(u16) = .initBuffer(&buffer);
    words.appendSliceAssumeCapacity(&.{ 0x8001, 0x6001 });
    for (0..60) |y| {
        words.appendSliceAssumeCapacity(&.{ @intCast(y), 0x3000 });
        for (0..7) |_| words.appendSliceAssumeCapacity(&group);
    }
    words.appendSliceAssumeCapacity(&.{ 0x6002, 0x0040, 0x3000 });
    for (0..70) |_| words.appendSliceAssumeCapacity(&group);
    var comparison: Comparison = try .init(std.testing.allocator);
    defer comparison.deinit();
    var kernels: [dispatch.known.len + 1]dispatch.Kernel = undefined;
    for (tested(&kernels)) |*kernel| {
        // The last row crosses all edges.
        for ([_]u16{ 1000, 1280, 2047, 2048 }) |width| {
            for ([_]usize{ 9_000, 12_003, 12_040, Comparison.event_capacity }) |room| {
                for ([_]usize{ words.items.len, words.items.len - 150, words.items.len - 151 }) |length| {
                    var expected: State = .init(width, 720);
                    var actual: State = .init(width, 720);
                    _ = try comparison.step(kernel, room, words.items[0..length], &expected, &actual);
                }
            }
        }
    }
}

fn expectEqualEverywhere(width: u16, words: []const u16) !void {
    var comparison: Comparison = try .init(std.testing.allocator);
    defer comparison.deinit();
    var kernels: [dispatch.known.len + 1]dispatch.Kernel = undefined;
    for (tested(&kernels)) |*kernel| {
        var expected: State = .init(width, 720);
        var actual: State = .init(width, 720);
        const room = Comparison.event_capacity;
        try std.testing.expectEqual(words.len, try comparison.step(kernel, room, words, &expected, &actual));
    }
}
