//! Plugs a camera into this machine's own virtual host controller (Linux's vhci_hcd), without a network: one end of a
//! socket pair goes to the kernel, the other is served. `usbip attach` does the same with a connection to a server.

const std = @import("std");
const messages = @import("messages.zig");
const usb = @import("../../usb_abi.zig");
const Socket = @import("connection.zig").Socket;

pub const Error = error{ NoController, NoFreePort, NoSockets, AttachRefused };

pub fn describe(failure: Error) []const u8 {
    return switch (failure) {
        error.NoController => controller ++ " cannot be read: load the kernel module, `modprobe vhci-hcd`",
        error.NoFreePort => "the virtual host controller has no free port for this speed",
        error.NoSockets => "the system gives no socket pair",
        error.AttachRefused => "the kernel refuses to attach the camera: this needs root",
    };
}

pub const Attached = struct {
    /// The end that is to be served; closing it unplugs the camera.
    socket: Socket,
    port: u32,
};

/// `number` tells the cameras of this process apart.
pub fn attach(io: std.Io, number: u32, speed: usb.Speed) Error!Attached {
    var buffer: [16 << 10]u8 = undefined;
    const directory = std.Io.Dir.cwd();
    const status = directory.readFile(io, controller ++ "/status", &buffer) catch return error.NoController;
    const port = freePort(status, speed) orelse return error.NoFreePort;
    var ends: [2]Socket = undefined;
    if (std.posix.system.socketpair(std.posix.AF.UNIX, std.posix.SOCK.STREAM | std.posix.SOCK.CLOEXEC, 0, &ends) != 0) {
        return error.NoSockets;
    }
    // The kernel holds its own reference to this end.
    defer _ = std.posix.system.close(ends[0]);
    errdefer _ = std.posix.system.close(ends[1]);
    for (ends) |end| enlargeBuffers(end);
    var text: [64]u8 = undefined;
    const device_id = messages.OfferedDevice.bus_number << 16 | number;
    const values = .{ port, ends[0], device_id, messages.linuxSpeed(speed) };
    const line = std.fmt.bufPrint(&text, "{d} {d} {d} {d}", values) catch unreachable;
    const file = directory.openFile(io, controller ++ "/attach", .{ .mode = .write_only }) catch return error.AttachRefused;
    defer file.close(io);
    file.writeStreamingAll(io, line) catch return error.AttachRefused;
    return .{ .socket = ends[1], .port = port };
}

const controller = "/sys/devices/platform/vhci_hcd.0";

/// Lines of the controller's status are `hub port state ...`; state 4 is a free port (VDEV_ST_NULL), and the hub is
/// `hs` or `ss`. The first line is a title.
fn freePort(status: []const u8, speed: usb.Speed) ?u32 {
    const wanted_hub = if (@backingInt(speed) >= @backingInt(usb.Speed.super)) "ss" else "hs";
    var lines = std.mem.tokenizeScalar(u8, status, '\n');
    while (lines.next()) |line| {
        var words = std.mem.tokenizeScalar(u8, line, ' ');
        const hub = words.next() orelse continue;
        const port = std.fmt.parseInt(u32, words.next() orelse continue, 10) catch continue;
        const state = std.fmt.parseInt(u32, words.next() orelse continue, 10) catch continue;
        if (state == 4 and std.mem.eql(u8, hub, wanted_hub)) return port;
    }
    return null;
}

/// Room for a transfer of 128 KiB in one piece. Where the system refuses, transfers are only slower.
fn enlargeBuffers(socket: Socket) void {
    const bytes: c_int = 1 << 20;
    for ([_]u32{ std.posix.SO.SNDBUFFORCE, std.posix.SO.RCVBUFFORCE }) |option| {
        _ = std.posix.system.setsockopt(socket, std.posix.SOL.SOCKET, option, @ptrCast(&bytes), @sizeOf(c_int));
    }
}

test "the first free port of the hub for the speed is taken" {
    const status =
        \\hub port sta spd dev      sockfd local_busid
        \\hs  0000 004 000 00000000 000000 0-0
        \\ss  0008 006 005 00010002 000003 1-2
        \\ss  0009 004 000 00000000 000000 0-0
        \\
    ;
    try std.testing.expectEqual(9, freePort(status, .super));
    try std.testing.expectEqual(0, freePort(status, .high));
    try std.testing.expectEqual(null, freePort(status[0..120], .super));
}
