//! A camera with other endpoints than the EVK4's on the bus: everything that the bus does is the same for it.

const std = @import("std");
const testing = std.testing;
const usb = @import("../../usb_abi.zig");
const api = @import("libusb_api.zig");
const bus_module = @import("bus.zig");
const made_up = @import("../camera/testing/made_up_camera.zig");
const MadeUpCamera = made_up.MadeUpCamera;
const Fault = @import("../camera/faults.zig").Fault;

const Opened = struct {
    camera: MadeUpCamera,
    context: ?*bus_module.Context = null,
    handle: ?*bus_module.Handle = null,

    fn begin(opened: *Opened) !void {
        api.bus = .{ .allocator = testing.allocator }; // a bus of the test's own
        try api.bus.replace(&.{try api.bus.create(&opened.camera.camera)});
        try testing.expectEqual(0, api.init(&opened.context));
        var list: [*:null]?*bus_module.Device = undefined;
        try testing.expectEqual(1, api.getDeviceList(opened.context, &list));
        try testing.expectEqual(1024, api.getMaxPacketSize(list[0].?, made_up.events_number));
        try testing.expectEqual(@backingInt(usb.ErrorCode.not_found), api.getMaxPacketSize(list[0].?, 0x81));
        try testing.expectEqual(0, api.open(list[0].?, &opened.handle));
        api.freeDeviceList(list, 1);
        try testing.expectEqual(0, api.claimInterface(opened.handle.?, 0));
    }

    fn end(opened: *Opened) void {
        api.close(opened.handle);
        api.exit(opened.context);
        api.bus.deinit();
    }

    fn start(opened: *Opened) !void {
        const setup = made_up.start;
        const result = api.controlTransfer(opened.handle.?, setup.request_type, setup.request, 0, 0, null, 0, 1000);
        try testing.expectEqual(0, result);
    }

    fn read(opened: *Opened, endpoint: u8, buffer: []u8) struct { usb.ErrorCode, c_int } {
        var length: c_int = 0;
        const code = api.bulkTransfer(opened.handle.?, endpoint, buffer.ptr, @intCast(buffer.len), &length, 100);
        return .{ @fromBackingInt(code), length };
    }
};

test "a camera with events on 0x82 and no commands streams, halts and is unplugged as any other" {
    var opened: Opened = .{ .camera = .{} };
    opened.camera.camera.faults.list = &[_]Fault{
        .{ .kind = .stall, .place = .{ .endpoint = .events }, .after = 1 },
        .{ .kind = .unplug, .place = .{ .endpoint = .events }, .after = 3 },
    };
    try opened.begin();
    defer opened.end();
    var buffer: [1024]u8 = undefined;
    try testing.expectEqual(.{ .not_found, 0 }, opened.read(0x81, &buffer));
    try testing.expectEqual(.{ .timeout, 0 }, opened.read(made_up.events_number, &buffer));
    try opened.start();
    try testing.expectEqual(.{ .success, 1024 }, opened.read(made_up.events_number, &buffer));
    try testing.expectEqual(255, buffer[255]);
    for (0..2) |_| try testing.expectEqual(.{ .pipe, 0 }, opened.read(made_up.events_number, &buffer));
    try testing.expectEqual(0, api.clearHalt(opened.handle.?, made_up.events_number));
    try testing.expectEqual(.{ .success, 1024 }, opened.read(made_up.events_number, &buffer));
    try testing.expectEqual(.{ .no_device, 0 }, opened.read(made_up.events_number, &buffer));
    try testing.expectEqual(2048, api.bus.departed.bytes_emitted);
}
