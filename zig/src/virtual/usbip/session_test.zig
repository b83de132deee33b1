//! Tests of USB/IP without a kernel: a session by its bytes, and a server over TCP.

const std = @import("std");
const testing = std.testing;
const connection = @import("connection.zig");
const messages = @import("messages.zig");
const register_writes = @import("../evk4/testing/register_writes.zig");
const server_module = @import("server.zig");
const Camera = @import("../camera/camera.zig").Camera;
const MadeUpCamera = @import("../camera/testing/made_up_camera.zig").MadeUpCamera;
const Session = @import("session.zig").Session;
const test_camera = @import("../evk4/testing/test_camera.zig");

const ms = std.time.ns_per_ms;

const Submit = struct {
    sequence: u32,
    endpoint: u8,
    /// Of an IN transfer.
    length: u32 = 0,
    setup: [8]u8 = @splat(0),
    data: []const u8 = "",
};

/// Writes a USBIP_CMD_SUBMIT.
fn submit(writer: *std.Io.Writer, urb: Submit) !void {
    const direction_in = urb.endpoint & 0x80 != 0 or urb.setup[0] & 0x80 != 0;
    const length: u32 = if (direction_in) urb.length else @intCast(urb.data.len);
    for ([_]u32{ 1, urb.sequence, 0x10001, @intFromBool(direction_in), urb.endpoint & 15, 0, length, 0, 0, 0 }) |number| {
        try writer.writeInt(u32, number, .big);
    }
    try writer.writeAll(&urb.setup);
    try writer.writeAll(urb.data);
}

fn unlink(writer: *std.Io.Writer, sequence: u32, target: u32) !void {
    for ([_]u32{ 2, sequence, 0x10001, 0, 0, target }) |number| try writer.writeInt(u32, number, .big);
    try writer.splatByteAll(0, 24);
}

/// The client of a test: writes commands, and checks replies in their order.
const Client = struct {
    buffer: [4096]u8 = undefined,
    length: usize = 0,
    taken: usize = 0,

    fn sendSubmit(client: *Client, urb: Submit) !void {
        var writer: std.Io.Writer = .fixed(client.buffer[client.length..]);
        try submit(&writer, urb);
        client.length += writer.end;
    }

    fn sendUnlink(client: *Client, sequence: u32, target: u32) !void {
        var writer: std.Io.Writer = .fixed(client.buffer[client.length..]);
        try unlink(&writer, sequence, target);
        client.length += writer.end;
    }

    /// Sends the written commands in pieces of this length, and lets the camera answer.
    fn flush(client: *Client, session: *Session, now_ns: u64, piece: usize) !void {
        var rest: []const u8 = client.buffer[0..client.length];
        while (rest.len > 0) {
            const length = @min(piece, rest.len);
            try session.receive(now_ns, rest[0..length]);
            rest = rest[length..];
        }
        client.length = 0;
        while (try session.progress(now_ns)) {}
    }

    fn expectReply(client: *Client, session: *Session, kind: u32, sequence: u32, status: messages.UrbStatus, length: u32) !void {
        const head = session.output.items[client.taken..][0..48];
        try testing.expectEqual(kind, std.mem.readInt(u32, head[0..4], .big));
        try testing.expectEqual(sequence, std.mem.readInt(u32, head[4..8], .big));
        try testing.expectEqual(@backingInt(status), std.mem.readInt(i32, head[20..24], .big));
        try testing.expectEqual(length, std.mem.readInt(u32, head[24..28], .big));
        client.taken += 48;
    }

    fn takeData(client: *Client, session: *Session, length: usize) []const u8 {
        defer client.taken += length;
        return session.output.items[client.taken..][0..length];
    }

    fn expectNoMore(client: *Client, session: *Session) !void {
        try testing.expectEqual(client.taken, session.output.items.len);
        client.taken = 0;
        session.output.clearRetainingCapacity();
    }
};

const get_product_string: [8]u8 = .{ 0x80, 6, 2, 3, 9, 4, 255, 0 };
const serial_request = "\x72\x00\x00\x00\x00\x00\x00\x00";

test "commands may be cut anywhere" {
    var whole: [48 * 4 + 10 + 16]u8 = undefined;
    for ([_]usize{ 4096, 1, 7, 47, 48, 49 }) |piece| {
        var evk4 = test_camera.evk4(&.{});
        var session: Session = .init(testing.allocator, &evk4.camera);
        defer session.deinit();
        var client: Client = .{};
        try client.sendSubmit(.{ .sequence = 1, .endpoint = 0, .length = 255, .setup = get_product_string });
        try client.sendSubmit(.{ .sequence = 2, .endpoint = 0x82, .length = 1024 });
        try client.sendSubmit(.{ .sequence = 3, .endpoint = 0x02, .data = serial_request });
        try client.sendSubmit(.{ .sequence = 4, .endpoint = 0x83, .length = 16 });
        try client.flush(&session, 0, piece);
        try testing.expectEqual(whole.len, session.output.items.len);
        if (piece == 4096) @memcpy(&whole, session.output.items);
        try testing.expectEqualSlices(u8, &whole, session.output.items);
    }
}

test "replies carry the camera's answers, and transfers to missing endpoints stall" {
    var evk4 = test_camera.evk4(&.{});
    var session: Session = .init(testing.allocator, &evk4.camera);
    defer session.deinit();
    var client: Client = .{};
    try client.sendSubmit(.{ .sequence = 1, .endpoint = 0, .length = 255, .setup = get_product_string });
    try client.flush(&session, 0, 4096);
    try client.expectReply(&session, 3, 1, .ok, 10);
    try testing.expectEqualSlices(u8, "\x0A\x03E\x00V\x00K\x004\x00", client.takeData(&session, 10));
    try client.sendSubmit(.{ .sequence = 2, .endpoint = 0x82, .length = 1024 });
    try client.flush(&session, 0, 4096);
    try client.expectNoMore(&session); // no request was sent yet
    try client.sendSubmit(.{ .sequence = 3, .endpoint = 0x02, .data = serial_request });
    try client.flush(&session, 0, 4096);
    try client.expectReply(&session, 3, 3, .ok, 8);
    try client.expectReply(&session, 3, 2, .ok, 16);
    try testing.expectEqualSlices(u8, "\xBC\x0A\x05\x00", client.takeData(&session, 16)[8..12]);
    try client.sendSubmit(.{ .sequence = 4, .endpoint = 0x83, .length = 16 });
    try client.flush(&session, 0, 4096);
    try client.expectReply(&session, 3, 4, .stall, 0);
    try client.expectNoMore(&session);
}

fn startSensor(camera: *Camera, now_ns: u64) !void {
    for (register_writes.start) |write| {
        var reply: [1024]u8 = undefined;
        try testing.expect(camera.write(now_ns, .commands, &register_writes.command(write)) == .done);
        try testing.expect(camera.read(now_ns, .replies, &reply) == .done);
    }
}

test "events end transfers in order; an unlinked one keeps its bytes" {
    var evk4 = test_camera.evk4(&.{});
    var session: Session = .init(testing.allocator, &evk4.camera);
    defer session.deinit();
    try startSensor(&evk4.camera, 0);
    var client: Client = .{};
    for (1..4) |sequence| try client.sendSubmit(.{ .sequence = @intCast(sequence), .endpoint = 0x81, .length = 4096 });
    try client.flush(&session, 0, 4096);
    try client.expectNoMore(&session);
    try testing.expectEqual(40_960, session.nextProgress()); // 4096 bytes at 100 MB/s
    try testing.expect(try session.progress(50_000));
    try testing.expect(!try session.progress(50_000)); // 904 bytes are no full transfer, and the flush is not due
    try client.expectReply(&session, 3, 1, .ok, 4096);
    for (0..512) |number| {
        try testing.expectEqual(number, std.mem.readInt(u64, client.takeData(&session, 8)[0..8], .little));
    }
    try client.sendUnlink(10, 3); // not the head: nothing yet
    try client.sendUnlink(11, 2);
    try client.sendUnlink(12, 1); // ended before
    try client.flush(&session, 50_000, 4096);
    try client.expectReply(&session, 4, 10, .connection_reset, 0);
    try client.expectReply(&session, 3, 2, .ok, 904);
    try testing.expectEqual(512, std.mem.readInt(u64, client.takeData(&session, 904)[0..8], .little));
    try client.expectReply(&session, 4, 11, .ok, 0);
    try client.expectReply(&session, 4, 12, .ok, 0);
    try client.expectNoMore(&session);
    try testing.expectEqual(0, session.event_room_bytes);
}

test "faults have Linux's numbers, and an unplugged camera ends the session" {
    var evk4 = test_camera.evk4(&.{
        .{ .kind = .protocol_error, .place = .{ .endpoint = .events } },
        .{ .kind = .overflow, .place = .{ .endpoint = .events }, .after = 1, .length = 16 },
        .{ .kind = .stall, .place = .{ .endpoint = .events }, .after = 2 },
        .{ .kind = .unplug, .place = .{ .endpoint = .control }, .after = 0 },
    });
    var session: Session = .init(testing.allocator, &evk4.camera);
    defer session.deinit();
    try startSensor(&evk4.camera, 0);
    var client: Client = .{};
    for (1..5) |sequence| try client.sendSubmit(.{ .sequence = @intCast(sequence), .endpoint = 0x81, .length = 1024 });
    try client.flush(&session, ms, 4096);
    try client.expectReply(&session, 3, 1, .protocol_error, 0);
    try client.expectReply(&session, 3, 2, .overflow, 16);
    _ = client.takeData(&session, 16);
    try client.expectReply(&session, 3, 3, .stall, 0);
    try client.expectReply(&session, 3, 4, .stall, 0); // halted until it is cleared
    try client.expectNoMore(&session);
    try client.sendSubmit(.{ .sequence = 5, .endpoint = 0, .length = 255, .setup = get_product_string });
    try testing.expectError(error.Unplugged, client.flush(&session, ms, 4096));
    // Plugged in again, it is as after power-on.
    var next: Session = .init(testing.allocator, &evk4.camera);
    defer next.deinit();
    try testing.expect(evk4.camera.present and !evk4.stream.running and !evk4.camera.halted.contains(.events));
}

test "a camera with other endpoints is served the same" {
    var other: MadeUpCamera = .{};
    var session: Session = .init(testing.allocator, &other.camera);
    defer session.deinit();
    var client: Client = .{};
    try client.sendSubmit(.{ .sequence = 1, .endpoint = 0x81, .length = 16 });
    try client.sendSubmit(.{ .sequence = 2, .endpoint = 0x82, .length = 4 });
    try client.flush(&session, 0, 4096);
    try client.expectReply(&session, 3, 1, .stall, 0);
    try client.expectNoMore(&session);
    try client.sendSubmit(.{ .sequence = 3, .endpoint = 0, .setup = .{ 0x40, 1, 0, 0, 0, 0, 0, 0 } });
    try client.flush(&session, 0, 4096);
    try client.expectReply(&session, 3, 3, .ok, 0);
    try client.expectReply(&session, 3, 2, .ok, 4);
    try testing.expectEqualSlices(u8, "\x00\x01\x02\x03", client.takeData(&session, 4));
    try client.expectNoMore(&session);
}

fn expectAnswer(socket: connection.Socket, expected: []const u8) !void {
    var buffer: [400]u8 = undefined;
    const answer = buffer[0..expected.len];
    try connection.receiveAll(socket, answer);
    try testing.expectEqualSlices(u8, expected, answer);
}

fn connect(address: std.Io.net.IpAddress) !connection.Socket {
    const stream = try address.connect(testing.io, .{ .mode = .stream });
    return stream.socket.handle;
}

fn runServer(server: *server_module.Server, listener: *std.Io.net.Server) void {
    server.run(testing.io, listener) catch {}; // ends when the listener is shut down
}

test "a server lists its cameras and lets one client at a time have each" {
    var evk4 = test_camera.evk4(&.{});
    var offers = [_]server_module.Offer{.{ .camera = &evk4.camera }};
    var server: server_module.Server = .{ .allocator = std.heap.c_allocator, .offers = &offers };
    const loopback: std.Io.net.IpAddress = .{ .ip4 = .loopback(0) };
    var listener = try loopback.listen(testing.io, .{});
    const thread = try std.Thread.spawn(.{}, runServer, .{ &server, &listener });
    const address = listener.socket.address;
    {
        const socket = try connect(address);
        defer _ = std.c.close(socket);
        try connection.sendAll(socket, "\x01\x11\x80\x05\x00\x00\x00\x00");
        try expectAnswer(socket, "\x01\x11\x00\x05\x00\x00\x00\x00\x00\x00\x00\x01/virtual/");
    }
    {
        const socket = try connect(address);
        defer _ = std.c.close(socket);
        try connection.sendAll(socket, "\x01\x06\x80\x05\x00\x00\x00\x00"); // another version
        try testing.expectError(error.Closed, expectAnswer(socket, "\x01"));
    }
    const import = "\x01\x11\x80\x03\x00\x00\x00\x00";
    const first_camera: [32]u8 = "1-1".* ++ @as([29]u8, @splat(0));
    const second_camera: [32]u8 = "1-2".* ++ @as([29]u8, @splat(0));
    const first = try connect(address);
    try connection.sendAll(first, import ++ first_camera);
    try expectAnswer(first, "\x01\x11\x00\x03\x00\x00\x00\x00/virtual/");
    var rest: [312 - 9]u8 = undefined;
    try connection.receiveAll(first, &rest);
    for ([_]struct { [32]u8, []const u8 }{
        .{ first_camera, "\x01\x11\x00\x03\x00\x00\x00\x02" }, // busy
        .{ second_camera, "\x01\x11\x00\x03\x00\x00\x00\x01" }, // there is none
    }) |refused| {
        const second = try connect(address);
        defer _ = std.c.close(second);
        try connection.sendAll(second, import ++ refused[0]);
        try expectAnswer(second, refused[1]);
    }
    var buffer: [100]u8 = undefined;
    var writer: std.Io.Writer = .fixed(&buffer);
    try submit(&writer, .{ .sequence = 1, .endpoint = 0, .length = 255, .setup = get_product_string });
    try connection.sendAll(first, writer.buffered());
    try expectAnswer(first, &messages.submitReply(1, .ok, 10) ++ "\x0A\x03E\x00V\x00K\x004\x00");
    // Closing gives it back.
    _ = std.c.close(first);
    while (offers[0].imported.load(.acquire)) std.Thread.yield() catch {};
    _ = std.c.shutdown(listener.socket.handle, 2);
    thread.join();
    listener.deinit(testing.io);
}
