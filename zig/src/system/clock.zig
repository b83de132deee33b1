//! Time: a monotonic clock in nanoseconds and the wall clock.

const std = @import("std");

/// Mutexes and conditions need an `Io`. This one has waits and clocks only, and fails to do anything else: the whole
/// table of `std.Io.Threaded` would link its files, processes and sockets, which are 150 kB and a hundred functions of
/// libc.
pub const io: std.Io = .{ .userdata = threaded.userdata, .vtable = &waits_and_clocks };

const threaded = std.Io.Threaded.global_single_threaded.io();

const waits_and_clocks: std.Io.VTable = table: {
    var table = std.Io.failing.vtable.*;
    for (.{ "futexWait", "futexWaitUncancelable", "futexWake", "now", "sleep" }) |name| {
        @field(table, name) = @field(threaded.vtable, name);
    }
    break :table table;
};

/// A clock that only goes forward, also while the system is suspended (on Linux CLOCK_BOOTTIME), as a camera's does.
const monotonic: std.Io.Clock = .boot;

/// Nanoseconds of that clock.
pub fn monotonicNs() u64 {
    return @intCast(monotonic.now(io).nanoseconds);
}

/// For how long the calling thread has had a processor, in nanoseconds.
pub fn threadCpuNs() u64 {
    return @intCast(std.Io.Clock.cpu_thread.now(io).nanoseconds);
}

/// A time of that clock to wait for.
pub fn deadlineNs(nanoseconds: u64) std.Io.Timeout {
    return .{ .deadline = .{ .raw = .fromNanoseconds(nanoseconds), .clock = monotonic } };
}

/// Unix time in milliseconds, as JavaScript's Date.now() but with fractions.
pub fn unixMs() f64 {
    return @as(f64, @floatFromInt(std.Io.Clock.real.now(io).nanoseconds)) / std.time.ns_per_ms;
}

/// A time to wait on `std.Io.Condition`.
pub fn timeoutMs(milliseconds: u32) std.Io.Timeout {
    return .{ .duration = .{ .raw = .fromMilliseconds(milliseconds), .clock = .awake } };
}
