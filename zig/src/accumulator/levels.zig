//! How bright a last event is at an age: a level from 255 down to 0, which is its value times 255, rounded (half up).
//!
//!     decay     255 * e^(-age / tau)        window         255 below tau
//!     linear    255 * (1 - age / tau)       time_surface   as linear
//!
//! Levels only fall with the age, so that 255 limits tell all: level L ends at the age `limitOf(L)`. Where a value that is
//! quickly computed is not near a border between two levels, it tells the level; where it is, the limit of the border does:
//!
//!     255 * e^(-age / tau)    17.2    16.4997          levels are whole numbers, borders halves
//!     level                   17      16, or 17 if the age is below limitOf(17)

const std = @import("std");

/// How a last event fades.
pub const Fade = enum(u8) { decay, linear, window, time_surface };

/// The smallest age at which an event is darker than a level from 1 to 255. `tau` is µs, from 1 to 10^9.
pub fn limitOf(fade: Fade, tau: u32, level: u32) u32 {
    return switch (fade) {
        .window => tau,
        .linear, .time_surface => @intCast(@as(u64, tau) * (511 - 2 * level) / 510 + 1),
        .decay => @intFromFloat(@floor(@as(f64, @floatFromInt(tau)) * decay_limits[level - 1]) + 1),
    };
}

/// How many tau it takes until 255 * e^-age is a level less one half.
const decay_limits: [255]f64 = limits: {
    @setEvalBranchQuota(10_000);
    var all: [255]f64 = undefined;
    for (&all, 1..) |*limit, level| limit.* = @log(255.0 / (@as(f64, level) - 0.5));
    break :limits all;
};

pub const Levels = struct {
    fade: Fade,
    tau: u32,
    /// From this age on there is nothing.
    end: u32,
    /// Of the age: halvings of the value in `decay`, or else what the value loses.
    scale: f32,
    /// By the level; that of level 0 is not used.
    limits: [256]u32,

    /// More than a quick value may be wrong.
    const tolerance = 0x1p-10;

    pub fn set(levels: *Levels, fade: Fade, tau: u32) void {
        const of_tau = @as(f64, switch (fade) {
            .decay => std.math.log2e,
            .linear, .time_surface => 255,
            .window => 0,
        });
        levels.* = .{
            .fade = fade,
            .tau = tau,
            .end = limitOf(fade, tau, 1),
            .scale = @floatCast(of_tau / @as(f64, @floatFromInt(tau))),
            .limits = undefined,
        };
        for (levels.limits[1..], 1..) |*limit, level| limit.* = limitOf(fade, tau, @intCast(level));
    }

    /// The levels of ages below `end`; of others nothing is known.
    pub inline fn of(levels: *const Levels, comptime decays: bool, ages: anytype) @TypeOf(ages) {
        const count = @typeInfo(@TypeOf(ages)).vector.len;
        const Floats = @Vector(count, f32);
        const scaled = @as(Floats, @floatFromInt(ages)) * @as(Floats, @splat(levels.scale));
        const values = if (decays) halved(scaled) else @as(Floats, @splat(255)) - scaled;
        const nearest = Nearest(Floats).of(values);
        const is_near = @abs(values - nearest.whole()) > @as(Floats, @splat(0.5 - tolerance));
        if (!@reduce(.Or, is_near)) return nearest.number();
        var exact: [count]i32 = nearest.number();
        levels.correct(&exact, &@as([count]i32, ages), &@as([count]f32, values));
        return exact;
    }

    /// Where a border is near, looks at its limit.
    noinline fn correct(levels: *const Levels, exact: []i32, ages: []const i32, values: []const f32) void {
        for (exact, ages, values) |*level, age, value| {
            const upper: usize = @intFromFloat(value + 1);
            if (@abs(value + 0.5 - @as(f32, @floatFromInt(upper))) > tolerance) continue;
            level.* = @intCast(upper - @intFromBool(age >= levels.limits[upper]));
        }
    }
};

/// The whole numbers that are nearest to some from 0 to 2^22, without a conversion: the last bits of 2^23 + x.
fn Nearest(comptime Floats: type) type {
    return struct {
        sums: Floats,

        const Numbers = @Vector(@typeInfo(Floats).vector.len, i32);
        const beyond: Floats = @splat(0x1p23);

        inline fn of(x: Floats) @This() {
            return .{ .sums = x + beyond };
        }

        inline fn whole(nearest: @This()) Floats {
            return nearest.sums - beyond;
        }

        inline fn number(nearest: @This()) Numbers {
            return @as(Numbers, @bitCast(nearest.sums)) & @as(Numbers, @splat(0x3f_ffff));
        }
    };
}

/// 255 * 2^-x, wrong by less than 0.0006, for x from 0 to 16.
inline fn halved(x: anytype) @TypeOf(x) {
    const Floats = @TypeOf(x);
    const halvings = Nearest(Floats).of(x);
    const rest = x - halvings.whole();
    // Equal where T5(2 * rest) = 0.
    const factors = [_]f32{ 2.464923971425413, -14.260103839775363, 61.25699004695139, -176.74586652687387, 255 };
    var value: Floats = @splat(factors[0]);
    inline for (factors[1..]) |factor| value = value * rest + @as(Floats, @splat(factor));
    const Numbers = @TypeOf(halvings).Numbers;
    return @bitCast(@as(Numbers, @bitCast(value)) - (halvings.number() << @splat(23)));
}

test "the level of each age is its value times 255, rounded" {
    const taus = [_]u32{ 1, 2, 3, 100, 254, 255, 256, 657, 1000, 1315, 4096, 12_345, 30_000, 1_000_000, 100_000_000 };
    for (taus) |tau| inline for (comptime std.enums.values(Fade)) |fade| {
        var levels: Levels = undefined;
        levels.set(fade, tau);
        const step = @max(1, levels.end / 30_000);
        var age: u32 = 0;
        while (age < levels.end) : (age += step) try expectLevel(fade, &levels, age);
        // At every border.
        for (levels.limits[1..]) |limit| {
            var near = limit -| 2;
            while (near < @min(limit + 2, levels.end)) : (near += 1) try expectLevel(fade, &levels, near);
        }
    };
}

fn expectLevel(comptime fade: Fade, levels: *const Levels, age: u32) !void {
    const exponential = @import("exponential.zig");
    const of_tau = @as(f64, @floatFromInt(age)) / @as(f64, @floatFromInt(levels.tau));
    const expected = switch (fade) {
        .decay => 255 * exponential.decayed(of_tau),
        // Halves are halves, as both numbers are whole.
        .linear, .time_surface => @as(f64, @floatFromInt(255 * (@as(i64, levels.tau) - age))) / @as(f64, @floatFromInt(levels.tau)),
        .window => @as(f64, if (age < levels.tau) 255 else 0),
    };
    errdefer std.debug.print("{t}, tau {d}, age {d}\n", .{ fade, levels.tau, age });
    const ages: @Vector(4, i32) = .{ 0, @intCast(age), 0, @intCast(age) };
    const found: [4]i32 = levels.of(fade == .decay, ages);
    for (found, [_]f64{ 255, expected, 255, expected }) |level, value| {
        try std.testing.expectEqual(@floor(value + 0.5), @as(f64, @floatFromInt(level)));
    }
}

test "quick values are less wrong than the borders are wide" {
    for (0..200_000) |index| {
        const x = @as(f32, @floatFromInt(index)) * 0x1p-14;
        const exact = 255 * @exp2(-@as(f64, x));
        const value: f64 = halved(@Vector(1, f32){x})[0];
        try std.testing.expect(@abs(value - exact) < 0.75 * Levels.tolerance);
    }
}
