//! `zig build fuzz-decoder -- --words N --seed S`: kernels against the scalar decoder, for as long as told.
//! A difference prints the state and the words that show it, and ends the program with an error.

const std = @import("std");
const dispatch = @import("kernels/dispatch.zig");
const differential = @import("kernels/differential.zig");

pub fn main(init: std.process.Init) !void {
    const args = try init.minimal.args.toSlice(init.arena.allocator());
    var total: u64 = 100_000_000;
    var seed: u64 = 1;
    var index: usize = 1;
    while (index + 1 < args.len) : (index += 2) {
        const value = try std.fmt.parseUnsigned(u64, args[index + 1], 10);
        if (std.mem.eql(u8, args[index], "--words")) total = value else if (std.mem.eql(u8, args[index], "--seed")) {
            seed = value;
        } else return error.UnknownOption;
    }
    if (index < args.len) return error.UnknownOption;
    var comparison: differential.Comparison = try .init(init.gpa);
    defer comparison.deinit();
    for (dispatch.available()) |*kernel| {
        if (kernel.decode == dispatch.scalar.decode) continue;
        var done: u64 = 0;
        var next_seed = seed;
        while (done < total) : (next_seed += 1) {
            errdefer std.debug.print("seed {d}\n", .{next_seed});
            var prng: std.Random.DefaultPrng = .init(next_seed);
            var words: [4000]u16 = undefined;
            const length = 1 + prng.random().uintLessThan(usize, words.len);
            differential.fill(std.enums.fromInt(differential.Stream, next_seed % 3).?, prng.random(), words[0..length]);
            try comparison.run(kernel, prng.random(), words[0..length]);
            done += length;
        }
        std.debug.print("{s}: {d} words from seed {d} on without a difference\n", .{ kernel.name, done, seed });
    }
}
