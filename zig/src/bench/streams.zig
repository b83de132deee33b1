//! The streams of the benchmark: words as sensors send them, made of a seed.

const std = @import("std");

pub const Shape = enum {
    /// Single events, about every second word: a quiet scene.
    sparse,
    /// Single events with a vector here and there: an ordinary scene.
    mixed,
    /// Vectors with 30 % of their pixels set: a busy scene.
    vectors_30,
    /// Vectors with all pixels set: a flash.
    vectors_full,
    /// A quiet scene with the sensor's own reports between the events.
    others,
    /// Anything.
    random,
};

pub fn fill(shape: Shape, words: []u16) void {
    var prng: std.Random.DefaultPrng = .init(0x5eed);
    const random = prng.random();
    if (shape == .random) return random.bytes(std.mem.sliceAsBytes(words));
    var maker: Maker = .{ .random = random, .words = words };
    maker.put(0x8000);
    while (maker.length < words.len) switch (shape) {
        .sparse => maker.row(1, 0),
        .mixed => maker.row(1 + random.uintLessThan(u8, 4), if (random.uintLessThan(u8, 5) == 0) 1 else 0),
        .vectors_30 => maker.vectors(2, 30),
        .vectors_full => maker.vectors(10, 100),
        .others => {
            maker.row(1, 0);
            if (random.uintLessThan(u8, 3) != 0) continue;
            maker.put(0xe014);
            maker.put(0xf000 | random.int(u16) >> 4);
            maker.put(0xf000);
            maker.put(0x7000);
        },
        .random => unreachable,
    };
}

const Maker = struct {
    random: std.Random,
    words: []u16,
    length: usize = 0,
    time: u32 = 0,

    fn put(maker: *Maker, word: u16) void {
        if (maker.length == maker.words.len) return;
        maker.words[maker.length] = word;
        maker.length += 1;
    }

    /// Time goes on now and then, and the row changes.
    fn address(maker: *Maker) void {
        if (maker.random.uintLessThan(u8, 8) == 0) {
            const before = maker.time >> 12;
            maker.time += maker.random.uintLessThan(u32, 20);
            if (maker.time >> 12 != before) maker.put(@intCast(0x8000 | (maker.time >> 12 & 0xfff)));
            maker.put(@intCast(0x6000 | (maker.time & 0xfff)));
        }
        maker.put(maker.random.uintLessThan(u16, 720));
    }

    fn base(maker: *Maker, kind: u16) u16 {
        return kind | @as(u16, maker.random.int(u1)) << 11;
    }

    fn row(maker: *Maker, events: u8, groups: u8) void {
        maker.address();
        for (0..events) |_| maker.put(maker.base(0x2000) | maker.random.uintLessThan(u16, 1280));
        if (groups > 0) {
            maker.put(maker.base(0x3000) | maker.random.uintLessThan(u16, 40) * 32);
            maker.group(7);
        }
    }

    fn vectors(maker: *Maker, groups: u8, percent: u8) void {
        maker.address();
        maker.put(maker.base(0x3000) | maker.random.uintLessThan(u16, 40 - groups) * 32);
        for (0..groups) |_| maker.group(percent);
    }

    fn group(maker: *Maker, percent: u8) void {
        for ([_]u16{ 0x4000, 0x4000, 0x5000 }, [_]u4{ 12, 12, 8 }) |kind, size| {
            var pixels: u16 = 0;
            for (0..size) |bit| {
                if (maker.random.uintLessThan(u8, 100) < percent) pixels |= @as(u16, 1) << @intCast(bit);
            }
            maker.put(kind | pixels);
        }
    }
};
