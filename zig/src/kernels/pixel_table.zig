//! The columns of a vector's pixels, six pixels at a time from a table:
//!
//!     pixels 1 0 0 1 0 0  1 1 0 0 0 0      x + 0 3 . . . .  and, two columns on, x + 6 + 0 1 . . . .

const Columns = @Vector(8, u16);

/// Stores x + i for each bit i that is set in `pixels`; what comes after them, up to sixteen in all, is undefined.
pub inline fn store(to: [*]u16, x: u16, pixels: u12) void {
    const lower: u6 = @truncate(pixels);
    to[0..8].* = table[lower] +% @as(Columns, @splat(x));
    to[@popCount(lower)..][0..8].* = table[pixels >> 6] +% @as(Columns, @splat(x +% 6));
}

/// The numbers of the bits set in six, lowest first.
const table: [64]Columns align(64) = columns: {
    @setEvalBranchQuota(10_000);
    var columns: [64]Columns = undefined;
    for (&columns, 0..) |*entry, set| {
        var numbers: [8]u16 = @splat(0);
        var next: usize = 0;
        for (0..6) |bit| {
            if (set >> bit & 1 == 0) continue;
            numbers[next] = bit;
            next += 1;
        }
        entry.* = numbers;
    }
    break :columns columns;
};
