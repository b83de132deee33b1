//! Measures decoders in rounds. A stream goes to each in parts of one USB transfer, and every part to all of them in
//! turns, to and fro, so that whatever else the machine does hits all alike. Of every part the median time over the
//! rounds counts, which a round that was interrupted does not change; and the parts' times add up.

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

/// Something to measure, on its way through a stream.
const Work = union(enum) {
    memset,
    memcpy,
    yardstick: yardstick.Yardstick,
    kernel: struct { decode: *const dispatch.Decode, state: State },

    fn of(kernel: *const dispatch.Kernel) Work {
        return .{ .kernel = .{ .decode = kernel.decode, .state = .init(width, height) } };
    }

    fn ofReference(reference: Reference) Work {
        return switch (reference) {
            .memset => .memset,
            .memcpy => .memcpy,
            .yardstick => .{ .yardstick = .{ .width = width, .height = height } },
        };
    }
};

pub const Rounds = struct {
    io: std.Io,
    gpa: std.mem.Allocator,
    count: usize,
    /// All write to the same memory, so that none finds it in a cache where another does not.
    memory: []align(64) u8,
    columns: abi.Columns,
    events: []yardstick.Event,
    copy: []u16,

    pub fn init(io: std.Io, gpa: std.mem.Allocator, count: usize) !Rounds {
        const memory = try gpa.alignedAlloc(u8, .@"64", @max(
            13 * event_capacity + 10 * trigger_capacity,
            @sizeOf(yardstick.Event) * event_capacity,
        ));
        const copy = try gpa.alloc(u16, words_per_part);
        // Touched once, so that no measurement pays for new pages.
        @memset(memory, 0);
        @memset(copy, 0);
        return .{
            .io = io,
            .gpa = gpa,
            .count = count,
            .columns = .at(memory.ptr, event_capacity, trigger_capacity),
            .memory = memory,
            .events = std.mem.bytesAsSlice(yardstick.Event, memory[0 .. @sizeOf(yardstick.Event) * event_capacity]),
            .copy = copy,
        };
    }

    pub fn deinit(rounds: *Rounds) void {
        rounds.gpa.free(rounds.memory);
        rounds.gpa.free(rounds.copy);
    }

    pub fn run(rounds: *Rounds, words: []const u16) !Result {
        const kernels = dispatch.available();
        const work_count = reference_count + kernels.len;
        const parts = (words.len + words_per_part - 1) / words_per_part;
        const part_events = try rounds.gpa.alloc(usize, parts);
        defer rounds.gpa.free(part_events);
        const times = try rounds.gpa.alloc(u64, work_count * parts * rounds.count);
        defer rounds.gpa.free(times);

        // The scalar kernel first, which tells how much there is to memset.
        var scalar: Work = .of(dispatch.scalar);
        for (part_events, 0..) |*events, part| events.* = rounds.do(&scalar, partOf(words, part), 0);
        for (0..rounds.count) |round| {
            var works: [reference_count + dispatch.known.len]Work = undefined;
            for (works[0..reference_count], std.enums.values(Reference)) |*work, reference| work.* = .ofReference(reference);
            for (works[reference_count..work_count], kernels) |*work, *kernel| work.* = .of(kernel);
            for (part_events, 0..) |events, part| for (0..work_count) |turn| {
                const index = if ((round + part) % 2 == 0) turn else work_count - 1 - turn;
                const start = rounds.now();
                std.mem.doNotOptimizeAway(rounds.do(&works[index], partOf(words, part), events));
                times[(index * parts + part) * rounds.count + round] = rounds.now() - start;
            };
        }
        var result: Result = .{ .events = 0, .references = @splat(0), .kernels = @splat(0) };
        for (part_events) |events| result.events += events;
        for (0..work_count) |index| {
            const total = if (index < reference_count) &result.references[index] else &result.kernels[index - reference_count];
            for (0..parts) |part| {
                total.* += median(times[(index * parts + part) * rounds.count ..][0..rounds.count]);
            }
        }
        return result;
    }

    /// Returns how many events a decoder found.
    fn do(rounds: *Rounds, work: *Work, input: []const u16, events: usize) usize {
        defer {
            std.mem.doNotOptimizeAway(rounds.memory.ptr);
            std.mem.doNotOptimizeAway(rounds.copy.ptr);
        }
        switch (work.*) {
            .memset => @memset(rounds.memory[0 .. 13 * events], @truncate(input[0])),
            .memcpy => @memcpy(rounds.copy[0..input.len], input),
            .yardstick => |*plain| return plain.decode(input, rounds.events, 0),
            .kernel => |*kernel| {
                var output: Output = .{ .columns = rounds.columns };
                const decoded = kernel.decode(&kernel.state, input.ptr, input.len, &output);
                std.debug.assert(decoded == input.len); // There is room for the most events that words can hold.
                return output.events;
            },
        }
        return 0;
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
