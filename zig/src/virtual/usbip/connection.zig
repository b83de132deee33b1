//! Carries a session over a connected socket until either side ends.

const std = @import("std");
const clock = @import("../../system/clock.zig");
const Session = @import("session.zig").Session;

pub const Socket = std.posix.fd_t;

pub const SocketError = error{
    /// The other side closed the connection, or it broke.
    Closed,
};

/// Why a served connection has ended.
pub const End = enum { closed_by_client, unplugged, bad_message, out_of_memory };

/// Returns when the connection is over; the socket stays the caller's.
pub fn serve(session: *Session, socket: Socket) End {
    run(session, socket) catch |failure| return switch (failure) {
        error.Closed => .closed_by_client,
        error.Unplugged => .unplugged,
        error.BadMessage => .bad_message,
        error.OutOfMemory => .out_of_memory,
    };
}

fn run(session: *Session, socket: Socket) (SocketError || @import("session.zig").Error)!noreturn {
    var buffer: [64 << 10]u8 = undefined;
    while (true) {
        const progressed = try session.progress(clock.monotonicNs());
        try sendAll(socket, session.output.items);
        session.output.clearRetainingCapacity();
        const until_ns = if (progressed) 0 else session.nextProgress();
        if (!try readable(socket, until_ns)) continue;
        const received = try receive(socket, &buffer);
        try session.receive(clock.monotonicNs(), received);
    }
}

/// Fills the buffer.
pub fn receiveAll(socket: Socket, buffer: []u8) SocketError!void {
    var done: usize = 0;
    while (done < buffer.len) done += (try receive(socket, buffer[done..])).len;
}

pub fn sendAll(socket: Socket, bytes: []const u8) SocketError!void {
    var done: usize = 0;
    while (done < bytes.len) {
        const rest = bytes[done..];
        const sent = std.c.send(socket, rest.ptr, rest.len, std.posix.MSG.NOSIGNAL);
        if (sent >= 0) done += @intCast(sent) else if (std.c.errno(sent) != .INTR) return error.Closed;
    }
}

fn receive(socket: Socket, buffer: []u8) SocketError![]u8 {
    while (true) {
        const received = std.c.recv(socket, buffer.ptr, buffer.len, 0);
        if (received > 0) return buffer[0..@intCast(received)];
        if (received == 0 or std.c.errno(received) != .INTR) return error.Closed;
    }
}

/// Waits until the socket has bytes or is closed (true), or until the time (null = no limit).
fn readable(socket: Socket, until_ns: ?u64) SocketError!bool {
    var poll = [_]std.posix.pollfd{.{ .fd = socket, .events = std.posix.POLL.IN, .revents = 0 }};
    var timeout: std.c.timespec = undefined;
    if (until_ns) |until| {
        const left = until -| clock.monotonicNs();
        timeout = .{ .sec = @intCast(left / std.time.ns_per_s), .nsec = @intCast(left % std.time.ns_per_s) };
    }
    const ready = std.c.ppoll(&poll, poll.len, if (until_ns == null) null else &timeout, null);
    if (ready >= 0) return ready > 0;
    return if (std.c.errno(ready) == .INTR) false else error.Closed;
}
