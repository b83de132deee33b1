//! Carries a session over a connected socket until either side ends.

const std = @import("std");
const clock = @import("../../system/clock.zig");
const Session = @import("session.zig").Session;
/// Of the C library where one is linked, else of Linux itself: the program needs none, the tests have one.
const system = std.posix.system;

pub const Socket = std.posix.fd_t;

pub const SocketError = error{
    /// The other side closed the connection, or it broke.
    Closed,
    /// The other side neither sent nor took a byte for too long.
    TimedOut,
};

/// How long a client may take no byte of what is sent to it. One that is alive takes bytes at once.
pub const default_send_limit_ns = 30 * std.time.ns_per_s;

/// Why a served connection has ended.
pub const End = enum { closed_by_client, client_reads_nothing, unplugged, bad_message, limit_exceeded, out_of_memory };

/// Returns when the connection is over; the socket stays the caller's.
pub fn serve(session: *Session, socket: Socket, send_limit_ns: u64) End {
    run(session, socket, send_limit_ns) catch |failure| return switch (failure) {
        error.Closed => .closed_by_client,
        error.TimedOut => .client_reads_nothing,
        error.Unplugged => .unplugged,
        error.BadMessage => .bad_message,
        error.LimitExceeded => .limit_exceeded,
        error.OutOfMemory => .out_of_memory,
    };
}

fn run(session: *Session, socket: Socket, send_limit_ns: u64) (SocketError || @import("session.zig").Error)!noreturn {
    var buffer: [64 << 10]u8 = undefined;
    while (true) {
        const progressed = try session.progress(clock.monotonicNs());
        try sendAll(socket, session.output.items, send_limit_ns);
        session.output.clearRetainingCapacity();
        if (session.has_commands) continue; // more are not read before these are carried out
        const until_ns = if (progressed) 0 else session.nextProgress();
        if (!try ready(socket, std.posix.POLL.IN, until_ns)) continue;
        try session.receive(try receive(socket, &buffer));
    }
}

/// Fills the buffer, until the time at most (null = no limit).
pub fn receiveAll(socket: Socket, buffer: []u8, until_ns: ?u64) SocketError!void {
    var done: usize = 0;
    while (done < buffer.len) {
        if (!try ready(socket, std.posix.POLL.IN, until_ns)) return error.TimedOut;
        done += (try receive(socket, buffer[done..])).len;
    }
}

/// Gives up when the other side has taken no byte for `limit_ns`.
pub fn sendAll(socket: Socket, bytes: []const u8, limit_ns: u64) SocketError!void {
    var done: usize = 0;
    var waited_in_vain = false;
    while (done < bytes.len) {
        const rest = bytes[done..];
        const flags = std.posix.MSG.NOSIGNAL | std.posix.MSG.DONTWAIT;
        const sent = system.sendto(socket, rest.ptr, rest.len, flags, null, 0);
        switch (std.posix.errno(sent)) {
            .SUCCESS => {
                done += @intCast(sent);
                waited_in_vain = false;
            },
            .INTR => {},
            .AGAIN => {
                if (waited_in_vain) return error.TimedOut;
                // The system calls a socket ready when a good part of its buffer is free; a little may be before.
                waited_in_vain = !try ready(socket, std.posix.POLL.OUT, clock.monotonicNs() +| limit_ns);
            },
            else => return error.Closed,
        }
    }
}

fn receive(socket: Socket, buffer: []u8) SocketError![]u8 {
    while (true) {
        const received = system.recvfrom(socket, buffer.ptr, buffer.len, 0, null, null);
        switch (std.posix.errno(received)) {
            .SUCCESS => return if (received == 0) error.Closed else buffer[0..@intCast(received)],
            .INTR => {},
            else => return error.Closed,
        }
    }
}

/// Waits until the socket has bytes or room or is closed (true), or until the time (null = no limit).
fn ready(socket: Socket, events: i16, until_ns: ?u64) SocketError!bool {
    var poll = [_]std.posix.pollfd{.{ .fd = socket, .events = events, .revents = 0 }};
    while (true) {
        var timeout: std.posix.timespec = undefined;
        if (until_ns) |until| {
            const left = until -| clock.monotonicNs();
            timeout = .{ .sec = @intCast(left / std.time.ns_per_s), .nsec = @intCast(left % std.time.ns_per_s) };
        }
        const count = system.ppoll(&poll, poll.len, if (until_ns == null) null else &timeout, null);
        switch (std.posix.errno(count)) {
            .SUCCESS => return count > 0,
            .INTR => {},
            else => return error.Closed,
        }
    }
}
