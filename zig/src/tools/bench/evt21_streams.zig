//! The streams of EVT2.1; the order of each word's halves is the caller's.

const std = @import("std");
const Maker = @import("evt2_streams.zig").Maker;

pub const Word = u64;

pub const Shape = enum {
    /// Words with one pixel, and a TIME_HIGH every four words or so: a sparse scene.
    sparse,
    /// Words with one pixel; a TIME_HIGH every 32 words or so, as in all that follow.
    busy,
    /// Words with one pixel and words with up to four, in random order.
    mixed,
    /// Words with 30 % of their pixels set: a very busy scene.
    vectors_30,
    /// Words with all pixels set: a flash.
    vectors_full,
};

pub fn fill(shape: Shape, words: []u64) void {
    var prng: std.Random.DefaultPrng = .init(0x5eed);
    const random = prng.random();
    var maker: Maker = .{ .random = random, .events_per_high = if (shape == .sparse) 4 else 32 };
    for (words) |*word| {
        const upper = maker.next();
        // Sensors begin words at multiples of 32.
        word.* = if (upper >> 28 == 0x8)
            @as(u64, upper) << 32
        else
            @as(u64, upper & ~@as(u32, 0x1f << 11)) << 32 | pixels(shape, random);
    }
}

fn pixels(shape: Shape, random: std.Random) u32 {
    return switch (shape) {
        .sparse, .busy => one(random),
        .mixed => if (random.boolean()) one(random) else one(random) | one(random) | one(random) | one(random),
        .vectors_30 => {
            var set: u32 = 0;
            for (0..32) |bit| {
                if (random.uintLessThan(u8, 100) < 30) set |= @as(u32, 1) << @intCast(bit);
            }
            return set;
        },
        .vectors_full => 0xffff_ffff,
    };
}

fn one(random: std.Random) u32 {
    return @as(u32, 1) << random.int(u5);
}
