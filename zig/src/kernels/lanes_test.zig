//! The lanes of every kernel against plain loops; those of AVX-512 also without it.

const std = @import("std");
const expectEqual = std.testing.expectEqual;

test "lanes do what loops do" {
    inline for (.{ @import("lanes.zig"), @import("lanes_avx512.zig") }) |lanes| {
        for (0..200) |seed| {
            errdefer std.debug.print("{d} lanes, seed {d}\n", .{ lanes.count, seed });
            var prng: std.Random.DefaultPrng = .init(seed);
            const random = prng.random();
            var values: [lanes.count]u16 = undefined;
            var increasing: [lanes.count]u16 = undefined;
            var time: u16 = random.uintLessThan(u16, 1000);
            const before = time;
            for (&values, &increasing) |*value, *one| {
                value.* = random.int(u16) & 0x7ff;
                time += random.uintLessThan(u16, 3);
                one.* = time;
            }
            const chosen = random.int(lanes.Bits) & random.int(lanes.Bits);
            const mask = lanes.where(@bitCast(chosen));
            try expectEqual(chosen, lanes.bits(mask));
            const rows: [lanes.count]u16 = lanes.fillRow(values, mask, lanes.splat(7));
            const bases: [lanes.count]u16 = lanes.fillBase(values, mask, lanes.splat(7));
            const times: [lanes.count]u16 = lanes.fillIncreasing(increasing, mask, lanes.splat(before));
            const sums: [lanes.count]u16 = lanes.prefixSum(lanes.keep(values, mask));
            var packed_lanes: [2 * lanes.count]u16 = undefined;
            lanes.compress(&packed_lanes, values, chosen);
            var row: u16 = 7;
            var last_time = before;
            var sum: u16 = 0;
            var next: usize = 0;
            for (0..lanes.count) |lane| {
                if (chosen >> @intCast(lane) & 1 == 1) {
                    row = values[lane];
                    last_time = increasing[lane];
                    sum +%= values[lane];
                    try expectEqual(values[lane], packed_lanes[next]);
                    next += 1;
                }
                try expectEqual(row, rows[lane]);
                try expectEqual(row, bases[lane]);
                try expectEqual(last_time, times[lane]);
                try expectEqual(sum, sums[lane]);
            }
            const pixels: u12 = @truncate(chosen);
            lanes.storePixels(&packed_lanes, 0x834, pixels);
            next = 0;
            for (0..12) |pixel| {
                if (pixels >> @intCast(pixel) & 1 == 0) continue;
                try expectEqual(0x834 + pixel, packed_lanes[next]);
                next += 1;
            }
        }
    }
}

test "a value that decreases is found" {
    inline for (.{ @import("lanes.zig"), @import("lanes_avx512.zig") }) |lanes| {
        var values: [lanes.count]u16 = @splat(20);
        values[3] = 10;
        const everywhere = lanes.where(lanes.splat(0) == lanes.splat(0));
        const filled = lanes.fillIncreasing(values, everywhere, lanes.splat(5));
        const steps = lanes.bits(lanes.notDecreasing(values, filled, lanes.splat(5)));
        try expectEqual(3, @ctz(~steps));
        const too_late = lanes.fillIncreasing(values, everywhere, lanes.splat(21));
        try expectEqual(0, @ctz(~lanes.bits(lanes.notDecreasing(values, too_late, lanes.splat(21)))));
    }
}
