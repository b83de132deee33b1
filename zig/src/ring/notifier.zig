//! A pipe that wakes a JavaScript event loop: its read end becomes readable once after each `arm`. Where a runtime reads
//! sockets with less effort, a pair of them takes its place.
//! No runtime's FFI can wait without blocking the loop or a thread of a pool that the program needs.

const std = @import("std");
const builtin = @import("builtin");

pub const Notifier = struct {
    write_end: std.c.fd_t,
    read_end: std.c.fd_t,
    /// The read end, as the kernel knows it; null where that is not known.
    identity: ?Identity = null,
    /// Whether `close` closes the read end, too; otherwise the reading side does.
    keeps: bool = false,
    armed: bool = false,

    pub const supported = builtin.os.tag != .windows;

    pub const Kind = enum { pipe, sockets };

    pub fn open(kind: Kind) error{ Unsupported, OutOfMemory }!Notifier {
        if (!supported) return error.Unsupported;
        const ends = switch (kind) {
            .pipe => try openPipe(),
            .sockets => try openSockets(),
        };
        return .{ .write_end = ends[1], .read_end = ends[0], .identity = identify(ends[0]) };
    }

    pub fn close(notifier: *Notifier) void {
        if (!supported) return;
        _ = std.c.close(notifier.write_end);
        if (notifier.keeps) _ = std.c.close(notifier.read_end);
        notifier.* = undefined;
    }

    /// The thread that read the pipe has ended. Deno leaves the read end of a Worker open, Node does not.
    pub fn adopt(notifier: *Notifier) void {
        if (!notifier.keeps) notifier.keeps = notifier.isReadEndOpen();
    }

    /// Whether the number of the read end still stands for it: another file may have got it. False where that is not
    /// known.
    fn isReadEndOpen(notifier: *const Notifier) bool {
        const own = notifier.identity orelse return false;
        return std.meta.eql(identify(notifier.read_end), own);
    }

    /// Writes one byte if the notifier is armed. A full or closed pipe needs no byte.
    pub fn notify(notifier: *Notifier) void {
        if (!supported or !notifier.armed) return;
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

    /// The same as two sockets that are connected.
    fn openSockets() error{OutOfMemory}![2]std.c.fd_t {
        var ends: [2]std.c.fd_t = undefined;
        const at_once = if (builtin.os.tag == .linux) std.c.SOCK.CLOEXEC | std.c.SOCK.NONBLOCK else 0;
        if (std.c.socketpair(std.c.AF.UNIX, std.c.SOCK.STREAM | at_once, 0, &ends) != 0) return error.OutOfMemory;
        if (at_once == 0) for (ends) |end| setFlags(end);
        return ends;
    }

    /// macOS has no such call.
    const has_pipe2 = @TypeOf(std.c.pipe2) != void;

    const Identity = struct { device: [2]u32, inode: u64 };

    /// What the kernel knows a file by; null where the descriptor is closed.
    fn identify(descriptor: std.c.fd_t) ?Identity {
        if (builtin.os.tag != .linux) return null;
        const linux = std.os.linux;
        var known: linux.Statx = undefined;
        if (linux.errno(linux.statx(descriptor, "", linux.AT.EMPTY_PATH, .{ .INO = true }, &known)) != .SUCCESS) return null;
        return .{ .device = .{ known.dev_major, known.dev_minor }, .inode = known.ino };
    }

    fn setFlags(descriptor: std.c.fd_t) void {
        const close_on_exec: c_int = std.c.FD_CLOEXEC;
        _ = std.c.fcntl(descriptor, std.c.F.SETFD, close_on_exec);
        const non_blocking: c_int = @bitCast(std.c.O{ .NONBLOCK = true });
        _ = std.c.fcntl(descriptor, std.c.F.SETFL, non_blocking);
    }
};

test "one byte for each arm" {
    if (!Notifier.supported) return error.SkipZigTest;
    for (std.enums.values(Notifier.Kind)) |kind| {
        var notifier: Notifier = try .open(kind);
        notifier.keeps = true;
        defer notifier.close();
        var buffer: [8]u8 = undefined;
        notifier.notify();
        try std.testing.expect(std.c.read(notifier.read_end, &buffer, buffer.len) < 0);
        notifier.armed = true;
        notifier.notify();
        notifier.notify();
        try std.testing.expectEqual(1, std.c.read(notifier.read_end, &buffer, buffer.len));
    }
}

test "child processes inherit neither end, and neither blocks" {
    if (!Notifier.supported) return error.SkipZigTest;
    for (std.enums.values(Notifier.Kind)) |kind| {
        var notifier: Notifier = try .open(kind);
        notifier.keeps = true;
        defer notifier.close();
        for ([_]std.c.fd_t{ notifier.read_end, notifier.write_end }) |end| {
            try std.testing.expect(std.c.fcntl(end, std.c.F.GETFD) & std.c.FD_CLOEXEC != 0);
            const flags: std.c.O = @bitCast(std.c.fcntl(end, std.c.F.GETFL));
            try std.testing.expect(flags.NONBLOCK);
        }
    }
}

test "a read end that is kept is closed with the notifier" {
    if (!Notifier.supported) return error.SkipZigTest;
    var notifier: Notifier = try .open(.pipe);
    const read_end = notifier.read_end;
    notifier.keeps = true;
    notifier.close();
    try std.testing.expect(std.c.close(read_end) < 0);
}

test "a read end that its thread has left open is adopted, and one that it has closed is not" {
    if (builtin.os.tag != .linux) return error.SkipZigTest;
    for (std.enums.values(Notifier.Kind)) |kind| {
        var notifier: Notifier = try .open(kind);
        notifier.adopt();
        try std.testing.expect(notifier.keeps);
        notifier.keeps = false;
        _ = std.c.close(notifier.read_end);
        notifier.adopt();
        try std.testing.expect(!notifier.keeps);
        // Another one gets the number.
        var other: Notifier = try .open(kind);
        defer other.close();
        other.keeps = true;
        try std.testing.expectEqual(notifier.read_end, other.read_end);
        notifier.adopt();
        try std.testing.expect(!notifier.keeps);
        notifier.close();
    }
}
