//! The columns of vectors' pixels, eight pixels at a time from a table:
//!
//!     pixels 1 0 0 1 0 0 0 0  1 1 0 0      x + 0 3 . . . . . .  and, two columns on, x + 8 + 0 1 . . . . . .

const std = @import("std");
const builtin = @import("builtin");

/// Eight columns at once: a vector, or where the CPU has none, two words of four.
const Columns = if (has_vectors) @Vector(8, u16) else [2]u64;
const has_vectors = !builtin.cpu.arch.isWasm() or builtin.cpu.has(.wasm, .simd128);

/// x86-64 has no instruction for it before SSE4.2, and NEON takes four.
const counts_bits = switch (builtin.cpu.arch) {
    .x86_64 => builtin.cpu.has(.x86, .popcnt),
    .wasm32 => true,
    else => false,
};

/// Stores x + i for each bit i that is set in `pixels`; what comes after them, up to sixteen in all, is undefined.
pub inline fn storePixels(to: [*]u16, x: u16, pixels: u12) void {
    store(2, to, x, pixels);
}

/// As `storePixels`, but up to thirty-two in all.
pub inline fn storeGroup(to: [*]u16, x: u16, pixels: u32) void {
    store(4, to, x, pixels);
}

/// How many bits are set.
pub inline fn count(pixels: u12) usize {
    if (counts_bits) return @popCount(pixels);
    return countOfEight(@truncate(pixels)) + countOfEight(@intCast(pixels >> 8));
}

pub inline fn countOfEight(pixels: u8) usize {
    return if (counts_bits) @popCount(pixels) else counts[pixels];
}

inline fn store(comptime parts: u16, to: [*]u16, x: u16, pixels: u32) void {
    var next = to;
    inline for (0..parts) |part| {
        const eight: u8 = @truncate(pixels >> 8 * part);
        storeEight(next, x +% @as(u16, 8 * part), eight);
        next += countOfEight(eight);
    }
}

inline fn storeEight(to: [*]u16, x: u16, pixels: u8) void {
    const numbers = table[pixels];
    if (has_vectors) {
        to[0..8].* = numbers +% @as(Columns, @splat(x));
        return;
    }
    // Where a column has no room in sixteen bits, the ones behind it are wrong, too: none of them is within a sensor.
    const each = x * @as(u64, 0x0001_0001_0001_0001);
    const halves: *align(2) [2]u64 = @ptrCast(to);
    for (halves, numbers) |*half, four| half.* = four +% each;
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
        entry.* = if (has_vectors) numbers else @bitCast(numbers);
    }
    break :columns columns;
};

const counts: [256]u8 align(64) = counts: {
    var each: [256]u8 = undefined;
    for (&each, 0..) |*number, set| number.* = @popCount(@as(u8, set));
    break :counts each;
};
