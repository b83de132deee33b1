//! The shape of the generated scene: a bright star with soft arms that rotates on a dark ground.
//!
//!     inside  <=>  r < radius + depth * cos(arms * phi - 2 pi * s)
//!
//! where s grows by 1 while the star turns by one arm, after which the picture is the same again. So within
//! one round every pixel of the ring is crossed exactly twice: by a leading edge, which makes it brighter
//! (ON), and by a trailing edge (OFF). Both times have closed forms.

const std = @import("std");
const width = @import("size.zig").width;
const height = @import("size.zig").height;

const arms = 5;
const radius = 200.0;
const depth = 140.0;

/// A pixel's event at a phase of the round, in 2^-24 of it.
pub const Crossing = packed struct(u64) { on: bool, x: u11, y: u10, phase: u24, _unused: u18 = 0 };

/// In no particular order. The caller frees them.
pub fn crossings(allocator: std.mem.Allocator) error{OutOfMemory}![]Crossing {
    var found: std.ArrayList(Crossing) = .empty;
    errdefer found.deinit(allocator);
    for (0..height) |y| for (0..width) |x| {
        const dx = @as(f32, @floatFromInt(x)) - width / 2 + 0.5;
        const dy = @as(f32, @floatFromInt(y)) - height / 2 + 0.5;
        const level = (@sqrt(dx * dx + dy * dy) - radius) / depth;
        if (level <= -1 or level >= 1) continue;
        const angle = std.math.atan2(dy, dx) * arms / std.math.tau;
        const half_width = std.math.acos(level) / std.math.tau;
        for ([_]bool{ true, false }) |on| {
            const phase = if (on) angle - half_width else angle + half_width;
            try found.append(allocator, .{ .on = on, .x = @intCast(x), .y = @intCast(y), .phase = fraction(phase) });
        }
    };
    return found.toOwnedSlice(allocator);
}

fn fraction(turns: f32) u24 {
    return @truncate(@as(u64, @intFromFloat((turns - @floor(turns)) * (1 << 24))));
}

test "every crossed pixel gets brighter once and darker once, within the sensor" {
    const allocator = std.testing.allocator;
    const found = try crossings(allocator);
    defer allocator.free(found);
    var seen: [2]std.DynamicBitSetUnmanaged = undefined;
    for (&seen) |*set| set.* = try .initEmpty(allocator, width * height);
    defer for (&seen) |*set| set.deinit(allocator);
    for (found) |crossing| {
        const index = @as(usize, crossing.y) * width + crossing.x;
        try std.testing.expect(!seen[@intFromBool(crossing.on)].isSet(index));
        seen[@intFromBool(crossing.on)].set(index);
    }
    try std.testing.expect(seen[0].eql(seen[1]));
    try std.testing.expect(seen[0].count() > 300_000);
}
