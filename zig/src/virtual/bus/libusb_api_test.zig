//! Tests of the look-alike of libusb, through the functions that it exports.

const std = @import("std");
const testing = std.testing;
const usb = @import("../../usb_abi.zig");
const clock = @import("../../system/clock.zig");
const api = @import("libusb_api.zig");
const control_api = @import("control_api.zig");
const bus_module = @import("bus.zig");
const Evk4 = @import("../evk4/evk4.zig").Evk4;
const register_writes = @import("../evk4/testing/register_writes.zig");
const testing_session = @import("testing/session.zig");
const Context = bus_module.Context;
const Device = bus_module.Device;
const Handle = bus_module.Handle;
const Queue = testing_session.Queue;
const Session = testing_session.Session;
const configure = testing_session.configure;
const expectCode = testing_session.expectCode;
const pattern = testing_session.pattern;
const send = testing_session.send;
const start = testing_session.start;
const writeRegister = testing_session.writeRegister;

test "the device list shows the models with their ids, and one device is one pointer" {
    const session = try Session.begin(
        \\{"cameras":[{"source":{"kind":"pattern"}},{"model":"evk4-00f4","serial":"00050abc","speed":"high"},
        \\ {"model":"silkyevcam-hd"},{"model":"ueye-xcpe","permission":false},{"model":"silkyevcam-hd-lite"}]}
    );
    var list: [*:null]?*Device = undefined;
    try testing.expectEqual(5, api.getDeviceList(session.context, &list));
    const expected = [_][2]u16{
        .{ 0x04B4, 0x00F5 }, .{ 0x04B4, 0x00F4 }, .{ 0x31F7, 0x0003 }, .{ 0x1409, 0x8E00 }, .{ 0x31F7, 0x0004 },
    };
    for (expected, 0..) |ids, index| {
        var descriptor: usb.DeviceDescriptor = undefined;
        try expectCode(.success, api.getDeviceDescriptor(list[index].?, &descriptor));
        try testing.expectEqual(ids, .{ descriptor.idVendor, descriptor.idProduct });
    }
    try testing.expectEqual(1024, api.getMaxPacketSize(list[0].?, 0x81));
    try testing.expectEqual(512, api.getMaxPacketSize(list[1].?, 0x81));
    try expectCode(.not_found, api.getMaxPacketSize(list[0].?, 0x83));
    var again: [*:null]?*Device = undefined;
    try testing.expectEqual(5, api.getDeviceList(session.context, &again));
    try testing.expectEqual(list[2], again[2]);
    try testing.expect(api.getDeviceAddress(list[0].?) != api.getDeviceAddress(list[1].?));
    api.freeDeviceList(again, 1);
    var handle: ?*Handle = null;
    try expectCode(.access, api.open(list[3].?, &handle));
    // A reference outlives the list.
    _ = api.refDevice(list[0].?);
    const kept = list[0].?;
    api.freeDeviceList(list, 1);
    try testing.expectEqual(3 + 1, api.getDeviceSpeed(kept));
    api.unrefDevice(kept);
    try session.end();
}

test "identification: control, serial, strings; a stall is PIPE" {
    const session = try Session.begin("{\"cameras\":[{\"serial\":\"00050abc\",\"source\":{\"kind\":\"pattern\"}}]}");
    const handle = try session.claimed();
    var data: [64]u8 = undefined;
    try testing.expectEqual(2, api.controlTransfer(handle, 0xC0, 0x72, 0, 0, &data, 2, 1000));
    try testing.expectEqual(0x31, data[0]);
    try testing.expectEqual(10, api.controlTransfer(handle, 0x80, 6, 0x0302, 0x0409, &data, 64, 1000));
    try expectCode(.pipe, api.controlTransfer(handle, 0xC0, 0x73, 0, 0, &data, 2, 1000));
    try expectCode(.success, send(handle, "\x72\x00\x00\x00\x00\x00\x00\x00"));
    var transferred: c_int = 0;
    try expectCode(.success, api.bulkTransfer(handle, 0x82, &data, 16, &transferred, 1000));
    try testing.expectEqualSlices(u8, "\xBC\x0A\x05\x00", data[8..12]);
    // There is no other reply: a timeout, without bytes.
    try expectCode(.timeout, api.bulkTransfer(handle, 0x82, &data, 16, &transferred, 2));
    try testing.expectEqual(0, transferred);
    try expectCode(.timeout, api.bulkTransfer(handle, 0x81, &data, 64, &transferred, 2));
    api.close(handle);
    try session.end();
}

test "an interface has one owner; without a claim bulk transfers are refused" {
    const session = try Session.begin(pattern);
    const first = try session.open();
    const second = try session.open();
    try expectCode(.not_found, api.claimInterface(first, 1));
    try expectCode(.not_found, send(first, "\x72\x00\x00\x00\x00\x00\x00\x00"));
    try expectCode(.success, api.claimInterface(first, 0));
    try expectCode(.success, api.claimInterface(first, 0));
    try expectCode(.busy, api.claimInterface(second, 0));
    try expectCode(.not_found, api.releaseInterface(second, 0));
    try expectCode(.not_found, api.clearHalt(second, 0x81));
    api.close(first);
    try expectCode(.success, api.claimInterface(second, 0));
    try expectCode(.success, api.releaseInterface(second, 0));
    api.close(second);
    try session.end();
}

test "events come in order and complete, and cancelled transfers come back" {
    const session = try Session.begin(pattern);
    const handle = try session.claimed();
    var queue: Queue(4) = .{ .resubmit = true };
    try queue.submit(handle);
    try expectCode(.busy, api.submitTransfer(queue.transfers[0]));
    try session.handleEvents(1);
    try testing.expectEqual(0, queue.ended.items.len);
    try start(handle);
    while (queue.ended.items.len < 100) {
        const before = queue.ended.items.len;
        try session.handleEvents(1000);
        try testing.expect(queue.ended.items.len > before);
    }
    for (queue.ended.items, 0..) |transfer, index| {
        try testing.expectEqual(queue.transfers[index % 4], transfer);
    }
    try testing.expect(!queue.broken);
    try testing.expectEqual(queue.ended.items.len * 4096 / 8, queue.next_number);
    queue.resubmit = false;
    // Stopped: the four stay pending until they are cancelled, the last one first.
    try writeRegister(handle, .{ 0x9028, 2 });
    queue.ended.clearRetainingCapacity();
    for (0..4) |index| try expectCode(.success, api.cancelTransfer(queue.transfers[3 - index]));
    try expectCode(.not_found, api.cancelTransfer(queue.transfers[0]));
    try session.handleEvents(1000);
    try testing.expectEqual(4, queue.ended.items.len);
    for (queue.ended.items, 0..) |transfer, index| {
        try testing.expectEqual(queue.transfers[3 - index], transfer);
        try testing.expectEqual(.cancelled, transfer.status);
    }
    queue.free();
    api.close(handle);
    try session.end();
}

test "a transfer that is cancelled or times out keeps its bytes" {
    const session = try Session.begin("{\"cameras\":[{\"source\":{\"kind\":\"pattern\"},\"bytes_per_second\":100000}]}");
    const handle = try session.claimed();
    try start(handle);
    var queue: Queue(2) = .{};
    try queue.submit(handle);
    // Less than the packet period, after which the camera itself would end the transfer.
    while (Evk4.of(api.bus.ports.items[0].camera).stream.waiting(clock.monotonicNs(), 8) == 0) {}
    try expectCode(.success, api.cancelTransfer(queue.transfers[1]));
    try expectCode(.success, api.cancelTransfer(queue.transfers[0]));
    try session.handleEvents(1000);
    try testing.expectEqual(.cancelled, queue.transfers[0].status);
    try testing.expectEqual(0, queue.transfers[1].actual_length);
    try testing.expect(queue.transfers[0].actual_length >= 8);
    try testing.expectEqual(0, std.mem.readInt(u64, queue.buffers[0][0..8], .little));
    queue.free();
    api.close(handle);
    try session.end();
}

test "the event handler is woken: by a stream that starts, by an interruption, by a flag" {
    const session = try Session.begin(pattern);
    const handle = try session.claimed();
    var queue: Queue(1) = .{};
    try queue.submit(handle);
    const Other = struct {
        fn startCamera(other: *Handle) void {
            start(other) catch unreachable;
        }
        fn interruptHandler(context: ?*Context) void {
            api.interruptEventHandler(context);
        }
    };
    // Without a wake-up each of these would take its 60 s.
    const starter = try std.Thread.spawn(.{}, Other.startCamera, .{handle});
    while (queue.ended.items.len == 0) try expectCode(.success, api.handleEventsTimeoutCompleted(session.context, null, null));
    starter.join();
    const interrupter = try std.Thread.spawn(.{}, Other.interruptHandler, .{session.context});
    try expectCode(.success, api.handleEventsTimeoutCompleted(session.context, null, null));
    interrupter.join();
    var completed: c_int = 1;
    try expectCode(.success, api.handleEventsTimeoutCompleted(session.context, null, &completed));
    queue.free();
    api.close(handle);
    try session.end();
}

test "inside a callback, synchronous transfers are refused" {
    const session = try Session.begin(pattern);
    const handle = try session.claimed();
    try start(handle);
    const Check = struct {
        var code: c_int = 0;
        fn onTransfer(transfer: *usb.Transfer) callconv(.c) void {
            var data: [2]u8 = undefined;
            code = api.controlTransfer(@ptrCast(@alignCast(transfer.device_handle)), 0xC0, 0x72, 0, 0, &data, 2, 1000);
        }
    };
    var queue: Queue(1) = .{};
    try queue.submit(handle);
    queue.transfers[0].callback = Check.onTransfer;
    try session.handleEvents(1000);
    try expectCode(.busy, Check.code);
    queue.free();
    api.close(handle);
    try session.end();
}

test "unplugging by a new configuration ends all transfers with NO_DEVICE, and nothing leaks" {
    const session = try Session.begin(pattern);
    const handle = try session.claimed();
    var queue: Queue(3) = .{};
    try queue.submit(handle);
    try configure("{\"cameras\":[]}");
    try session.handleEvents(1000);
    try testing.expectEqual(3, queue.ended.items.len);
    for (queue.ended.items) |transfer| try testing.expectEqual(.no_device, transfer.status);
    try expectCode(.no_device, api.submitTransfer(queue.transfers[0]));
    try expectCode(.no_device, send(handle, "\x72\x00\x00\x00\x00\x00\x00\x00"));
    try expectCode(.no_device, api.clearHalt(handle, 0x81));
    var list: [*:null]?*Device = undefined;
    try testing.expectEqual(0, api.getDeviceList(session.context, &list));
    api.freeDeviceList(list, 1);
    queue.free();
    api.close(handle);
    try session.end();
}

test "closing with pending transfers forgets them; exiting before closing is survived" {
    const session = try Session.begin(pattern);
    const handle = try session.claimed();
    var queue: Queue(2) = .{};
    try queue.submit(handle);
    api.close(handle);
    try session.handleEvents(1);
    try testing.expectEqual(0, queue.ended.items.len);
    queue.free();
    const late = try session.claimed();
    api.exit(session.context);
    try testing.expectEqual(0, api.bus.contexts);
    api.close(late);
    try expectCode(.success, api.init(null)); // the default context, twice
    try expectCode(.success, api.init(null));
    api.exit(null);
    try testing.expectEqual(1, api.bus.contexts);
    try (Session{}).end();
}

test "the memory limit covers transfers' buffers and DMA memory; buffers in DMA memory are free" {
    const session = try Session.begin(
        \\{"cameras":[{"source":{"kind":"pattern"},"memory_limit_bytes":12288,
        \\ "faults":[{"kind":"error","function":"libusb_dev_mem_alloc","after":2,"times":0,"code":-11}]}]}
    );
    const handle = try session.claimed();
    const memory = api.devMemAlloc(handle, 4096).?;
    try testing.expectEqual(null, api.devMemAlloc(handle, 8193));
    var queue: Queue(2) = .{};
    try queue.submit(handle);
    var byte: [1]u8 = undefined;
    try expectCode(.no_mem, api.bulkTransfer(handle, 0x82, &byte, 1, null, 1));
    try expectCode(.timeout, api.bulkTransfer(handle, 0x82, memory, 4096, null, 1));
    for (queue.transfers) |transfer| try expectCode(.success, api.cancelTransfer(transfer));
    try session.handleEvents(1);
    queue.free();
    try testing.expectEqual(null, api.devMemAlloc(handle, 4096)); // the fault
    try expectCode(.success, api.devMemFree(handle, @alignCast(memory), 4096));
    try testing.expectEqual(0, handle.port.memory_bytes);
    api.close(handle);
    try session.end();
}

test "functions fail at their n-th call; unplugging at a call" {
    const session = try Session.begin(
        \\{"cameras":[{"source":{"kind":"pattern"},"faults":[
        \\ {"kind":"error","function":"libusb_open","after":1,"code":-3},
        \\ {"kind":"error","function":"libusb_claim_interface","times":2,"code":-6},
        \\ {"kind":"unplug","function":"libusb_bulk_transfer","after":1}]}]}
    );
    const handle = try session.open();
    var refused: ?*Handle = null;
    try expectCode(.access, try session.tryOpen(0, &refused));
    for (0..2) |_| try expectCode(.busy, api.claimInterface(handle, 0));
    try expectCode(.success, api.claimInterface(handle, 0));
    try expectCode(.success, send(handle, "\x72\x00\x00\x00\x00\x00\x00\x00"));
    var reply: [16]u8 = undefined;
    try expectCode(.no_device, api.bulkTransfer(handle, 0x82, &reply, reply.len, null, 1000));
    try expectCode(.no_device, api.claimInterface(handle, 0));
    api.close(handle);
    try session.end();
}

test "a stall halts the endpoint and fails all queued transfers until it is cleared" {
    const session = try Session.begin(
        \\{"cameras":[{"source":{"kind":"pattern"},"faults":[{"kind":"stall","endpoint":129,"after":1}]}]}
    );
    const handle = try session.claimed();
    var queue: Queue(3) = .{};
    try queue.submit(handle);
    try start(handle);
    while (queue.ended.items.len < 3) try session.handleEvents(1000);
    try testing.expectEqual(.completed, queue.transfers[0].status);
    try testing.expectEqual(.stall, queue.transfers[1].status);
    try testing.expectEqual(.stall, queue.transfers[2].status);
    try expectCode(.success, api.clearHalt(handle, 0x81));
    try expectCode(.success, api.submitTransfer(queue.transfers[1]));
    try session.handleEvents(1000);
    try testing.expectEqual(.completed, queue.transfers[1].status);
    try testing.expectEqual(4096 / 8, std.mem.readInt(u64, queue.buffers[1][0..8], .little));
    queue.free();
    api.close(handle);
    try session.end();
}

test "the only alternate setting is 0, and selecting it clears halts" {
    const session = try Session.begin(
        \\{"cameras":[{"source":{"kind":"pattern"},"faults":[{"kind":"stall","endpoint":130},
        \\ {"kind":"error","function":"libusb_set_interface_alt_setting","after":4,"code":-9}]}]}
    );
    const handle = try session.open();
    try expectCode(.not_found, api.setInterfaceAltSetting(handle, 0, 0)); // not claimed
    try expectCode(.success, api.claimInterface(handle, 0));
    try expectCode(.success, send(handle, "\x72\x00\x00\x00\x00\x00\x00\x00"));
    var reply: [16]u8 = undefined;
    for (0..2) |_| try expectCode(.pipe, api.bulkTransfer(handle, 0x82, &reply, reply.len, null, 1000));
    try expectCode(.not_found, api.setInterfaceAltSetting(handle, 0, 1));
    try expectCode(.not_found, api.setInterfaceAltSetting(handle, 1, 0));
    try expectCode(.pipe, api.bulkTransfer(handle, 0x82, &reply, reply.len, null, 1000));
    try expectCode(.success, api.setInterfaceAltSetting(handle, 0, 0));
    try expectCode(.success, send(handle, "\x72\x00\x00\x00\x00\x00\x00\x00"));
    try expectCode(.success, api.bulkTransfer(handle, 0x82, &reply, reply.len, null, 1000));
    try expectCode(.pipe, api.setInterfaceAltSetting(handle, 0, 0)); // the fault
    try configure("{\"cameras\":[]}");
    try expectCode(.no_device, api.setInterfaceAltSetting(handle, 0, 0));
    api.close(handle);
    try session.end();
}

test "the default camera shows the scene, built when it is first started" {
    const session = try Session.begin("{\"cameras\":[{\"bytes_per_second\":50000}]}");
    const handle = try session.claimed();
    var queue: Queue(4) = .{};
    try queue.submit(handle);
    try start(handle);
    while (queue.ended.items.len < 4) try session.handleEvents(1000);
    try testing.expectEqual(0x8000, std.mem.readInt(u16, queue.buffers[0][0..2], .little));
    var text: [2000]u8 = undefined;
    const length: usize = @intCast(control_api.describe(&text, text.len));
    const parsed = try std.json.parseFromSlice(std.json.Value, testing.allocator, text[0..length], .{});
    defer parsed.deinit();
    const camera = parsed.value.object.get("cameras").?.array.items[0].object;
    try testing.expect(camera.get("streaming").?.bool);
    try testing.expectEqual(4, camera.get("transfers_completed").?.integer);
    try testing.expectEqual(@as(i64, register_writes.start.len), camera.get("registers_written").?.integer);
    try testing.expectEqual(1, parsed.value.object.get("claims").?.integer);
    queue.free();
    api.close(handle);
    try session.end();
}
