//! The streams of EVT3.

const std = @import("std");

pub const Word = u16;

pub const Shape = enum {
    /// Single events, about every second word: a sparse scene.
    sparse,
    /// Single events with a vector here and there: an ordinary scene.
    mixed,
    /// Rows, single events and groups of vectors, many of them empty, in turns: a busy scene.
    busy,
    /// Vectors with 30 % of their pixels set: a very busy scene.
    vectors_30,
    /// Vectors with all pixels set: a flash.
    vectors_full,
    /// A sparse scene with the sensor's own reports between the events.
    others,
    /// Isolated events, each with its own row and time, and a trigger now and then: a dark scene.
    dark,
    /// A sparse scene with misplaced words in between.
    faulty,
    /// Random words.
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
        .busy => maker.busy(),
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
        .dark => maker.dark(),
        .faulty => {
            maker.row(1, 0);
            if (random.uintLessThan(u8, 10) == 0) maker.fault();
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

    /// Time advances now and then, and the row changes.
    fn address(maker: *Maker) void {
        if (maker.random.uintLessThan(u8, 8) == 0) maker.passTime(20);
        maker.put(maker.random.uintLessThan(u16, 720));
    }

    fn passTime(maker: *Maker, most: u32) void {
        const before = maker.time >> 12;
        maker.time += maker.random.uintLessThan(u32, most);
        if (maker.time >> 12 != before) maker.put(@intCast(0x8000 | (maker.time >> 12 & 0xfff)));
        maker.put(@intCast(0x6000 | (maker.time & 0xfff)));
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

    fn dark(maker: *Maker) void {
        maker.passTime(200);
        if (maker.random.uintLessThan(u8, 100) == 0) maker.put(0xa000 | @as(u16, maker.random.int(u1)));
        maker.put(maker.random.uintLessThan(u16, 720));
        maker.put(maker.base(0x2000) | maker.random.uintLessThan(u16, 1280));
    }

    /// An unknown word, a column beyond the sensor, a time that goes back or an OTHERS without the rest.
    fn fault(maker: *Maker) void {
        maker.put(switch (maker.random.uintLessThan(u8, 4)) {
            0 => 0xd000 | maker.random.int(u16) >> 4,
            1 => maker.base(0x2000) | maker.random.intRangeAtMost(u16, 1280, 2047),
            2 => 0x6000 | @as(u16, @intCast(maker.time & 0xfff)) -| maker.random.uintLessThan(u16, 10),
            else => 0xe014,
        });
    }

    fn busy(maker: *Maker) void {
        maker.address();
        for (0..maker.random.uintLessThan(u8, 3)) |_| maker.put(maker.base(0x2000) | maker.random.uintLessThan(u16, 1280));
        for (0..1 + maker.random.uintLessThan(u8, 3)) |_| {
            maker.put(maker.base(0x3000) | maker.random.uintLessThan(u16, 38) * 32);
            for (0..1 + maker.random.uintLessThan(u8, 2)) |_| maker.group(if (maker.random.boolean()) 25 else 3);
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
