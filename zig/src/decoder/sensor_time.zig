//! The upper part of the sensor's time, which every format sends as a word TIME_HIGH, and the rules by which it is
//! followed.
//!
//! - The first TIME_HIGH is accepted with any value: a reader may start anywhere.
//! - A step forward of less than a second is followed at once. Over the counter's end, it has wrapped.
//! - Any other TIME_HIGH is doubted: the time stands. The next ones tell which clock goes on:
//!
//!         5  900  6  7            900 was wrong: the old clock goes on                      5  5  6  7
//!         5  900  901  902        a jump: one later TIME_HIGH confirms it                   5  5  901  902
//!         900  0  1  2  3  4      a clock that started again: three later ones confirm it   900  900  900  900  903  904
//!         5  90  6  7 ... 91      the jump to 90 was wrong: the time stands until 90        5  90  90  90 ... 91
//!
//! - A clock that started again goes on from the last time: a step back is where the sensor's times begin anew.
//! - After a loss the host's clock tells how far the time has gone on.
//!
//! So the time never goes back, and a single wrong TIME_HIGH moves it by less than a second, until it has passed.

const std = @import("std");

pub const Clock = enum(u8) {
    /// No TIME_HIGH yet: every other word is skipped.
    unset,
    /// As `unset`, after a loss: the last time is known, the present one is not.
    lost,
    /// The time follows the stream.
    following,
    /// The last TIME_HIGHs do not continue the clock: the time stands, and lower bits of times are ignored.
    doubting,

    pub inline fn running(clock: Clock) bool {
        return @backingInt(clock) >= @backingInt(Clock.following);
    }
};

pub const Counter = struct {
    /// Bits of TIME_HIGH, and of the time below it.
    bits: comptime_int,
    low_bits: comptime_int,
    /// Every step of more than one is a discontinuity: a sensor sends each TIME_HIGH, also where there are no events.
    /// Else they may be left out.
    complete: bool,
    /// A step back of half the range or more is a wrap. Else one is a wrap only where the new TIME_HIGH lies less than a
    /// second ahead, as the range is hours.
    half_is_wrap: bool,
};

/// `extern`, because kernels compiled for other CPU levels work on the same state.
pub fn SensorTime(comptime counter: Counter) type {
    return extern struct {
        const Time = @This();

        /// The last TIME_HIGH that was followed.
        high: u32 = 0,
        clock: Clock = .unset,
        doubt: Doubt = .{},
        /// The time in steps of TIME_HIGH.
        steps: u64 = 0,
        /// By how much the last TIME_HIGH that changed the time was later than the one before.
        last_advance: u64 = 0,
        /// While the clock is lost: time on the host's clock since the last word before the loss, in steps.
        lost_steps: u64 = 0,
        wraps: u64 = 0,
        discontinuities: u64 = 0,

        const range = 1 << counter.bits;
        const half_range = range / 2;
        const mask = range - 1;
        /// Steps of a second and some more (2^20 µs).
        pub const near = 1 << (20 - counter.low_bits);

        /// The clock that doubted TIME_HIGHs show.
        const Doubt = extern struct {
            kind: enum(u8) {
                /// The clock has jumped.
                ahead,
                /// The clock has started again.
                again,
                /// The clock is where it was before a jump, which was wrong.
                back,
            } = .ahead,
            /// How many TIME_HIGHs were later than those before.
            confirmations: u8 = 0,
            high: u32 = 0,
            steps: u64 = 0,
        };

        const restart_confirmations = 3;

        /// Beginning of the current TIME_HIGH, µs.
        pub inline fn us(time: *const Time) u64 {
            return time.steps << counter.low_bits;
        }

        /// Follows a TIME_HIGH. True where the time goes on.
        pub inline fn follow(time: *Time, high: u32) bool {
            const ahead = (high -% time.high) & mask;
            if (time.clock != .following or ahead >= near) return time.followOther(high);
            if (ahead == 0) return false;
            time.discontinuities += @intFromBool(counter.complete and ahead > 1);
            time.advance(high, ahead);
            return true;
        }

        inline fn advance(time: *Time, high: u32, ahead: u64) void {
            time.steps += ahead;
            time.wraps += @intFromBool(high < time.high);
            time.last_advance = ahead;
            time.high = high;
        }

        noinline fn followOther(time: *Time, high: u32) bool {
            switch (time.clock) {
                .unset => {
                    time.high = high;
                    time.steps = high;
                    time.clock = .following;
                    return true;
                },
                .lost => return time.regain(high),
                .following => {
                    time.beginDoubt(high);
                    time.discontinuities += 1;
                    return false;
                },
                .doubting => return time.resolve(high),
            }
        }

        fn beginDoubt(time: *Time, high: u32) void {
            const ahead = (high -% time.high) & mask;
            const is_ahead = high > time.high or (counter.half_is_wrap and ahead <= half_range);
            const undone = time.high -% high <= time.last_advance;
            time.clock = .doubting;
            time.doubt = .{
                .kind = if (is_ahead) .ahead else if (undone) .back else .again,
                .high = high,
                .steps = time.steps + if (is_ahead) ahead else 0,
            };
        }

        /// Follows a TIME_HIGH after one that was doubted.
        fn resolve(time: *Time, high: u32) bool {
            const ahead = (high -% time.high) & mask;
            if (ahead < near) {
                time.settle();
                if (ahead > 0) time.advance(high, ahead);
                return ahead > 0;
            }
            const doubt = &time.doubt;
            const later = (high -% doubt.high) & mask;
            if (later == 0) return false;
            // Files may leave out times without events, also two seconds one after the other.
            if (later >= @as(u32, if (doubt.kind == .ahead) half_range else near)) {
                time.beginDoubt(high);
                return false;
            }
            doubt.high = high;
            doubt.steps += later;
            doubt.confirmations +|= 1;
            switch (doubt.kind) {
                .ahead => time.wraps += (time.high + (doubt.steps - time.steps)) >> counter.bits,
                .again => if (doubt.confirmations < restart_confirmations) return false,
                .back => return false,
            }
            time.last_advance = later;
            time.steps = doubt.steps;
            time.high = high;
            time.settle();
            return true;
        }

        fn settle(time: *Time) void {
            time.clock = .following;
            time.doubt = .{};
        }

        /// The first TIME_HIGH after a loss, during which the counter may have wrapped several times. Its time is the one
        /// nearest to the time that the host's clock promises.
        fn regain(time: *Time, high: u32) bool {
            const promised = time.high + time.lost_steps;
            const ahead = (@as(u64, high) -% promised) & mask;
            time.lost_steps = 0;
            // Where the range is hours, the host's clock is not wrong by as much as a wrong TIME_HIGH or another clock.
            if (!counter.half_is_wrap and @min(ahead, range - ahead) >= 16 * near) {
                time.beginDoubt(high);
                time.discontinuities += 1;
                return false;
            }
            const next = promised + ahead;
            return time.arrive(high, if (ahead >= half_range and next >= time.high + range) next - range else next);
        }

        fn arrive(time: *Time, high: u32, next: u64) bool {
            time.settle();
            const advanced = next - time.high;
            if (advanced == 0) return false;
            time.discontinuities += @intFromBool(counter.complete and advanced > 1);
            time.wraps += next >> counter.bits;
            time.steps += advanced;
            time.last_advance = advanced;
            time.high = high;
            return true;
        }

        /// Bytes are missing before the next word: `elapsed_us` have passed on the host's clock since the bytes before.
        pub fn lose(time: *Time, elapsed_us: u64) void {
            if (time.clock == .unset) return;
            time.clock = .lost;
            time.doubt = .{};
            time.lost_steps += elapsed_us >> counter.low_bits;
        }
    };
}
