//! A session with the look-alike, and what its tests do with a camera.

const std = @import("std");
const testing = std.testing;
const usb = @import("../../../usb_abi.zig");
const api = @import("../libusb_api.zig");
const control_api = @import("../control_api.zig");
const bus_module = @import("../bus.zig");
const register_writes = @import("../../evk4/testing/register_writes.zig");
const Context = bus_module.Context;
const Device = bus_module.Device;
const Handle = bus_module.Handle;

pub const pattern = "{\"cameras\":[{\"source\":{\"kind\":\"pattern\"}}]}";

/// A bus of the test's own: a leak on it fails the test.
pub const Session = struct {
    context: ?*Context = null,

    pub fn begin(json: []const u8) !Session {
        api.bus = .{ .allocator = testing.allocator };
        try configure(json);
        var session: Session = .{};
        try expectCode(.success, api.init(&session.context));
        return session;
    }

    pub fn end(session: Session) !void {
        api.exit(session.context);
        const bus = &api.bus;
        try testing.expectEqual(0, bus.contexts);
        try testing.expectEqual(0, bus.handles);
        try testing.expectEqual(0, bus.claims);
        try testing.expectEqual(0, bus.transfers_allocated);
        try testing.expectEqual(0, bus.transfers_pending);
        try testing.expectEqual(0, bus.device_memory_bytes);
        api.bus.deinit();
    }

    pub fn tryOpen(session: Session, index: usize, handle: *?*Handle) !c_int {
        var list: [*:null]?*Device = undefined;
        const count = api.getDeviceList(session.context, &list);
        defer api.freeDeviceList(list, 1);
        try testing.expect(count > index);
        return api.open(list[index].?, handle);
    }

    pub fn open(session: Session) !*Handle {
        var handle: ?*Handle = null;
        try expectCode(.success, try session.tryOpen(0, &handle));
        return handle.?;
    }

    pub fn claimed(session: Session) !*Handle {
        const handle = try session.open();
        try expectCode(.success, api.claimInterface(handle, 0));
        return handle;
    }

    pub fn handleEvents(session: Session, timeout_ms: u31) !void {
        const timeout: usb.Timeval = .{ .seconds = 0, .microseconds = @as(i32, timeout_ms) * 1000 };
        try expectCode(.success, api.handleEventsTimeoutCompleted(session.context, &timeout, null));
    }
};

pub fn configure(json: []const u8) !void {
    var message: [200]u8 = undefined;
    const status = control_api.configure(json.ptr, @intCast(json.len), &message, message.len);
    if (status != 0) std.debug.print("{s}\n", .{std.mem.sliceTo(&message, 0)});
    try testing.expectEqual(0, status);
}

pub fn expectCode(expected: usb.ErrorCode, code: c_int) !void {
    try testing.expectEqual(expected, @as(usb.ErrorCode, @fromBackingInt(code)));
}

pub fn send(handle: *Handle, request: []const u8) c_int {
    var transferred: c_int = 0;
    return api.bulkTransfer(handle, 0x02, @constCast(request.ptr), @intCast(request.len), &transferred, 5);
}

pub fn writeRegister(handle: *Handle, write: register_writes.Write) !void {
    try expectCode(.success, send(handle, &register_writes.command(write)));
    var reply: [1024]u8 = undefined;
    var transferred: c_int = 0;
    try expectCode(.success, api.bulkTransfer(handle, 0x82, &reply, reply.len, &transferred, 1000));
    try testing.expectEqual(register_writes.reply_length, transferred);
}

pub fn start(handle: *Handle) !void {
    for (register_writes.start) |write| try writeRegister(handle, write);
}

/// Transfers on the event endpoint, and the order in which they ended.
pub fn Queue(comptime count: usize) type {
    return struct {
        const Self = @This();

        transfers: [count]*usb.Transfer = undefined,
        buffers: [count][4096]u8 = undefined,
        ended: std.ArrayList(*usb.Transfer) = .empty,
        resubmit: bool = false,
        /// The next number of the pattern.
        next_number: u64 = 0,
        broken: bool = false,

        pub fn submit(queue: *Self, handle: *Handle) !void {
            for (&queue.transfers, &queue.buffers) |*transfer, *buffer| {
                transfer.* = api.allocTransfer(0).?;
                transfer.*.* = .{
                    .device_handle = handle,
                    .flags = 0,
                    .endpoint = 0x81,
                    .type = @backingInt(usb.TransferType.bulk),
                    .timeout = 0,
                    .status = .completed,
                    .length = buffer.len,
                    .actual_length = -1,
                    .callback = onTransfer,
                    .user_data = queue,
                    .buffer = buffer,
                    .iso_packets = 0,
                };
                try expectCode(.success, api.submitTransfer(transfer.*));
            }
        }

        fn onTransfer(transfer: *usb.Transfer) callconv(.c) void {
            const queue: *Self = @ptrCast(@alignCast(transfer.user_data));
            queue.ended.append(testing.allocator, transfer) catch unreachable;
            if (transfer.actual_length > 0) {
                queue.broken = queue.broken or std.mem.readInt(u64, transfer.buffer.?[0..8], .little) != queue.next_number;
                queue.next_number += @intCast(@divFloor(transfer.actual_length, 8));
            }
            if (queue.resubmit and transfer.status == .completed) _ = api.submitTransfer(transfer);
        }

        pub fn free(queue: *Self) void {
            for (queue.transfers) |transfer| api.freeTransfer(transfer);
            queue.ended.deinit(testing.allocator);
        }
    };
}
