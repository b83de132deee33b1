//! The digital crop: events outside a window are left out behind the pixels' masks, and in the stream the window may be
//! told from its own corner.

const std = @import("std");

pub const Crop = struct {
    /// The first and the last column and row, both within the window.
    x1: u16 = 0,
    y1: u16 = 0,
    x2: u16 = std.math.maxInt(u16),
    y2: u16 = std.math.maxInt(u16),
    /// Coordinates count from the corner.
    reset_origin: bool = false,

    pub const Origin = struct { x: u16 = 0, y: u16 = 0 };

    /// Words with 32 pixels begin at multiples of 32, so an origin between them cannot be told: OpenEB asks for a
    /// multiple of 32. What the sensor does with another one is unknown. Here the columns count from the multiple below.
    pub fn origin(crop: *const Crop) Origin {
        return if (crop.reset_origin) .{ .x = crop.x1 / 32 * 32, .y = crop.y1 } else .{};
    }

    /// Which of the pixels from x on lie within the window, a bit each.
    pub fn within(crop: *const Crop, x: u16, row: u16) u64 {
        if (row < crop.y1 or row > crop.y2 or x > crop.x2) return 0;
        const before = std.math.cast(u6, crop.x1 -| x) orelse return 0;
        const last = std.math.cast(u6, crop.x2 - x) orelse 63;
        return @as(u64, std.math.maxInt(u64)) << before & @as(u64, std.math.maxInt(u64)) >> 63 - last;
    }
};

test "both corners lie within the window, for every first column" {
    const crop: Crop = .{ .x1 = 100, .y1 = 5, .x2 = 299, .y2 = 6 };
    for (0..400) |x| for (0..64) |bit| {
        const sends = crop.within(@intCast(x), 5) >> @intCast(bit) & 1 != 0;
        try std.testing.expectEqual(x + bit >= 100 and x + bit <= 299, sends);
    };
    try std.testing.expectEqual(0, crop.within(150, 4));
    try std.testing.expect(crop.within(150, 6) != 0);
    try std.testing.expectEqual(0, crop.within(150, 7));
    try std.testing.expectEqual(std.math.maxInt(u64), (Crop{}).within(2047, 4095));
}
