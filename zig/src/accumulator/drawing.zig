//! Levels to colours: red, green, blue and opacity in the four bytes of a pixel.

const std = @import("std");
const Counts = @import("counts.zig").Counts;
const Levels = @import("levels.zig").Levels;

/// The colours of OFF and of ON, each by level. Level 0 is nothing, and has one colour.
pub const ColorMap = [2][256]u32;

/// Pixels that are looked at together: where all of them show nothing, which is most of a picture, that is all.
const block = 8;
const Block = @Vector(block, u32);

pub fn drawLastEvents(stamps: []const u32, now: u32, levels: *const Levels, colors: *const ColorMap, output: [*]align(1) u32) void {
    var index: usize = 0;
    while (index + block <= stamps.len) : (index += block) {
        output[index..][0..block].* = colorsOf(stamps[index..][0..block].*, now, levels, colors);
    }
    if (index == stamps.len) return;
    var rest: [block]u32 = @splat(0);
    @memcpy(rest[0 .. stamps.len - index], stamps[index..]);
    const last: [block]u32 = colorsOf(rest, now, levels, colors);
    @memcpy(output[index..stamps.len], last[0 .. stamps.len - index]);
}

inline fn colorsOf(stamps: Block, now: u32, levels: *const Levels, colors: *const ColorMap) Block {
    const end: Block = @splat(levels.end);
    const ages = @as(Block, @splat(now)) -| (stamps >> @splat(1));
    const is_dark = (stamps == @as(Block, @splat(0))) | (ages >= end);
    if (@reduce(.And, is_dark)) return @splat(colors[1][0]);
    // Without a branch for each pixel, which would often be mispredicted: what is dark has the age at which all is, and
    // ON, as a time surface has all.
    const always_on: Block = @splat(@intFromBool(levels.fade == .time_surface));
    const lit_ages: [block]u32 = @select(u32, is_dark, end, ages);
    const ons: [block]u32 = @select(u32, is_dark, @as(Block, @splat(1)), stamps & @as(Block, @splat(1)) | always_on);
    var result: [block]u32 = undefined;
    for (&result, lit_ages, ons) |*color, age, on| color.* = colors[on][levels.of(age)];
    return result;
}

/// Draws the sum of the bins.
pub fn drawCounts(counts: *const Counts, t: f64, full: u32, colors: *const ColorMap, output: [*]align(1) u32) void {
    const size = @as(usize, counts.width) * counts.height;
    var planes: [max_bins][]const i16 = undefined;
    var known: usize = 0;
    for (0..counts.bins) |bin| if (counts.planeAt(t, bin)) |plane| {
        planes[known] = plane;
        known += 1;
    };
    const table: CountColors = .of(full, colors);
    var index: usize = 0;
    while (index + block <= size) : (index += block) {
        var sums: Sums = @splat(0);
        for (planes[0..known]) |plane| sums += @as(@Vector(block, i16), plane[index..][0..block].*);
        output[index..][0..block].* = if (@reduce(.Or, sums) == 0) @splat(colors[1][0]) else table.colorsOf(sums);
    }
    while (index < size) : (index += 1) {
        var sum: i32 = 0;
        for (planes[0..known]) |plane| sum += plane[index];
        output[index] = table.colorOf(sum);
    }
}

const Sums = @Vector(block, i32);

/// The colours of counts. Nearly all counts are small, and have theirs in a table.
const CountColors = struct {
    full: u32,
    colors: *const ColorMap,
    table: [2 * most + 1]u32 = undefined,

    const most = 256;

    fn of(full: u32, colors: *const ColorMap) CountColors {
        var all: CountColors = .{ .full = full, .colors = colors };
        for (&all.table, 0..) |*color, index| color.* = all.find(@as(i32, @intCast(index)) - most);
        return all;
    }

    inline fn colorsOf(all: *const CountColors, sums: Sums) Block {
        const limit: Sums = @splat(most);
        const places: [block]i32 = @max(@min(sums, limit), -limit) + limit;
        var result: [block]u32 = undefined;
        for (&result, places) |*color, place| color.* = all.table[@intCast(place)];
        // Beyond the table counts may have colours of their own.
        if (all.full > most and @reduce(.Or, @abs(sums) > @as(Block, @splat(most)))) {
            for (&result, @as([block]i32, sums)) |*color, sum| color.* = all.find(sum);
        }
        return result;
    }

    inline fn colorOf(all: *const CountColors, sum: i32) u32 {
        return if (@abs(sum) <= most) all.table[@intCast(sum + most)] else all.find(sum);
    }

    fn find(all: *const CountColors, sum: i32) u32 {
        const size = @abs(sum);
        if (size == 0) return all.colors[1][0];
        // Rounded, half up.
        const level = if (size >= all.full) 255 else (510 * size + all.full) / (2 * all.full);
        return all.colors[@intFromBool(sum > 0)][level];
    }
};

/// The most bins that there may be.
pub const max_bins = 64;

test "the colour of a count is its level's, in the table and beyond it" {
    var colors: ColorMap = undefined;
    for (&colors[0], &colors[1], 0..) |*off, *on, level| {
        off.* = @intCast(1000 + level);
        on.* = @intCast(level);
    }
    var planes: [19]i16 align(64) = .{ 0, 1, -1, 3, -4, 127, 128, -128, 255, -256, 257, -257, 300, 1000, -999, 16_384, 32_767, -32_768, 2 };
    const counts: Counts = .{ .width = planes.len, .height = 1, .planes = &planes, .bins = 1, .bin_us = std.math.inf(f64), .newest = 0 };
    for ([_]u32{ 1, 4, 255, 256, 257, 1000, 32_767 }) |full| {
        var drawn: [planes.len]u32 = undefined;
        drawCounts(&counts, 0, full, &colors, &drawn);
        for (planes, drawn) |count, color| {
            errdefer std.debug.print("count {d}, full {d}\n", .{ count, full });
            const part = 255 * @as(f64, @floatFromInt(@abs(count))) / @as(f64, @floatFromInt(full));
            const level: u32 = @intFromFloat(@min(255, @floor(part + 0.5)));
            try std.testing.expectEqual(if (count < 0) 1000 + level else level, color);
        }
    }
}
