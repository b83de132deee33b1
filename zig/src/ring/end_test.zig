//! The end of a stream, and calls that overlap it.

const std = @import("std");
const abi = @import("../abi.zig");
const fake = @import("testing/fake_libusb.zig");
const libusb = @import("libusb.zig");
const reader = @import("reader.zig");
const test_stream = @import("testing/test_stream.zig");
const usb = @import("../usb_abi.zig");
const Notifier = @import("notifier.zig").Notifier;
const Stream = @import("stream.zig").Stream;

const testing = std.testing;

fn openStream(functions: libusb.Libusb) !*Stream {
    fake.play(&.{.pause});
    var libusb_error: c_int = 0;
    return .open(testing.allocator, functions, @ptrFromInt(8), @ptrFromInt(8), test_stream.small, &libusb_error);
}

test "of several reasons for the end the first stays" {
    const reasons = [_]abi.EndReason{ .disconnected, .io, .closed };
    for (reasons) |first| {
        const stream = try openStream(fake.functions);
        stream.end(first);
        for (reasons) |later| stream.end(later);
        stream.stop();
        var buffer: [1024]u8 = undefined;
        var report: abi.Report = undefined;
        try testing.expectEqual(.ended, reader.copy(stream, &buffer, 0, &report));
        try testing.expectEqual(@as(f64, @floatFromInt(@backingInt(first))), report.end_reason);
        stream.shutdown();
        stream.destroy();
    }
}

/// A call that reads is inside.
var inside: std.atomic.Value(bool) = .init(false);
var freed_while_inside: std.atomic.Value(bool) = .init(false);

fn freeTransfer(transfer: *usb.Transfer) callconv(.c) void {
    if (inside.load(.acquire)) freed_while_inside.store(true, .release);
    fake.functions.free_transfer(transfer);
}

test "a shutdown waits for the reader that is inside, and lets no other in" {
    var functions = fake.functions;
    functions.free_transfer = freeTransfer;
    freed_while_inside.store(false, .release);
    const stream = try openStream(functions);
    try testing.expect(stream.reader.enter());
    inside.store(true, .release);
    const closing = try std.Thread.spawn(.{}, Stream.shutdown, .{stream});
    while (!hasStopped(stream)) std.Thread.yield() catch {};
    // From here on a shutdown that did not wait would free the transfers at once. It gets many turns to do so.
    for (0..10_000) |_| {
        if (freed_while_inside.load(.acquire)) break;
        std.Thread.yield() catch {};
    }
    inside.store(false, .release);
    stream.reader.leave();
    closing.join();
    try testing.expect(!freed_while_inside.load(.acquire));
    try testing.expect(!stream.reader.enter());
    stream.destroy();
    try testing.expectEqual(0, fake.allocated);
}

fn hasStopped(stream: *Stream) bool {
    const io = @import("../system/clock.zig").io;
    stream.stopping.lockUncancelable(io);
    defer stream.stopping.unlock(io);
    return stream.thread == null;
}

test "a notifier that is opened during the shutdown is closed with the stream" {
    if (!Notifier.supported) return error.SkipZigTest;
    const stream = try openStream(fake.functions);
    stream.shutdown();
    const read_end = try stream.openNotifier(false, .pipe);
    defer _ = std.c.close(read_end);
    var buffer: [8]u8 = undefined;
    try testing.expect(std.c.read(read_end, &buffer, buffer.len) < 0); // open, and nothing in it
    stream.destroy();
    try testing.expectEqual(0, std.c.read(read_end, &buffer, buffer.len)); // the end of the file
}
