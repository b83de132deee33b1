//! The streams of EVT4.

const std = @import("std");
const Evt2Maker = @import("evt2_streams.zig").Maker;

pub const Word = u32;

pub const Shape = enum {
    /// A TIME_HIGH every 32 events or so, no vectors.
    busy,
    /// Every second event is a vector with 30 % of its pixels set.
    vectors_30,
};

pub fn fill(shape: Shape, words: []u32) void {
    var prng: std.Random.DefaultPrng = .init(0x5eed);
    const random = prng.random();
    var maker: Evt2Maker = .{ .random = random, .events_per_high = 32 };
    var index: usize = 0;
    while (index < words.len) : (index += 1) {
        const word = maker.next();
        const is_vector = shape == .vectors_30 and word >> 31 == 0 and index + 1 < words.len and random.boolean();
        const kind: u32 = if (word >> 31 != 0) 0xe else (word >> 28) + @as(u32, if (is_vector) 0xc else 0xa);
        words[index] = kind << 28 | (word & 0xfff_ffff);
        if (!is_vector) continue;
        words[index] &= ~@as(u32, 0x1f << 11);
        index += 1;
        words[index] = 0;
        for (0..32) |bit| {
            if (random.uintLessThan(u8, 100) < 30) words[index] |= @as(u32, 1) << @intCast(bit);
        }
    }
}
