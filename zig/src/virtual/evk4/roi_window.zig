//! The sensor's own window of pixels that send, as masks of columns and rows.
//!
//! Whether the window's end belongs to it is not known: the registers' reset value is (1279, 719), the last pixel, but
//! OpenEB writes x + width and y + height. Here it belongs to it, as in the reset value.

const std = @import("std");
const LineMasks = @import("../sensor/filter_settings.zig").LineMasks;

/// From the registers 0x0038 and 0x003C: x in bits 10:0, y in bits 25:16.
pub fn masksOf(start: u32, end: u32) LineMasks {
    var masks: LineMasks = .{};
    maskOutside(&masks.columns, start & 0x7FF, end & 0x7FF);
    maskOutside(&masks.rows, start >> 16 & 0x3FF, end >> 16 & 0x3FF);
    const last_rows = &masks.rows[masks.rows.len - 1];
    last_rows.* = 0x00FF0000 | (last_rows.* & 0xFFFF); // there are no rows in its upper half, which is as after a reset
    return masks;
}

fn maskOutside(masks: []u32, first: u32, last: u32) void {
    for (0..32 * masks.len) |line| {
        if (line < first or line > last) masks[line / 32] |= @as(u32, 1) << @intCast(line % 32);
    }
}

test "the window's first and last pixels send" {
    const masks = masksOf(719 << 16 | 1279, 719 << 16 | 1279);
    try std.testing.expectEqual(0x7FFFFFFF, masks.columns[39]);
    try std.testing.expectEqual(0x00FF7FFF, masks.rows[22]);
    try std.testing.expectEqual(0xFFFFFFFF, masks.rows[0]);
    // The reset value, and OpenEB's whole window, whose end lies beyond the sensor.
    for ([_]u32{ 0x02CF04FF, 720 << 16 | 1280 }) |end| {
        const whole = masksOf(0, end);
        try std.testing.expectEqual(@as([40]u32, @splat(0)), whole.columns);
        try std.testing.expectEqual(@as([22]u32, @splat(0)) ++ [1]u32{0x00FF0000}, whole.rows);
    }
}
