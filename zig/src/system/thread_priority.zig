//! How the calling thread shares the processor with others. Only what the system gives without rights; where it gives
//! nothing, the thread stays as it is.

const std = @import("std");
const builtin = @import("builtin");
const linux = std.os.linux;

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

/// The thread works for a moment only when it wakes up, and gets the processor soon.
pub fn prompt() void {
    switch (builtin.os.tag) {
        .linux => shortenSlice(),
        .macos => _ = pthread_set_qos_class_self_np(0x21, 0), // QOS_CLASS_USER_INTERACTIVE
        .windows => _ = SetThreadPriority(GetCurrentThread(), 2), // THREAD_PRIORITY_HIGHEST
        else => {},
    }
}

/// Since Linux 6.12 a thread may ask for shorter slices of the processor, and then waits less for the next one. Older
/// ones ignore it.
fn shortenSlice() void {
    const shortest_ns = 100_000;
    var attributes: Attributes = .{};
    if (linux.errno(linux.syscall4(.sched_getattr, 0, @intFromPtr(&attributes), @sizeOf(Attributes), 0)) != .SUCCESS) return;
    if (attributes.policy != 0) return; // not SCHED_OTHER: the program has chosen
    attributes.size = @sizeOf(Attributes);
    attributes.runtime_ns = shortest_ns;
    _ = linux.syscall3(.sched_setattr, 0, @intFromPtr(&attributes), 0);
}

/// `struct sched_attr`, as Linux 3.14 has it.
const Attributes = extern struct {
    size: u32 = 0,
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

test "a thread changes its own priority only" {
    if (builtin.os.tag != .linux) return error.SkipZigTest;
    const Thread = struct {
        fn run(policies: *[2]usize) void {
            prompt();
            policies[0] = linux.syscall1(.sched_getscheduler, 0);
            background();
            policies[1] = linux.syscall1(.sched_getscheduler, 0);
        }
    };
    const before = linux.syscall1(.sched_getscheduler, 0);
    var policies: [2]usize = undefined;
    (try std.Thread.spawn(.{}, Thread.run, .{&policies})).join();
    try std.testing.expectEqual(before, policies[0]);
    try std.testing.expectEqual(5, policies[1]);
    try std.testing.expectEqual(before, linux.syscall1(.sched_getscheduler, 0));
}
