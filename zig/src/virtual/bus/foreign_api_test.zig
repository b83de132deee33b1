//! Tests of the functions of libusb that other programs call, and of the bus that their environment configures.

const std = @import("std");
const testing = std.testing;
const usb = @import("../../usb_abi.zig");
const api = @import("libusb_api.zig");
const bus_json = @import("bus_json.zig");
const bus_module = @import("bus.zig");
const foreign = @import("foreign_api.zig");

const cameras =
    \\{"cameras":[{"serial":"00050ABC","source":{"kind":"pattern"}},{"model":"evk4-00f4","speed":"high"}]}
;

/// A bus of the test's own, with the first camera open.
const Opened = struct {
    context: ?*bus_module.Context = null,
    handle: *bus_module.Handle = undefined,

    fn begin(json: []const u8) !Opened {
        api.bus = .{ .allocator = testing.allocator };
        var message: [200]u8 = undefined;
        try bus_json.apply(&api.bus, json, &message);
        var opened: Opened = .{};
        try expectCode(.success, api.init(&opened.context));
        opened.handle = foreign.openDeviceWithVidPid(opened.context, 0x04B4, 0x00F5).?;
        return opened;
    }

    fn end(opened: Opened) !void {
        api.close(opened.handle);
        api.exit(opened.context);
        try testing.expectEqual(0, api.bus.handles);
        try testing.expectEqual(0, api.bus.contexts);
        api.bus.deinit();
    }

    fn unplug(_: Opened) !void {
        try bus_json.apply(&api.bus, "{\"cameras\":[]}", &.{});
    }
};

fn expectCode(expected: usb.ErrorCode, code: c_int) !void {
    try testing.expectEqual(expected, @as(usb.ErrorCode, @fromBackingInt(code)));
}

test "a device is found by its ids, and tells its place" {
    const opened: Opened = try .begin(cameras);
    try testing.expectEqual(null, foreign.openDeviceWithVidPid(opened.context, 0x04B4, 0x00F6));
    const other = foreign.openDeviceWithVidPid(opened.context, 0x04B4, 0x00F4).?;
    const device = foreign.getDevice(other);
    try testing.expectEqual(other.device, device);
    try testing.expectEqual(2, foreign.getPortNumber(device));
    var numbers: [7]u8 = undefined;
    try testing.expectEqual(1, foreign.getPortNumbers(device, &numbers, numbers.len));
    try testing.expectEqual(2, numbers[0]);
    try expectCode(.invalid_param, foreign.getPortNumbers(device, &numbers, 0));
    try testing.expectEqual(null, foreign.getParent(device));
    var wrapped: ?*bus_module.Handle = null;
    try expectCode(.not_supported, foreign.wrapSysDevice(opened.context, 5, &wrapped));
    api.close(other);
    try opened.end();
}

test "the configuration is that of the camera's descriptor" {
    const opened: Opened = try .begin(cameras);
    const device = foreign.getDevice(opened.handle);
    var configuration: ?*usb.ConfigDescriptor = null;
    try expectCode(.not_found, foreign.getConfigDescriptor(device, 1, &configuration));
    try expectCode(.not_found, foreign.getConfigDescriptorByValue(device, 2, &configuration));
    try expectCode(.success, foreign.getConfigDescriptorByValue(device, 1, &configuration));
    foreign.freeConfigDescriptor(configuration);
    try expectCode(.success, foreign.getConfigDescriptor(device, 0, &configuration));
    foreign.freeConfigDescriptor(configuration);
    foreign.freeConfigDescriptor(null);
    try expectCode(.success, foreign.getActiveConfigDescriptor(device, &configuration));
    const setting = configuration.?.interface[0].altsetting[0];
    try testing.expectEqual(0xFF, setting.bInterfaceClass);
    try testing.expectEqual(0x19, setting.bInterfaceSubClass);
    const expected = [_]u8{ 0x82, 0x02, 0x81 };
    for (expected, setting.endpoint.?[0..setting.bNumEndpoints]) |number, endpoint| {
        try testing.expectEqual(number, endpoint.bEndpointAddress);
        try testing.expectEqual(1024, endpoint.wMaxPacketSize);
        try testing.expectEqual(6, endpoint.extra_length); // the SuperSpeed companion
    }
    foreign.freeConfigDescriptor(configuration);
    try opened.end();
}

test "strings in ASCII, truncated and terminated" {
    const opened: Opened = try .begin(cameras);
    var text: [64]u8 = @splat(0xAA);
    try testing.expectEqual(4, foreign.getStringDescriptorAscii(opened.handle, 2, &text, text.len));
    try testing.expectEqualStrings("EVK4", std.mem.sliceTo(&text, 0));
    try testing.expectEqual(8, foreign.getStringDescriptorAscii(opened.handle, 3, &text, text.len));
    try testing.expectEqualStrings("00050ABC", std.mem.sliceTo(&text, 0));
    try testing.expectEqual(3, foreign.getStringDescriptorAscii(opened.handle, 3, &text, 4));
    try testing.expectEqualStrings("000", std.mem.sliceTo(&text, 0));
    try expectCode(.invalid_param, foreign.getStringDescriptorAscii(opened.handle, 0, &text, text.len));
    try expectCode(.pipe, foreign.getStringDescriptorAscii(opened.handle, 9, &text, text.len));
    try opened.end();
}

test "the one configuration is active, and is selected again only where no interface is claimed" {
    const opened: Opened = try .begin(
        \\{"cameras":[{"source":{"kind":"pattern"},"faults":[{"kind":"stall","endpoint":2}]}]}
    );
    const handle = opened.handle;
    var value: c_int = 0;
    try expectCode(.success, foreign.getConfiguration(handle, &value));
    try testing.expectEqual(1, value);
    try expectCode(.not_found, foreign.setConfiguration(handle, 2));
    try expectCode(.success, api.claimInterface(handle, 0));
    try expectCode(.busy, foreign.setConfiguration(handle, 1));
    var request = [_]u8{ 0x72, 0, 0, 0, 0, 0, 0, 0 };
    for (0..2) |_| try expectCode(.pipe, api.bulkTransfer(handle, 0x02, &request, request.len, null, 100));
    try expectCode(.success, foreign.resetDevice(handle)); // clears the halt, and leaves the claim
    try expectCode(.success, api.bulkTransfer(handle, 0x02, &request, request.len, null, 100));
    try expectCode(.success, api.releaseInterface(handle, 0));
    try expectCode(.success, foreign.setConfiguration(handle, 1));
    try opened.unplug();
    try expectCode(.no_device, foreign.resetDevice(handle));
    try expectCode(.no_device, foreign.setConfiguration(handle, 1));
    try expectCode(.no_device, foreign.getConfiguration(handle, &value));
    try opened.end();
}

test "no kernel driver has the interface" {
    const opened: Opened = try .begin(
        \\{"cameras":[{"faults":[{"kind":"error","function":"libusb_detach_kernel_driver","after":1,"code":-3}]}]}
    );
    try testing.expectEqual(0, foreign.kernelDriverActive(opened.handle, 0));
    try expectCode(.not_found, foreign.kernelDriverActive(opened.handle, 1));
    try expectCode(.not_found, foreign.detachKernelDriver(opened.handle, 0));
    try expectCode(.access, foreign.detachKernelDriver(opened.handle, 0)); // the fault
    try expectCode(.not_found, foreign.attachKernelDriver(opened.handle, 0));
    try opened.unplug();
    try expectCode(.no_device, foreign.kernelDriverActive(opened.handle, 0));
    try opened.end();
}

test "events are handled by each of the functions" {
    const opened: Opened = try .begin(cameras);
    const transfer = api.allocTransfer(0).?;
    defer api.freeTransfer(transfer);
    var buffer: [16]u8 = undefined;
    var ended: c_int = 0;
    const Callback = struct {
        fn end(given: *usb.Transfer) callconv(.c) void {
            const flag: *c_int = @ptrCast(@alignCast(given.user_data));
            flag.* = 1;
        }
    };
    foreign.transferSetStreamId(transfer, 7);
    try testing.expectEqual(7, foreign.transferGetStreamId(transfer));
    transfer.* = std.mem.zeroInit(usb.Transfer, .{
        .device_handle = opened.handle,
        .endpoint = 0x82,
        .type = @backingInt(usb.TransferType.bulk),
        .length = buffer.len,
        .buffer = &buffer,
        .callback = &Callback.end,
        .user_data = &ended,
        .status = .completed,
    });
    try expectCode(.success, api.claimInterface(opened.handle, 0));
    for (0..3) |round| {
        ended = 0;
        try expectCode(.success, api.submitTransfer(transfer));
        try expectCode(.success, api.cancelTransfer(transfer));
        try expectCode(.success, switch (round) {
            0 => foreign.handleEvents(opened.context),
            1 => foreign.handleEventsCompleted(opened.context, &ended),
            else => foreign.handleEventsTimeout(opened.context, &.{ .seconds = 1, .microseconds = 0 }),
        });
        try testing.expectEqual(1, ended);
    }
    try testing.expectEqual(0, foreign.getNextTimeout(opened.context, null));
    try expectCode(.not_found, foreign.interruptTransfer(opened.handle, 0x81, &buffer, buffer.len, null, 10));
    try opened.end();
}

test "what the virtual bus does not have is refused, and every code has a text" {
    try expectCode(.not_supported, foreign.hotplugRegisterCallback(null, 1, 0, -1, -1, -1, null, null, null));
    foreign.hotplugDeregisterCallback(null, 1);
    try testing.expectEqual(null, foreign.hotplugGetUserData(null, 1));
    foreign.setDebug(null, 4);
    foreign.setLogCb(null, null, 0);
    try expectCode(.success, foreign.setlocale("fr"));
    try testing.expectEqualStrings("Success", std.mem.span(foreign.strerror(0)));
    try testing.expectEqualStrings("Pipe error", std.mem.span(foreign.strerror(-9)));
    try testing.expectEqualStrings("Unknown error", std.mem.span(foreign.strerror(-50)));
}

test "the environment configures a bus that no program has configured" {
    api.bus = .{ .allocator = testing.allocator };
    defer api.bus.deinit();
    var message: [200]u8 = undefined;
    try testing.expectError(error.Invalid, bus_json.ensureConfigured(&api.bus, "{\"camera\":[]}", &message));
    try testing.expectEqualStrings("camera: unknown member", std.mem.sliceTo(&message, 0));
    try testing.expect(!api.bus.isConfigured());
    try bus_json.ensureConfigured(&api.bus, cameras, &message);
    try testing.expectEqual(2, api.bus.ports.items.len);
    try bus_json.ensureConfigured(&api.bus, "{\"cameras\":[]}", &message); // too late
    try testing.expectEqual(2, api.bus.ports.items.len);
}
