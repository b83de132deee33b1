//! Closes what a thread has left open when it ends, as the thread of a terminated Worker does. Devices and decoders
//! belong to the thread that made them, so no other thread uses them. Streams are closed first, so that their recorders
//! get all that was received. Recorders, decoders and accumulators come next, then libusb's device handles and contexts,
//! so that the camera can be opened again. The commands that stop the sensor are TypeScript's, and are not sent: the next
//! opening stops it, as after a program that was killed. WebAssembly has one thread, and its memory ends with it.

const std = @import("std");
const builtin = @import("builtin");
const clock = @import("../system/clock.zig");
const accumulator_api = @import("accumulator_api.zig");
const decoder_api = @import("decoder_api.zig");
const recorder_api = @import("recorder_api.zig");
const stream_api = @import("stream_api.zig");
const ThreadExit = @import("../system/thread_exit.zig").ThreadExit;

const io = clock.io;

/// An object of libusb, and libusb's function that closes it.
pub const Native = struct { address: usize, close: *const fn (address: usize) callconv(.c) void };

/// An object that a thread has open. In the order of closing: a stream uses its decoder, its device and its context.
pub const Open = union(enum) {
    stream: u32,
    recorder: u32,
    decoder: u32,
    accumulator: u32,
    device: Native,
    context: Native,

    pub const Kind = std.meta.Tag(Open);

    /// The handle or address.
    fn name(open: Open) usize {
        return switch (open) {
            .stream, .recorder, .decoder, .accumulator => |handle| handle,
            .device, .context => |native| native.address,
        };
    }

    fn close(open: Open) void {
        switch (open) {
            .stream => |handle| stream_api.closeOrphan(handle),
            .recorder => |handle| recorder_api.closeOrphan(handle),
            .decoder => |handle| _ = decoder_api.destroy(handle),
            .accumulator => |handle| _ = accumulator_api.destroy(handle),
            .device, .context => |native| native.close(native.address),
        }
    }
};

const Entry = struct { thread: usize, open: Open };

var mutex: std.Io.Mutex = .init;
/// An open device has a stream, a handle and a context; listing devices takes a handle and a context for a moment.
var entries: [4 * stream_api.capacity + recorder_api.capacity + decoder_api.capacity + accumulator_api.capacity]?Entry = @splat(null);

/// Closes the object when this thread ends, unless `forget` comes first.
pub fn watch(open: Open) void {
    if (builtin.cpu.arch.isWasm()) return;
    const thread = ThreadExit(closeAllOf).watch() orelse return;
    mutex.lockUncancelable(io);
    defer mutex.unlock(io);
    for (&entries) |*entry| {
        if (entry.* != null) continue;
        entry.* = .{ .thread = thread, .open = open };
        return;
    }
}

/// The caller closes the object.
pub fn forget(kind: Open.Kind, name: usize) void {
    if (builtin.cpu.arch.isWasm()) return;
    mutex.lockUncancelable(io);
    defer mutex.unlock(io);
    for (&entries) |*entry| {
        if (entry.*) |known| if (known.open == kind and known.open.name() == name) {
            entry.* = null;
        };
    }
}

fn closeAllOf(thread: usize) void {
    for (std.enums.values(Open.Kind)) |kind| {
        while (takeOneOf(thread, kind)) |open| open.close();
    }
}

fn takeOneOf(thread: usize, kind: Open.Kind) ?Open {
    mutex.lockUncancelable(io);
    defer mutex.unlock(io);
    for (&entries) |*entry| {
        const known = entry.* orelse continue;
        if (known.thread != thread or known.open != kind) continue;
        entry.* = null;
        return known.open;
    }
    return null;
}

const testing = std.testing;
const abi = @import("../abi.zig");
const decoder_options: abi.DecoderOptions = .{ .format = 0, .width = 1280, .height = 720, .is_file = 0 };

test "a thread that ends destroys its decoder, also where another thread is decoding with it" {
    if (@import("builtin").os.tag == .windows) return error.SkipZigTest;
    const owner = struct {
        fn run(handle: *u32, used: *?decoder_api.Use) void {
            std.debug.assert(decoder_api.create(&decoder_options, handle) == 0);
            used.* = decoder_api.Use.begin(handle.*) catch unreachable;
        }
    };
    var handle: u32 = 0;
    var used: ?decoder_api.Use = null;
    const thread = try std.Thread.spawn(.{}, owner.run, .{ &handle, &used });
    thread.join();
    const invalid = abi.Status.invalid_handle.code();
    try testing.expectEqual(invalid, decoder_api.reset(handle));
    used.?.shared.decoder.reset();
    used.?.end();
    try testing.expectEqual(invalid, decoder_api.destroy(handle));
}

test "decoders that threads leave open or destroy do not fill the table" {
    if (@import("builtin").os.tag == .windows) return error.SkipZigTest;
    const owner = struct {
        fn run() void {
            var handle: u32 = 0;
            std.debug.assert(decoder_api.create(&decoder_options, &handle) == 0);
            std.debug.assert(decoder_api.destroy(handle) == 0);
            std.debug.assert(decoder_api.create(&decoder_options, &handle) == 0);
        }
    };
    for (0..2 * decoder_api.capacity) |_| {
        const thread = try std.Thread.spawn(.{}, owner.run, .{});
        thread.join();
    }
    for (entries) |entry| try testing.expectEqual(null, entry);
}
