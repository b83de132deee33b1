//! Vectors of thirty-two words, and the operations of `lanes.zig` on them as AVX-512 has them.
//!
//! Each lane learns the last row, time or base before it without a prefix maximum. The lanes in question are the bits
//! of one number. Each lane keeps the bits up to its own and counts the zeros above the highest one left. That tells
//! where the last one before it stands, and one permutation fetches it from there. A lane without one gets index -1,
//! which is the last lane of the permutation's second table, the block before:
//!
//!     words           Y7    X10   X11   L5    X12   Y3    X13   X14
//!     rows            1     0     0     0     0     1     0     0
//!     highest so far  0     0     0     0     0     5     5     5       31 - zeros above it
//!     y               7     7     7     7     7     3     3     3       lane 0 or lane 5 of the words
//!     TIME_LOWs       0     0     0     1     0     0     0     0
//!     highest so far  -1    -1    -1    3     3     3     3     3
//!     time            2     2     2     5     5     5     5     5       (2: from the block before)
//!
//! Lanes are compressed by VPCOMPRESSW within registers, and whole registers are stored: its form that stores to memory
//! is slow on some CPUs. Without AVX-512 plain loops do the same, for the tests.

const std = @import("std");
const builtin = @import("builtin");

pub const count = 32;
pub const Words = @Vector(count, u16);
/// One bit for each lane.
pub const Bits = u32;

const zero: Words = @splat(0);
const native = builtin.cpu.arch == .x86_64 and builtin.cpu.has(.x86, .avx512vbmi2);

pub inline fn splat(value: u16) Words {
    return @splat(value);
}

pub inline fn constant(comptime value: u16) Words {
    return @splat(value);
}

/// A set of lanes, in a mask register.
pub const Mask = u32;

pub inline fn where(condition: @Vector(count, bool)) Mask {
    return @bitCast(condition);
}

pub inline fn bits(mask: Mask) Bits {
    return mask;
}

/// The lanes of the mask; zeros elsewhere.
pub inline fn keep(lanes: Words, mask: Mask) Words {
    return @select(u16, @as(@Vector(count, bool), @bitCast(mask)), lanes, zero);
}

pub inline fn all(mask: Mask) bool {
    return mask == std.math.maxInt(u32);
}

/// How many lanes there are before the first that the mask does not have.
pub inline fn untilNot(mask: Mask) usize {
    return @ctz(~mask);
}

/// The value of one lane, for the lanes of the next block: the last one.
pub const Carried = Words;

pub inline fn carried(value: u16) Carried {
    return @splat(value);
}

pub inline fn valueOf(value: Carried) u16 {
    return value[count - 1];
}

pub inline fn last(lanes: Words) Carried {
    return lanes;
}

/// The last one of the first `length` lanes; with 0, the one before all lanes.
pub inline fn before(length: usize, lanes: Words, previous: Carried) Carried {
    return pick(lanes, previous, splat(@truncate((length -% 1) & (2 * count - 1))));
}

/// Each lane gets the value of the last chosen lane up to it, or else the value before all lanes.
pub inline fn fill(values: Words, chosen: Bits, previous: Carried) Words {
    const pairs = broadcast(chosen);
    const in_even = @as(Pairs, @clz(pairs & up_to_even));
    const in_odd = @as(Pairs, @clz(pairs & up_to_odd));
    // 31 - zeros for both lanes of a pair; 32 zeros give 63.
    const indices = (in_even | in_odd << @splat(16)) ^ @as(Pairs, @splat(0x001f_001f));
    return pick(values, previous, @bitCast(indices));
}

const Pairs = @Vector(count / 2, u32);

/// LLVM would broadcast through mask registers.
inline fn broadcast(chosen: Bits) Pairs {
    if (native) return asm ("vpbroadcastd %[chosen], %[result]"
        : [result] "=v" (-> Pairs),
        : [chosen] "r" (chosen),
    );
    return @splat(chosen);
}

const up_to_even: Pairs = upTo(0);
const up_to_odd: Pairs = upTo(1);

fn upTo(offset: u6) [count / 2]u32 {
    var table: [count / 2]u32 = undefined;
    for (&table, 0..) |*entry, pair| entry.* = @truncate((@as(u64, 2) << @intCast(2 * pair + offset)) - 1);
    return table;
}

/// Each lane becomes the sum of itself and the lanes before it.
pub inline fn prefixSum(lanes: Words) Words {
    var sums = lanes;
    inline for (.{ 1, 2, 4, 8, 16 }) |distance| {
        comptime var from: [count]i32 = undefined;
        inline for (&from, 0..) |*lane, index| lane.* = if (index >= distance) index - distance else -1;
        sums +%= @shuffle(u16, sums, zero, from);
    }
    return sums;
}

/// Whether a lane is less than the one before it.
pub inline fn decrease(values: Words, previous: Carried) bool {
    return decreases(values, previous) != 0;
}

/// The lanes that are less than the one before them.
pub inline fn decreases(values: Words, previous: Carried) Mask {
    comptime var up: [count]i32 = undefined;
    inline for (&up, 0..) |*from, lane| from.* = if (lane > 0) lane - 1 else ~@as(i32, count - 1);
    return where(values < @shuffle(u16, values, previous, up));
}

/// Lane i of the result is lane `indices[i]` of the first, or, from 32 on, of the second.
inline fn pick(first: Words, second: Words, indices: Words) Words {
    if (native) return asm ("vpermt2w %[second], %[indices], %[result]"
        : [result] "=v" (-> Words),
        : [first] "0" (first),
          [second] "v" (second),
          [indices] "v" (indices),
    );
    const table: [2 * count]u16 = std.simd.join(first, second);
    var result: [count]u16 = undefined;
    for (&result, @as([count]u16, indices)) |*lane, index| lane.* = table[index];
    return result;
}

/// How many lanes there are in a set.
pub inline fn countOf(set: Bits) usize {
    return @popCount(set);
}

/// The lanes whose bits are set, one after the other, and zeros after them.
pub inline fn compress(lanes: Words, kept: Bits) Words {
    return compressVector(Words, lanes, kept);
}

/// One instruction compresses lanes.
pub const has_compress = true;

/// Stores the lanes whose bits are set one after the other, and zeros after them, `count` in all.
pub inline fn compressStore(to: [*]u16, lanes: Words, kept: Bits) void {
    to[0..count].* = compress(lanes, kept);
}

/// Stores x + i for each bit i that is set in `pixels`; what comes after them, up to sixteen in all, is undefined.
pub inline fn storePixels(to: [*]u16, x: u16, pixels: u12) void {
    const Half = @Vector(16, u16);
    to[0..16].* = compressVector(Half, std.simd.iota(u16, 16), pixels) +% @as(Half, @splat(x));
}

/// Stores x + i for each bit i that is set in `pixels`; what comes after them, up to thirty-two in all, is undefined.
pub inline fn storeGroup(to: [*]u16, x: u16, pixels: u32) void {
    to[0..count].* = compressVector(Words, std.simd.iota(u16, count), pixels) +% splat(x);
}

inline fn compressVector(comptime Lanes: type, lanes: Lanes, kept: Bits) Lanes {
    if (native) return asm ("vpcompressw %[lanes], %[result] {%[kept]} {z}"
        : [result] "=v" (-> Lanes),
        : [lanes] "v" (lanes),
          [kept] "^Yk" (kept),
    );
    const size = @typeInfo(Lanes).vector.len;
    var result: [size]u16 = @splat(0);
    var next: usize = 0;
    for (@as([size]u16, lanes), 0..) |lane, index| {
        if (kept >> @intCast(index) & 1 == 0) continue;
        result[next] = lane;
        next += 1;
    }
    return result;
}
