//! The streams of EVT2.

const std = @import("std");

pub const Word = u32;

pub const Shape = enum {
    /// A TIME_HIGH every four events or so: a sparse scene.
    sparse,
    /// A TIME_HIGH every 32 events or so: a busy scene.
    busy,
};

pub fn fill(shape: Shape, words: []u32) void {
    var prng: std.Random.DefaultPrng = .init(0x5eed);
    var maker: Maker = .{ .random = prng.random(), .events_per_high = switch (shape) {
        .sparse => 4,
        .busy => 32,
    } };
    for (words) |*word| word.* = maker.next();
}

/// Makes words one after the other. The upper halves of EVT2.1 words are the same.
pub const Maker = struct {
    random: std.Random,
    /// On average.
    events_per_high: u32,
    /// µs
    time: u32 = 0,
    time_high: ?u32 = null,

    /// An event at any place, or a TIME_HIGH where one is due.
    pub fn next(maker: *Maker) u32 {
        const time_high = maker.time >> 6;
        if (maker.time_high != time_high) {
            maker.time_high = time_high;
            return 0x8000_0000 | time_high;
        }
        const low = maker.time & 0x3f;
        maker.time += maker.random.uintAtMost(u32, 128 / maker.events_per_high);
        const x = maker.random.uintLessThan(u32, 1280);
        const y = maker.random.uintLessThan(u32, 720);
        return @as(u32, maker.random.int(u1)) << 28 | low << 22 | x << 11 | y;
    }
};
