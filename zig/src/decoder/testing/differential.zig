//! Every kernel against the specification on the same words: events, triggers, counters and the whole
//! state must be equal bit for bit, after every part of the input, with canaries after every column. Some streams stop
//! where the time jumps, some are a file's, and between parts there are losses and pauses.

const std = @import("std");
const dispatch = @import("../kernels/dispatch.zig");
const support = @import("test_support.zig");
const specification = @import("../evt3/decode.zig").decodePlainly;
const State = @import("../evt3/state.zig").State;
const Room = support.Room;

pub const Sensor = support.Sensor;

pub const Stream = enum { random, grammar, mutated };

/// Decodes words in parts of random length with little or much room. Prints what reproduces a difference.
pub const Comparison = struct {
    expected: Room,
    actual: Room,

    const event_capacity = 64 * 1024;
    const trigger_capacity = 1024;

    pub fn init(gpa: std.mem.Allocator) !Comparison {
        return .{
            .expected = try .init(gpa, event_capacity, trigger_capacity),
            .actual = try .init(gpa, event_capacity, trigger_capacity),
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
        sensor: Sensor,
        words: []const u16,
    ) !void {
        var scalar_state: State = .init(sensor.width, sensor.height);
        var kernel_state: State = .init(sensor.width, sensor.height);
        scalar_state.time.stops_at_jumps = random.boolean();
        kernel_state.time.stops_at_jumps = scalar_state.time.stops_at_jumps;
        scalar_state.time.follows_jumps = random.uintLessThan(u8, 4) == 0;
        kernel_state.time.follows_jumps = scalar_state.time.follows_jumps;
        var rest = words;
        while (rest.len > 0) {
            if (random.uintLessThan(u8, 8) == 0) {
                const elapsed_us: u64 = random.int(u27);
                const loses = random.boolean();
                for ([_]*State{ &scalar_state, &kernel_state }) |state| {
                    if (loses) state.lose(elapsed_us) else state.time.pause(elapsed_us);
                }
            }
            const part = rest[0..switch (random.uintLessThan(u8, 4)) {
                0, 1 => rest.len,
                2 => random.intRangeAtMost(usize, 1, rest.len),
                else => random.intRangeAtMost(usize, 1, @min(rest.len, 200)),
            }];
            const event_room = switch (random.uintLessThan(u8, 8)) {
                0 => random.intRangeAtMost(usize, 0, 400),
                1 => random.intRangeAtMost(usize, 400, event_capacity),
                2, 3, 4 => comparison.tightRoom(random, part, &scalar_state),
                else => event_capacity,
            };
            const trigger_room = if (random.uintLessThan(u8, 8) == 0) random.uintLessThan(usize, 4) else trigger_capacity;
            const room: Rooms = .{ .events = event_room, .triggers = trigger_room };
            const consumed = try comparison.step(kernel, room, part, &scalar_state, &kernel_state);
            rest = rest[consumed..];
        }
    }

    /// About the room that the first words need, so that it may end within any loop.
    fn tightRoom(comparison: *Comparison, random: std.Random, words: []const u16, state: *const State) usize {
        var copy = state.*;
        comparison.expected.clear();
        const length = random.intRangeAtMost(usize, 1, words.len);
        _ = specification(&copy, words[0..length], &comparison.expected.output);
        return (comparison.expected.output.polarity.count + random.uintAtMost(usize, 60)) -| 30;
    }

    /// How many events and triggers there is room for.
    pub const Rooms = struct { events: usize = event_capacity, triggers: usize = trigger_capacity };

    /// One call of both, each with its own state, which must be equal before. Returns how many words they decoded.
    pub fn step(
        comparison: *Comparison,
        kernel: *const dispatch.Kernel,
        room: Rooms,
        words: []const u16,
        scalar_state: *State,
        kernel_state: *State,
    ) !usize {
        const before = scalar_state.*;
        // The rooms end where the columns' canaries begin.
        const first_event = event_capacity - room.events;
        const first_trigger = trigger_capacity - room.triggers;
        comparison.expected.startAt(first_event, first_trigger, 0);
        comparison.actual.startAt(first_event, first_trigger, 12 * words.len);
        const expected = specification(scalar_state, words, &comparison.expected.output);
        const actual = kernel.decode(kernel_state, words.ptr, words.len, &comparison.actual.output);
        errdefer std.debug.print(
            "kernel {s} differs: state {any}\nroom {any}\nwords {any}\nscalar {any}\nkernel {any}\n",
            .{ kernel.name, before, room, words, scalar_state, kernel_state },
        );
        try std.testing.expectEqual(expected, actual);
        try std.testing.expectEqual(scalar_state.*, kernel_state.*);
        try comparison.actual.checkCanaries();
        if (!comparison.expected.equalsFrom(&comparison.actual, first_event, first_trigger)) return error.EventsDiffer;
        return expected;
    }
};

pub fn fill(stream: Stream, random: std.Random, sensor: Sensor, words: []u16) void {
    switch (stream) {
        .random => support.randomWords(random, words),
        .grammar, .mutated => {
            var grammar: support.Grammar = .init(random, sensor);
            grammar.fill(words);
            if (stream == .mutated) mutate(random, words);
        },
    }
}

/// Faults at random places: a random word, a flipped bit, or a word from another place.
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
