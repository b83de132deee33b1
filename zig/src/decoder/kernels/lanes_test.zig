//! The lanes of every kernel against plain loops; those of AVX-512 also without it.

const std = @import("std");
const builtin = @import("builtin");
const expect = std.testing.expect;
const expectEqual = std.testing.expectEqual;

/// LLVM for WebAssembly fails on those of AVX-512.
const all_lanes = if (builtin.cpu.arch.isWasm())
    .{@import("lanes.zig")}
else
    .{ @import("lanes.zig"), @import("lanes_avx512.zig") };

test "lanes do what loops do" {
    inline for (all_lanes) |lanes| {
        for (0..200) |seed| {
            errdefer std.debug.print("{d} lanes, seed {d}\n", .{ lanes.count, seed });
            var prng: std.Random.DefaultPrng = .init(seed);
            const random = prng.random();
            var values: [lanes.count]u16 = undefined;
            for (&values) |*value| value.* = random.int(u16);
            const chosen = random.int(lanes.Bits) & random.int(lanes.Bits);
            const mask = lanes.where(@bitCast(chosen));
            try expectEqual(chosen, lanes.bits(mask));
            try expectEqual(@as(usize, @popCount(chosen)), lanes.countOf(chosen));
            const filled: [lanes.count]u16 = lanes.fill(values, chosen, lanes.carried(7));
            const sums: [lanes.count]u16 = lanes.prefixSum(lanes.keep(values, mask));
            var sum: u16 = 0;
            var packed_lanes: [2 * lanes.count]u16 = undefined;
            lanes.compressStore(&packed_lanes, values, chosen);
            var latest: u16 = 7;
            var next: usize = 0;
            for (0..lanes.count) |lane| {
                try expectEqual(if (lane == 0) 7 else values[lane - 1], lanes.valueOf(lanes.before(lane, values, lanes.carried(7))));
                if (chosen >> @intCast(lane) & 1 == 1) {
                    latest = values[lane];
                    sum +%= values[lane];
                    try expectEqual(values[lane], packed_lanes[next]);
                    next += 1;
                }
                try expectEqual(latest, filled[lane]);
                try expectEqual(sum, sums[lane]);
            }
            try expectEqual(values[lanes.count - 1], lanes.valueOf(lanes.last(values)));
            const pixels = random.int(u32);
            var columns: [40]u16 = undefined;
            lanes.storePixels(&columns, 0x834, @truncate(pixels));
            try expectPixels(12, pixels, &columns);
            lanes.storeGroup(&columns, 0x834, pixels);
            try expectPixels(32, pixels, &columns);
        }
    }
}

fn expectPixels(count: usize, pixels: u32, columns: []const u16) !void {
    var next: usize = 0;
    for (0..count) |pixel| {
        if (pixels >> @intCast(pixel) & 1 == 0) continue;
        try expectEqual(0x834 + pixel, columns[next]);
        next += 1;
    }
}

test "the lane that decreases is found, the first one, too" {
    inline for (all_lanes) |lanes| {
        const expectDecreases = struct {
            fn expectDecreases(expected: lanes.Bits, values: lanes.Words, previous: u16) !void {
                try expectEqual(expected, lanes.bits(lanes.decreases(values, lanes.carried(previous))));
                try expectEqual(expected != 0, lanes.decrease(values, lanes.carried(previous)));
            }
        }.expectDecreases;
        var values: [lanes.count]u16 = @splat(20);
        try expectDecreases(0, values, 20);
        try expectDecreases(1, values, 21);
        for (1..lanes.count) |lane| {
            values[lane - 1] = 21;
            try expectDecreases(@as(lanes.Bits, 1) << @intCast(lane), values, 20);
            values[lane] = 21;
        }
        try expectDecreases(0, values, 20);
    }
}

test "a mask is found to have all lanes, or all but one" {
    inline for (all_lanes) |lanes| {
        const whole: lanes.Bits = std.math.maxInt(lanes.Bits);
        try expect(lanes.all(lanes.where(@bitCast(whole))));
        for (0..lanes.count) |lane| {
            const mask = lanes.where(@bitCast(whole ^ @as(lanes.Bits, 1) << @intCast(lane)));
            try expect(!lanes.all(mask));
            try expectEqual(lane, lanes.untilNot(mask));
        }
    }
}
