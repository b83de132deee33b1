//! Whoever waits for a stream, and when they are woken. Everything is under the stream's mutex.
//!
//! A raw packet in which something happens is announced at once. A camera that sees nothing still tells the time,
//! in as many as a thousand tiny transfers a second, and a program that woke for each of them would spend several
//! percent of a core on nothing. So what is quiet is held back: whoever reads gets it, but nobody is woken for it
//! until something happens, `hold_ns` are over, or `limit` raw packets wait.

const std = @import("std");
const clock = @import("../system/clock.zig");
const Notifier = @import("notifier.zig").Notifier;

const io = clock.io;

/// Ten wake-ups a second cost less than a percent of a core under every runtime, and the program's idea of the sensor's
/// time is hardly ever older.
pub const hold_ns = 100 * std.time.ns_per_ms;

pub const Waiting = struct {
    changed: std.Io.Condition = .init,
    notifier: ?Notifier = null,
    /// How many raw packets may be held back.
    limit: usize,
    /// All filled slots are held back.
    holding: bool = false,
    /// Since when, as `tick` saw it.
    held_ns: ?u64 = null,

    /// A quarter of the slots that are not with libusb, so that a burst finds room; and so few that the slots of the
    /// next ones are warm, but as many as come in `hold_ns` by default.
    pub fn init(slots: usize, transfers: usize) Waiting {
        return .{ .limit = @min((slots - transfers) / 4, 4 * transfers) };
    }

    /// A slot was filled, and now so many are. One that may wait is held back if all the others are, too.
    pub fn filled(waiting: *Waiting, count: usize, may_wait: bool) void {
        if (count == 1) {
            waiting.holding = true;
            waiting.held_ns = null;
        }
        if (!waiting.holding or !may_wait or count > waiting.limit) waiting.wake();
    }

    /// Time passes; so many slots are filled. Called after each round of event handling, so a camera that falls silent
    /// is told of somewhat later.
    pub fn tick(waiting: *Waiting, count: usize, now_ns: u64) void {
        if (!waiting.holding or count == 0) return;
        const since_ns = waiting.held_ns orelse now_ns;
        waiting.held_ns = since_ns;
        if (now_ns - since_ns >= hold_ns) waiting.wake();
    }

    /// Nothing is held back any more, and whoever waits is told.
    pub fn wake(waiting: *Waiting) void {
        waiting.holding = false;
        waiting.changed.broadcast(io);
        if (waiting.notifier) |*notifier| notifier.notify();
    }

    pub fn closeNotifier(waiting: *Waiting) void {
        if (waiting.notifier) |*notifier| notifier.close();
        waiting.notifier = null;
    }
};
