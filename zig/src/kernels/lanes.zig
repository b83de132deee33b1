//! Vectors of sixteen words, as two halves of eight, and the few operations on them that Zig has no name for.
//! Halves, because AVX2 shuffles within 128 bits, and SSE and NEON have no more.

const std = @import("std");
const builtin = @import("builtin");

pub const count = 16;
pub const Words = @Vector(count, u16);
pub const Half = @Vector(count / 2, u16);
pub const Bytes = @Vector(16, u8);

pub const zero: Words = @splat(0);
/// 1 in the first lane, 16 in the last.
pub const ordinal: Words = std.simd.iota(u16, count) + @as(Words, @splat(1));

pub inline fn splat(value: u16) Words {
    return @splat(value);
}

/// All bits set in the lanes where the condition holds.
pub inline fn where(condition: @Vector(count, bool)) Words {
    return @select(u16, condition, splat(0xffff), zero);
}

/// One bit for each lane of a mask made by `where`.
pub inline fn bits(mask: Words) u16 {
    return @bitCast(@as(@Vector(count, i16), @bitCast(mask)) < @as(@Vector(count, i16), @splat(0)));
}

/// The last lane in every lane.
pub inline fn last(lanes: Words) Words {
    return @shuffle(u16, lanes, undefined, @as(@Vector(count, i32), @splat(count - 1)));
}

/// Each lane becomes the largest of itself and the lanes before it.
pub inline fn prefixMaximum(lanes: Words) Words {
    var result = lanes;
    inline for (.{ 1, 2, 4 }) |distance| result = @max(result, shifted(result, distance));
    return @max(result, carried(result));
}

/// As `prefixMaximum`, from `carry` on, for keys that can be compared only within a half: what comes in
/// from before the half keeps only the bits of `value`, and must so be less than every key there is.
pub inline fn prefixMaximumOfHalves(keys: Words, carry: Words, comptime value: u16) Words {
    var result = keys;
    inline for (.{ 1, 2, 4 }) |distance| result = @max(result, shifted(result, distance));
    const first = @max(result, carry) & splat(value);
    return @max(result, carriedOr(first, carry)) & splat(value);
}

/// Each lane becomes the sum of itself and the lanes before it.
pub inline fn prefixSum(lanes: Words) Words {
    var result = lanes;
    inline for (.{ 1, 2, 4 }) |distance| result +%= shifted(result, distance);
    return result +% carried(result);
}

/// Moves the lanes of each half up; zeros come in.
inline fn shifted(lanes: Words, comptime distance: comptime_int) Words {
    comptime var mask: [count]i32 = undefined;
    inline for (&mask, 0..) |*from, lane| from.* = if (lane % 8 >= distance) lane - distance else -1;
    return @shuffle(u16, lanes, zero, mask);
}

/// The last lane of the first half in every lane of the second; zeros in the first.
inline fn carried(lanes: Words) Words {
    comptime var mask: [count]i32 = undefined;
    inline for (&mask, 0..) |*from, lane| from.* = if (lane < 8) -1 else 7;
    return @shuffle(u16, lanes, zero, mask);
}

/// As `carried`, with the carry in the first half.
inline fn carriedOr(lanes: Words, carry: Words) Words {
    comptime var mask: [count]i32 = undefined;
    inline for (&mask, 0..) |*from, lane| from.* = if (lane < 8) -1 else 7;
    return @shuffle(u16, lanes, carry, mask);
}

pub inline fn half(lanes: Words, comptime index: u1) Half {
    return @shuffle(u16, lanes, undefined, std.simd.iota(i32, 8) + @as(@Vector(8, i32), @splat(8 * @as(i32, index))));
}

/// Byte i of the result is byte `order[i]` of the table; 0 where that is 128 or more.
pub inline fn shuffleBytes(table: Bytes, order: Bytes) Bytes {
    if (@inComptime()) return shuffleBytesPlainly(table, order);
    switch (builtin.cpu.arch) {
        .x86_64 => {
            if (comptime builtin.cpu.has(.x86, .avx)) return asm ("vpshufb %[order], %[table], %[result]"
                : [result] "=x" (-> Bytes),
                : [table] "x" (table),
                  [order] "x" (order),
            );
            if (comptime builtin.cpu.has(.x86, .ssse3)) return asm ("pshufb %[order], %[result]"
                : [result] "=x" (-> Bytes),
                : [table] "0" (table),
                  [order] "x" (order),
            );
        },
        .aarch64 => return asm ("tbl %[result].16b, {%[table].16b}, %[order].16b"
            : [result] "=w" (-> Bytes),
            : [table] "w" (table),
              [order] "w" (order),
        ),
        else => {},
    }
    return shuffleBytesPlainly(table, order);
}

fn shuffleBytesPlainly(table: Bytes, order: Bytes) Bytes {
    const from: [16]u8 = table;
    var result: [16]u8 = undefined;
    for (&result, @as([16]u8, order)) |*byte, index| byte.* = if (index < 128) from[index % 16] else 0;
    return result;
}

/// The lanes of a half whose bits are set move to its front.
///
///     lanes  a b c d e f g h      bits of `kept`, lowest first  0 1 1 0 0 0 0 1      result  b c h 0 0 0 0 0
pub inline fn compress(lanes: Half, kept: u8) Half {
    return @bitCast(shuffleBytes(@bitCast(lanes), compress_orders[kept]));
}

const compress_orders: [256]Bytes align(64) = orders: {
    @setEvalBranchQuota(100_000);
    var table: [256]Bytes = undefined;
    for (&table, 0..) |*entry, kept| {
        var order: [16]u8 = @splat(128);
        var next: usize = 0;
        for (0..8) |lane| {
            if (kept >> lane & 1 == 0) continue;
            order[2 * next] = 2 * lane;
            order[2 * next + 1] = 2 * lane + 1;
            next += 1;
        }
        entry.* = order;
    }
    break :orders table;
};

test "prefixes, and lanes moved to the front" {
    const lanes: Words = .{ 3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 10 };
    const maxima: [count]u16 = prefixMaximum(lanes);
    const sums: [count]u16 = prefixSum(lanes);
    var maximum: u16 = 0;
    var sum: u16 = 0;
    for (@as([count]u16, lanes), maxima, sums) |lane, this_maximum, this_sum| {
        maximum = @max(maximum, lane);
        sum += lane;
        try std.testing.expectEqual(maximum, this_maximum);
        try std.testing.expectEqual(sum, this_sum);
    }
    try std.testing.expectEqual(splat(10), last(lanes));
    try std.testing.expectEqual(0b10, bits(where(lanes == splat(1))) & 0b111);
    try std.testing.expectEqual(Half{ 1, 4, 6, 0, 0, 0, 0, 0 }, compress(half(lanes, 0), 0b1000_0110));
}
