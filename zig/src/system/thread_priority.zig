//! How the calling thread shares the processor with others. Where the system gives nothing, the thread stays as it is.
//!
//! |              | Linux                                   | macOS            | Windows |
//! | ------------ | --------------------------------------- | ---------------- | ------- |
//! | `background` | SCHED_IDLE                              | background       | IDLE    |
//! | `prompt`     | slices of 0.1 ms                        | user-interactive | HIGHEST |
//! | `prefer`     | SCHED_RR, else nice -10; both by rights | user-interactive | HIGHEST |
//!
//! On Linux a thread that was started with another policy or another nice value keeps it: the user has chosen.

const std = @import("std");
const builtin = @import("builtin");
const linux = std.os.linux;

/// What the system lets a thread have, the most first.
pub const Level = enum(u8) {
    /// It runs before all usual threads of the machine.
    realtime,
    /// It gets more of the processor than usual threads.
    raised,
    usual,
};

/// The thread runs where no other thread of the machine wants to, and its disk accesses wait for those of others.
pub fn background() void {
    switch (builtin.os.tag) {
        .linux => {
            const idle = 5; // SCHED_IDLE: threads that wake up take its processor at once
            const priority: c_int = 0;
            _ = linux.syscall3(.sched_setscheduler, 0, idle, @intFromPtr(&priority));
            const this_thread = 1; // IOPRIO_WHO_PROCESS
            const class_idle = 3 << 13;
            _ = linux.syscall3(.ioprio_set, this_thread, 0, class_idle);
        },
        .macos => _ = pthread_set_qos_class_self_np(0x09, 0), // QOS_CLASS_BACKGROUND
        .windows => _ = SetThreadPriority(GetCurrentThread(), -15), // THREAD_PRIORITY_IDLE
        else => {},
    }
}

/// The thread works for a moment only when it wakes up, and gets the processor soon. Needs no right.
pub fn prompt() Level {
    return switch (builtin.os.tag) {
        .linux => level: {
            // Since Linux 6.12 a thread with short slices waits less for the next one. Older ones ignore that.
            if (isUsual()) _ = set(.{ .runtime_ns = shortest_slice_ns });
            break :level .usual;
        },
        // QOS_CLASS_USER_INTERACTIVE
        .macos => if (pthread_set_qos_class_self_np(0x21, 0) == 0) .raised else .usual,
        // THREAD_PRIORITY_HIGHEST
        .windows => if (SetThreadPriority(GetCurrentThread(), 2) != 0) .raised else .usual,
        else => .usual,
    };
}

/// As `prompt`, and before other threads where the user has the right to that. Such a thread must rest most of the time,
/// else no other one gets its processor: `ring/preference.zig` sees to that.
pub fn prefer() Level {
    if (builtin.os.tag != .linux) return prompt();
    if (!isUsual()) return .usual;
    const round_robin = 2;
    const lowest = 1; // sound, and the threads of the kernel that handle interrupts, come first
    if (!isRealtimeLimited() and set(.{ .policy = round_robin, .priority = lowest })) return .realtime;
    for ([_]i32{ preferred_nice, lowestNice() }) |nice| {
        if (nice < 0 and set(.{ .nice = nice, .runtime_ns = shortest_slice_ns })) return .raised;
    }
    return prompt();
}

/// The way back from what `prefer` has done.
pub fn stopPreferring() void {
    if (builtin.os.tag == .linux) _ = set(.{ .runtime_ns = shortest_slice_ns });
}

const preferred_nice = -10;
const shortest_slice_ns = 100_000;

/// SCHED_OTHER with the nice value 0.
fn isUsual() bool {
    var attributes: Attributes = .{};
    const result = linux.syscall4(.sched_getattr, 0, @intFromPtr(&attributes), @sizeOf(Attributes), 0);
    return linux.errno(result) == .SUCCESS and attributes.policy == 0 and attributes.nice == 0;
}

fn set(attributes: Attributes) bool {
    return linux.errno(linux.syscall3(.sched_setattr, 0, @intFromPtr(&attributes), 0)) == .SUCCESS;
}

/// The system kills a program whose realtime thread works for longer than the program's limit without a rest. It counts
/// such times together, also where the thread was a usual one in between, so that any limit is reached some time.
fn isRealtimeLimited() bool {
    var limit: linux.rlimit = undefined;
    if (linux.errno(linux.getrlimit(.RTTIME, &limit)) != .SUCCESS) return false;
    return limit.cur != unlimited;
}

/// RLIM_INFINITY.
const unlimited = std.math.maxInt(@FieldType(linux.rlimit, "cur"));

/// Without the right to any nice value.
fn lowestNice() i32 {
    var limit: linux.rlimit = undefined;
    if (linux.errno(linux.getrlimit(.NICE, &limit)) != .SUCCESS) return 0;
    return @as(i32, 20) - @as(i32, @intCast(@min(limit.cur, 40)));
}

/// `struct sched_attr`, as Linux 3.14 has it.
const Attributes = extern struct {
    size: u32 = @sizeOf(Attributes),
    policy: u32 = 0,
    flags: u64 = 0,
    nice: i32 = 0,
    priority: u32 = 0,
    runtime_ns: u64 = 0,
    deadline_ns: u64 = 0,
    period_ns: u64 = 0,
};

extern "c" fn pthread_set_qos_class_self_np(class: c_uint, relative_priority: c_int) c_int;
extern "kernel32" fn GetCurrentThread() callconv(.winapi) *anyopaque;
extern "kernel32" fn SetThreadPriority(thread: *anyopaque, priority: i32) callconv(.winapi) i32;

fn policyOfThread() usize {
    return linux.syscall1(.sched_getscheduler, 0);
}

test "a thread changes its own priority only" {
    if (builtin.os.tag != .linux) return error.SkipZigTest;
    const Thread = struct {
        fn run(policies: *[2]usize) void {
            _ = prompt();
            policies[0] = policyOfThread();
            background();
            policies[1] = policyOfThread();
        }
    };
    const before = policyOfThread();
    var policies: [2]usize = undefined;
    (try std.Thread.spawn(.{}, Thread.run, .{&policies})).join();
    try std.testing.expectEqual(before, policies[0]);
    try std.testing.expectEqual(5, policies[1]);
    try std.testing.expectEqual(before, policyOfThread());
}

test "a preferred thread has what it is told, and gives it back" {
    if (builtin.os.tag != .linux or !isUsual()) return error.SkipZigTest; // `nice zig build test`
    const Thread = struct {
        level: Level = undefined,
        policies: [2]usize = undefined,
        usual: [2]bool = undefined,

        fn run(thread: *@This()) void {
            thread.level = prefer();
            thread.policies[0] = policyOfThread();
            thread.usual[0] = isUsual();
            stopPreferring();
            thread.policies[1] = policyOfThread();
            thread.usual[1] = isUsual();
        }
    };
    var thread: Thread = .{};
    (try std.Thread.spawn(.{}, Thread.run, .{&thread})).join();
    try std.testing.expectEqual([2]usize{ if (thread.level == .realtime) 2 else 0, 0 }, thread.policies);
    try std.testing.expectEqual([2]bool{ thread.level == .usual, true }, thread.usual);
    try std.testing.expect(isUsual());
}

test "a thread that the user has made less important stays so" {
    if (builtin.os.tag != .linux) return error.SkipZigTest;
    const Thread = struct {
        fn run(left: *[3]bool) void {
            left.* = .{ set(.{ .nice = 19 }), prefer() == .usual, !isUsual() };
        }
    };
    var left: [3]bool = undefined;
    (try std.Thread.spawn(.{}, Thread.run, .{&left})).join();
    try std.testing.expectEqual([3]bool{ true, true, true }, left);
}

test "a program with a limit of realtime work has no realtime thread" {
    if (builtin.os.tag != .linux) return error.SkipZigTest;
    var before: linux.rlimit = undefined;
    if (linux.errno(linux.getrlimit(.RTTIME, &before)) != .SUCCESS) return error.SkipZigTest;
    const limited: linux.rlimit = .{ .cur = @min(before.max, 10 * std.time.us_per_s), .max = before.max };
    try std.testing.expectEqual(.SUCCESS, linux.errno(linux.setrlimit(.RTTIME, &limited)));
    defer _ = linux.setrlimit(.RTTIME, &before);
    const Thread = struct {
        fn run(level: *Level) void {
            level.* = prefer();
        }
    };
    var level: Level = .usual;
    (try std.Thread.spawn(.{}, Thread.run, .{&level})).join();
    try std.testing.expect(level != .realtime);
}
