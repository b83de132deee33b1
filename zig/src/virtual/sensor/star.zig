//! The shape of the generated scene: a bright star with soft arms that rotates on a dark ground.
//!
//!     inside  <=>  r < radius + depth * cos(arms * phi - 2 pi * s)
//!
//! where s grows by 1 while the star turns by one arm, after which the picture is the same again. So within
//! one round every pixel of the ring is crossed exactly twice: by a leading edge, which makes it brighter
//! (ON), and by a trailing edge (OFF). Both times have closed forms.

const std = @import("std");
const Size = @import("size.zig").Size;

const arms = 5;
/// On a sensor of 720 rows.
const radius = 200.0;
const depth = 140.0;

/// A pixel's event at a phase of the round, in 2^-24 of it.
pub const Crossing = packed struct(u64) { on: bool, x: u11, y: u10, phase: u24, _unused: u18 = 0 };

/// In no particular order. The caller frees them.
pub fn crossings(allocator: std.mem.Allocator, size: Size) error{OutOfMemory}![]Crossing {
    const width: f32 = @floatFromInt(size.width);
    const height: f32 = @floatFromInt(size.height);
    const scale = height / 720;
    var found: std.ArrayList(Crossing) = .empty;
    errdefer found.deinit(allocator);
    for (0..size.height) |y| for (0..size.width) |x| {
        const dx = @as(f32, @floatFromInt(x)) - width / 2 + 0.5;
        const dy = @as(f32, @floatFromInt(y)) - height / 2 + 0.5;
        const level = (@sqrt(dx * dx + dy * dy) - radius * scale) / (depth * scale);
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
    for ([_]Size{ .{}, .{ .width = 640, .height = 480 } }) |size| {
        const pixels = @as(usize, size.width) * size.height;
        const found = try crossings(allocator, size);
        defer allocator.free(found);
        var seen: [2]std.DynamicBitSetUnmanaged = undefined;
        for (&seen) |*set| set.* = try .initEmpty(allocator, pixels);
        defer for (&seen) |*set| set.deinit(allocator);
        for (found) |crossing| {
            // The whole star is in the picture.
            try std.testing.expect(crossing.x > 0 and crossing.x < size.width - 1);
            try std.testing.expect(crossing.y > 0 and crossing.y < size.height - 1);
            const index = @as(usize, crossing.y) * size.width + crossing.x;
            try std.testing.expect(!seen[@intFromBool(crossing.on)].isSet(index));
            seen[@intFromBool(crossing.on)].set(index);
        }
        try std.testing.expect(seen[0].eql(seen[1]));
        try std.testing.expect(seen[0].count() > pixels / 4);
    }
}
