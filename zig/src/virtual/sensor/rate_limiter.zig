//! The event rate controller: lets a number of events pass in each reference period, and counts the events before and
//! behind it.
//!
//! Which events the sensor drops is unknown: its "temporal dropping" has a table of 512 entries, whose use no source
//! tells. Here the first events of a period pass. How often it sends its counts is unknown as well: here, once a period.

const std = @import("std");

pub const RateLimiter = struct {
    /// µs; 0: no limit.
    period_us: u24 = 0,
    events_per_period: u32 = 0,
    /// In the lower 24 bits of the sensor's time; null before the first time.
    period_start: ?u24 = null,
    admitted: u32 = 0,
    /// Events before and behind the limiter since the last report.
    counts: [2]u28 = @splat(0),
    /// The payload of the words that continue a report, and how many of them are left.
    report: u28 = 0,
    report_words: u2 = 0,
    /// The first period that is not reported; as `period_start`.
    report_start: ?u24 = null,

    pub fn configure(limiter: *RateLimiter, period_us: u32, events_per_period: u32) void {
        limiter.events_per_period = events_per_period;
        if (limiter.period_us == period_us) return;
        limiter.period_us = @intCast(period_us);
        limiter.period_start = null;
        limiter.report_start = null;
        limiter.admitted = 0;
    }

    /// True where a period has ended that is not reported. Several without a time between them have one report.
    pub fn reportIsDue(limiter: *RateLimiter, now: u24) bool {
        const period = limiter.period_us;
        const start = limiter.report_start orelse now - now % period;
        const elapsed = now -% start;
        const goes_back = elapsed >= 1 << 23;
        limiter.report_start = if (goes_back) start else start +% (elapsed - elapsed % period);
        return elapsed >= period and !goes_back;
    }

    /// The words of a report: events before the limiter, and events behind it.
    pub fn takeReport(limiter: *RateLimiter) [8]u16 {
        var words = [8]u16{ 0xE014, 0xF000, 0xF000, 0x7000, 0xE016, 0xF000, 0xF000, 0x7000 };
        for (&words) |*word| if (word.* >> 12 == 0xE) limiter.beginReport(word.*) else {
            word.* = limiter.continueReport(word.*);
        };
        return words;
    }

    /// Advances to the time of the next event, which never goes back. Periods begin at multiples of their length.
    pub fn passTime(limiter: *RateLimiter, now: u24) void {
        const period = limiter.period_us;
        if (period == 0) return;
        const start = limiter.period_start orelse now - now % period;
        limiter.period_start = start;
        const elapsed = now -% start;
        if (elapsed < period) return;
        limiter.period_start = start +% (elapsed - elapsed % period);
        limiter.admitted = 0;
    }

    /// Which of these events pass, a bit each, the lowest first.
    pub fn admit(limiter: *RateLimiter, events: u64) u64 {
        limiter.counts[0] +%= @popCount(events);
        var admitted = events;
        if (limiter.period_us > 0) {
            const room = limiter.events_per_period -| limiter.admitted;
            while (@popCount(admitted) > room) admitted &= ~(@as(u64, 1) << @intCast(63 - @clz(admitted)));
            limiter.admitted += @popCount(admitted);
        }
        limiter.counts[1] +%= @popCount(admitted);
        return admitted;
    }

    /// Replaces a recording's reports (OTHERS 0x014: before the limiter, 0x016: behind it) by the counts here. That the
    /// sensor counts from one report to the next is a guess.
    pub fn beginReport(limiter: *RateLimiter, word: u16) void {
        limiter.report_words = 0;
        if (!isReport(word)) return;
        const side: usize = if (word == 0xE014) 0 else 1;
        limiter.report = limiter.counts[side];
        limiter.counts[side] = 0;
        limiter.report_words = 3;
    }

    pub fn isReport(word: u16) bool {
        return word == 0xE014 or word == 0xE016;
    }

    /// 12 bits, 12 bits, 4 bits; words of anything else stay as they are.
    pub fn continueReport(limiter: *RateLimiter, word: u16) u16 {
        if (limiter.report_words == 0) return word;
        limiter.report_words -= 1;
        defer limiter.report >>= 12;
        const bits: u16 = if (word >> 12 == 0xF) 0xFFF else 0xF;
        return (word & 0xF000) | (@as(u16, @truncate(limiter.report)) & bits);
    }
};

test "the limit holds in each period, also across the wrap of the sensor's time" {
    var limiter: RateLimiter = .{};
    limiter.configure(256, 3);
    var through: usize = 0;
    for (0..400) |index| { // an event each 2 µs: 100 before the wrap, all in one period, 300 after it in three
        limiter.passTime(@as(u24, @intCast(2 * index)) -% 200);
        through += limiter.admit(1);
    }
    try std.testing.expectEqual(4 * 3, through);
    try std.testing.expectEqual([2]u28{ 400, 12 }, limiter.counts);
    limiter.configure(256, 0);
    try std.testing.expectEqual(0, limiter.admit(1));
    limiter.configure(0, 0);
    try std.testing.expectEqual(0x8001, limiter.admit(0x8001));
    // Of a vector, the first pixels.
    limiter.configure(100, 3);
    try std.testing.expectEqual(0b0000_0111_0000, limiter.admit(0b1111_1111_0000));
    try std.testing.expectEqual(0, limiter.admit(0b1));
}

test "a report is due after each period, also across the wrap, and not where time goes back" {
    var limiter: RateLimiter = .{};
    limiter.configure(256, 3);
    const times = [_]struct { u24, bool }{
        .{ 0xFFFE10, false }, .{ 0xFFFEFF, false }, .{ 0xFFFF00, true },  .{ 0xFFFF80, false },
        .{ 0x000010, true },  .{ 0x000410, true },  .{ 0x0003F0, false }, .{ 0x0004FF, false },
        .{ 0x000500, true },
    };
    for (times) |time| try std.testing.expectEqual(time[1], limiter.reportIsDue(time[0]));
    limiter.counts = .{ 0x7456123, 3 };
    const words = [_]u16{ 0xE014, 0xF123, 0xF456, 0x7007, 0xE016, 0xF003, 0xF000, 0x7000 };
    try std.testing.expectEqual(words, limiter.takeReport());
    try std.testing.expectEqual([2]u28{ 0, 0 }, limiter.counts);
}
