//! Tests of what becomes of a reply that no program read, through libusb's functions.

const std = @import("std");
const testing = std.testing;
const usb = @import("../../usb_abi.zig");
const api = @import("libusb_api.zig");
const bus_json = @import("bus_json.zig");
const bus_module = @import("bus.zig");

const serial_request = "\x72\x00\x00\x00\x00\x00\x00\x00";
const release_request = "\x79\x00\x00\x00\x00\x00\x00\x00";

/// A bus of the test's own, with one camera.
const Bus = struct {
    context: ?*bus_module.Context = null,

    fn begin(json: []const u8) !Bus {
        api.bus = .{ .allocator = testing.allocator };
        var message: [200]u8 = undefined;
        try bus_json.apply(&api.bus, json, &message);
        var bus: Bus = .{};
        try expectCode(.success, api.init(&bus.context));
        return bus;
    }

    fn end(bus: Bus) void {
        api.exit(bus.context);
        api.bus.deinit();
    }

    /// A program that has claimed the camera.
    fn claimed(bus: Bus) !*bus_module.Handle {
        var list: [*:null]?*bus_module.Device = undefined;
        try testing.expectEqual(1, api.getDeviceList(bus.context, &list));
        var handle: ?*bus_module.Handle = null;
        try expectCode(.success, api.open(list[0].?, &handle));
        api.freeDeviceList(list, 1);
        try expectCode(.success, api.claimInterface(handle.?, 0));
        return handle.?;
    }
};

fn expectCode(expected: usb.ErrorCode, code: c_int) !void {
    try testing.expectEqual(expected, @as(usb.ErrorCode, @fromBackingInt(code)));
}

fn send(handle: *bus_module.Handle, request: []const u8) c_int {
    return api.bulkTransfer(handle, 0x02, @constCast(request.ptr), @intCast(request.len), null, 5);
}

/// The first byte of the reply, which tells the request that it answers.
fn receive(handle: *bus_module.Handle) !u8 {
    var reply: [1024]u8 = undefined;
    try expectCode(.success, api.bulkTransfer(handle, 0x82, &reply, reply.len, null, 1000));
    return reply[0];
}

test "a reply outlives the program, and the next one's request waits until it is read or dropped" {
    for ([_]bool{ true, false }) |reads| {
        const bus: Bus = try .begin("{\"cameras\":[{}]}");
        const first = try bus.claimed();
        try expectCode(.success, send(first, serial_request));
        api.close(first);
        const second = try bus.claimed();
        for (0..2) |_| try expectCode(.timeout, send(second, release_request));
        if (reads) {
            try testing.expectEqual(0x72, try receive(second));
        } else {
            try expectCode(.success, api.setInterfaceAltSetting(second, 0, 0));
        }
        try expectCode(.success, send(second, release_request));
        try testing.expectEqual(0x79, try receive(second));
        api.close(second);
        bus.end();
    }
}

test "or the next request's reply takes its place" {
    const bus: Bus = try .begin("{\"cameras\":[{\"unread_reply\":\"replace\"}]}");
    const first = try bus.claimed();
    try expectCode(.success, send(first, serial_request));
    api.close(first);
    const second = try bus.claimed();
    try expectCode(.success, send(second, release_request));
    try testing.expectEqual(0x79, try receive(second));
    api.close(second);
    bus.end();
}

test "no request replaces a reply that a queued transfer waits for" {
    const bus: Bus = try .begin("{\"cameras\":[{\"unread_reply\":\"replace\"}]}");
    const handle = try bus.claimed();
    const Ended = struct {
        fn callBack(transfer: *usb.Transfer) callconv(.c) void {
            const count: *u32 = @ptrCast(@alignCast(transfer.user_data));
            count.* += 1;
        }
    };
    var ended: u32 = 0;
    var reply: [1024]u8 = undefined;
    var requests = [_][8]u8{ serial_request.*, release_request.* };
    var queued: [3]*usb.Transfer = undefined;
    for (&queued, [_]u8{ 0x82, 0x02, 0x02 }, [_][]u8{ &reply, &requests[0], &requests[1] }) |*entry, endpoint, buffer| {
        const transfer = api.allocTransfer(0).?;
        entry.* = transfer;
        transfer.* = .{
            .device_handle = handle,
            .flags = 0,
            .endpoint = endpoint,
            .type = @backingInt(usb.TransferType.bulk),
            .timeout = 0,
            .status = .completed,
            .length = @intCast(buffer.len),
            .actual_length = 0,
            .callback = Ended.callBack,
            .user_data = &ended,
            .buffer = buffer.ptr,
            .iso_packets = 0,
        };
        try expectCode(.success, api.submitTransfer(transfer));
    }
    const soon: usb.Timeval = .{ .seconds = 1, .microseconds = 0 };
    while (ended < queued.len) try expectCode(.success, api.handleEventsTimeoutCompleted(bus.context, &soon, null));
    try testing.expectEqual(0x72, reply[0]);
    try testing.expectEqual(0x79, try receive(handle));
    for (queued) |transfer| api.freeTransfer(transfer);
    api.close(handle);
    bus.end();
}
