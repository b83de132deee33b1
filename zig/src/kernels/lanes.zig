//! Vectors of sixteen words, as two halves of eight, and the few operations on them that Zig has no name for.
//! Halves, because AVX2 shuffles within 128 bits, and SSE and NEON have no more.
//!
//! Each lane learns the last row, time or base before it from a prefix maximum, which takes four steps:
//! lanes move up by 1, 2 and 4 within a half, and the maximum of the first half into the second. Times only
//! grow, so their maximum is the last one. Rows and bases do not, but with the number of their lane above
//! them the last one is the largest:
//!
//!     words           Y7    X10   X11   L5    X12   Y3    X13   X14
//!     keys of rows    1|7   .     .     .     .     6|3   .     .       (lane | y)
//!     prefix maximum  1|7   1|7   1|7   1|7   1|7   6|3   6|3   6|3     low bits: y
//!     TIME_LOWs       .     .     .     5     .     .     .     .
//!     prefix maximum  2     2     2     5     5     5     5     5       (2: from the block before)
//!
//! Lanes move to the front of a half by a shuffle of bytes, whose order comes from a table of the 256 ways to
//! keep some of eight lanes. `lanes_avx512.zig` has the same names.

const std = @import("std");
const builtin = @import("builtin");

pub const count = 16;
pub const Words = @Vector(count, u16);
const Half = @Vector(count / 2, u16);
/// One bit for each lane.
pub const Bits = u16;
const Bytes = @Vector(16, u8);

const zero: Words = @splat(0);
/// 1 in the first lane, 16 in the last.
const ordinal: Words = std.simd.iota(u16, count) + @as(Words, @splat(1));

pub inline fn splat(value: u16) Words {
    return @splat(value);
}

/// A set of lanes: all of their bits are set.
pub const Mask = Words;

pub inline fn where(condition: @Vector(count, bool)) Mask {
    return @select(u16, condition, splat(0xffff), zero);
}

pub inline fn bits(mask: Mask) Bits {
    return @bitCast(@as(@Vector(count, i16), @bitCast(mask)) < @as(@Vector(count, i16), @splat(0)));
}

/// The lanes of the mask; zeros elsewhere.
pub inline fn keep(lanes: Words, mask: Mask) Words {
    return lanes & mask;
}

/// How many lanes some masks have; at most 65535 masks.
pub const Tally = struct {
    sums: Words = zero,

    pub inline fn add(tally: *Tally, mask: Mask) void {
        tally.sums -%= mask;
    }

    /// The sum, which begins anew.
    pub inline fn take(tally: *Tally) u64 {
        defer tally.sums = zero;
        return @reduce(.Add, @as(@Vector(count, u32), tally.sums));
    }
};

/// Each lane gets the value of the last lane up to it that is in the mask, or else the last lane of `previous`.
/// The values have eleven bits: lane numbers fit above them.
pub inline fn fillRow(values: Words, mask: Mask, previous: Words) Words {
    const keys = ((ordinal << @splat(11)) | values) & mask;
    return @max(prefixMaximum(keys), last(previous)) & splat(0x7ff);
}

/// As `fillRow`, for values that do not decrease. Where they do, the largest so far is filled in.
pub inline fn fillIncreasing(values: Words, mask: Mask, previous: Words) Words {
    return @max(prefixMaximum(values & mask), last(previous));
}

/// The lanes whose value `fillIncreasing` filled in, not a larger one from before them.
pub inline fn notDecreasing(values: Words, filled: Words, previous: Words) Mask {
    _ = previous;
    return where(values >= filled);
}

/// As `fillRow`, for values of twelve bits. They leave four for the lane, which is enough to count within a half.
pub inline fn fillBase(values: Words, mask: Mask, previous: Words) Words {
    const ordinal_in_half = std.simd.join(std.simd.iota(u16, 8), std.simd.iota(u16, 8)) + splat(1);
    const keys = (values | ordinal_in_half << @splat(12)) & mask;
    return prefixMaximumOfHalves(keys, last(previous), 0xfff);
}

/// The last lane in every lane.
inline fn last(lanes: Words) Words {
    return @shuffle(u16, lanes, undefined, @as(@Vector(count, i32), @splat(count - 1)));
}

/// Each lane becomes the largest of itself and the lanes before it.
inline fn prefixMaximum(lanes: Words) Words {
    var result = lanes;
    inline for (.{ 1, 2, 4 }) |distance| result = @max(result, shifted(result, distance));
    return @max(result, carried(result));
}

/// As `prefixMaximum`, from `carry` on, for keys that can be compared only within a half: what comes in
/// from before the half keeps only the bits of `value`, and must so be less than every key there is.
inline fn prefixMaximumOfHalves(keys: Words, carry: Words, comptime value: u16) Words {
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

inline fn half(lanes: Words, comptime index: u1) Half {
    return @shuffle(u16, lanes, undefined, std.simd.iota(i32, 8) + @as(@Vector(8, i32), @splat(8 * @as(i32, index))));
}

/// Byte i of the result is byte `order[i]` of the table; 0 where that is 128 or more.
inline fn shuffleBytes(table: Bytes, order: Bytes) Bytes {
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

/// Stores the lanes whose bits are set one after the other; what comes after them, up to `count` in all, is undefined.
///
///     lanes  a b c d e f g h  i j k l m n o p      bits of `kept`, lowest first  0 1 1 0 0 0 0 1  0 1 0 0 0 0 0 1
///     first half to the front       b c h . . . . .
///     second half, three lanes on         j p . . . . . .
pub inline fn compress(to: [*]u16, lanes: Words, kept: Bits) void {
    const first: u8 = @truncate(kept);
    to[0..8].* = compressHalf(half(lanes, 0), first);
    to[@popCount(first)..][0..8].* = compressHalf(half(lanes, 1), @intCast(kept >> 8));
}

inline fn compressHalf(lanes: Half, kept: u8) Half {
    return @bitCast(shuffleBytes(@bitCast(lanes), compress_orders[kept]));
}

pub const storePixels = @import("pixel_table.zig").store;

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
