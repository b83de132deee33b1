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
        const ends = try openPipe();
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

    /// Read end and write end: not inherited by child processes, and never blocking the reader thread.
    fn openPipe() error{OutOfMemory}![2]std.c.fd_t {
        var ends: [2]std.c.fd_t = undefined;
        // In one step: between two, a child process that another thread starts would inherit both ends.
        if (has_pipe2) {
            if (std.c.pipe2(&ends, .{ .CLOEXEC = true, .NONBLOCK = true }) != 0) return error.OutOfMemory;
            return ends;
        }
        if (std.c.pipe(&ends) != 0) return error.OutOfMemory;
        for (ends) |end| setFlags(end);
        return ends;
    }

    /// macOS has no such call.
    const has_pipe2 = @TypeOf(std.c.pipe2) != void;

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

test "child processes inherit neither end, and neither blocks" {
    if (!Notifier.supported) return error.SkipZigTest;
    var notifier, const read_end = try Notifier.open();
    defer _ = std.c.close(read_end);
    defer notifier.close();
    for ([_]std.c.fd_t{ read_end, notifier.write_end }) |end| {
        try std.testing.expect(std.c.fcntl(end, std.c.F.GETFD) & std.c.FD_CLOEXEC != 0);
        const flags: std.c.O = @bitCast(std.c.fcntl(end, std.c.F.GETFL));
        try std.testing.expect(flags.NONBLOCK);
    }
}

test "a read end that is kept is closed with the notifier" {
    if (!Notifier.supported) return error.SkipZigTest;
    var notifier, const read_end = try Notifier.open();
    notifier.read_end = read_end;
    notifier.close();
    try std.testing.expect(std.c.close(read_end) < 0);
}
