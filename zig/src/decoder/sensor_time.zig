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
//! - After a loss the host's clock tells how far the time has gone on. After a pause of the host it tells how far the
//!   next jump goes: the transfers that were complete before the pause come first, with their old times.
//!
//!         5 | 25 s | 6  7  2016           7 · 4096 µs, then 25 s on: 2016 + a wrap          5  6  7  6112
//!
//! - Where bytes come from a file, jumps ahead are followed at once: files leave out times without events, also of
//!   hours, and no host tells how long a pause was. A jump that was wrong is found by the next TIME_HIGH, as above.
//!
//! So the time never goes back, and a single wrong TIME_HIGH moves it by less than a second, until it has passed.
//! Where the places of jumps are wanted, decoders stop behind each TIME_HIGH with which the time has jumped.

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
        /// The time by the host's clock after the last loss or pause, in steps.
        promised: u64 = 0,
        /// The promise is for jumps before this time.
        promise_end: u64 = 0,
        /// The bytes are a file's: jumps ahead are followed at once.
        follows_jumps: bool = false,
        /// Decoders stop where the time jumps, although no loss was told, or starts again.
        stops_at_jumps: bool = false,
        /// How often they had to.
        jumps: u64 = 0,
        /// TIME_HIGHs that did not come where it jumped last; 0 where it started again.
        missing: u64 = 0,
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

        /// In a longer pause the counter may wrap unseen, µs.
        pub const half_wrap_us = half_range << counter.low_bits;

        /// Transfers that were complete before a pause have at most this many steps, about a minute: the time words of
        /// a dark scene need half of that to fill 4 MiB.
        const longest_wait = 64 * near;

        /// In a range of hours the host's clock is not wrong by as much as a wrong TIME_HIGH or another clock.
        const farthest = if (counter.half_is_wrap) half_range + 1 else 16 * near;

        /// Beginning of the current TIME_HIGH, µs.
        pub inline fn us(time: *const Time) u64 {
            return time.steps << counter.low_bits;
        }

        /// Follows a TIME_HIGH. True where the time goes on.
        pub inline fn follow(time: *Time, high: u32) bool {
            const ahead = (high -% time.high) & mask;
            const next = if (counter.complete) 2 else near;
            if (time.clock != .following or ahead >= next) return time.followOther(high);
            if (ahead == 0) return false;
            time.advance(high, ahead);
            return true;
        }

        /// Whether all times are below 2^53 µs, as those that are read from a file may not be.
        pub fn isPossible(time: *const Time) bool {
            const end = (1 << 53) >> counter.low_bits;
            return @max(time.steps, time.doubt.steps, time.promised, time.promise_end, time.missing) < end;
        }

        /// Time that is missing where it jumped last, µs.
        pub fn missingUs(time: *const Time) u64 {
            return time.missing << counter.low_bits;
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
                .following => return time.leap(high),
                .doubting => return time.resolve(high),
            }
        }

        /// Follows or doubts a TIME_HIGH that does not come next.
        fn leap(time: *Time, high: u32) bool {
            time.discontinuities += 1;
            const ahead = (high -% time.high) & mask;
            if (time.steps < time.promise_end) {
                const promised = time.promisedBy(high);
                // A jump of less than a second may be one among the transfers from before the pause.
                if (promised.error_steps < @as(u64, if (ahead < near) near else farthest)) {
                    time.mark(promised.ahead - 1);
                    return time.arrive(high, promised.ahead);
                }
            }
            if (ahead >= near and !time.isJumpOfFile(high, ahead)) {
                time.beginDoubt(high);
                return false;
            }
            time.mark(ahead - 1);
            time.advance(high, ahead);
            return true;
        }

        /// Over the counter's end a jump is shorter than half the range, or, where the range is hours, than a quarter: a
        /// step back by more is rather a clock that started again.
        fn isJumpOfFile(time: *const Time, high: u32, ahead: u64) bool {
            const longest = if (counter.half_is_wrap) half_range else half_range / 2;
            return time.follows_jumps and (high > time.high or ahead <= longest);
        }

        fn mark(time: *Time, missing: u64) void {
            time.jumps += @intFromBool(time.stops_at_jumps);
            time.missing = missing;
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
                .ahead => {
                    time.wraps += (time.high + (doubt.steps - time.steps)) >> counter.bits;
                    time.mark(doubt.steps - time.steps - 2); // two have come, this one and the doubted one
                },
                .again => if (doubt.confirmations < restart_confirmations) return false else time.mark(0),
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

        /// The first TIME_HIGH after a loss, during which the counter may have wrapped several times.
        fn regain(time: *Time, high: u32) bool {
            const ahead = (high -% time.high) & mask;
            const promised = time.promisedBy(high);
            time.settle();
            if (ahead < near and promised.error_steps >= near) {
                // The loss was part of a pause: this was received before it, and the jump comes later.
                time.discontinuities += @intFromBool(counter.complete and ahead > 1);
                if (ahead > 0) time.advance(high, ahead);
                return ahead > 0;
            }
            if (!counter.half_is_wrap and promised.error_steps >= farthest) {
                time.beginDoubt(high);
                time.discontinuities += 1;
                return false;
            }
            time.discontinuities += @intFromBool(counter.complete and promised.ahead > 1);
            return time.arrive(high, promised.ahead);
        }

        const Promised = struct { ahead: u64, error_steps: u64 };

        /// Of the times that a TIME_HIGH may mean, the one nearest to the promised one: how far ahead it is, and how
        /// far from the promised one.
        fn promisedBy(time: *const Time, high: u32) Promised {
            const ahead = (high -% time.high) & mask;
            const left = time.promised - time.steps;
            const nearest = ahead + ((left + half_range - 1) -| ahead) / range * range;
            return .{ .ahead = nearest, .error_steps = @max(nearest, left) - @min(nearest, left) };
        }

        fn arrive(time: *Time, high: u32, ahead: u64) bool {
            time.promise_end = 0;
            if (ahead == 0) return false;
            time.wraps += (time.high + ahead) >> counter.bits;
            time.steps += ahead;
            time.last_advance = ahead;
            time.high = high;
            return true;
        }

        /// Bytes are missing before the next word: `elapsed_us` have passed on the host's clock since the bytes before.
        pub fn lose(time: *Time, elapsed_us: u64) void {
            if (time.clock == .unset) return;
            time.pause(elapsed_us);
            time.clock = .lost;
            time.doubt = .{};
        }

        /// The host has received nothing for `elapsed_us`, as the program or its machine stood still. The next words go
        /// on where the last ones ended, and what the sensor sent during the pause may be missing later.
        pub fn pause(time: *Time, elapsed_us: u64) void {
            if (time.clock == .unset) return;
            const before = if (time.steps < time.promise_end) time.promised else time.steps;
            time.promised = before + (elapsed_us >> counter.low_bits);
            time.promise_end = @min(time.promised, time.steps + longest_wait);
        }
    };
}
