//! Times of events: the beginning of the TIME_HIGH + what TIME_LOW says, in microseconds.

/// Words of TIME_LOW become times without being taken apart. Below 2^52, whole numbers are the low bits of the
/// floating-point number 2^52 + n, which is cheaper than a conversion:
///
///     TIME_LOW          0x6005
///     2^52 + that       0x4330000000006005
///     + (epoch - 2^52 - 0x6000)          epoch + 5
pub const Times = struct {
    offset: f64,

    const whole_numbers = 0x1p52;
    const time_low = 0x6000;

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
        const bits: @Vector(8, u64) = @splat(@bitCast(@as(f64, whole_numbers)));
        const offset: @Vector(8, f64) = @splat(times.offset);
        inline for (0..count / 8) |part| {
            const eight: @Vector(8, u16) = words[8 * part ..][0..8].*;
            to[8 * part ..][0..8].* = @as(@Vector(8, f64), @bitCast(eight | bits)) + offset;
        }
    }
};
