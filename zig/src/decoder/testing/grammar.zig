//! Random words as sensors send them: rows, pixels, a clock that advances, and a fault now and then; from sparse scenes
//! to flashes. A grammar draws its probabilities when it is made, so that each of many streams has a character of its
//! own.

const std = @import("std");
const words_of = @import("../evt3/words.zig");

pub const Sensor = struct {
    width: u16,
    height: u16,

    pub const usual: Sensor = .{ .width = 1280, .height = 720 };

    /// Mostly the size of a real sensor; else any size, or about as wide as a column can address.
    pub fn draw(random: std.Random) Sensor {
        return switch (random.uintLessThan(u8, 8)) {
            0 => .{ .width = random.intRangeAtMost(u16, 1, 2048), .height = random.intRangeAtMost(u16, 1, 2048) },
            1 => .{ .width = random.intRangeAtMost(u16, 2046, 2048), .height = 2048 },
            2 => .{ .width = 640, .height = 480 },
            else => .usual,
        };
    }
};

pub const Grammar = struct {
    random: std.Random,
    sensor: Sensor,
    time: u32,
    /// The clock advances by less than this at a time.
    longest_step: u32,
    /// Now and then a time is a little too early, as some sensors send it.
    early: bool,
    /// Out of 256: words that begin vectors, faults, faults of the clock, padding, triggers, silent words (see
    /// `silentWord`), columns near an edge of the sensor; groups that lack one pixel in scenes of full groups, and groups
    /// without pixels in scenes of sparse ones.
    vectors: u8,
    faults: u8,
    clock_faults: u8,
    padding: u8,
    triggers: u8,
    silent: u8,
    edges: u8,
    holes: u8,
    empty: u8,
    /// A stream may begin in the middle of a row, and a damaged one have rows beyond the sensor.
    rows: enum { inside, beyond, both, none },
    scene: Scene,

    pub const Scene = enum {
        any,
        /// Mostly bases, and no vector.
        bases,
        /// Mostly vectors with all of their pixels, between rows and times.
        flash,
        /// The same with half of the pixels.
        dense,
        /// Rows of vectors over the whole width, with few pixels.
        wide,
        /// Isolated events, each with its own time and row.
        dark,
    };

    pub fn init(random: std.Random, sensor: Sensor) Grammar {
        return .initScene(random, sensor, switch (random.uintLessThan(u8, 8)) {
            0 => .bases,
            1, 2 => .flash,
            3 => .dense,
            4 => .wide,
            5 => .dark,
            else => .any,
        });
    }

    pub fn initScene(random: std.Random, sensor: Sensor, scene: Scene) Grammar {
        return .{
            .random = random,
            .sensor = sensor,
            .time = random.int(u24),
            .longest_step = if (random.uintLessThan(u8, 8) == 0) 2048 else 64,
            .early = random.boolean(),
            .vectors = switch (scene) {
                .any => if (random.boolean()) random.int(u8) else 0,
                .bases => 0xfe,
                .flash, .dense => 0xc0,
                .wide => 0x20,
                .dark => 0,
            },
            .faults = if (random.boolean()) random.int(u8) / 32 else 0,
            .clock_faults = if (random.uintLessThan(u8, 4) == 0) random.int(u8) / 8 else 0,
            .padding = if (random.uintLessThan(u8, 8) == 0) random.int(u8) / 8 else 0,
            .triggers = if (random.uintLessThan(u8, 8) == 0) random.int(u8) / 2 else 2,
            .silent = if (random.uintLessThan(u8, 4) == 0) random.int(u8) / 4 else 0,
            .edges = if (random.boolean()) random.int(u8) / 8 else 0,
            .holes = if (random.boolean()) random.int(u8) / 2 else 0,
            .empty = if (random.boolean()) random.int(u8) else 0,
            .rows = switch (random.uintLessThan(u8, 16)) {
                0 => .beyond,
                1, 2 => .none,
                3, 4 => .both,
                else => .inside,
            },
            .scene = scene,
        };
    }

    pub fn fill(grammar: *Grammar, words: []u16) void {
        var index: usize = 0;
        while (index < words.len) {
            var item: Item = undefined;
            const length = @min(grammar.next(&item), words.len - index);
            @memcpy(words[index..][0..length], item[0..length]);
            index += length;
        }
    }

    /// Words that belong together: at most a row, a base and vectors for all columns of the widest sensor, and some
    /// more.
    const Item = [2 + 3 * (2048 / 32 + 2)]u16;
    const most_groups = 8;

    fn next(grammar: *Grammar, item: *Item) usize {
        const random = grammar.random;
        if (random.int(u8) < grammar.faults) {
            item[0] = random.int(u16);
            return 1;
        }
        if (random.int(u8) < grammar.padding) {
            item[0] = words_of.padding;
            return 1;
        }
        if (random.int(u8) < grammar.clock_faults) return grammar.clockFault(item);
        if (random.int(u8) < grammar.silent) return grammar.silentWord(item);
        if (grammar.scene == .dark and random.uintLessThan(u8, 64) > 0) {
            item[0..3].* = .{ grammar.laterTime(), grammar.row() orelse return 0, grammar.single() };
            return 3;
        }
        if (random.int(u8) < grammar.vectors) {
            return if (grammar.scene == .wide) grammar.wholeRow(item) else grammar.base(item);
        }
        if (random.int(u8) < grammar.triggers and !grammar.isFull()) {
            item[0] = 0xa000 | (random.int(u16) & 0xf01);
            return 1;
        }
        const rows_and_times = (grammar.isFull() or grammar.scene == .wide) and random.uintLessThan(u8, 64) > 0;
        switch (if (rows_and_times) random.intRangeAtMost(u8, 60, 97) else random.uintLessThan(u8, 100)) {
            0...59 => item[0] = grammar.single(),
            60...84 => item[0] = grammar.row() orelse return 0,
            85...94 => item[0] = grammar.laterTime(),
            95...98 => item[0] = @intCast(0x8000 | (grammar.time >> 12 & 0xfff)),
            else => return grammar.report(item),
        }
        return 1;
    }

    /// An item of OTHERS, the last word of which may be missing, and with padding in it.
    fn report(grammar: *Grammar, item: *Item) usize {
        const random = grammar.random;
        const sub_types = [_]u16{ 0x014, 0x016, 0x005, 0x100 };
        item[0] = 0xe000 | sub_types[random.uintLessThan(usize, 4)];
        item[1] = 0xf000 | @as(u16, random.int(u12));
        item[2] = 0xf000 | @as(u16, random.int(u12));
        item[3] = 0x7000 | @as(u16, random.int(u4));
        const length = random.intRangeAtMost(usize, 3, 4);
        if (random.int(u8) >= 8 * @as(u16, grammar.padding)) return length;
        const place = random.intRangeAtMost(usize, 1, 3);
        std.mem.copyBackwards(u16, item[place + 1 ..][0..3], item[place..][0..3]);
        item[place] = words_of.padding;
        return length + 1;
    }

    /// A word that writes no event and changes neither row nor time, or a whole report.
    fn silentWord(grammar: *Grammar, item: *Item) usize {
        const random = grammar.random;
        const kinds = [_]u16{ 0x7, 0x9, 0xb, 0xc, 0xd, 0xe, 0xf };
        item[0] = switch (random.uintLessThan(u8, 4)) {
            0 => kinds[random.uintLessThan(usize, kinds.len)] << 12 | random.int(u12),
            1 => 0x2000 | @as(u16, random.int(u1)) << 11 | @min(grammar.sensor.width + random.uintLessThan(u16, 9), 2047),
            2 => @intCast(0x6000 | (grammar.time & 0xfff) -| random.uintLessThan(u32, 9)),
            else => return grammar.report(item),
        };
        return 1;
    }

    fn isFull(grammar: *const Grammar) bool {
        return grammar.scene == .flash or grammar.scene == .dense;
    }

    fn laterTime(grammar: *Grammar) u16 {
        const random = grammar.random;
        const high = grammar.time >> 12;
        grammar.time +%= random.uintLessThan(u32, grammar.longest_step);
        if (high != grammar.time >> 12) return @intCast(0x8000 | (grammar.time >> 12 & 0xfff));
        const early = if (grammar.early and random.uintLessThan(u8, 8) == 0) random.uintLessThan(u32, 32) else 0;
        return @intCast(@as(u32, 0x6000) | @min((grammar.time & 0xfff) + early, 0xfff));
    }

    /// One wrong TIME_HIGH, several that grow, or a clock that has another time from here on; near or anywhere.
    fn clockFault(grammar: *Grammar, item: *Item) usize {
        const random = grammar.random;
        const true_time = grammar.time;
        grammar.time = switch (random.uintLessThan(u8, 4)) {
            0 => grammar.time +% random.int(u20),
            1 => grammar.time -% random.int(u20),
            2 => random.int(u16),
            else => random.int(u24),
        };
        const length = random.intRangeAtMost(usize, 1, 5);
        for (item[0..length], 0..) |*word, index| {
            if (index > 0 and random.uintLessThan(u8, 4) > 0) grammar.time +%= 1 << 12;
            word.* = @intCast(0x8000 | (grammar.time >> 12 & 0xfff));
        }
        if (random.boolean()) grammar.time = true_time;
        return length;
    }

    fn single(grammar: *Grammar) u16 {
        return 0x2000 | @as(u16, grammar.random.int(u1)) << 11 | grammar.column();
    }

    fn column(grammar: *Grammar) u16 {
        if (grammar.random.int(u8) < grammar.edges) return grammar.atTheEdge();
        return grammar.random.uintLessThan(u16, grammar.sensor.width);
    }

    /// A column whose pixels are the sensor's last ones or the first beyond it; or its first column.
    fn atTheEdge(grammar: *Grammar) u16 {
        const width = grammar.sensor.width;
        if (grammar.random.uintLessThan(u8, 8) == 0) return 0;
        return @min(grammar.random.intRangeAtMost(u16, width -| 40, width + 1), 2047);
    }

    fn row(grammar: *Grammar) ?u16 {
        const random = grammar.random;
        const beyond = switch (grammar.rows) {
            .inside => false,
            .beyond => true,
            .both => random.uintLessThan(u8, 8) == 0,
            .none => return null,
        };
        if (!beyond) return random.uintLessThan(u16, grammar.sensor.height);
        return switch (random.uintLessThan(u8, 3)) {
            0 => 0x1000 | @as(u16, random.int(u12)),
            1 => grammar.sensor.height,
            else => random.intRangeAtMost(u16, grammar.sensor.height, 0xfff),
        };
    }

    /// Groups of vectors, the last one incomplete, after a VECT_BASE_X or after the previous groups. Few of their
    /// pixels are set, or half of them, or all.
    fn base(grammar: *Grammar, item: *Item) usize {
        const random = grammar.random;
        var length: usize = 0;
        // A flash seldom goes beyond the sensor, as that ends loops which only begin after some hundred words.
        const calm = grammar.isFull() and random.uintLessThan(u8, 8) > 0;
        if (grammar.scene == .bases or calm or random.uintLessThan(u8, 8) > 0) {
            const last = grammar.sensor.width / 32 -| @as(u16, if (grammar.isFull()) most_groups else 1);
            const aligned = 32 * random.uintAtMost(u16, last);
            const x = if (!calm and random.int(u8) < grammar.edges) grammar.atTheEdge() else aligned;
            item[0] = 0x3000 | @as(u16, random.int(u1)) << 11 | x;
            length = 1;
        }
        if (grammar.scene == .bases) return length;
        const most = 3 * most_groups;
        const vectors = if (grammar.isFull())
            random.intRangeAtMost(usize, most / 2, most)
        else
            random.uintAtMost(usize, if (random.boolean()) 3 else most);
        const as_others = grammar.isFull() and random.uintLessThan(u8, 32) > 0;
        const density: Density = if (!as_others)
            @fromBackingInt(@intCast(random.uintLessThan(u8, 3)))
        else if (grammar.scene == .flash) .all else .half;
        grammar.groups(item[length..][0..vectors], density);
        return length + vectors;
    }

    fn wholeRow(grammar: *Grammar, item: *Item) usize {
        const random = grammar.random;
        item[0] = grammar.row() orelse grammar.laterTime();
        item[1] = 0x3000 | @as(u16, random.int(u1)) << 11;
        const beyond = if (random.uintLessThan(u8, 8) == 0) random.uintAtMost(usize, 6) else 0;
        const vectors = 3 * @as(usize, grammar.sensor.width / 32) + beyond;
        grammar.groups(item[2..][0..vectors], .few);
        // Now and then another word in place of a vector, after which the row continues.
        if (random.boolean()) for (0..random.uintLessThan(usize, 4)) |_| {
            item[1 + random.uintAtMost(usize, vectors)] = switch (random.uintLessThan(u8, 4)) {
                0 => 0x2000 | grammar.column(),
                1 => grammar.row() orelse continue,
                else => grammar.laterTime(),
            };
        };
        return 2 + vectors;
    }

    const Density = enum(u2) { few, half, all };

    /// Groups of vectors one after the other; the last one is incomplete where the words are no multiple of three.
    fn groups(grammar: *Grammar, words: []u16, density: Density) void {
        const random = grammar.random;
        var rest = words;
        while (rest.len > 0) {
            const pixels: u32 = switch (density) {
                .few => if (random.int(u8) < grammar.empty) 0 else random.int(u32) & random.int(u32) & random.int(u32),
                .half => random.int(u32),
                .all => 0xffff_ffff,
            };
            // All pixels but one: kernels must not take the group for a whole one.
            const hole = density == .all and random.int(u8) < grammar.holes;
            const left = if (hole) pixels & ~(@as(u32, 1) << random.int(u5)) else pixels;
            // The unused bits of VECT_8 may be anything.
            const unused: u32 = if (random.uintLessThan(u8, 16) == 0) random.int(u4) else 0;
            const three = [_]u16{
                @intCast(0x4000 | (left & 0xfff)),
                @intCast(0x4000 | (left >> 12 & 0xfff)),
                @intCast(0x5000 | unused << 8 | left >> 24),
            };
            const length = @min(3, rest.len);
            @memcpy(rest[0..length], three[0..length]);
            rest = rest[length..];
        }
    }
};
