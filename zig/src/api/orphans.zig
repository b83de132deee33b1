//! What a thread leaves open when it ends, as that of a Worker that is terminated. Nobody is left then who could use it:
//! devices and decoders belong to the thread that made them. A stream is closed here with the device's handle and its
//! context, so that the camera can be opened again. The commands that stop the sensor are TypeScript's, and are not sent:
//! it is left as by a program that was killed, which the next opening copes with.

const std = @import("std");
const clock = @import("../system/clock.zig");
const decoder_api = @import("decoder_api.zig");
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

/// Something that a thread has open.
pub const Open = union(enum) {
    stream: struct { handle: u32, device: Device },
    decoder: u32,

    fn is(open: Open, kind: std.meta.Tag(Open), handle: u32) bool {
        return open == kind and handle == switch (open) {
            .stream => |stream| stream.handle,
            .decoder => |decoder| decoder,
        };
    }

    fn close(open: Open) void {
        switch (open) {
            .stream => |stream| {
                _ = stream_api.close(stream.handle);
                stream.device.functions.close(stream.device.handle);
                stream.device.functions.exit(stream.device.context);
            },
            .decoder => |decoder| _ = decoder_api.destroy(decoder),
        }
    }
};

const Entry = struct { thread: usize, open: Open };

var mutex: std.Io.Mutex = .init;
var entries: [stream_api.capacity + decoder_api.capacity]?Entry = @splat(null);

/// From now on it is closed where this thread ends before `forget`.
pub fn watch(open: Open) void {
    const thread = ThreadExit(closeAllOf).watch() orelse return;
    mutex.lockUncancelable(io);
    defer mutex.unlock(io);
    for (&entries) |*entry| {
        if (entry.* != null) continue;
        entry.* = .{ .thread = thread, .open = open };
        return;
    }
}

/// Somebody closes it, and of a stream the device as well.
pub fn forget(kind: std.meta.Tag(Open), handle: u32) void {
    mutex.lockUncancelable(io);
    defer mutex.unlock(io);
    for (&entries) |*entry| {
        if (entry.*) |known| if (known.open.is(kind, handle)) {
            entry.* = null;
        };
    }
}

fn closeAllOf(thread: usize) void {
    while (takeOneOf(thread)) |orphan| orphan.close();
}

fn takeOneOf(thread: usize) ?Open {
    mutex.lockUncancelable(io);
    defer mutex.unlock(io);
    for (&entries) |*entry| {
        const known = entry.* orelse continue;
        if (known.thread != thread) continue;
        entry.* = null;
        return known.open;
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
    watch(.{ .stream = .{
        .handle = handle,
        .device = .{ .functions = counting, .context = context, .handle = device },
    } });
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

test "a thread that ends with an open decoder leaves none, not even where another one is decoding with it" {
    if (@import("builtin").os.tag == .windows) return error.SkipZigTest;
    const owner = struct {
        fn run(handle: *u32, used: *?decoder_api.Use) void {
            std.debug.assert(decoder_api.create(0, 1280, 720, handle) == 0);
            used.* = decoder_api.Use.begin(handle.*) catch unreachable;
        }
    };
    var handle: u32 = 0;
    var used: ?decoder_api.Use = null;
    const thread = try std.Thread.spawn(.{}, owner.run, .{ &handle, &used });
    thread.join();
    const invalid = @import("../abi.zig").Status.invalid_handle.code();
    try testing.expectEqual(invalid, decoder_api.reset(handle));
    used.?.shared.decoder.reset();
    used.?.end();
    try testing.expectEqual(invalid, decoder_api.destroy(handle));
}

test "decoders that their threads leave or destroy do not fill the table" {
    if (@import("builtin").os.tag == .windows) return error.SkipZigTest;
    const owner = struct {
        fn run() void {
            var handle: u32 = 0;
            std.debug.assert(decoder_api.create(0, 1280, 720, &handle) == 0);
            std.debug.assert(decoder_api.destroy(handle) == 0);
            std.debug.assert(decoder_api.create(0, 1280, 720, &handle) == 0);
        }
    };
    for (0..2 * decoder_api.capacity) |_| {
        const thread = try std.Thread.spawn(.{}, owner.run, .{});
        thread.join();
    }
    for (entries) |entry| try testing.expectEqual(null, entry);
}
