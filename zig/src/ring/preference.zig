//! The reader thread runs before other threads where the user has the right to that, as long as it rests most of the time.
//!
//!     window of 100 ms    used 12 ms   used 71 ms   ── a second as a usual thread ──   used 9 ms
//!     the next one        preferred    usual                                           preferred
//!
//! With a real camera the thread waits for the next transfer most of the time. A virtual camera works in the reader
//! thread, and without a rate of its own never rests: no other program would get that processor.

const std = @import("std");
const builtin = @import("builtin");
const thread_priority = @import("../system/thread_priority.zig");
const Level = thread_priority.Level;

const window_ns: u64 = 100 * std.time.ns_per_ms;
/// Of a window.
const most_used_ns = window_ns / 2;
const pause_ns: u64 = std.time.ns_per_s;

pub const Preference = struct {
    /// What the system gives while the thread rests enough.
    level: Level,
    paused: bool = false,
    /// When the window or the pause began, and what the thread had used of a processor by then.
    began_ns: u64,
    used_ns: u64,

    /// For the calling thread.
    pub fn begin(now_ns: u64, used_ns: u64) Preference {
        return .{ .level = thread_priority.prefer(), .began_ns = now_ns, .used_ns = used_ns };
    }

    /// Called between the thread's rounds of work. `used_ns` tells what the thread has used of a processor.
    pub fn tick(preference: *Preference, now_ns: u64, used_ns: *const fn () u64) void {
        if (builtin.os.tag != .linux or preference.level == .usual) return; // other systems share their processors out
        switch (preference.next(now_ns, used_ns) orelse return) {
            .stop => thread_priority.stopPreferring(),
            .prefer => _ = thread_priority.prefer(),
        }
    }

    const Change = enum { stop, prefer };

    fn next(preference: *Preference, now_ns: u64, used_ns: *const fn () u64) ?Change {
        const elapsed_ns = now_ns -| preference.began_ns;
        if (elapsed_ns < if (preference.paused) pause_ns else window_ns) return null;
        const used_now_ns = used_ns();
        const works = !preference.paused and used_now_ns -| preference.used_ns > most_used_ns * elapsed_ns / window_ns;
        defer preference.* = .{ .level = preference.level, .paused = works, .began_ns = now_ns, .used_ns = used_now_ns };
        if (works) return .stop;
        return if (preference.paused) .prefer else null;
    }
};

test "a thread that works most of a window is a usual one for a second" {
    const Used = struct {
        var ns: u64 = 0;
        fn get() u64 {
            return ns;
        }
    };
    const ms = std.time.ns_per_ms;
    var preference: Preference = .{ .level = .realtime, .began_ns = 0, .used_ns = 0 };
    const Step = struct { at_ms: u64, used_ms: u64, expected: ?Preference.Change };
    for ([_]Step{
        .{ .at_ms = 99, .used_ms = 99, .expected = null }, // the window is not over
        .{ .at_ms = 200, .used_ms = 100, .expected = null }, // exactly the half
        .{ .at_ms = 300, .used_ms = 151, .expected = .stop },
        .{ .at_ms = 1299, .used_ms = 151, .expected = null },
        .{ .at_ms = 1300, .used_ms = 1151, .expected = .prefer }, // whatever it did meanwhile
        .{ .at_ms = 1400, .used_ms = 1251, .expected = .stop },
    }) |step| {
        Used.ns = step.used_ms * ms;
        try std.testing.expectEqual(step.expected, preference.next(step.at_ms * ms, Used.get));
    }
}
