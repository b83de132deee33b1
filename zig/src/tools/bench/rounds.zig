//! Measures decoders in rounds. A stream is cut into parts of one USB transfer. Every part goes to all decoders in
//! turn, forwards and backwards, so that other load on the machine hits all of them alike. For each part the median
//! time over the rounds counts, which an interrupted round does not change. The sum over the parts is the result.

const std = @import("std");
const abi = @import("../../abi.zig");
const dispatch = @import("../../decoder/kernels/dispatch.zig");
const Decoder = @import("../../decoder/decoder.zig").Decoder;
const packet_module = @import("../../decoder/packet.zig");
const Packet = packet_module.Packet;
const Stream = @import("streams.zig").Stream;
const Baseline = @import("baseline.zig").Baseline;
const Event = @import("baseline.zig").Event;

const width = 1280;
const height = 720;
/// Bytes of one call: a USB transfer.
pub const part_length = 128 << 10;
/// The most events for their bytes are in vectors of EVT3: twelve in two.
const event_capacity = part_length / 2 * 12 + 256;
const trigger_capacity = part_length / 2;
const capacities: packet_module.Capacities = .{ event_capacity, trigger_capacity, 0, 0, 0 };

/// The decoders of a format: for EVT3 the kernels of this machine; other formats have one decoder, without kernels.
pub fn decodersOf(format: abi.Format) []const dispatch.Kernel {
    return if (format == .evt3) dispatch.available() else &.{.{ .name = "decoder", .decode = dispatch.scalar.decode }};
}

/// What is measured beside the decoders.
pub const Reference = enum { memset, memcpy, baseline };
const reference_count = std.enums.values(Reference).len;

pub const Result = struct {
    /// Events of the last decoder; the baseline gives as many for a stream without faults.
    events: usize,
    /// Nanoseconds for the whole stream: of the references, and of `decodersOf` its format in their order.
    references: [reference_count]u64,
    decoders: [dispatch.known.len]u64,
};

/// Something to measure, on its way through a stream.
const Work = union(enum) {
    memset,
    memcpy,
    baseline: Baseline,
    decoder: Decoder,

    fn of(kernel: *const dispatch.Kernel, format: abi.Format) Work {
        return .{ .decoder = .initKernel(kernel, format, width, height) };
    }

    fn ofReference(reference: Reference, format: abi.Format) Work {
        return switch (reference) {
            .memset => .memset,
            .memcpy => .memcpy,
            .baseline => .{ .baseline = .init(format, width, height) },
        };
    }
};

pub const Rounds = struct {
    io: std.Io,
    gpa: std.mem.Allocator,
    count: usize,
    /// All write to the same memory, so that none finds it in a cache where another does not.
    memory: []align(64) u8,
    events: []Event,
    copy: []align(64) u8,

    pub fn init(io: std.Io, gpa: std.mem.Allocator, count: usize) !Rounds {
        const memory = try gpa.alignedAlloc(u8, .@"64", @max(
            packet_module.byteLength(&capacities),
            @sizeOf(Event) * event_capacity,
        ));
        const copy = try gpa.alignedAlloc(u8, .@"64", part_length);
        // Touched once, so that no measurement pays for new pages.
        @memset(memory, 0);
        @memset(copy, 0);
        return .{
            .io = io,
            .gpa = gpa,
            .count = count,
            .memory = memory,
            .events = std.mem.bytesAsSlice(Event, memory[0 .. @sizeOf(Event) * event_capacity]),
            .copy = copy,
        };
    }

    pub fn deinit(rounds: *Rounds) void {
        rounds.gpa.free(rounds.memory);
        rounds.gpa.free(rounds.copy);
    }

    pub fn run(rounds: *Rounds, stream: Stream) !Result {
        const decoders = decodersOf(stream.format);
        const work_count = reference_count + decoders.len;
        const parts = (stream.bytes.len + part_length - 1) / part_length;
        const part_events = try rounds.gpa.alloc(usize, parts);
        defer rounds.gpa.free(part_events);
        const times = try rounds.gpa.alloc(u64, work_count * parts * rounds.count);
        defer rounds.gpa.free(times);

        // One decoder first, which tells how many bytes to memset.
        var first: Work = .of(&decoders[decoders.len - 1], stream.format);
        for (part_events, 0..) |*events, part| events.* = rounds.do(&first, partOf(stream, part), 0);
        for (0..rounds.count) |round| {
            var works: [reference_count + dispatch.known.len]Work = undefined;
            for (works[0..reference_count], std.enums.values(Reference)) |*work, reference| {
                work.* = .ofReference(reference, stream.format);
            }
            for (works[reference_count..work_count], decoders) |*work, *kernel| work.* = .of(kernel, stream.format);
            for (part_events, 0..) |events, part| for (0..work_count) |turn| {
                const index = if ((round + part) % 2 == 0) turn else work_count - 1 - turn;
                const start = rounds.now();
                std.mem.doNotOptimizeAway(rounds.do(&works[index], partOf(stream, part), events));
                times[(index * parts + part) * rounds.count + round] = rounds.now() - start;
            };
        }
        var result: Result = .{ .events = 0, .references = @splat(0), .decoders = @splat(0) };
        for (part_events) |events| result.events += events;
        for (0..work_count) |index| {
            const total = if (index < reference_count) &result.references[index] else &result.decoders[index - reference_count];
            for (0..parts) |part| {
                total.* += median(times[(index * parts + part) * rounds.count ..][0..rounds.count]);
            }
        }
        return result;
    }

    /// Decodes a stream once, without measuring.
    pub fn decodeOnly(rounds: *Rounds, kernel: *const dispatch.Kernel, stream: Stream) void {
        var work: Work = .of(kernel, stream.format);
        var start: usize = 0;
        while (start < stream.bytes.len) : (start += part_length) {
            std.mem.doNotOptimizeAway(rounds.do(&work, partOf(stream, start / part_length), 0));
        }
    }

    /// Returns how many events a decoder found.
    fn do(rounds: *Rounds, work: *Work, input: []const u8, events: usize) usize {
        defer {
            std.mem.doNotOptimizeAway(rounds.memory.ptr);
            std.mem.doNotOptimizeAway(rounds.copy.ptr);
        }
        switch (work.*) {
            .memset => @memset(rounds.memory[0 .. 13 * events], input[0]),
            .memcpy => @memcpy(rounds.copy[0..input.len], input),
            .baseline => |*baseline| return baseline.decode(input, rounds.events),
            .decoder => |*decoder| {
                var packet: Packet = .at(rounds.memory.ptr, &capacities);
                const decoded = decoder.decode(input, &packet);
                std.debug.assert(decoded == input.len); // There is room for the most events that words can hold.
                return packet.events.polarity.count;
            },
        }
        return 0;
    }

    fn now(rounds: *const Rounds) u64 {
        return @intCast(std.Io.Clock.awake.now(rounds.io).nanoseconds);
    }
};

fn partOf(stream: Stream, part: usize) []const u8 {
    const start = part * part_length;
    return stream.bytes[start..@min(stream.bytes.len, start + part_length)];
}

fn median(times: []u64) u64 {
    std.mem.sort(u64, times, {}, std.sort.asc(u64));
    return @max(1, times[times.len / 2]);
}
