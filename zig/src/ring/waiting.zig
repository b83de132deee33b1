//! The threads that wait for a stream, and when they are woken. Everything is under the stream's mutex.
//!
//! A raw packet with an event wakes them at once. A camera that sees nothing still sends its time, in up to a thousand
//! tiny transfers a second; a program that woke for each of them would spend several percent of a core on nothing. So
//! idle raw packets are held back. A read gets them, but they wake no thread until one of these:
//!
//! - a raw packet with an event comes;
//! - the oldest has waited for `hold_ns`;
//! - more than `limit` of them wait.

const std = @import("std");
const clock = @import("../system/clock.zig");
const Notifier = @import("notifier.zig").Notifier;

const io = clock.io;

/// Ten wake-ups a second cost less than a percent of a core under every runtime, and keep `status.currentTime` fresh.
pub const hold_ns = 100 * std.time.ns_per_ms;

pub const Waiting = struct {
    changed: std.Io.Condition = .init,
    notifier: ?Notifier = null,
    /// How many raw packets may be held back.
    limit: usize,
    /// All filled slots are held back.
    holding: bool = false,
    /// When `tick` first saw them held back.
    held_ns: ?u64 = null,

    /// min(a quarter of the slots that are not with libusb, 4 × the transfer queue): leaves room for bursts, keeps the
    /// slots warm in the cache, and with the defaults still covers `hold_ns`.
    pub fn init(slots: usize, transfers: usize) Waiting {
        return .{ .limit = @min((slots - transfers) / 4, 4 * transfers) };
    }

    /// A slot was filled; `count` of them are filled now. It is held back if it may wait and all the others are, too.
    pub fn filled(waiting: *Waiting, count: usize, may_wait: bool) void {
        if (count == 1) {
            waiting.holding = true;
            waiting.held_ns = null;
        }
        if (!waiting.holding or !may_wait or count > waiting.limit) waiting.wake();
    }

    /// Called after each round of event handling; `count` slots are filled. Of a camera that falls silent the waiting
    /// threads learn up to one round later.
    pub fn tick(waiting: *Waiting, count: usize, now_ns: u64) void {
        if (!waiting.holding or count == 0) return;
        const since_ns = waiting.held_ns orelse now_ns;
        waiting.held_ns = since_ns;
        if (now_ns - since_ns >= hold_ns) waiting.wake();
    }

    /// Holds nothing back any more, and wakes all waiting threads.
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
