//! The anti-flicker filter: looks at blocks of 4 x 4 pixels, and leaves out the events of those that flicker, or of all
//! others.
//!
//! Known are the blocks, the band of periods in steps of 128 µs, and that a count of periods within the band has a
//! threshold from which on a block flickers, and one at which that ends (Prophesee's documentation, OpenEB). The exact
//! rule is not public. Here:
//!
//!     polarity  + + - - + - + + -                an edge is an ON event after an OFF event, in any pixels of a block
//!     edge      ^       ^   ^
//!     period    |---8---|-4-|                    within the band, the count grows by one, up to 7; else it falls by one
//!
//! The setting of the duty cycle has no effect, as its meaning for the filter is unknown.

const std = @import("std");
const width = @import("size.zig").width;
const height = @import("size.zig").height;

const side = 4;

pub const Settings = struct {
    /// The band, in steps of 128 µs.
    shortest: u8,
    longest: u8,
    /// Leaves the events of blocks that flicker, instead of the others.
    band_pass: bool = false,
    /// Counts.
    start: u3,
    stop: u3,
};

pub const AntiFlicker = struct {
    /// By rows; empty until the filter is first used.
    blocks: []Block = &.{},

    const Block = packed struct(u64) {
        edge_us: u58 = 0,
        has_edge: bool = false,
        /// The polarity of the last event.
        on: u1 = 0,
        count: u3 = 0,
        flickers: bool = false,

        fn follow(block: *Block, settings: Settings, time_us: u64, on: u1) void {
            const is_edge = on == 1 and (block.on == 0 or !block.has_edge);
            block.on = on;
            if (!is_edge) return;
            const steps = time_us - block.edge_us >> 7;
            const within = block.has_edge and steps >= settings.shortest and steps <= settings.longest;
            block.count = if (within) block.count +| 1 else block.count -| 1;
            block.edge_us = @intCast(time_us);
            block.has_edge = true;
            if (block.count >= settings.start) block.flickers = true else if (block.count <= settings.stop) block.flickers = false;
        }
    };

    pub fn reserve(filter: *AntiFlicker, allocator: std.mem.Allocator) error{OutOfMemory}!void {
        if (filter.blocks.len == 0) filter.blocks = try allocator.alloc(Block, width / side * (height / side));
    }

    pub fn deinit(filter: *AntiFlicker, allocator: std.mem.Allocator) void {
        allocator.free(filter.blocks);
    }

    /// No block has had an event.
    pub fn clear(filter: *AntiFlicker) void {
        @memset(filter.blocks, .{});
    }

    /// Which of the pixels from x on pass, a bit each. Time never goes back.
    pub fn passing(filter: *AntiFlicker, settings: Settings, time_us: u64, row: u16, x: u16, bits: u64, on: u1) u64 {
        if (row >= height) return bits;
        var left = bits;
        var rest = bits;
        while (rest != 0) {
            const column = x + @as(usize, @ctz(rest));
            if (column >= width) break;
            const block = &filter.blocks[@as(usize, row / side) * (width / side) + column / side];
            block.follow(settings, time_us, on);
            // The pixels up to the end of the block.
            const end = (column / side + 1) * side - x;
            const pixels = if (end < 64) (@as(u64, 1) << @intCast(end)) - 1 else std.math.maxInt(u64);
            if (block.flickers != settings.band_pass) left &= ~(rest & pixels);
            rest &= ~pixels;
        }
        return left;
    }
};

/// How many of the block's events pass, one ON and one OFF each period.
fn passed(filter: *AntiFlicker, settings: Settings, time_us: *u64, periods: usize, period_us: u64) u64 {
    var count: u64 = 0;
    for (0..periods) |_| {
        count += @popCount(filter.passing(settings, time_us.*, 719, 1270, 1 << 6, 1)); // x = 1276
        time_us.* += period_us / 2;
        count += @popCount(filter.passing(settings, time_us.*, 716, 1279, 1, 0));
        time_us.* += period_us - period_us / 2;
    }
    return count;
}

test "a block flickers from the start threshold on, until its count falls to the stop threshold" {
    const allocator = std.testing.allocator;
    const expect = std.testing.expectEqual;
    for ([_]bool{ false, true }) |band_pass| {
        const settings: Settings = .{ .shortest = 15, .longest = 156, .band_pass = band_pass, .start = 6, .stop = 4 };
        var filter: AntiFlicker = .{};
        defer filter.deinit(allocator);
        try filter.reserve(allocator);
        filter.clear();
        var time_us: u64 = 1000;
        var counts: [5]u64 = undefined;
        counts[0] = passed(&filter, settings, &time_us, 10, 1000); // too fast: 1000 Hz
        counts[1] = passed(&filter, settings, &time_us, 10, 100_000); // too slow: 10 Hz, and 100 ms before what follows
        counts[2] = passed(&filter, settings, &time_us, 6, 10_000); // the first edge ends a period of 100 ms
        counts[3] = passed(&filter, settings, &time_us, 10, 10_000);
        counts[4] = passed(&filter, settings, &time_us, 10, 100_000); // the first edge ends a period of 10 ms
        const expected: [5]u64 = if (band_pass) .{ 0, 0, 0, 20, 6 } else .{ 20, 20, 12, 0, 14 };
        try expect(expected, counts);
        // Other blocks have counts of their own.
        try expect(@intFromBool(!band_pass), filter.passing(settings, time_us, 715, 1276, 1, 1));
    }
}

test "a word's pixels are judged by their blocks" {
    const allocator = std.testing.allocator;
    const settings: Settings = .{ .shortest = 1, .longest = 255, .start = 1, .stop = 0 };
    var filter: AntiFlicker = .{};
    defer filter.deinit(allocator);
    try filter.reserve(allocator);
    filter.clear();
    // The blocks of columns 8 to 11 and 16 to 19 flicker.
    for (0..3) |period| for ([_]u1{ 1, 0 }) |on| for ([_]u16{ 9, 16 }) |x| {
        _ = filter.passing(settings, 1000 * period, 2, x, 1, on);
    };
    try std.testing.expectEqual(0x80F0F0FF, filter.passing(settings, 3000, 1, 0, 0x80FFFFFF, 0));
    try std.testing.expectEqual(0x80F0F0FF >> 3, filter.passing(settings, 3000, 1, 3, 0x80FFFFFF >> 3, 0));
}
