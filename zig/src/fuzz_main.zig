//! `zig build fuzz-decoder`: kernels against the specification, on random words. `deno task fuzz:decoder` runs it. A
//! difference ends the program with an error, and prints the state, the words and the seed that show it.
//!
//!     --words N          how many for each kernel (default 100,000,000)
//!     --seed S           of the first stream; the next ones count up from it (default 1)
//!     --recording FILE   a RAW file: pieces of it, with faults, are streams, too

const std = @import("std");
const dispatch = @import("decoder/kernels/dispatch.zig");
const differential = @import("decoder/testing/differential.zig");
const streams = @import("tools/bench/streams.zig");

const longest_stream = 4000;

const Options = struct {
    words: u64 = 100_000_000,
    seed: u64 = 1,
    recording: ?[]const u8 = null,
};

pub fn main(init: std.process.Init) !void {
    const arena = init.arena.allocator();
    const options = try parse(try init.minimal.args.toSlice(arena));
    const real: []const u16 = if (options.recording) |path| try streams.recorded(init.io, arena, path) else &.{};
    var comparison: differential.Comparison = try .init(init.gpa);
    defer comparison.deinit();
    for (dispatch.available()) |*kernel| {
        var done: u64 = 0;
        var seed = options.seed;
        while (done < options.words) : (seed += 1) {
            errdefer std.debug.print("kernel {s}: again with --seed {d} --words 1\n", .{ kernel.name, seed });
            var prng: std.Random.DefaultPrng = .init(seed);
            var words: [longest_stream]u16 = undefined;
            const stream = words[0..prng.random().intRangeAtMost(usize, 1, words.len)];
            const sensor: differential.Sensor = .draw(prng.random());
            make(seed, prng.random(), sensor, real, stream);
            try comparison.run(kernel, prng.random(), sensor, stream);
            done += stream.len;
        }
        std.debug.print(
            "{s}: {d} words in {d} streams, seeds {d} to {d}, without a difference\n",
            .{ kernel.name, done, seed - options.seed, options.seed, seed - 1 },
        );
    }
}

/// The kinds of streams take turns.
fn make(seed: u64, random: std.Random, sensor: differential.Sensor, real: []const u16, words: []u16) void {
    const kinds = std.enums.values(differential.Stream);
    const turn: usize = @intCast(seed % (kinds.len + @intFromBool(real.len > 0)));
    if (turn < kinds.len) return differential.fill(kinds[turn], random, sensor, words);
    const start = random.uintLessThan(usize, real.len);
    for (words, 0..) |*word, index| word.* = real[(start + index) % real.len];
    differential.mutate(random, words);
}

fn parse(args: []const []const u8) !Options {
    var options: Options = .{};
    var index: usize = 1;
    while (index < args.len) : (index += 2) {
        if (index + 1 == args.len) return error.UnknownOption;
        const value = args[index + 1];
        if (std.mem.eql(u8, args[index], "--words")) {
            options.words = try std.fmt.parseUnsigned(u64, value, 10);
        } else if (std.mem.eql(u8, args[index], "--seed")) {
            options.seed = try std.fmt.parseUnsigned(u64, value, 10);
        } else if (std.mem.eql(u8, args[index], "--recording")) {
            options.recording = value;
        } else return error.UnknownOption;
    }
    return options;
}
