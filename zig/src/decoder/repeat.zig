//! Stores of one value, several times: the row, the time or the polarity of the events of a vector.

const std = @import("std");
const builtin = @import("builtin");

/// LLVM for WebAssembly turns such stores into one store for each element, or into a call of the engine's memory.fill.
const in_registers = builtin.cpu.arch.isWasm() and builtin.cpu.has(.wasm, .simd128);
const register_bytes = 16;
/// Without vectors, words do.
const in_words = builtin.cpu.arch.isWasm() and !in_registers;
const word_bytes = 8;

/// How often a value is stored where `count` times are needed and more do no harm: as whole registers of any element.
pub fn atLeast(comptime count: usize) usize {
    return if (in_registers) std.mem.alignForward(usize, count, register_bytes) else count;
}

/// Stores the value `count` times.
pub inline fn store(comptime count: usize, to: anytype, value: std.meta.Child(@TypeOf(to))) void {
    const Value = @TypeOf(value);
    const lanes = register_bytes / @sizeOf(Value);
    if (comptime in_registers and count % lanes == 0) {
        const register = splat(value);
        inline for (0..count / lanes) |part| to[lanes * part ..][0..lanes].* = register;
    } else if (comptime in_words and @sizeOf(Value) < word_bytes) {
        storeWords(count, to, value);
    } else to[0..count].* = @as(@Vector(count, Value), @splat(value));
}

/// Without vectors: some values in a word at once.
inline fn storeWords(comptime count: usize, to: anytype, value: std.meta.Child(@TypeOf(to))) void {
    const Value = @TypeOf(value);
    const word = value * (@as(u64, std.math.maxInt(u64)) / std.math.maxInt(Value));
    const bytes: [*]u8 = @ptrCast(to);
    const length = count * @sizeOf(Value);
    const whole = length / word_bytes * word_bytes;
    inline for (0..length / word_bytes) |part| bytes[word_bytes * part ..][0..word_bytes].* = @bitCast(word);
    bytes[whole..length].* = @as([word_bytes]u8, @bitCast(word))[0 .. length - whole].*;
}

/// By the instruction's name, so that LLVM does not know that all lanes are equal.
inline fn splat(value: anytype) @Vector(register_bytes / @sizeOf(@TypeOf(value)), @TypeOf(value)) {
    const Value = @TypeOf(value);
    const Register = @Vector(register_bytes / @sizeOf(Value), Value);
    return switch (Value) {
        f64 => asm (
            \\local.get %[value]
            \\f64x2.splat
            \\local.set %[register]
            : [register] "=r" (-> Register),
            : [value] "r" (value),
        ),
        u16 => asm (
            \\local.get %[value]
            \\i16x8.splat
            \\local.set %[register]
            : [register] "=r" (-> Register),
            : [value] "r" (@as(u32, value)),
        ),
        u8 => asm (
            \\local.get %[value]
            \\i8x16.splat
            \\local.set %[register]
            : [register] "=r" (-> Register),
            : [value] "r" (@as(u32, value)),
        ),
        else => comptime unreachable,
    };
}

test "the value is stored as often as was asked for, and nowhere else" {
    inline for (.{ f64, u16, u8 }) |Value| inline for (.{ 8, 12, 16, 32 }) |count| {
        var memory: [count + 1]Value = @splat(1);
        store(count, @as([*]Value, &memory), 7);
        for (memory[0..count]) |value| try std.testing.expectEqual(7, value);
        try std.testing.expectEqual(1, memory[count]);
    };
}
