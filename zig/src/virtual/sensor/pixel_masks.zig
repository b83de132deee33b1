//! Which pixels send events: the masks of columns and rows, the 64 masked pixels, and a matrix of all pixels.

const std = @import("std");
const settings_module = @import("filter_settings.zig");
const PixelMatrix = settings_module.PixelMatrix;
const Settings = settings_module.Settings;
const width = @import("size.zig").width;
const height = @import("size.zig").height;

/// A bit for each x that a word can address, and for the pixels of vectors from there on. Columns beyond the sensor are
/// not masked; the decoder drops them.
const Columns = [(1 << 11) / 8 + 8]u8;

const all_columns: Columns = @splat(0xFF);

const Kind = enum { unmasked, masked, spotted };

pub const PixelMasks = struct {
    pixels: [settings_module.pixel_slots]u32 = @splat(0),
    rows: [23]u32 = @splat(0),
    matrix: ?PixelMatrix = null,
    /// The columns that send in an unmasked row, in a masked one, and in the present one with single masked pixels.
    columns: std.EnumArray(Kind, Columns) = .initFill(all_columns),
    /// Rows with single masked pixels.
    spotted: std.StaticBitSet(height) = .empty,
    present: Kind = .unmasked,

    pub fn configure(masks: *PixelMasks, settings: *const Settings, row: ?u12) void {
        masks.pixels = settings.pixels;
        masks.matrix = settings.matrix;
        masks.rows = settings.masks.rows;
        var open = all_columns;
        for (0..width) |x| if (isSet(&settings.masks.columns, x)) unset(&open, x);
        var closed = all_columns;
        @memset(closed[0 .. width / 8], 0);
        masks.columns.set(.unmasked, if (settings.intersection_only) all_columns else open);
        masks.columns.set(.masked, if (settings.intersection_only) open else closed);
        masks.spotted = .empty;
        for (masks.pixels) |pixel| if (pixel != 0 and rowOf(pixel) < height) masks.spotted.set(rowOf(pixel));
        masks.present = .unmasked;
        if (row) |known| masks.beginRow(known);
    }

    pub fn beginRow(masks: *PixelMasks, row: u12) void {
        masks.present = .unmasked;
        if (row >= height) return;
        if (isSet(&masks.rows, row)) masks.present = .masked;
        if (!masks.spotted.isSet(row) and masks.matrix == null) return;
        var columns = masks.columns.get(masks.present);
        for (masks.pixels) |pixel| if (pixel != 0 and rowOf(pixel) == row) unset(&columns, pixel & 0x7FF);
        if (masks.matrix) |matrix| if (row < matrix.rows.len) intersect(&columns, &matrix.rows[row]);
        masks.columns.set(.spotted, columns);
        masks.present = .spotted;
    }

    /// Which of the next pixels from x on send, a bit for each of at least 48; the lowest bit is the first.
    pub fn sending(masks: *const PixelMasks, x: u16) u64 {
        if (x >> 3 > all_columns.len - 8) return std.math.maxInt(u64);
        const columns = masks.columns.getPtrConst(masks.present);
        return std.mem.readInt(u64, columns[x >> 3 ..][0..8], .little) >> @intCast(x & 7);
    }
};

fn unset(columns: *Columns, x: usize) void {
    columns[x / 8] &= ~(@as(u8, 1) << @intCast(x % 8));
}

fn intersect(columns: *Columns, words: []const u32) void {
    for (words, 0..) |word, index| {
        const place = columns[4 * index ..][0..4];
        std.mem.writeInt(u32, place, word & std.mem.readInt(u32, place, .little), .little);
    }
}

fn isSet(words: []const u32, index: usize) bool {
    return words[index / 32] >> @intCast(index % 32) & 1 != 0;
}

fn rowOf(pixel: u32) u10 {
    return @truncate(pixel >> 16);
}

fn columnsSending(settings: *const Settings, row: u12, comptime columns: []const u16) [columns.len]bool {
    var masks: PixelMasks = .{};
    masks.configure(settings, null);
    masks.beginRow(row);
    var sending: [columns.len]bool = undefined;
    for (columns, &sending) |x, *sends| sends.* = masks.sending(x) & 1 != 0;
    return sending;
}

test "masked columns within vectors, for every first column" {
    var settings: Settings = .{};
    settings.masks.columns[0] = 1 << 13 | 1 << 31;
    var masks: PixelMasks = .{};
    masks.configure(&settings, 0);
    for (0..2100) |x| {
        var expected: u48 = std.math.maxInt(u48);
        for ([_]usize{ 13, 31 }) |masked| {
            if (x <= masked) expected &= ~(@as(u48, 1) << @intCast(masked - x));
        }
        try std.testing.expectEqual(expected, @as(u48, @truncate(masks.sending(@intCast(x)))));
    }
}

test "a masked column or row is enough, unless both are needed; single pixels are masked as well" {
    var settings: Settings = .{};
    settings.masks.columns[1] = 1 << 3; // x = 35
    settings.masks.rows[22] = 1 << 15; // y = 719
    settings.pixels[7] = 1 << 31 | 719 << 16 | 1279;
    settings.pixels[8] = 1 << 31 | 0 << 16 | 0;
    const columns = [_]u16{ 0, 34, 35, 1279, 1280, 2047, 2058 };
    const beyond = [_]bool{ true, true, true };
    const expect = std.testing.expectEqual;
    try expect([_]bool{ false, true, false, true } ++ beyond, columnsSending(&settings, 0, &columns));
    try expect([_]bool{ true, true, false, true } ++ beyond, columnsSending(&settings, 718, &columns));
    try expect([_]bool{ false, false, false, false } ++ beyond, columnsSending(&settings, 719, &columns));
    try expect([_]bool{ true, true, false, true } ++ beyond, columnsSending(&settings, 720, &columns));
    settings.intersection_only = true;
    try expect([_]bool{ false, true, true, true } ++ beyond, columnsSending(&settings, 0, &columns));
    try expect([_]bool{ true, true, true, true } ++ beyond, columnsSending(&settings, 718, &columns));
    try expect([_]bool{ true, true, false, false } ++ beyond, columnsSending(&settings, 719, &columns));
}

test "a matrix masks pixels beside the masks, and none beyond itself" {
    var rows: [320][10]u32 = @splat(@splat(std.math.maxInt(u32)));
    rows[319][9] = std.math.maxInt(u32) >> 1; // x = 319
    rows[7][0] = 0;
    var settings: Settings = .{ .matrix = .{ .rows = &rows, .version = 1 } };
    settings.masks.columns[1] = 1; // x = 32
    const columns = [_]u16{ 0, 31, 32, 33, 318, 319, 320 };
    const expect = std.testing.expectEqual;
    try expect([_]bool{ true, true, false, true, true, false, true }, columnsSending(&settings, 319, &columns));
    try expect([_]bool{ false, false, false, true, true, true, true }, columnsSending(&settings, 7, &columns));
    try expect([_]bool{ true, true, false, true, true, true, true }, columnsSending(&settings, 320, &columns));
}
