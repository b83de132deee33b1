//! What a thread had open is closed when it ends, over a libusb that is made for tests.

const std = @import("std");
const abi = @import("../abi.zig");
const decoder_api = @import("decoder_api.zig");
const fake = @import("../ring/testing/fake_libusb.zig");
const stream_api = @import("stream_api.zig");
const test_stream = @import("../ring/testing/test_stream.zig");
const thread_cleanup = @import("thread_cleanup.zig");
const testing = std.testing;

/// Calls of libusb's closing functions, in their order.
var closed: std.ArrayList(u8) = .empty;

fn closeDevice(_: usize) callconv(.c) void {
    closed.appendAssumeCapacity('d');
}

fn exitContext(_: usize) callconv(.c) void {
    closed.appendAssumeCapacity('c');
}

const context_address = 8;
const device_address = 16;

fn openHere() u32 {
    thread_cleanup.watch(.{ .context = .{ .address = context_address, .close = exitContext } });
    thread_cleanup.watch(.{ .device = .{ .address = device_address, .close = closeDevice } });
    var opened: abi.StreamOpened = undefined;
    std.debug.assert(stream_api.start(fake.functions, @ptrFromInt(context_address), @ptrFromInt(device_address), test_stream.small, &opened) == .ok);
    return @intFromFloat(opened.handle);
}

test "a thread that ends leaves nothing open: neither stream nor device nor context" {
    if (@import("builtin").os.tag == .windows) return error.SkipZigTest;
    try closed.ensureTotalCapacity(testing.allocator, 4);
    defer closed.clearAndFree(testing.allocator);
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
}

test "an object that its thread has closed is not closed again when the thread ends" {
    if (@import("builtin").os.tag == .windows) return error.SkipZigTest;
    try closed.ensureTotalCapacity(testing.allocator, 4);
    defer closed.clearAndFree(testing.allocator);
    fake.play(&.{});
    const closing = try std.Thread.spawn(.{}, struct {
        fn run() void {
            std.debug.assert(stream_api.close(openHere()) == 0);
            thread_cleanup.forget(.device, device_address);
        }
    }.run, .{});
    closing.join();
    try testing.expectEqualStrings("c", closed.items);
    try testing.expectEqual(0, fake.allocated);
}

test "a thread that ends leaves alone what other threads have open" {
    if (@import("builtin").os.tag == .windows) return error.SkipZigTest;
    try closed.ensureTotalCapacity(testing.allocator, 4);
    defer closed.clearAndFree(testing.allocator);
    fake.play(&.{.pause});
    const stream = openHere();
    var decoder: u32 = 0;
    try testing.expectEqual(0, decoder_api.create(&.{ .format = 0, .width = 1280, .height = 720, .is_file = 0 }, &decoder));
    const other = try std.Thread.spawn(.{}, struct {
        fn run() void {
            thread_cleanup.watch(.{ .context = .{ .address = 3 * context_address, .close = exitContext } });
        }
    }.run, .{});
    other.join();
    try testing.expectEqualStrings("c", closed.items);
    try testing.expectEqual(abi.Status.timeout.code(), stream_api.wait(stream, 0));
    try testing.expectEqual(0, decoder_api.destroy(decoder));
    try testing.expectEqual(0, stream_api.close(stream));
    thread_cleanup.forget(.device, device_address);
    thread_cleanup.forget(.context, context_address);
}

test "a thread that ends and leaves its pipe open leaves no descriptor" {
    if (@import("builtin").os.tag != .linux) return error.SkipZigTest;
    try closed.ensureTotalCapacity(testing.allocator, 4);
    defer closed.clearAndFree(testing.allocator);
    fake.play(&.{});
    var read_end: i32 = -1;
    const forgetting = try std.Thread.spawn(.{}, struct {
        fn run(out: *i32) void {
            std.debug.assert(stream_api.notifier(openHere(), 0, 0, out) == 0);
        }
    }.run, .{&read_end});
    forgetting.join();
    try testing.expect(std.c.close(read_end) < 0);
}
