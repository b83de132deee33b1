//! Times of events: the beginning of the TIME_HIGH + what TIME_LOW says, in microseconds.

const builtin = @import("builtin");

/// Words of TIME_LOW become times without being taken apart. Below 2^52, whole numbers are the low bits of the
/// floating-point number 2^52 + n, which is cheaper than a conversion:
///
///     TIME_LOW          0x6005
///     2^52 + that       0x4330000000006005
///     + (epoch - 2^52 - 0x6000)          epoch + 5
pub const Times = struct {
    offset: f64,

    const whole_numbers = 0x1p52;
    pub const time_low = 0x6000;

    pub inline fn after(epoch: f64) Times {
        return .{ .offset = epoch - (whole_numbers + time_low) };
    }

    pub inline fn of(times: Times, word: u16) f64 {
        return @as(f64, @floatFromInt(word)) + (times.offset + whole_numbers);
    }

    /// The word of TIME_LOW that gives the time `t`.
    pub inline fn wordOf(times: Times, t: f64) u16 {
        return @intFromFloat(t - (times.offset + whole_numbers));
    }

    /// Stores the times of `count` words, a multiple of eight.
    pub inline fn store(times: Times, to: [*]f64, comptime count: usize, words: *const [count]u16) void {
        if (comptime builtin.cpu.arch.isWasm() and builtin.cpu.has(.wasm, .simd128)) return times.storeInterleaved(to, count, words);
        const bits: @Vector(8, u64) = @splat(@bitCast(@as(f64, whole_numbers)));
        const offset: @Vector(8, f64) = @splat(times.offset);
        inline for (0..count / 8) |part| {
            const eight: @Vector(8, u16) = words[8 * part ..][0..8].*;
            to[8 * part ..][0..8].* = @as(@Vector(8, f64), @bitCast(eight | bits)) + offset;
        }
    }

    /// The same by shuffles, of which WebAssembly needs fewer than widenings to 64 bits: each time is a word, and the upper
    /// half of 2^52 beside it.
    ///
    ///     words        L0       L1       L2       L3
    ///     four         L0 0     L1 0     L2 0     L3 0         (32 bits each)
    ///     pair 0       L0 0 4330 0000    L1 0 4330 0000        (64 bits each)
    inline fn storeInterleaved(times: Times, to: [*]f64, comptime count: usize, words: *const [count]u16) void {
        const upper = opaqueFour(@splat(@as(u64, @bitCast(@as(f64, whole_numbers))) >> 32));
        const offset: @Vector(2, f64) = @splat(times.offset);
        inline for (0..count / 4) |part| {
            const eight: @Vector(8, u16) = words[8 * (part / 2) ..][0..8].*;
            const first: i32 = 4 * (part % 2);
            const four: @Vector(4, u32) = @shuffle(u16, eight, undefined, [4]i32{ first, first + 1, first + 2, first + 3 });
            inline for (.{ 0, 2 }) |pair| {
                const order = [4]i32{ pair, ~@as(i32, pair), pair + 1, ~@as(i32, pair + 1) };
                const two: @Vector(2, f64) = @bitCast(@shuffle(u32, four, upper, order));
                to[4 * part + pair ..][0..2].* = two + offset;
            }
        }
    }

    /// LLVM would take any of the equal lanes, and engines have one instruction for those in order.
    inline fn opaqueFour(four: @Vector(4, u32)) @Vector(4, u32) {
        return asm (
            \\local.get %[four]
            \\local.set %[same]
            : [same] "=r" (-> @Vector(4, u32)),
            : [four] "r" (four),
        );
    }
};
