//! One lock with one condition, "something changed", for everything on the virtual bus.
//!
//! The lock is fair (a ticket lock on a futex): the thread that handles events takes and gives it back in a
//! tight loop at gigabytes per second, and a command from another thread must still get its turn at once.

const std = @import("std");
const clock = @import("../../system/clock.zig");

const io = clock.io;

pub const Monitor = struct {
    next_ticket: std.atomic.Value(u32) = .init(0),
    served_ticket: std.atomic.Value(u32) = .init(0),
    /// Counts changes; the value that waiting threads saw.
    changes: std.atomic.Value(u32) = .init(0),
    /// Threads in `wait`. Under the lock.
    waiting: u32 = 0,

    pub fn lock(monitor: *Monitor) void {
        const ticket = monitor.next_ticket.fetchAdd(1, .seq_cst);
        while (true) {
            const served = monitor.served_ticket.load(.seq_cst);
            if (served == ticket) return;
            io.futexWaitUncancelable(u32, &monitor.served_ticket.raw, served);
        }
    }

    pub fn unlock(monitor: *Monitor) void {
        const served = monitor.served_ticket.fetchAdd(1, .seq_cst) +% 1;
        // Whoever draws a ticket after this load finds itself served already, so nobody is missed.
        if (monitor.next_ticket.load(.seq_cst) == served) return;
        io.futexWake(u32, &monitor.served_ticket.raw, std.math.maxInt(u32));
    }

    /// Gives the lock back until something changes or the clock reaches `until_ns`. May return early.
    pub fn wait(monitor: *Monitor, until_ns: ?u64) void {
        const seen = monitor.changes.load(.acquire);
        monitor.waiting += 1;
        monitor.unlock();
        const timeout: std.Io.Timeout = if (until_ns) |ns|
            .{ .deadline = .{ .raw = .fromNanoseconds(ns), .clock = .awake } }
        else
            .none;
        io.futexWaitTimeout(u32, &monitor.changes.raw, seen, timeout) catch {};
        monitor.lock();
        monitor.waiting -= 1;
    }

    /// Wakes all who wait. Under the lock.
    pub fn changed(monitor: *Monitor) void {
        _ = monitor.changes.fetchAdd(1, .release);
        if (monitor.waiting > 0) io.futexWake(u32, &monitor.changes.raw, std.math.maxInt(u32));
    }
};

test "threads count under the lock without losing a step, and a waiter is woken" {
    const Shared = struct {
        monitor: Monitor = .{},
        count: u32 = 0,

        fn run(shared: *@This()) void {
            for (0..1000) |_| {
                shared.monitor.lock();
                defer shared.monitor.unlock();
                shared.count += 1;
                shared.monitor.changed();
            }
        }
    };
    var shared: Shared = .{};
    var threads: [3]std.Thread = undefined;
    for (&threads) |*thread| thread.* = try std.Thread.spawn(.{}, Shared.run, .{&shared});
    shared.monitor.lock();
    while (shared.count < 3000) shared.monitor.wait(null);
    shared.monitor.unlock();
    for (threads) |thread| thread.join();
    try std.testing.expectEqual(3000, shared.count);
}

test "waiting ends at its time" {
    var monitor: Monitor = .{};
    monitor.lock();
    defer monitor.unlock();
    const until_ns = clock.monotonicNs() + 2 * std.time.ns_per_ms;
    while (clock.monotonicNs() < until_ns) monitor.wait(until_ns);
}
