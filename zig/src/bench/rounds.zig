//! Measures decoders in rounds that take turns, so that whatever else the machine does hits all alike.
//! A stream goes to each in parts of one USB transfer; of every part the median time over the rounds counts,
//! which a round that was interrupted does not change; and the parts' times add up.

const std = @import("std");
const abi = @import("../abi.zig");
const dispatch = @import("../kernels/dispatch.zig");
const Output = @import("../kernels/output.zig").Output;
const State = @import("../evt3/state.zig").State;
const yardstick = @import("yardstick.zig");

pub const width = 1280;
pub const height = 720;
/// Words of one call: a USB transfer of 128 KiB.
pub const words_per_part = 65536;
const event_capacity = words_per_part * 12 + 256;
const trigger_capacity = words_per_part;

/// What is measured beside the kernels.
pub const Reference = enum { memset, memcpy, yardstick };
const reference_count = std.enums.values(Reference).len;

pub const Result = struct {
    /// Of the scalar kernel; the yardstick makes the same of a stream without faults.
    events: usize,
    /// Nanoseconds for the whole stream: of the references, and of `dispatch.available()` in its order.
    references: [reference_count]u64,
    kernels: [dispatch.known.len]u64,
};

pub const Rounds = struct {
    io: std.Io,
    gpa: std.mem.Allocator,
    count: usize,
    columns: abi.Columns,
    memory: []align(64) u8,
    events: []yardstick.Event,
    copy: []u16,

    pub fn init(io: std.Io, gpa: std.mem.Allocator, count: usize) !Rounds {
        const memory = try gpa.alignedAlloc(u8, .@"64", 13 * event_capacity + 10 * trigger_capacity);
        const events = try gpa.alloc(yardstick.Event, event_capacity);
        const copy = try gpa.alloc(u16, words_per_part);
        // Touched once, so that no measurement pays for new pages.
        @memset(memory, 0);
        @memset(std.mem.sliceAsBytes(events), 0);
        @memset(copy, 0);
        return .{
            .io = io,
            .gpa = gpa,
            .count = count,
            .columns = .at(memory.ptr, event_capacity, trigger_capacity),
            .memory = memory,
            .events = events,
            .copy = copy,
        };
    }

    pub fn deinit(rounds: *Rounds) void {
        rounds.gpa.free(rounds.memory);
        rounds.gpa.free(rounds.events);
        rounds.gpa.free(rounds.copy);
    }

    pub fn run(rounds: *Rounds, words: []const u16) !Result {
        const kernels = dispatch.available();
        const parts = (words.len + words_per_part - 1) / words_per_part;
        const part_events = try rounds.gpa.alloc(usize, parts);
        defer rounds.gpa.free(part_events);
        const works = reference_count + kernels.len;
        const times = try rounds.gpa.alloc(u64, works * parts * rounds.count);
        defer rounds.gpa.free(times);

        // The scalar kernel first, which tells how much there is to memset.
        rounds.decodeParts(dispatch.scalar, words, part_events, times, 0);
        for (0..rounds.count) |round| {
            // To and fro, so that none always comes after the same other one.
            for (0..works) |turn| {
                const work = if (round % 2 == 0) turn else works - 1 - turn;
                const of_work = times[work * parts * rounds.count ..];
                if (work < reference_count) {
                    rounds.referenceParts(@fromBackingInt(@intCast(work)), words, part_events, of_work, round);
                } else rounds.decodeParts(&kernels[work - reference_count], words, part_events, of_work, round);
            }
        }
        var result: Result = .{ .events = 0, .references = @splat(0), .kernels = @splat(0) };
        for (part_events) |events| result.events += events;
        for (0..works) |work| {
            const total = if (work < reference_count) &result.references[work] else &result.kernels[work - reference_count];
            for (0..parts) |part| {
                total.* += median(times[(work * parts + part) * rounds.count ..][0..rounds.count]);
            }
        }
        return result;
    }

    fn decodeParts(
        rounds: *Rounds,
        kernel: *const dispatch.Kernel,
        words: []const u16,
        part_events: []usize,
        times: []u64,
        round: usize,
    ) void {
        var state: State = .init(width, height);
        for (part_events, 0..) |*events, part| {
            const input = partOf(words, part);
            var output: Output = .{ .columns = rounds.columns };
            const start = rounds.now();
            const decoded = kernel.decode(&state, input.ptr, input.len, &output);
            times[part * rounds.count + round] = rounds.now() - start;
            std.debug.assert(decoded == input.len); // There is room for the most events that words can hold.
            std.mem.doNotOptimizeAway(rounds.memory.ptr);
            events.* = output.events;
        }
    }

    fn referenceParts(
        rounds: *Rounds,
        reference: Reference,
        words: []const u16,
        part_events: []const usize,
        times: []u64,
        round: usize,
    ) void {
        var plain: yardstick.Yardstick = .{ .width = width, .height = height };
        for (part_events, 0..) |events, part| {
            const input = partOf(words, part);
            const start = rounds.now();
            switch (reference) {
                .memset => @memset(rounds.memory[0 .. 13 * events], @truncate(part)),
                .memcpy => @memcpy(rounds.copy[0..input.len], input),
                .yardstick => std.mem.doNotOptimizeAway(plain.decode(input, rounds.events, 0)),
            }
            std.mem.doNotOptimizeAway(rounds.memory.ptr);
            std.mem.doNotOptimizeAway(rounds.copy.ptr);
            std.mem.doNotOptimizeAway(rounds.events.ptr);
            times[part * rounds.count + round] = rounds.now() - start;
        }
    }

    fn now(rounds: *const Rounds) u64 {
        return @intCast(std.Io.Clock.awake.now(rounds.io).nanoseconds);
    }
};

fn partOf(words: []const u16, part: usize) []const u16 {
    const start = part * words_per_part;
    return words[start..@min(words.len, start + words_per_part)];
}

fn median(times: []u64) u64 {
    std.mem.sort(u64, times, {}, std.sort.asc(u64));
    return @max(1, times[times.len / 2]);
}
