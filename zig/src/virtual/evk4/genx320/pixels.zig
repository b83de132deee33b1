//! Which pixels of a GenX320 send. Each has a latch, which two drivers set:
//!
//!     driver   rows and columns                                 at
//!     latches  of the rows that 0x3000 names, the columns of    the shadow trigger's 0, 1
//!              0x2000 are shut, by bits of 1
//!     windows  inside one of up to 18 windows, or outside       master enabled, and run
//!
//! Behind the latches a mask leaves out the events of up to 16 groups of 32 pixels.
//!
//! Source: OpenEB 5.1.1's sequences and register map.

const std = @import("std");
const filter_settings = @import("../../sensor/filter_settings.zig");
const PixelMatrix = filter_settings.PixelMatrix;

pub const side = 320;
pub const row_words = side / 32;
pub const window_count = 18;
pub const event_mask_count = 16;

/// By rows, from the lowest bit of the first word on.
pub const Rows = [side][row_words]u32;

const all_ones = std.math.maxInt(u32);
const all_open: Rows = @splat(@splat(all_ones));

/// The last column and row do not belong to it.
pub const Window = struct {
    start_x: u32,
    end_x: u32,
    start_y: u32,
    end_y: u32,

    /// From its two registers.
    pub fn of(x: u32, y: u32) Window {
        return .{ .start_x = x & 0x1FF, .end_x = x >> 16 & 0x1FF, .start_y = y & 0x1FF, .end_y = y >> 16 & 0x1FF };
    }
};

/// Of 32 pixels, whose events are left out where the data has a bit.
pub const EventMask = struct {
    group: u32,
    row: u32,
    data: u32,

    /// From its two registers; null where it is not valid.
    pub fn of(control: u32, data: u32) ?EventMask {
        if (control >> 31 == 0) return null;
        return .{ .group = control & 0xF, .row = control >> 4 & 0x1FF, .data = data };
    }
};

pub const Pixels = struct {
    latches: Rows = all_open,
    /// What the latches and the event masks leave.
    sending: Rows = all_open,
    version: u32 = 0,

    /// The rows with a bit take the columns over; a column's bit of 1 shuts it.
    pub fn latch(pixels: *Pixels, columns: *const [row_words]u32, rows: *const [row_words]u32) void {
        for (&pixels.latches, 0..) |*row, y| {
            if (rows[y / 32] >> @intCast(y % 32) & 1 == 0) continue;
            for (row, columns) |*word, shut| word.* = ~shut;
        }
    }

    /// Opens the pixels inside the windows, or those outside, and shuts the others.
    pub fn program(pixels: *Pixels, windows: []const Window, outside: bool) void {
        pixels.latches = @splat(@splat(if (outside) all_ones else 0));
        for (windows) |window| {
            for (window.start_y..@max(window.start_y, @min(window.end_y, side))) |y| {
                for (window.start_x..@max(window.start_x, @min(window.end_x, side))) |x| {
                    const bit = @as(u32, 1) << @intCast(x % 32);
                    const word = &pixels.latches[y][x / 32];
                    word.* = if (outside) word.* & ~bit else word.* | bit;
                }
            }
        }
    }

    /// To be called after each change of latches or event masks.
    pub fn combine(pixels: *Pixels, latches_work: bool, masks: []const ?EventMask) void {
        var sending = if (latches_work) pixels.latches else all_open;
        for (masks) |each| {
            const mask = each orelse continue;
            if (mask.row < side and mask.group < row_words) sending[mask.row][mask.group] &= ~mask.data;
        }
        if (std.mem.eql(u8, std.mem.asBytes(&sending), std.mem.asBytes(&pixels.sending))) return;
        pixels.sending = sending;
        pixels.version +%= 1;
    }

    /// Null while all pixels send.
    pub fn matrix(pixels: *const Pixels) ?PixelMatrix {
        if (std.mem.allEqual(u8, std.mem.asBytes(&pixels.sending), 0xFF)) return null;
        return .{ .rows = &pixels.sending, .version = pixels.version };
    }
};

/// How many pixels send.
fn countOf(pixels: *const Pixels) usize {
    var count: usize = 0;
    for (&pixels.sending) |*row| for (row) |word| {
        count += @popCount(word);
    };
    return count;
}

fn sends(pixels: *const Pixels, x: usize, y: usize) bool {
    return pixels.sending[y][x / 32] >> @intCast(x % 32) & 1 != 0;
}

test "a row takes over its columns, and no other row does" {
    const testing = std.testing;
    var pixels: Pixels = .{};
    try testing.expectEqual(null, pixels.matrix());
    var columns: [row_words]u32 = @splat(0);
    columns[9] = 1 << 31;
    var rows: [row_words]u32 = @splat(0);
    rows[1] = 1 << 3;
    pixels.latch(&columns, &rows);
    try testing.expectEqual(null, pixels.matrix());
    pixels.combine(false, &.{});
    try testing.expectEqual(null, pixels.matrix());
    pixels.combine(true, &.{});
    try testing.expectEqual(side * side - 1, countOf(&pixels));
    try testing.expect(!sends(&pixels, 319, 35));
    const version = pixels.matrix().?.version;
    pixels.combine(true, &.{});
    try testing.expectEqual(version, pixels.matrix().?.version);
    pixels.latch(&@splat(0), &@splat(all_ones));
    pixels.combine(true, &.{});
    try testing.expectEqual(null, pixels.matrix());
    try testing.expect(version != pixels.version);
}

test "windows open what lies inside, or outside, and their ends do not belong to them" {
    const testing = std.testing;
    var pixels: Pixels = .{};
    const windows = [_]Window{ .of(0x0046_0028, 0x001E_0014), .of(0x0140_013F, 0x0140_013F), .of(0x0005_0006, 0x0140_0000) };
    pixels.program(&windows, false);
    pixels.combine(true, &.{});
    try testing.expectEqual(30 * 10 + 1, countOf(&pixels));
    for ([_][2]usize{ .{ 40, 20 }, .{ 69, 29 }, .{ 319, 319 } }) |at| try testing.expect(sends(&pixels, at[0], at[1]));
    for ([_][2]usize{ .{ 39, 20 }, .{ 70, 29 }, .{ 69, 30 } }) |at| try testing.expect(!sends(&pixels, at[0], at[1]));
    pixels.program(&windows, true);
    pixels.combine(true, &.{});
    try testing.expectEqual(side * side - 301, countOf(&pixels));
    pixels.program(&.{.of(0x0140_0000, 0x0140_0000)}, false);
    pixels.combine(true, &.{});
    try testing.expectEqual(null, pixels.matrix());
    // Ends beyond the sensor.
    pixels.program(&.{.of(0x01FF_0000, 0x01FF_0000)}, false);
    pixels.combine(true, &.{});
    try testing.expectEqual(null, pixels.matrix());
}

test "an event mask leaves out pixels of its group, also where the latches do nothing" {
    const testing = std.testing;
    var pixels: Pixels = .{};
    pixels.combine(false, &.{ .of(0x8000_0070, 0x20), .of(0x8000_13F9, 0xC000_0000), .of(0x0000_0010, 1), .of(0x8000_1FFF, 1) });
    try testing.expectEqual(side * side - 3, countOf(&pixels));
    for ([_][2]usize{ .{ 5, 7 }, .{ 318, 319 }, .{ 319, 319 } }) |at| try testing.expect(!sends(&pixels, at[0], at[1]));
    pixels.combine(false, &.{null});
    try testing.expectEqual(null, pixels.matrix());
}
