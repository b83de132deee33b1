//! `neuromorphic_virtual_camera`: the virtual camera as a USB device that any program on a Linux machine sees.

const std = @import("std");
const attach_module = @import("virtual/usbip/attach.zig");
const bus_json = @import("virtual/bus/bus_json.zig");
const connection = @import("virtual/usbip/connection.zig");
const options_module = @import("virtual/usbip/options.zig");
const server_module = @import("virtual/usbip/server.zig");
const clock = @import("system/clock.zig");
const heap = @import("system/heap.zig");
const Bus = @import("virtual/bus/bus.zig").Bus;
const Camera = @import("virtual/camera/camera.zig").Camera;
const Session = @import("virtual/usbip/session.zig").Session;
const serialText = @import("virtual/camera/camera.zig").serialText;

pub fn main(init: std.process.Init) !u8 {
    var message: [300]u8 = @splat(0);
    run(init, &message) catch |failure| {
        const reason = std.mem.sliceTo(&message, 0);
        const text = if (reason.len > 0) reason else @errorName(failure);
        std.debug.print("neuromorphic_virtual_camera: {s}\n", .{text});
        return 1;
    };
    return 0;
}

fn run(init: std.process.Init, message: *[300]u8) !void {
    const arena = init.arena.allocator();
    var arguments: std.ArrayList([]const u8) = .empty;
    for ((try init.minimal.args.toSlice(arena))[1..]) |argument| try arguments.append(arena, argument);
    var message_writer: std.Io.Writer = .fixed(message[0 .. message.len - 1]);
    const options = try options_module.parse(arena, arguments.items, &message_writer);
    if (options.help) return std.Io.File.stdout().writeStreamingAll(init.io, options_module.usage);

    // The bus only carries the cameras: no program holds objects of it, so it needs no lock. It is not freed, because
    // threads may still serve its cameras when the program ends.
    var bus: Bus = .{ .allocator = heap.allocator };
    try bus_json.apply(&bus, options.cameras, message);
    for (bus.ports.items) |port| { // now, so that no client waits for it
        try port.camera.makeContent();
        port.camera.installContent(clock.monotonicNs());
    }
    if (options.attach) {
        try attachAll(init.io, &bus, message);
    } else {
        try serveAll(init.io, &bus, options.port, message);
    }
}

/// Returns when the last camera was detached.
fn attachAll(io: std.Io, bus: *Bus, message: *[300]u8) !void {
    const threads = try bus.allocator.alloc(std.Thread, bus.ports.items.len);
    defer bus.allocator.free(threads);
    for (bus.ports.items, threads, 1..) |port, *thread, number| {
        const attached = attach_module.attach(io, @intCast(number), port.camera.speed) catch |failure| {
            _ = std.fmt.bufPrint(message, "{s}", .{attach_module.describe(failure)}) catch {};
            return failure;
        };
        thread.* = try std.Thread.spawn(.{}, serveAttached, .{ io, bus.allocator, port.camera, attached.socket });
        try tell(io, "camera {s} is attached to port {d}\n", port.camera, attached.port);
    }
    for (threads) |thread| thread.join();
}

fn serveAttached(io: std.Io, allocator: std.mem.Allocator, camera: *Camera, socket: connection.Socket) void {
    defer _ = std.posix.system.close(socket);
    var session: Session = .init(allocator, camera);
    defer session.deinit();
    const end = connection.serve(&session, socket, connection.default_send_limit_ns);
    tellAccount(io, camera, end) catch {}; // standard output is closed
}

fn serveAll(io: std.Io, bus: *Bus, port: u16, message: *[300]u8) !void {
    const address: std.Io.net.IpAddress = .{ .ip4 = .loopback(port) };
    var listener = address.listen(io, .{ .reuse_address = true }) catch |failure| {
        _ = std.fmt.bufPrint(message, "cannot listen on 127.0.0.1, port {d}: {t}", .{ port, failure }) catch {};
        return failure;
    };
    defer listener.deinit(io);
    const offers = try bus.allocator.alloc(server_module.Offer, bus.ports.items.len);
    for (bus.ports.items, offers, 1..) |plugged, *offer, number| {
        offer.* = .{ .camera = plugged.camera };
        try tell(io, "camera {s} is 1-{d}\n", plugged.camera, @intCast(number));
    }
    var buffer: [100]u8 = undefined;
    const listening = std.fmt.bufPrint(&buffer, "listening on 127.0.0.1, port {d}\n", .{
        listener.socket.address.getPort(),
    }) catch unreachable;
    try std.Io.File.stdout().writeStreamingAll(io, listening);
    const server = try bus.allocator.create(server_module.Server); // threads of connections have it until the program ends
    server.* = .{ .allocator = bus.allocator, .offers = offers };
    try server.run(io, &listener);
}

fn tell(io: std.Io, comptime format: []const u8, camera: *const Camera, place: u32) !void {
    var digits: [8]u8 = undefined;
    var buffer: [100]u8 = undefined;
    const line = std.fmt.bufPrint(&buffer, format, .{ serialText(camera.serial, &digits), place }) catch unreachable;
    try std.Io.File.stdout().writeStreamingAll(io, line);
}

/// Prints the camera's account, which can be compared with a program's.
fn tellAccount(io: std.Io, camera: *Camera, end: connection.End) !void {
    const account = camera.account();
    var digits: [8]u8 = undefined;
    var buffer: [200]u8 = undefined;
    const line = std.fmt.bufPrint(&buffer, "camera {s} ended ({t}): " ++
        "{d} control requests, {d} commands, {d} bytes of events sent, {d} lost\n", .{
        serialText(camera.serial, &digits),
        end,
        camera.faults.endpoint_passages.get(.control),
        camera.commands,
        account.bytes_emitted,
        account.bytes_lost,
    }) catch unreachable;
    try std.Io.File.stdout().writeStreamingAll(io, line);
}

test {
    _ = options_module;
    _ = attach_module;
    _ = @import("virtual/usbip/messages.zig");
    _ = @import("virtual/usbip/server_test.zig");
    _ = @import("virtual/usbip/session_test.zig");
    _ = server_module;
}
