//! Levels to colours: red, green, blue and opacity in the four bytes of a pixel.

const std = @import("std");
const Counts = @import("counts.zig").Counts;
const Levels = @import("levels.zig").Levels;
const ageOf = @import("last_events.zig").ageOf;

/// The colours of OFF and of ON, each by level. Level 0 is nothing, and has one colour.
pub const ColorMap = [2][256]u32;

/// Pixels that are looked at together: where all of them show nothing, which is most of a picture, that is all.
const block = 8;

pub fn drawLastEvents(stamps: []const u32, now: u32, levels: *const Levels, colors: *const ColorMap, output: [*]align(1) u32) void {
    const nothing = colors[1][0];
    // A time surface draws all events as ON ones.
    const always_on: u1 = @intFromBool(levels.fade == .time_surface);
    var index: usize = 0;
    while (index + block <= stamps.len) : (index += block) {
        const some: @Vector(block, u32) = stamps[index..][0..block].*;
        const ages = @as(@Vector(block, u32), @splat(now)) -| (some >> @splat(1));
        const is_dark = (some == @as(@Vector(block, u32), @splat(0))) | (ages >= @as(@Vector(block, u32), @splat(levels.end)));
        if (@reduce(.And, is_dark)) {
            output[index..][0..block].* = @splat(nothing);
            continue;
        }
        inline for (0..block) |lane| output[index + lane] = colorOf(some[lane], now, levels, colors, always_on);
    }
    for (stamps[index..], output[index..]) |stamp, *color| color.* = colorOf(stamp, now, levels, colors, always_on);
}

inline fn colorOf(stamp: u32, now: u32, levels: *const Levels, colors: *const ColorMap, always_on: u1) u32 {
    const age = ageOf(stamp, now);
    if (age >= levels.end or stamp == 0) return colors[1][0];
    return colors[@as(u1, @truncate(stamp)) | always_on][levels.of(age)];
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
    var index: usize = 0;
    while (index < size) {
        const length = @min(block, size - index);
        var sums: [block]i32 = @splat(0);
        var any: i32 = 0;
        for (planes[0..known]) |plane| for (plane[index..][0..length], sums[0..length]) |count, *sum| {
            sum.* += count;
            any |= count;
        };
        for (sums[0..length], output[index..][0..length]) |sum, *color| {
            color.* = if (any == 0) colors[1][0] else colorOfCount(sum, full, colors);
        }
        index += length;
    }
}

/// The most bins that there may be.
pub const max_bins = 64;

inline fn colorOfCount(sum: i32, full: u32, colors: *const ColorMap) u32 {
    const size = @abs(sum);
    if (size == 0) return colors[1][0];
    // Rounded, half up.
    const level = if (size >= full) 255 else (510 * size + full) / (2 * full);
    return colors[@intFromBool(sum > 0)][level];
}
