//! One lock with one condition, "something changed", for everything on the virtual bus.
//!
//! The lock is fair (a ticket lock on a futex). The thread that handles events acquires and releases it in a tight loop
//! at gigabytes per second, and a command from another thread must still get its turn at once.

const std = @import("std");
const clock = @import("../../system/clock.zig");

const io = clock.io;

pub const Lock = struct {
    next_ticket: std.atomic.Value(u32) = .init(0),
    served_ticket: std.atomic.Value(u32) = .init(0),
    /// Counts changes. Waiting threads compare it with the value that they saw.
    changes: std.atomic.Value(u32) = .init(0),
    /// Threads in `wait`. Under the lock.
    waiting: u32 = 0,

    pub fn acquire(lock: *Lock) void {
        const ticket = lock.next_ticket.fetchAdd(1, .seq_cst);
        while (true) {
            const served = lock.served_ticket.load(.seq_cst);
            if (served == ticket) return;
            io.futexWaitUncancelable(u32, &lock.served_ticket.raw, served);
        }
    }

    pub fn release(lock: *Lock) void {
        const served = lock.served_ticket.fetchAdd(1, .seq_cst) +% 1;
        // A thread that draws a ticket after this load finds it served already, so no wake-up is missed.
        if (lock.next_ticket.load(.seq_cst) == served) return;
        io.futexWake(u32, &lock.served_ticket.raw, std.math.maxInt(u32));
    }

    /// Releases the lock until something changes or the clock reaches `until_ns`, and acquires it again. May return
    /// early.
    pub fn wait(lock: *Lock, until_ns: ?u64) void {
        const seen = lock.changes.load(.acquire);
        lock.waiting += 1;
        lock.release();
        const timeout: std.Io.Timeout = if (until_ns) |ns| clock.deadlineNs(ns) else .none;
        io.futexWaitTimeout(u32, &lock.changes.raw, seen, timeout) catch {};
        lock.acquire();
        lock.waiting -= 1;
    }

    /// Wakes all waiting threads. Under the lock.
    pub fn changed(lock: *Lock) void {
        _ = lock.changes.fetchAdd(1, .release);
        if (lock.waiting > 0) io.futexWake(u32, &lock.changes.raw, std.math.maxInt(u32));
    }
};

test "threads count under the lock without losing a step, and a waiter is woken" {
    const Shared = struct {
        lock: Lock = .{},
        count: u32 = 0,

        fn run(shared: *@This()) void {
            for (0..1000) |_| {
                shared.lock.acquire();
                defer shared.lock.release();
                shared.count += 1;
                shared.lock.changed();
            }
        }
    };
    var shared: Shared = .{};
    var threads: [3]std.Thread = undefined;
    for (&threads) |*thread| thread.* = try std.Thread.spawn(.{}, Shared.run, .{&shared});
    shared.lock.acquire();
    while (shared.count < 3000) shared.lock.wait(null);
    shared.lock.release();
    for (threads) |thread| thread.join();
    try std.testing.expectEqual(3000, shared.count);
}

test "waiting ends at its time" {
    var lock: Lock = .{};
    lock.acquire();
    defer lock.release();
    const until_ns = clock.monotonicNs() + 2 * std.time.ns_per_ms;
    while (clock.monotonicNs() < until_ns) lock.wait(until_ns);
}
