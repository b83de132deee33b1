//! The columns of vectors' pixels, eight pixels at a time from a table:
//!
//!     pixels 1 0 0 1 0 0 0 0  1 1 0 0      x + 0 3 . . . . . .  and, two columns on, x + 8 + 0 1 . . . . . .

const Columns = @Vector(8, u16);

/// Stores x + i for each bit i that is set in `pixels`; what comes after them, up to sixteen in all, is undefined.
pub inline fn storePixels(to: [*]u16, x: u16, pixels: u12) void {
    store(2, to, x, pixels);
}

/// As `storePixels`, but up to thirty-two in all.
pub inline fn storeGroup(to: [*]u16, x: u16, pixels: u32) void {
    store(4, to, x, pixels);
}

inline fn store(comptime parts: u16, to: [*]u16, x: u16, pixels: u32) void {
    var next = to;
    inline for (0..parts) |part| {
        const eight: u8 = @truncate(pixels >> 8 * part);
        next[0..8].* = table[eight] +% @as(Columns, @splat(x +% @as(u16, 8 * part)));
        next += @popCount(eight);
    }
}

/// The numbers of the bits set in eight, lowest first.
const table: [256]Columns align(64) = columns: {
    @setEvalBranchQuota(20_000);
    var columns: [256]Columns = undefined;
    for (&columns, 0..) |*entry, set| {
        var numbers: [8]u16 = @splat(0);
        var next: usize = 0;
        for (0..8) |bit| {
            if (set >> bit & 1 == 0) continue;
            numbers[next] = bit;
            next += 1;
        }
        entry.* = numbers;
    }
    break :columns columns;
};
