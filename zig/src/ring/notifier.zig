//! A pipe that wakes a JavaScript event loop: its read end becomes readable once after each `arm`.
//! For runtimes whose FFI cannot wait without blocking the loop (Bun, Node).

const std = @import("std");
const builtin = @import("builtin");

pub const Notifier = struct {
    write_end: std.c.fd_t,
    /// Set where `close` closes it, too; otherwise the reading side does.
    read_end: ?std.c.fd_t = null,
    armed: bool = false,

    pub const supported = builtin.os.tag != .windows;

    /// Returns the notifier and the read end, which is the caller's to close unless `read_end` is set to it.
    pub fn open() error{ Unsupported, OutOfMemory }!struct { Notifier, std.c.fd_t } {
        if (!supported) return error.Unsupported;
        var ends: [2]std.c.fd_t = undefined;
        if (std.c.pipe(&ends) != 0) return error.OutOfMemory;
        for (ends) |end| setFlags(end);
        return .{ .{ .write_end = ends[1] }, ends[0] };
    }

    pub fn close(notifier: *Notifier) void {
        _ = std.c.close(notifier.write_end);
        if (notifier.read_end) |read_end| _ = std.c.close(read_end);
        notifier.* = undefined;
    }

    /// Writes one byte if the notifier is armed. A full or closed pipe needs no byte.
    pub fn notify(notifier: *Notifier) void {
        if (!notifier.armed) return;
        notifier.armed = false;
        _ = std.c.write(notifier.write_end, "!", 1);
    }

    /// Not inherited by child processes, and never blocking the reader thread.
    fn setFlags(descriptor: std.c.fd_t) void {
        const close_on_exec: c_int = std.c.FD_CLOEXEC;
        _ = std.c.fcntl(descriptor, std.c.F.SETFD, close_on_exec);
        const non_blocking: c_int = @bitCast(std.c.O{ .NONBLOCK = true });
        _ = std.c.fcntl(descriptor, std.c.F.SETFL, non_blocking);
    }
};

test "one byte for each arm" {
    if (!Notifier.supported) return error.SkipZigTest;
    var notifier, const read_end = try Notifier.open();
    defer _ = std.c.close(read_end);
    defer notifier.close();
    var buffer: [8]u8 = undefined;
    notifier.notify();
    try std.testing.expect(std.c.read(read_end, &buffer, buffer.len) < 0);
    notifier.armed = true;
    notifier.notify();
    notifier.notify();
    try std.testing.expectEqual(1, std.c.read(read_end, &buffer, buffer.len));
}

test "a read end that is kept is closed with the notifier" {
    if (!Notifier.supported) return error.SkipZigTest;
    var notifier, const read_end = try Notifier.open();
    notifier.read_end = read_end;
    notifier.close();
    try std.testing.expect(std.c.close(read_end) < 0);
}
