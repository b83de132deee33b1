//! How bright a last event is at an age: a level from 255 down to 0, which is its value times 255, rounded (half up).
//!
//!     decay     255 * e^(-age / tau)        window         255 below tau
//!     linear    255 * (1 - age / tau)       time_surface   as linear
//!
//! Levels only fall with the age, so that 255 limits tell all: level L ends at the age `limitOf(L)`. Ages are put into
//! buckets so narrow that each has at most one limit: an age is looked up, and compared once.

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
    shift: u5,
    buckets: [count + 1]Bucket,

    const count = 4096;
    const Bucket = struct { limit: u32, before: u8, from: u8 };

    pub fn set(levels: *Levels, fade: Fade, tau: u32) void {
        levels.fade = fade;
        levels.tau = tau;
        levels.end = limitOf(fade, tau, 1);
        levels.shift = 0;
        while (levels.end >> levels.shift >= count) levels.shift += 1;
        var level: u32 = 255;
        for (&levels.buckets, 0..) |*bucket, index| {
            const start = @as(u64, index) << levels.shift;
            const after = @as(u64, index + 1) << levels.shift;
            while (level > 0 and limitOf(fade, tau, level) <= start) level -= 1;
            bucket.before = @intCast(level);
            bucket.limit = if (level > 0) limitOf(fade, tau, level) else 0;
            while (level > 0 and limitOf(fade, tau, level) < after) level -= 1;
            bucket.from = @intCast(level);
            if (start > levels.end) break;
        }
    }

    /// The level of an age below `end`.
    pub inline fn of(levels: *const Levels, age: u32) u8 {
        const bucket = &levels.buckets[age >> levels.shift];
        return if (age < bucket.limit) bucket.before else bucket.from;
    }
};

test "the level of each age is its value times 255, rounded" {
    const exponential = @import("exponential.zig");
    var levels: Levels = undefined;
    for ([_]u32{ 1, 2, 3, 100, 254, 255, 256, 657, 1000, 1315, 4096, 12_345, 30_000, 1_000_000, 100_000_000 }) |tau| {
        inline for (comptime std.enums.values(Fade)) |fade| {
            levels.set(fade, tau);
            const step = @max(1, levels.end / 100_000);
            var age: u32 = 0;
            while (age < levels.end) : (age += step) {
                const of_tau = @as(f64, @floatFromInt(age)) / @as(f64, @floatFromInt(tau));
                const expected = switch (fade) {
                    .decay => 255 * exponential.decayed(of_tau),
                    // Halves are halves, as both numbers are whole.
                    .linear, .time_surface => @as(f64, @floatFromInt(255 * @as(i64, tau) - 255 * @as(i64, age))) / @as(f64, @floatFromInt(tau)),
                    .window => @as(f64, if (age < tau) 255 else 0),
                };
                errdefer std.debug.print("{t}, tau {d}, age {d}\n", .{ fade, tau, age });
                try std.testing.expectEqual(@floor(@max(0, expected) + 0.5), @as(f64, @floatFromInt(levels.of(age))));
            }
        }
    }
}
