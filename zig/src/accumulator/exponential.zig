//! e^-x, the same on every machine: the functions of C libraries differ in the last bits, and WebAssembly has none.

const std = @import("std");

/// e^-x for x from 0 on, to about 15 digits; 0 where an f32 has nothing smaller.
pub fn decayed(x: f64) f64 {
    if (!(x < 104)) return 0;
    // e^-x = 2^-halvings * e^-rest, where the rest is within half of ln 2.
    const halvings = @floor(x * std.math.log2e + 0.5);
    const rest = (x - halvings * ln2_upper) - halvings * ln2_lower;
    var sum: f64 = 1;
    inline for (1..14) |index| sum = 1 - sum * rest / @as(f64, 14 - index);
    const exponent: u64 = @intFromFloat(1023 - halvings);
    return sum * @as(f64, @bitCast(exponent << 52));
}

/// ln 2 in two parts: the upper one has so few bits that its multiples are exact.
const ln2_upper = 0x1.62e42fefap-1;
const ln2_lower = std.math.ln2 - ln2_upper;

test "e^-x has the digits of the mathematical function" {
    const points = [_]struct { f64, f64 }{
        .{ 0, 1 },
        .{ 0.5, 0.60653065971263342360 },
        .{ 1, 0.36787944117144232160 },
        .{ 10, 4.5399929762484851536e-5 },
        .{ 100, 3.7200759760208359630e-44 },
    };
    for (points) |point| try std.testing.expectApproxEqRel(point[1], decayed(point[0]), 1e-14);
    try std.testing.expectEqual(0, decayed(104));
    try std.testing.expectEqual(0, decayed(std.math.inf(f64)));
    try std.testing.expectEqual(0, decayed(std.math.nan(f64)));
}

test "e^-x falls from each f32 to the next" {
    var before: f64 = 1;
    for (1..200_000) |step| {
        const value = decayed(@as(f64, @floatFromInt(step)) * 0x1p-11);
        try std.testing.expect(value < before);
        before = value;
    }
}
