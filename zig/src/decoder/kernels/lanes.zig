//! Vectors of sixteen words, and the operations on them that Zig has no name for. They work on halves, because AVX2
//! shuffles within 128 bits, and SSE and NEON registers have no more.
//!
//! Each lane of a half learns the last row or time before it by a shuffle, whose order comes from a table of the 256
//! ways to choose some of eight lanes. A lane without one before it in its half gets the last value of the half before:
//!
//!     words           X9    Y7    X10   X11   L5    X12   Y3    X13
//!     rows            0     1     0     0     0     0     1     0
//!     order           -     1     1     1     1     1     6     6
//!     y               4     7     7     7     7     7     3     3       (4: from the half before)
//!
//! Lanes are compressed by a shuffle of each half, too, with another table. `lanes_avx512.zig` has the same names.

const std = @import("std");
const builtin = @import("builtin");

pub const count = 16;
pub const Words = @Vector(count, u16);
const Half = @Vector(count / 2, u16);
/// One bit for each lane.
pub const Bits = u16;
const Bytes = @Vector(16, u8);

const zero: Words = @splat(0);

/// Vectors of WebAssembly. LLVM makes poor code of some operations there, so that those instructions are named.
const wasm = builtin.cpu.arch.isWasm() and builtin.cpu.has(.wasm, .simd128);
const instructions = struct {
    extern fn @"llvm.wasm.swizzle"(table: Bytes, order: Bytes) Bytes;
    extern fn @"llvm.wasm.narrow.signed.v16i8.v8i16"(low: Half, high: Half) Bytes;
    extern fn @"llvm.wasm.bitmask.v16i8"(bytes: Bytes) u32;
};

/// NEON has no instruction that makes bits of lanes: each lane gives its own bit to a sum.
const neon = builtin.cpu.arch == .aarch64;
const low_bits: Half = .{ 0x1, 0x2, 0x4, 0x8, 0x10, 0x20, 0x40, 0x80 };
const high_bits: Half = .{ 0x100, 0x200, 0x400, 0x800, 0x1000, 0x2000, 0x4000, 0x8000 };

pub inline fn splat(value: u16) Words {
    return @splat(value);
}

/// The same for what a loop compares with, made before it: engines of WebAssembly make a constant by three instructions
/// each time that it stands in their code.
pub inline fn constant(comptime value: u16) Words {
    if (!wasm) return splat(value);
    const lanes = opaqueHalf(@splat(value));
    return std.simd.join(lanes, lanes);
}

/// A set of lanes: all of their bits are set.
pub const Mask = Words;

pub inline fn where(condition: @Vector(count, bool)) Mask {
    const mask = @select(u16, condition, splat(0xffff), zero);
    return if (wasm or neon) std.simd.join(opaqueHalf(half(mask, 0)), opaqueHalf(half(mask, 1))) else mask;
}

/// LLVM for WebAssembly and NEON combines several conditions as bytes, and widens them again. What comes out of here it
/// does not know to be a condition, or a constant.
inline fn opaqueHalf(mask: Half) Half {
    if (neon) return asm (""
        : [same] "=w" (-> Half),
        : [mask] "0" (mask),
    );
    return asm (
        \\local.get %[mask]
        \\local.set %[same]
        : [same] "=r" (-> Half),
        : [mask] "r" (mask),
    );
}

pub inline fn bits(mask: Mask) Bits {
    if (wasm) {
        const bytes = instructions.@"llvm.wasm.narrow.signed.v16i8.v8i16"(half(mask, 0), half(mask, 1));
        return @truncate(instructions.@"llvm.wasm.bitmask.v16i8"(bytes));
    }
    if (neon) return @reduce(.Add, (half(mask, 0) & low_bits) | (half(mask, 1) & high_bits));
    return @bitCast(@as(@Vector(count, i16), @bitCast(mask)) < @as(@Vector(count, i16), @splat(0)));
}

/// The lanes of the mask; zeros elsewhere.
pub inline fn keep(lanes: Words, mask: Mask) Words {
    return lanes & mask;
}

pub inline fn all(mask: Mask) bool {
    if (wasm) return bits(mask) == std.math.maxInt(Bits);
    if (neon) return @reduce(.Min, half(mask, 0) & half(mask, 1)) != 0;
    return bytesOf(mask) == std.math.maxInt(u32);
}

/// How many lanes there are before the first that the mask does not have.
pub inline fn untilNot(mask: Mask) usize {
    if (wasm) return @ctz(~@as(u32, bits(mask)));
    if (neon) return @ctz(~nibblesOf(mask)) / 4;
    return @ctz(~bytesOf(mask)) / 2;
}

/// Two bits for each lane, which saves the step to one bit.
inline fn bytesOf(mask: Mask) u32 {
    return @bitCast(@as(@Vector(32, i8), @bitCast(mask)) < @as(@Vector(32, i8), @splat(0)));
}

/// Four bits for each lane: NEON halves bytes by one instruction.
inline fn nibblesOf(mask: Mask) u64 {
    const bytes: Half = @bitCast(@as(Bytes, @truncate(mask)));
    return @bitCast(@as(@Vector(8, u8), @truncate(bytes >> @splat(4))));
}

/// The value of one lane, for the lanes of the next block.
pub const Carried = Half;

pub inline fn carried(value: u16) Carried {
    return @splat(value);
}

pub inline fn valueOf(value: Carried) u16 {
    return value[0];
}

pub inline fn last(lanes: Words) Carried {
    return lastOfHalf(half(lanes, 1));
}

inline fn lastOfHalf(lanes: Half) Carried {
    return @shuffle(u16, lanes, undefined, @as(@Vector(count / 2, i32), @splat(count / 2 - 1)));
}

/// The last one of the first `length` lanes; with 0, the one before all lanes.
pub inline fn before(length: usize, lanes: Words, previous: Carried) Carried {
    const memory = @as([count / 2]u16, previous) ++ @as([count]u16, lanes);
    return @splat(memory[count / 2 - 1 + length]);
}

/// Each lane gets the value of the last chosen lane up to it, or else the value before all lanes.
pub inline fn fill(values: Words, chosen: Bits, previous: Carried) Words {
    const first = fillHalf(half(values, 0), @truncate(chosen), previous);
    const second = fillHalf(half(values, 1), @intCast(chosen >> 8), lastOfHalf(first));
    return std.simd.join(first, second);
}

inline fn fillHalf(values: Half, chosen: u8, previous: Carried) Half {
    const order = fill_orders[chosen];
    if (wasm) {
        // The swizzle gives 0 for those. To find them by a comparison would take a constant more.
        const none = lanes_before[@ctz(@as(u32, chosen) | 0x100)];
        return @as(Half, @bitCast(shuffleBytes(@bitCast(values), order))) | (previous & none);
    }
    if (neon) return @bitCast(shuffleInto(@bitCast(previous), @bitCast(values), order));
    const none = @as(@Vector(16, i8), @bitCast(order)) < @as(@Vector(16, i8), @splat(0));
    return @bitCast(@select(u8, none, @as(Bytes, @bitCast(previous)), shuffleBytes(@bitCast(values), order)));
}

/// Each lane becomes the sum of itself and the lanes before it.
pub inline fn prefixSum(lanes: Words) Words {
    var sums = lanes;
    inline for (.{ 1, 2, 4 }) |distance| sums +%= movedUp(sums, distance);
    // Adds the sum of the first half to every lane of the second.
    comptime var from: [count]i32 = undefined;
    inline for (&from, 0..) |*lane, index| lane.* = if (index < count / 2) -1 else count / 2 - 1;
    return sums +% @shuffle(u16, sums, zero, from);
}

/// Moves the lanes of each half up; zeros come in.
inline fn movedUp(lanes: Words, comptime distance: comptime_int) Words {
    if (wasm) return std.simd.join(movedUpHalf(half(lanes, 0), distance), movedUpHalf(half(lanes, 1), distance));
    comptime var from: [count]i32 = undefined;
    inline for (&from, 0..) |*lane, index| lane.* = if (index % (count / 2) >= distance) index - distance else -1;
    return @shuffle(u16, lanes, zero, from);
}

/// Engines have one instruction for lanes in order. Of equal ones, as zeros are, LLVM would take any.
inline fn movedUpHalf(lanes: Half, comptime distance: comptime_int) Half {
    comptime var from: [count / 2]i32 = undefined;
    inline for (&from, 0..) |*lane, index| lane.* = if (index >= distance) index - distance else ~@as(i32, count / 2 - distance + index);
    return @shuffle(u16, lanes, opaqueHalf(@splat(0)), from);
}

/// Whether a lane is less than the one before it. The values are below 0x8000.
pub inline fn decrease(values: Words, previous: Carried) bool {
    const first = half(values, 0);
    const second = half(values, 1);
    const less = lessThanBefore(first, previous) | lessThanBefore(second, first);
    return @reduce(.Or, less != @as(Half, @splat(0)));
}

/// The lanes that are less than the one before them.
pub inline fn decreases(values: Words, previous: Carried) Mask {
    const first = half(values, 0);
    return std.simd.join(lessThanBefore(first, previous), lessThanBefore(half(values, 1), first));
}

inline fn lessThanBefore(values: Half, previous: Half) Half {
    const Signed = @Vector(count / 2, i16);
    comptime var up: [count / 2]i32 = undefined;
    inline for (&up, 0..) |*from, lane| from.* = if (lane > 0) lane - 1 else ~@as(i32, count / 2 - 1);
    const shifted = @shuffle(u16, values, previous, up);
    const less = @as(Signed, @bitCast(values)) < @as(Signed, @bitCast(shifted));
    return @select(u16, less, @as(Half, @splat(0xffff)), @as(Half, @splat(0)));
}

inline fn half(lanes: Words, comptime index: u1) Half {
    return @shuffle(u16, lanes, undefined, half_orders[index]);
}

/// As a table: what inlined functions compute at compile time counts towards a limit of their caller's.
const half_orders = [2]@Vector(8, i32){ .{ 0, 1, 2, 3, 4, 5, 6, 7 }, .{ 8, 9, 10, 11, 12, 13, 14, 15 } };

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
        .wasm32 => if (wasm) return instructions.@"llvm.wasm.swizzle"(table, order),
        else => {},
    }
    return shuffleBytesPlainly(table, order);
}

/// As `shuffleBytes`, but where the order is 128 or more a byte stays as it is.
inline fn shuffleInto(bytes: Bytes, table: Bytes, order: Bytes) Bytes {
    return asm ("tbx %[result].16b, {%[table].16b}, %[order].16b"
        : [result] "=w" (-> Bytes),
        : [bytes] "0" (bytes),
          [table] "w" (table),
          [order] "w" (order),
    );
}

fn shuffleBytesPlainly(table: Bytes, order: Bytes) Bytes {
    const from: [16]u8 = table;
    var result: [16]u8 = undefined;
    for (&result, @as([16]u8, order)) |*byte, index| byte.* = if (index < 128) from[index % 16] else 0;
    return result;
}

/// How many lanes there are in a set. NEON would count them in a vector register.
pub inline fn countOf(set: Bits) usize {
    if (!neon) return @popCount(set);
    return pixel_table.countOfEight(@truncate(set)) + pixel_table.countOfEight(@intCast(set >> 8));
}

/// There is no instruction that compresses lanes.
pub const has_compress = false;

/// Stores the lanes whose bits are set, one after the other; the rest, up to `count` in all, is undefined.
///
///     lanes  a b c d e f g h  i j k l m n o p      bits of `kept`, lowest first  0 1 1 0 0 0 0 1  0 1 0 0 0 0 0 1
///     first half to the front       b c h . . . . .
///     second half, three lanes on         j p . . . . . .
pub inline fn compressStore(to: [*]u16, lanes: Words, kept: Bits) void {
    const first: u8 = @truncate(kept);
    to[0..8].* = compressHalf(half(lanes, 0), first);
    to[pixel_table.countOfEight(first)..][0..8].* = compressHalf(half(lanes, 1), @intCast(kept >> 8));
}

inline fn compressHalf(lanes: Half, kept: u8) Half {
    return @bitCast(shuffleBytes(@bitCast(lanes), compress_orders[kept]));
}

const pixel_table = @import("../pixel_table.zig");
pub const storePixels = pixel_table.storePixels;
pub const storeGroup = pixel_table.storeGroup;

const compress_orders = orders(struct {
    fn lanesOf(kept: u8) [8]?u8 {
        var lanes: [8]?u8 = @splat(null);
        var next: usize = 0;
        for (0..8) |lane| {
            if (kept >> lane & 1 == 0) continue;
            lanes[next] = lane;
            next += 1;
        }
        return lanes;
    }
}.lanesOf);

/// The lanes before the first chosen one, for each number of them.
const lanes_before: [9]Half align(16) = lanes: {
    var lanes: [9]Half = undefined;
    for (&lanes, 0..) |*entry, first| {
        var values: [8]u16 = @splat(0);
        @memset(values[0..first], 0xffff);
        entry.* = values;
    }
    break :lanes lanes;
};

const fill_orders = orders(struct {
    fn lanesOf(chosen: u8) [8]?u8 {
        var lanes: [8]?u8 = undefined;
        var latest: ?u8 = null;
        for (&lanes, 0..) |*lane, index| {
            if (chosen >> index & 1 == 1) latest = index;
            lane.* = latest;
        }
        return lanes;
    }
}.lanesOf);

/// For each byte, the shuffle of bytes that gives each lane the one it is to come from.
fn orders(comptime lanesOf: fn (u8) [8]?u8) [256]Bytes {
    @setEvalBranchQuota(100_000);
    var table: [256]Bytes align(64) = undefined;
    for (&table, 0..) |*entry, byte| {
        var order: [16]u8 = @splat(128);
        for (lanesOf(byte), 0..) |from, lane| if (from) |one| {
            order[2 * lane] = 2 * one;
            order[2 * lane + 1] = 2 * one + 1;
        };
        entry.* = order;
    }
    return table;
}
