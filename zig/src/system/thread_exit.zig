//! A call when a thread ends. No JavaScript runtime runs JavaScript in a Worker that is terminated, but all of them let
//! its thread end.

const std = @import("std");
const builtin = @import("builtin");
const dynamic_library = @import("dynamic_library.zig");

const supported = builtin.os.tag != .windows;

/// Watches threads. `ended` runs on each watched thread as its last function. Threads have numbers, and no number is
/// given twice.
pub fn ThreadExit(comptime ended: fn (thread: usize) void) type {
    return struct {
        var key: std.c.pthread_key_t = undefined;
        var state: std.atomic.Value(State) = .init(.new);
        var last_number: std.atomic.Value(usize) = .init(0);

        const State = enum(u8) { new, making, made, failed };

        /// Watches this thread, and returns its number; null where the system cannot.
        pub fn watch() ?usize {
            if (!supported or !haveKey()) return null;
            if (std.c.pthread_getspecific(key)) |known| return @intFromPtr(known);
            const number = last_number.fetchAdd(1, .monotonic) + 1;
            return if (std.c.pthread_setspecific(key, @ptrFromInt(number)) == 0) number else null;
        }

        fn haveKey() bool {
            if (state.cmpxchgStrong(.new, .making, .acq_rel, .acquire) == null) {
                dynamic_library.pinSelf(); // the last watched thread may end long after the library's last user
                const made = std.c.pthread_key_create(&key, destroyed) == .SUCCESS;
                state.store(if (made) .made else .failed, .release);
            }
            while (state.load(.acquire) == .making) std.Thread.yield() catch {};
            return state.load(.acquire) == .made;
        }

        fn destroyed(number: *anyopaque) callconv(.c) void {
            ended(@intFromPtr(number));
        }
    };
}

var test_ended: std.atomic.Value(usize) = .init(0);

test "the end of a watched thread is reported, that of others is not" {
    if (!supported) return error.SkipZigTest;
    const Exit = ThreadExit(struct {
        fn ended(thread: usize) void {
            test_ended.store(thread, .release);
        }
    }.ended);
    const watched = struct {
        fn run(number: *usize) void {
            number.* = Exit.watch().?;
            std.debug.assert(Exit.watch().? == number.*);
            std.debug.assert(test_ended.load(.acquire) != number.*);
        }
    };
    var numbers: [2]usize = undefined;
    for (&numbers) |*number| {
        const thread = try std.Thread.spawn(.{}, watched.run, .{number});
        thread.join();
        try std.testing.expectEqual(number.*, test_ended.load(.acquire));
    }
    try std.testing.expect(numbers[0] != numbers[1]);
    const unwatched = try std.Thread.spawn(.{}, struct {
        fn run() void {}
    }.run, .{});
    unwatched.join();
    try std.testing.expectEqual(numbers[1], test_ended.load(.acquire));
}
