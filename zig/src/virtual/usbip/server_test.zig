//! A server over TCP, and clients that do not behave.

const std = @import("std");
const testing = std.testing;
const client = @import("testing/client.zig");
const clock = @import("../../system/clock.zig");
const connection = @import("connection.zig");
const messages = @import("messages.zig");
const server_module = @import("server.zig");
const test_camera = @import("../evk4/testing/test_camera.zig");
const Camera = @import("../camera/camera.zig").Camera;
const MadeUpCamera = @import("../camera/testing/made_up_camera.zig").MadeUpCamera;
const Socket = connection.Socket;

const list_request = "\x01\x11\x80\x05\x00\x00\x00\x00";
const import_request = "\x01\x11\x80\x03\x00\x00\x00\x00";
const first_camera: [32]u8 = "1-1".* ++ @as([29]u8, @splat(0));

/// Longer than anything takes: what takes longer does not happen.
const patience_ns = 60 * std.time.ns_per_s;
/// Longer than a test waits; short enough that a failed one ends.
const never_ns = 2 * patience_ns;

/// A server of one camera on a thread of its own.
const Running = struct {
    offers: [1]server_module.Offer,
    server: server_module.Server,
    listener: std.Io.net.Server,
    thread: std.Thread,
    /// The limit of descriptors before they were taken.
    limit: ?std.posix.rlimit = null,

    fn start(running: *Running, camera: *Camera, limits: server_module.Limits) !void {
        try running.listen(camera, limits);
        try running.begin();
    }

    fn listen(running: *Running, camera: *Camera, limits: server_module.Limits) !void {
        running.limit = null;
        running.offers = .{.{ .camera = camera }};
        running.server = .{ .allocator = std.heap.c_allocator, .offers = &running.offers, .limits = limits };
        const loopback: std.Io.net.IpAddress = .{ .ip4 = .loopback(0) };
        running.listener = try loopback.listen(testing.io, .{});
    }

    fn begin(running: *Running) !void {
        running.thread = try std.Thread.spawn(.{}, run, .{running});
    }

    fn run(running: *Running) void {
        running.server.run(testing.io, &running.listener) catch {}; // ends when the listener is shut down
    }

    /// The clients have closed, or close with the process.
    fn stop(running: *Running) void {
        running.giveDescriptorsBack();
        waitFor(&running.server.connections, 0) catch @panic("a connection does not end");
        _ = std.c.shutdown(running.listener.socket.handle, 2);
        running.thread.join();
        running.listener.deinit(testing.io);
    }

    fn connect(running: *const Running) !Socket {
        const stream = try running.listener.socket.address.connect(testing.io, .{ .mode = .stream });
        return stream.socket.handle;
    }

    /// Leaves this process none that is free.
    fn takeDescriptors(running: *Running) !void {
        const limit = try std.posix.getrlimit(.NOFILE);
        const lowest_free = std.c.dup(running.listener.socket.handle);
        if (lowest_free < 0) return error.NoDescriptor;
        _ = std.c.close(lowest_free);
        try std.posix.setrlimit(.NOFILE, .{ .cur = @intCast(lowest_free), .max = limit.max });
        running.limit = limit;
    }

    fn giveDescriptorsBack(running: *Running) void {
        const limit = running.limit orelse return;
        std.posix.setrlimit(.NOFILE, limit) catch @panic("the limit cannot be raised again");
        running.limit = null;
    }
};

fn waitFor(value: *const std.atomic.Value(u32), wanted: u32) !void {
    const until_ns = clock.monotonicNs() + patience_ns;
    while (value.load(.acquire) != wanted) {
        if (clock.monotonicNs() > until_ns) return error.WaitedInVain;
        std.Thread.yield() catch {};
    }
}

fn waitForMore(value: *const std.atomic.Value(u32), than: u32) !void {
    const until_ns = clock.monotonicNs() + patience_ns;
    while (value.load(.acquire) <= than) {
        if (clock.monotonicNs() > until_ns) return error.WaitedInVain;
        std.Thread.yield() catch {};
    }
}

fn send(socket: Socket, bytes: []const u8) !void {
    try connection.sendAll(socket, bytes, patience_ns);
}

fn receive(socket: Socket, buffer: []u8) !void {
    try connection.receiveAll(socket, buffer, clock.monotonicNs() + patience_ns);
}

fn expectAnswer(socket: Socket, expected: []const u8) !void {
    var buffer: [400]u8 = undefined;
    const answer = buffer[0..expected.len];
    try receive(socket, answer);
    try testing.expectEqualSlices(u8, expected, answer);
}

fn expectList(socket: Socket) !void {
    try expectAnswer(socket, "\x01\x11\x00\x05\x00\x00\x00\x00\x00\x00\x00\x01/virtual/");
}

fn expectClosed(socket: Socket) !void {
    var byte: [1]u8 = undefined;
    try testing.expectError(error.Closed, receive(socket, &byte));
}

test "a server lists its cameras and lets one client at a time have each" {
    var evk4 = test_camera.evk4(&.{});
    var running: Running = undefined;
    try running.start(&evk4.camera, .{});
    defer running.stop();
    {
        const socket = try running.connect();
        defer _ = std.c.close(socket);
        try send(socket, list_request);
        try expectList(socket);
    }
    {
        const socket = try running.connect();
        defer _ = std.c.close(socket);
        try send(socket, "\x01\x06\x80\x05\x00\x00\x00\x00"); // another version
        try expectClosed(socket);
    }
    const second_camera: [32]u8 = "1-2".* ++ @as([29]u8, @splat(0));
    const first = try running.connect();
    try send(first, import_request ++ first_camera);
    try expectAnswer(first, "\x01\x11\x00\x03\x00\x00\x00\x00/virtual/");
    var rest: [312 - 9]u8 = undefined;
    try receive(first, &rest);
    for ([_]struct { [32]u8, []const u8 }{
        .{ first_camera, "\x01\x11\x00\x03\x00\x00\x00\x02" }, // busy
        .{ second_camera, "\x01\x11\x00\x03\x00\x00\x00\x01" }, // there is none
    }) |refused| {
        const second = try running.connect();
        defer _ = std.c.close(second);
        try send(second, import_request ++ refused[0]);
        try expectAnswer(second, refused[1]);
    }
    var buffer: [100]u8 = undefined;
    var writer: std.Io.Writer = .fixed(&buffer);
    try client.submit(&writer, .{ .sequence = 1, .endpoint = 0, .length = 255, .setup = client.get_product_string });
    try send(first, writer.buffered());
    try expectAnswer(first, &messages.submitReply(1, .ok, 10) ++ "\x0A\x03E\x00V\x00K\x004\x00");
    // Closing gives it back.
    _ = std.c.close(first);
    try waitFor(&running.server.connections, 0);
    try testing.expect(!running.offers[0].imported.load(.acquire));
}

test "connections beyond the limit are closed at once, until another one ends" {
    var evk4 = test_camera.evk4(&.{});
    var running: Running = undefined;
    try running.start(&evk4.camera, .{ .connections = 2, .operation_ns = never_ns });
    defer running.stop();
    const first = try running.connect();
    {
        defer _ = std.c.close(first);
        const second = try running.connect();
        defer _ = std.c.close(second);
        try waitFor(&running.server.connections, 2);
        const third = try running.connect();
        defer _ = std.c.close(third);
        try expectClosed(third);
        try send(second, list_request); // the others go on
        try expectList(second);
    }
    try waitFor(&running.server.connections, 0);
    const fourth = try running.connect();
    defer _ = std.c.close(fourth);
    try send(fourth, list_request);
    try expectList(fourth);
}

test "a client that never speaks, or not to the end of its request, is closed" {
    var evk4 = test_camera.evk4(&.{});
    var running: Running = undefined;
    try running.start(&evk4.camera, .{ .operation_ns = std.time.ns_per_ms });
    defer running.stop();
    for ([_][]const u8{ "", list_request[0..7], import_request, import_request ++ "1-1" }) |beginning| {
        const socket = try running.connect();
        defer _ = std.c.close(socket);
        send(socket, beginning) catch {}; // closed already
        try expectClosed(socket);
    }
    try testing.expect(!running.offers[0].imported.load(.acquire));
}

test "a client that reads nothing loses its camera" {
    var other: MadeUpCamera = .{};
    var running: Running = undefined;
    try running.start(&other.camera, .{ .send_ns = std.time.ns_per_ms });
    defer running.stop();
    const socket = try running.connect();
    defer _ = std.c.close(socket);
    try send(socket, import_request ++ first_camera);
    var buffer: [64]u8 = undefined;
    var writer: std.Io.Writer = .fixed(&buffer);
    try client.submit(&writer, .{ .sequence = 1, .endpoint = 0, .setup = .{ 0x40, 1, 0, 0, 0, 0, 0, 0 } });
    try send(socket, writer.buffered());
    // More than the buffers of both sockets hold.
    for (2..258) |sequence| {
        writer.end = 0;
        try client.submit(&writer, .{ .sequence = @intCast(sequence), .endpoint = 0x82, .length = 1 << 20 });
        send(socket, writer.buffered()) catch break; // closed already
    }
    try waitFor(&running.server.connections, 0);
    try testing.expect(!running.offers[0].imported.load(.acquire));
    try testing.expect(other.bytes_sent < 256 << 20);
}

test "sending goes on while bytes are taken, however slowly" {
    var ends: [2]Socket = undefined;
    try testing.expectEqual(0, std.c.socketpair(std.posix.AF.UNIX, std.posix.SOCK.STREAM, 0, &ends));
    const bytes: [2 << 20]u8 = @splat(7);
    var taken: usize = 0;
    const reader = try std.Thread.spawn(.{}, readSlowly, .{ ends[1], &taken });
    const result = connection.sendAll(ends[0], &bytes, patience_ns);
    _ = std.c.close(ends[0]);
    reader.join();
    _ = std.c.close(ends[1]);
    try result;
    try testing.expectEqual(bytes.len, taken);
}

fn readSlowly(socket: Socket, taken: *usize) void {
    var buffer: [1024]u8 = undefined;
    while (true) : (taken.* += buffer.len) {
        connection.receiveAll(socket, &buffer, null) catch return;
        std.Thread.yield() catch {};
    }
}

/// A socket that can connect where no descriptor is left.
fn unconnected() !Socket {
    const socket = std.c.socket(std.posix.AF.INET, std.posix.SOCK.STREAM | std.posix.SOCK.CLOEXEC, 0);
    return if (socket < 0) error.NoSocket else socket;
}

fn connectTo(running: *const Running, socket: Socket) !void {
    const address: std.posix.sockaddr.in = .{
        .port = std.mem.nativeToBig(u16, running.listener.socket.address.getPort()),
        .addr = std.mem.nativeToBig(u32, 0x7F000001),
    };
    try testing.expectEqual(0, std.c.connect(socket, @ptrCast(&address), @sizeOf(@TypeOf(address))));
}

test "a server that finds no descriptor for a connection tries again, and goes on" {
    var evk4 = test_camera.evk4(&.{});
    var running: Running = undefined;
    try running.listen(&evk4.camera, .{ .retry_ns = std.time.ns_per_ms });
    const socket = try unconnected();
    defer _ = std.c.close(socket);
    try running.takeDescriptors(); // before the server waits: waiting may reserve one
    try running.begin();
    defer running.stop();
    try connectTo(&running, socket);
    try send(socket, list_request);
    try waitForMore(&running.server.pauses, 2);
    try testing.expectEqual(0, running.server.connections.load(.acquire));
    running.giveDescriptorsBack();
    try expectList(socket);
}

test "a server that finds no descriptor waits until a connection ends, and does not spin" {
    var evk4 = test_camera.evk4(&.{});
    var running: Running = undefined;
    try running.listen(&evk4.camera, .{ .retry_ns = never_ns, .operation_ns = never_ns });
    try running.begin();
    defer running.stop();
    const socket = try unconnected();
    defer _ = std.c.close(socket);
    const other = try unconnected();
    defer _ = std.c.close(other);
    {
        const first = try running.connect();
        defer _ = std.c.close(first);
        try waitFor(&running.server.connections, 1);
        try running.takeDescriptors();
        // Waiting may have reserved a descriptor, which is for the first of these.
        try connectTo(&running, other);
        try connectTo(&running, socket);
        try waitForMore(&running.server.pauses, 0);
        for (0..1000) |_| std.Thread.yield() catch {};
        try testing.expectEqual(1, running.server.pauses.load(.acquire));
    }
    _ = std.c.shutdown(other, 2);
    try send(socket, list_request);
    try expectList(socket);
    try testing.expect(running.server.pauses.load(.acquire) <= 4);
}
