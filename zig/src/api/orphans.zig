//! Streams whose thread ends without having closed them, as that of a Worker that is terminated. Nobody is left then who
//! could use the stream, the device's handle or its context: a device belongs to the thread that opened it. So all three
//! are closed here, and the camera can be opened again. The commands that stop the sensor are TypeScript's, and are not
//! sent: it is left as by a program that was killed, which the next opening copes with.

const std = @import("std");
const clock = @import("../system/clock.zig");
const libusb = @import("../ring/libusb.zig");
const stream_api = @import("stream_api.zig");
const ThreadExit = @import("../system/thread_exit.zig").ThreadExit;

const io = clock.io;

/// What an open stream stands on.
pub const Device = struct {
    functions: libusb.Closing,
    context: *libusb.Context,
    handle: *libusb.DeviceHandle,
};

const Entry = struct { stream: u32, thread: usize, device: Device };

var mutex: std.Io.Mutex = .init;
var entries: [stream_api.capacity]?Entry = @splat(null);

/// From now on the stream is closed, and its device, where this thread ends before `forget`.
pub fn watch(stream: u32, device: Device) void {
    const thread = ThreadExit(closeAllOf).watch() orelse return;
    mutex.lockUncancelable(io);
    defer mutex.unlock(io);
    for (&entries) |*entry| {
        if (entry.* != null) continue;
        entry.* = .{ .stream = stream, .thread = thread, .device = device };
        return;
    }
}

/// Somebody closes the stream, and will close the device.
pub fn forget(stream: u32) void {
    mutex.lockUncancelable(io);
    defer mutex.unlock(io);
    for (&entries) |*entry| {
        if (entry.*) |known| if (known.stream == stream) {
            entry.* = null;
        };
    }
}

fn closeAllOf(thread: usize) void {
    while (takeOneOf(thread)) |orphan| {
        _ = stream_api.close(orphan.stream);
        orphan.device.functions.close(orphan.device.handle);
        orphan.device.functions.exit(orphan.device.context);
    }
}

fn takeOneOf(thread: usize) ?Entry {
    mutex.lockUncancelable(io);
    defer mutex.unlock(io);
    for (&entries) |*entry| {
        const known = entry.* orelse continue;
        if (known.thread != thread) continue;
        entry.* = null;
        return known;
    }
    return null;
}

const testing = std.testing;
const fake = @import("../ring/fake_libusb.zig");

/// Calls of the two functions of `Closing`, in their order.
var closed: std.ArrayList(u8) = .empty;

const counting: libusb.Closing = .{
    .close = struct {
        fn close(_: *libusb.DeviceHandle) callconv(.c) void {
            closed.appendAssumeCapacity('d');
        }
    }.close,
    .exit = struct {
        fn exit(_: *libusb.Context) callconv(.c) void {
            closed.appendAssumeCapacity('c');
        }
    }.exit,
};

fn openHere() u32 {
    const context: *libusb.Context = @ptrFromInt(8);
    const device: *libusb.DeviceHandle = @ptrFromInt(8);
    var opened: @import("../abi.zig").StreamOpened = undefined;
    std.debug.assert(stream_api.start(fake.functions, context, device, .{
        .endpoint = 0x81,
        .format = .evt3,
        .buffer_length = 1024,
        .ring_length = 6,
        .transfer_queue_length = 2,
        .allow_dma = false,
    }, &opened) == .ok);
    const handle: u32 = @intFromFloat(opened.handle);
    watch(handle, .{ .functions = counting, .context = context, .handle = device });
    return handle;
}

test "a thread that ends with an open stream leaves nothing open; one that closed it leaves the device to whoever has it" {
    if (@import("builtin").os.tag == .windows) return error.SkipZigTest;
    try closed.ensureTotalCapacity(testing.allocator, 4);
    defer closed.deinit(testing.allocator);
    fake.play(&.{});
    var handle: u32 = 0;
    const forgetting = try std.Thread.spawn(.{}, struct {
        fn run(out: *u32) void {
            out.* = openHere();
        }
    }.run, .{&handle});
    forgetting.join();
    try testing.expectEqualStrings("dc", closed.items);
    try testing.expectEqual(0, fake.allocated);
    try testing.expect(stream_api.close(handle) < 0);
    const closing = try std.Thread.spawn(.{}, struct {
        fn run() void {
            std.debug.assert(stream_api.close(openHere()) == 0);
        }
    }.run, .{});
    closing.join();
    try testing.expectEqualStrings("dc", closed.items);
    try testing.expectEqual(0, fake.allocated);
}
