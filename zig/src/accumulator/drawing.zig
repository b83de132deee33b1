//! Levels to colours: red, green, blue and opacity in the four bytes of a pixel.

const std = @import("std");
const builtin = @import("builtin");
const Counts = @import("counts.zig").Counts;
const Levels = @import("levels.zig").Levels;

/// The colours of OFF and of ON, each by level. Level 0 is nothing, and has one colour.
pub const ColorMap = [2][256]u32;

/// Pixels that are looked at together: where all of them show nothing, which is most of a picture, that is all.
const block = if (builtin.cpu.arch.isWasm()) 8 else 16;
const Block = @Vector(block, u32);

/// Draws last events.
pub fn drawLastEvents(stamps: []const u32, now: u32, levels: *const Levels, colors: *const ColorMap, output: [*]align(1) u32) void {
    const look: Look = .of(now, levels, colors);
    const whole = stamps.len - stamps.len % block;
    look.drawBlocks(stamps[0..whole], output);
    var rest: [block]u32 = @splat(0);
    @memcpy(rest[0 .. stamps.len - whole], stamps[whole..]);
    var last: [block]u32 = undefined;
    look.drawBlocks(&rest, &last);
    @memcpy(output[whole..stamps.len], last[0 .. stamps.len - whole]);
}

/// What blocks of stamps are drawn with.
const Look = struct {
    now: i32,
    /// Events up to this time are dark; at least 0, the time of no event.
    dark_until: i32,
    /// OFF is drawn as it is, not as ON.
    has_off: i32,
    levels: *const Levels,
    /// Of a block without events. In memory, as LLVM for WebAssembly would store a splat number by number.
    background: Block,
    /// By twice the level, + 1 where OFF.
    colors: [512]u32,

    const Signed = @Vector(block, i32);

    fn of(now: u32, levels: *const Levels, colors: *const ColorMap) Look {
        var look: Look = .{
            // Where it is later than any event, differences are right, as those of lit pixels are small.
            .now = @bitCast(now),
            .dark_until = @intCast(@min(now -| levels.end, std.math.maxInt(i32))),
            .has_off = @intFromBool(levels.fade != .time_surface),
            .levels = levels,
            .background = @splat(colors[1][0]),
            .colors = undefined,
        };
        for (0..256) |level| look.colors[2 * level ..][0..2].* = .{ colors[1][level], colors[0][level] };
        return look;
    }

    noinline fn drawBlocks(look: *const Look, stamps: []const u32, output: [*]align(1) u32) void {
        switch (look.levels.fade) {
            .decay => look.drawBlocksBy(true, stamps, output),
            .linear, .window, .time_surface => look.drawBlocksBy(false, stamps, output),
        }
    }

    inline fn drawBlocksBy(look: *const Look, comptime decays: bool, stamps: []const u32, output: [*]align(1) u32) void {
        var index: usize = 0;
        while (index < stamps.len) : (index += block) look.draw(decays, stamps[index..][0..block].*, output[index..][0..block]);
    }

    /// Without a branch for each pixel, which would often be mispredicted.
    inline fn draw(look: *const Look, comptime decays: bool, stamps: Block, output: *align(1) [block]u32) void {
        const times: Signed = @intCast(stamps >> @splat(1));
        const is_lit = times > @as(Signed, @splat(look.dark_until));
        if (!@reduce(.Or, is_lit)) {
            output.* = look.background;
            return;
        }
        const none: Signed = @splat(0);
        const since: Signed = @max(@as(Signed, @splat(look.now)) -% times, none);
        const levels = look.levels.of(decays, @select(i32, is_lit, since, none));
        const off = ~@as(Signed, @bitCast(stamps)) & @as(Signed, @splat(look.has_off));
        const places: [block]u32 = @bitCast(@select(i32, is_lit, levels << @splat(1) | off, none));
        for (output, places) |*color, place| color.* = look.colors[place];
    }
};

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

    noinline fn find(all: *const CountColors, sum: i32) u32 {
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
