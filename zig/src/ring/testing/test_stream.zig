//! Streams over the scripted libusb: with their reader thread, or without one, so that time passes only as tests say.

const std = @import("std");
const fake = @import("fake_libusb.zig");
const Options = @import("../stream.zig").Options;
const Stream = @import("../stream.zig").Stream;

const testing = std.testing;

/// Six slots, two of them with libusb.
pub const small: Options = .{
    .endpoint = 0x81,
    .format = .evt3,
    .buffer_length = 1024,
    .ring_length = 6,
    .transfer_queue_length = 2,
    .allow_dma = false,
};

/// `small` with a longer ring.
pub fn withSlots(ring_length: u32) Options {
    var options = small;
    options.ring_length = ring_length;
    return options;
}

pub fn open(options: Options, script: []const fake.Step) !*Stream {
    fake.play(script);
    var libusb_error: c_int = 0;
    return .open(testing.allocator, fake.functions, @ptrFromInt(8), @ptrFromInt(8), options, &libusb_error);
}

pub fn close(stream: *Stream) !void {
    stream.shutdown();
    stream.destroy();
    try testing.expectEqual(0, fake.allocated);
}

/// Without a thread: `happen` plays the script.
pub fn prepare(options: Options, script: []const fake.Step) !*Stream {
    fake.play(script);
    var libusb_error: c_int = 0;
    return .prepare(testing.allocator, fake.functions, @ptrFromInt(8), @ptrFromInt(8), options, &libusb_error);
}

/// Plays this many steps of the script.
pub fn happen(steps: usize) void {
    for (0..steps) |_| {
        _ = fake.functions.handle_events_timeout_completed(@ptrFromInt(8), &.{ .seconds = 0, .microseconds = 0 }, null);
    }
}

/// Closes a stream without a thread.
pub fn closePrepared(stream: *Stream) !void {
    stream.end(.closed);
    while (stream.step(2)) happen(1);
    stream.finish();
    try close(stream);
}
