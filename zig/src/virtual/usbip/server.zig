//! Offers the cameras of a bus over TCP, as `usbip list` and `usbip attach` expect them. A thread for each
//! connection; a camera belongs to one connection at a time.

const std = @import("std");
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

pub const Server = struct {
    allocator: std.mem.Allocator,
    offers: []Offer,

    /// Accepts connections until that fails. The threads of connections use the server after that.
    pub fn run(server: *Server, io: std.Io, listener: *std.Io.net.Server) std.Io.net.Server.AcceptError!noreturn {
        while (true) {
            const stream = listener.accept(io) catch |failure| switch (failure) {
                error.ConnectionAborted => continue,
                else => return failure,
            };
            const socket = stream.socket.handle;
            sendWithoutDelay(socket);
            const thread = std.Thread.spawn(.{}, serveAndClose, .{ server, socket }) catch {
                _ = std.c.close(socket);
                continue;
            };
            thread.detach();
        }
    }

    fn serveAndClose(server: *Server, socket: Socket) void {
        defer _ = std.c.close(socket);
        server.serve(socket) catch {}; // the client has closed, or speaks another protocol
    }

    /// Answers the operation that a connection begins with. Another version gets no answer, as from Linux's usbipd.
    fn serve(server: *Server, socket: Socket) (connection.SocketError || error{WriteFailed})!void {
        var request: [messages.operation_length]u8 = undefined;
        try connection.receiveAll(socket, &request);
        switch (messages.readOperation(&request) orelse return) {
            .list_devices => try server.list(socket),
            .import => try server.import(socket),
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
        try connection.sendAll(socket, writer.buffered());
    }

    fn import(server: *Server, socket: Socket) !void {
        var bus_id: [messages.bus_id_length]u8 = undefined;
        try connection.receiveAll(socket, &bus_id);
        const number = server.find(std.mem.sliceTo(&bus_id, 0)) orelse return refuse(socket, .not_available);
        const offer = &server.offers[number - 1];
        if (offer.imported.swap(true, .acquire)) return refuse(socket, .device_busy);
        defer offer.imported.store(false, .release);
        var session: Session = .init(server.allocator, offer.camera);
        defer session.deinit();
        var buffer: [messages.operation_length + 312]u8 = undefined;
        var writer: std.Io.Writer = .fixed(&buffer);
        try messages.writeReply(&writer, .import, .ok);
        const device: messages.OfferedDevice = .{ .camera = offer.camera, .number = number };
        try device.write(&writer);
        try connection.sendAll(socket, writer.buffered());
        _ = connection.serve(&session, socket);
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

fn refuse(socket: Socket, status: messages.Status) !void {
    var buffer: [messages.operation_length]u8 = undefined;
    var writer: std.Io.Writer = .fixed(&buffer);
    try messages.writeReply(&writer, .import, status);
    try connection.sendAll(socket, writer.buffered());
}

/// The client waits for each small reply: the system's delay would cost 40 ms each. Where it is refused, replies are
/// only slower.
fn sendWithoutDelay(socket: Socket) void {
    const on: c_int = 1;
    _ = std.c.setsockopt(socket, std.posix.IPPROTO.TCP, std.posix.TCP.NODELAY, &on, @sizeOf(c_int));
}
