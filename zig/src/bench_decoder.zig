//! `zig build bench-decoder`: every kernel on every stream, beside a straightforward scalar decoder
//! (bench/yardstick.zig), a memset of the same output and a memcpy of the same input.
//!
//!     zig build bench-decoder -- [--recording file.raw] [--json] [--tiny]

const std = @import("std");
const abi = @import("abi.zig");
const dispatch = @import("kernels/dispatch.zig");
const streams = @import("bench/streams.zig");
const Output = @import("kernels/output.zig").Output;
const State = @import("evt3/state.zig").State;
const yardstick = @import("bench/yardstick.zig");

const width = 1280;
const height = 720;
/// Words of one call: a USB transfer of 128 KiB.
const words_per_call = 65536;
const event_capacity = words_per_call * 12 + 256;

const Options = struct {
    recording: ?[]const u8 = null,
    json: bool = false,
    /// Only to see that everything runs.
    tiny: bool = false,
};

const Bench = struct {
    io: std.Io,
    columns: abi.Columns,
    memory: []align(64) u8,
    events: []yardstick.Event,
    copy: []u16,
    rounds: usize,

    const Work = union(enum) { kernel: *const dispatch.Kernel, yardstick, memset, memcpy };

    /// Nanoseconds of the fastest round over all words, and the events of a round.
    fn measure(bench: *Bench, work: Work, words: []const u16, events: usize) struct { u64, usize } {
        var best: u64 = std.math.maxInt(u64);
        var made: usize = 0;
        for (0..bench.rounds) |_| {
            const start = std.Io.Clock.awake.now(bench.io).nanoseconds;
            made = bench.round(work, words, events);
            const end = std.Io.Clock.awake.now(bench.io).nanoseconds;
            best = @min(best, @as(u64, @intCast(end - start)));
        }
        return .{ @max(best, 1), made };
    }

    fn round(bench: *Bench, work: Work, words: []const u16, events: usize) usize {
        var state: State = .init(width, height);
        var plain: yardstick.Yardstick = .{ .width = width, .height = height };
        var made: usize = 0;
        var rest = words;
        while (rest.len > 0) {
            const part = rest[0..@min(words_per_call, rest.len)];
            switch (work) {
                .kernel => |kernel| {
                    var output: Output = .{ .columns = bench.columns };
                    var call = part;
                    while (call.len > 0) {
                        call = call[kernel.decode(&state, call.ptr, call.len, &output)..];
                        made += output.events;
                        output.events = 0;
                        output.triggers = 0;
                    }
                },
                .yardstick => made += plain.decode(part, bench.events, 0),
                .memset => {
                    const share = events * part.len / words.len;
                    @memset(bench.memory[0 .. share * 13], @intCast(rest.len & 0xff));
                    made += share;
                },
                .memcpy => @memcpy(bench.copy[0..part.len], part),
            }
            std.mem.doNotOptimizeAway(bench.memory.ptr);
            std.mem.doNotOptimizeAway(bench.copy.ptr);
            rest = rest[part.len..];
        }
        return made;
    }
};

pub fn main(init: std.process.Init) !void {
    const arena = init.arena.allocator();
    const options = try parse(try init.minimal.args.toSlice(arena));
    var buffer: [4096]u8 = undefined;
    var file = std.Io.File.stdout().writer(init.io, &buffer);
    const out = &file.interface;

    const memory = try arena.alignedAlloc(u8, .@"64", event_capacity * 13 + 10 * 65536);
    const events = try arena.alloc(yardstick.Event, event_capacity);
    @memset(memory, 0);
    @memset(std.mem.sliceAsBytes(events), 0);
    var bench: Bench = .{
        .io = init.io,
        .columns = .at(memory.ptr, event_capacity, 65536),
        .memory = memory,
        .events = events,
        .copy = try arena.alloc(u16, words_per_call),
        .rounds = if (options.tiny) 1 else 15,
    };
    const words = try arena.alloc(u16, if (options.tiny) 20_000 else 40 * words_per_call);
    if (options.json) try out.writeAll("[");
    var first = true;
    for (std.enums.values(streams.Shape)) |shape| {
        streams.fill(shape, words);
        try report(&bench, out, options, &first, @tagName(shape), words);
    }
    if (options.recording) |path| {
        const bytes = try std.Io.Dir.cwd().readFileAlloc(init.io, path, arena, .unlimited);
        try report(&bench, out, options, &first, "recording", try wordsOf(arena, bytes, words.len));
    }
    if (options.json) try out.writeAll("]\n");
    try out.flush();
}

fn report(
    bench: *Bench,
    out: *std.Io.Writer,
    options: Options,
    first: *bool,
    name: []const u8,
    words: []const u16,
) !void {
    const plain_time, const events = bench.measure(.yardstick, words, 0);
    const memset_time, _ = bench.measure(.memset, words, events);
    const memcpy_time, _ = bench.measure(.memcpy, words, events);
    const rate = struct {
        fn of(amount: usize, nanoseconds: u64) f64 {
            return @as(f64, @floatFromInt(amount)) * 1000 / @as(f64, @floatFromInt(nanoseconds));
        }
    };
    const density = @as(f64, @floatFromInt(events)) / @as(f64, @floatFromInt(words.len));
    if (!options.json) try out.print(
        "{s}: {d:.2} events a word; memset of the output {d:.0} Mev/s, memcpy of the input {d:.0} MB/s\n",
        .{ name, density, rate.of(events, memset_time), rate.of(words.len * 2, memcpy_time) },
    );
    var index: usize = 0;
    const kernels = dispatch.available();
    while (index <= kernels.len) : (index += 1) {
        const kernel = if (index < kernels.len) kernels[index].name else "yardstick";
        const time, const made = if (index < kernels.len)
            bench.measure(.{ .kernel = &kernels[index] }, words, events)
        else
            .{ plain_time, events };
        const nanoseconds_per_word = @as(f64, @floatFromInt(time)) / @as(f64, @floatFromInt(words.len));
        const ratio = @as(f64, @floatFromInt(plain_time)) / @as(f64, @floatFromInt(time));
        const memset_share = 100 * @as(f64, @floatFromInt(memset_time)) / @as(f64, @floatFromInt(time));
        if (options.json) {
            try out.print(
                "{s}{{\"stream\":\"{s}\",\"kernel\":\"{s}\",\"events\":{d},\"events_per_word\":{d:.3}," ++
                    "\"mev_per_s\":{d:.1},\"mb_per_s\":{d:.1},\"ns_per_word\":{d:.3},\"times_yardstick\":{d:.2}," ++
                    "\"percent_of_memset\":{d:.1}}}\n",
                .{
                    if (first.*) "" else ",",     name,                 kernel,
                    made,                         density,              rate.of(made, time),
                    rate.of(words.len * 2, time), nanoseconds_per_word, ratio,
                    memset_share,
                },
            );
            first.* = false;
        } else try out.print(
            "  {s:<10} {d:>7.0} Mev/s {d:>6.0} MB/s {d:>6.2} ns/word {d:>6.2} x yardstick {d:>4.0} % of memset\n",
            .{ kernel, rate.of(made, time), rate.of(words.len * 2, time), nanoseconds_per_word, ratio, memset_share },
        );
        try out.flush();
    }
}

/// The words of a RAW file after its text header, repeated to at least the given length. Time goes on from
/// copy to copy, or else all copies after the first would lie in the past.
fn wordsOf(arena: std.mem.Allocator, bytes: []const u8, length: usize) ![]const u16 {
    var start: usize = 0;
    while (start < bytes.len and bytes[start] == '%') {
        start = 1 + (std.mem.indexOfScalarPos(u8, bytes, start, '\n') orelse return error.NoWords);
    }
    const count = (bytes.len - start) / 2;
    if (count == 0) return error.NoWords;
    const words = try arena.alloc(u16, count * (1 + (length - 1) / count));
    @memcpy(std.mem.sliceAsBytes(words[0..count]), bytes[start..][0 .. count * 2]);
    var first: ?u16 = null;
    var last: u16 = 0;
    for (words[0..count]) |word| {
        if (word >> 12 != 8) continue;
        last = word & 0xfff;
        if (first == null) first = last;
    }
    const period = last -% (first orelse return error.NoWords) +% 1;
    for (words[count..], count..) |*word, index| {
        const original = words[index % count];
        const copy: u16 = @truncate(index / count);
        word.* = if (original >> 12 == 8) 0x8000 | ((original +% copy *% period) & 0xfff) else original;
    }
    return words;
}

fn parse(args: []const []const u8) !Options {
    var options: Options = .{};
    var index: usize = 1;
    while (index < args.len) : (index += 1) {
        if (std.mem.eql(u8, args[index], "--json")) options.json = true else if (std.mem.eql(u8, args[index], "--tiny")) {
            options.tiny = true;
        } else if (std.mem.eql(u8, args[index], "--recording") and index + 1 < args.len) {
            index += 1;
            options.recording = args[index];
        } else return error.UnknownOption;
    }
    return options;
}
