//! Offers the cameras of a bus over TCP, as `usbip list` and `usbip attach` expect them. A thread for each
//! connection; a camera belongs to one connection at a time.

const std = @import("std");
const clock = @import("../../system/clock.zig");
const connection = @import("connection.zig");
const messages = @import("messages.zig");
const Camera = @import("../camera/camera.zig").Camera;
const Session = @import("session.zig").Session;
const Socket = connection.Socket;

/// A camera, and whether a connection has it.
pub const Offer = struct {
    camera: *Camera,
    imported: std.atomic.Value(bool) = .init(false),
};

/// What one client, or many of them, cannot take from the others.
pub const Limits = struct {
    /// At once; more are closed as they come. Cameras are at most 16, and a list takes a moment.
    connections: u32 = 64,
    /// From the beginning of a connection to the end of its operation's request.
    operation_ns: u64 = 10 * std.time.ns_per_s,
    send_ns: u64 = connection.default_send_limit_ns,
    /// How long no connection is accepted after the system had no descriptor for one, unless one ends before.
    retry_ns: u64 = 100 * std.time.ns_per_ms,
};

pub const Server = struct {
    allocator: std.mem.Allocator,
    offers: []Offer,
    limits: Limits = .{},
    /// How many there are. A futex, on which `pause` waits. The threads of connections touch it last.
    connections: std.atomic.Value(u32) = .init(0),
    /// How often the system had no descriptor or memory for a connection.
    pauses: std.atomic.Value(u32) = .init(0),

    /// Accepts connections until the listener is shut down. The threads of connections use the server after that.
    pub fn run(server: *Server, io: std.Io, listener: *std.Io.net.Server) std.Io.net.Server.AcceptError!noreturn {
        while (true) {
            const seen = server.connections.load(.acquire);
            const stream = listener.accept(io) catch |failure| switch (failure) {
                error.SocketNotListening, error.Canceled => return failure,
                error.ConnectionAborted => continue,
                // Most of all, no descriptor is left. The connection waits in the listener's queue, so asking again at
                // once would be an endless loop.
                else => {
                    server.pause(seen);
                    continue;
                },
            };
            server.begin(stream.socket.handle);
        }
    }

    /// Waits until the number of connections is another than the one seen, or for `retry_ns`.
    fn pause(server: *Server, seen: u32) void {
        _ = server.pauses.fetchAdd(1, .release);
        const until_ns = clock.monotonicNs() + server.limits.retry_ns;
        while (server.connections.load(.acquire) == seen and clock.monotonicNs() < until_ns) {
            clock.io.futexWaitTimeout(u32, &server.connections.raw, seen, clock.deadlineNs(until_ns)) catch {};
        }
    }

    fn begin(server: *Server, socket: Socket) void {
        const others = server.connections.fetchAdd(1, .acq_rel);
        if (others >= server.limits.connections) return server.end(socket);
        sendWithoutDelay(socket);
        const thread = std.Thread.spawn(.{}, serveAndEnd, .{ server, socket }) catch return server.end(socket);
        thread.detach();
    }

    fn end(server: *Server, socket: Socket) void {
        _ = std.posix.system.close(socket);
        const word = &server.connections.raw;
        _ = server.connections.fetchSub(1, .release);
        clock.io.futexWake(u32, word, 1);
    }

    fn serveAndEnd(server: *Server, socket: Socket) void {
        server.serve(socket) catch {}; // the client has closed, is silent, or speaks another protocol
        server.end(socket);
    }

    /// Answers the operation that a connection begins with. Another version gets no answer, as from Linux's usbipd.
    fn serve(server: *Server, socket: Socket) (connection.SocketError || error{WriteFailed})!void {
        const until_ns = clock.monotonicNs() + server.limits.operation_ns;
        var request: [messages.operation_length]u8 = undefined;
        try connection.receiveAll(socket, &request, until_ns);
        switch (messages.readOperation(&request) orelse return) {
            .list_devices => try server.list(socket),
            .import => {
                var bus_id: [messages.bus_id_length]u8 = undefined;
                try connection.receiveAll(socket, &bus_id, until_ns);
                try server.import(socket, std.mem.sliceTo(&bus_id, 0));
            },
            _ => {},
        }
    }

    fn list(server: *Server, socket: Socket) !void {
        var buffer: [8 << 10]u8 = undefined; // enough for 16 cameras
        var writer: std.Io.Writer = .fixed(&buffer);
        try messages.writeReply(&writer, .list_devices, .ok);
        try writer.writeInt(u32, @intCast(server.offers.len), .big);
        for (server.offers, 1..) |offer, number| {
            const device: messages.OfferedDevice = .{ .camera = offer.camera, .number = @intCast(number) };
            try device.write(&writer);
            try device.writeInterface(&writer);
        }
        try connection.sendAll(socket, writer.buffered(), server.limits.send_ns);
    }

    fn import(server: *Server, socket: Socket, bus_id: []const u8) !void {
        const number = server.find(bus_id) orelse return server.refuse(socket, .not_available);
        const offer = &server.offers[number - 1];
        if (offer.imported.swap(true, .acquire)) return server.refuse(socket, .device_busy);
        defer offer.imported.store(false, .release);
        var session: Session = .init(server.allocator, offer.camera);
        defer session.deinit();
        var buffer: [messages.operation_length + 312]u8 = undefined;
        var writer: std.Io.Writer = .fixed(&buffer);
        try messages.writeReply(&writer, .import, .ok);
        const device: messages.OfferedDevice = .{ .camera = offer.camera, .number = number };
        try device.write(&writer);
        try connection.sendAll(socket, writer.buffered(), server.limits.send_ns);
        _ = connection.serve(&session, socket, server.limits.send_ns);
    }

    fn refuse(server: *Server, socket: Socket, status: messages.Status) !void {
        var buffer: [messages.operation_length]u8 = undefined;
        var writer: std.Io.Writer = .fixed(&buffer);
        try messages.writeReply(&writer, .import, status);
        try connection.sendAll(socket, writer.buffered(), server.limits.send_ns);
    }

    fn find(server: *Server, wanted: []const u8) ?u32 {
        for (1..server.offers.len + 1) |number| {
            var buffer: [messages.bus_id_length]u8 = undefined;
            const id = messages.OfferedDevice.busId(@intCast(number), &buffer);
            if (std.mem.eql(u8, id, wanted)) return @intCast(number);
        }
        return null;
    }
};

/// The client waits for each small reply: the system's delay would cost 40 ms each. Where it is refused, replies are
/// only slower.
fn sendWithoutDelay(socket: Socket) void {
    const on: c_int = 1;
    _ = std.posix.system.setsockopt(socket, std.posix.IPPROTO.TCP, std.posix.TCP.NODELAY, @ptrCast(&on), @sizeOf(c_int));
}
