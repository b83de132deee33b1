//! The messages of USB/IP 1.1.1, as Linux defines them (Documentation/usb/usbip_protocol.rst). All numbers are
//! big-endian, but for the eight bytes of a setup packet, which stay as they are on the bus.
//!
//! A connection begins with one operation:
//!
//!     OP_REQ_DEVLIST ──▶ ◀── OP_REP_DEVLIST, end
//!     OP_REQ_IMPORT  ──▶ ◀── OP_REP_IMPORT; from then on the connection carries the device's transfers (URBs):
//!     USBIP_CMD_SUBMIT ──▶ ◀── USBIP_RET_SUBMIT
//!     USBIP_CMD_UNLINK ──▶ ◀── USBIP_RET_UNLINK

const std = @import("std");
const usb = @import("../../usb_abi.zig");
const camera_module = @import("../camera/camera.zig");

pub const version = 0x0111;

pub const Operation = enum(u16) { list_devices = 0x8005, import = 0x8003, _ };

/// Version, operation, status.
pub const operation_length = 8;
pub const bus_id_length = 32;

pub const Status = enum(u32) { ok = 0, not_available = 1, device_busy = 2 };

/// Linux's numbers of the errors that transfers end with.
pub const UrbStatus = enum(i32) {
    ok = 0,
    /// Unlinked.
    connection_reset = -104,
    stall = -32,
    protocol_error = -71,
    overflow = -75,
};

/// Null where the client has another version. The status of a request has no meaning.
pub fn readOperation(bytes: *const [operation_length]u8) ?Operation {
    if (std.mem.readInt(u16, bytes[0..2], .big) != version) return null;
    return @fromBackingInt(std.mem.readInt(u16, bytes[2..4], .big));
}

/// Replies have the number of the request without the highest bit.
pub fn writeReply(writer: *std.Io.Writer, operation: Operation, status: Status) std.Io.Writer.Error!void {
    try writer.writeInt(u16, version, .big);
    try writer.writeInt(u16, @backingInt(operation) & 0x7FFF, .big);
    try writer.writeInt(u32, @backingInt(status), .big);
}

/// A camera that is offered, as a reply describes it.
pub const OfferedDevice = struct {
    camera: *const camera_module.Camera,
    /// Its number on the server's only bus, from 1 on.
    number: u32,

    pub const bus_number = 1;
    const record_length = 312;

    /// "1-" and the number.
    pub fn busId(number: u32, buffer: *[bus_id_length]u8) []const u8 {
        return std.fmt.bufPrint(buffer, "{d}-{d}", .{ bus_number, number }) catch unreachable;
    }

    pub fn write(device: OfferedDevice, writer: *std.Io.Writer) std.Io.Writer.Error!void {
        var bus_id: [bus_id_length]u8 = undefined;
        const id = busId(device.number, &bus_id);
        var path: [256]u8 = @splat(0);
        _ = std.fmt.bufPrint(&path, "/virtual/neuromorphic_virtual_camera/{s}", .{id}) catch unreachable;
        try writer.writeAll(&path);
        try writer.writeAll(id);
        try writer.splatByteAll(0, bus_id_length - id.len);
        try writer.writeInt(u32, bus_number, .big);
        try writer.writeInt(u32, device.number, .big);
        try writer.writeInt(u32, linuxSpeed(device.camera.speed), .big);
        const descriptor = device.camera.deviceDescriptor();
        for ([_]u16{ descriptor.idVendor, descriptor.idProduct, descriptor.bcdDevice }) |number| {
            try writer.writeInt(u16, number, .big);
        }
        try writer.writeAll(&.{ descriptor.bDeviceClass, descriptor.bDeviceSubClass, descriptor.bDeviceProtocol });
        try writer.writeAll(&.{ 1, descriptor.bNumConfigurations, 1 }); // configuration, and how many interfaces
    }

    /// Class, subclass and protocol of the only interface, which follow in a list of devices.
    pub fn writeInterface(device: OfferedDevice, writer: *std.Io.Writer) std.Io.Writer.Error!void {
        var answer: camera_module.Answer = undefined;
        const configuration = device.camera.descriptor(0x0200, &answer).?;
        try writer.writeAll(configuration[9 + 5 ..][0..3]);
        try writer.writeByte(0);
    }
};

/// Linux's number of a speed (enum usb_device_speed), which differs from libusb's. Its virtual host controller knows
/// nothing above SuperSpeed.
pub fn linuxSpeed(speed: usb.Speed) u32 {
    return switch (speed) {
        .unknown, .low, .full, .high => @intCast(@backingInt(speed)),
        .super, .super_plus => 5,
    };
}

/// A command of the client, after the device is imported.
pub const Command = struct {
    sequence: u32,
    kind: Kind,

    pub const length = 48;

    pub const Kind = union(enum) { submit: Submit, unlink: Unlink };

    pub const Submit = struct {
        /// With the direction in its highest bit; 0 for the control endpoint.
        endpoint: u8,
        /// Length of the buffer: of the data after the command where the direction is out, of the data asked for where
        /// it is in.
        length: u32,
        direction_in: bool,
        setup: [8]u8,
    };

    pub const Unlink = struct { sequence: u32 };

    pub fn read(bytes: *const [length]u8) error{BadMessage}!Command {
        const sequence = word(bytes, 1);
        switch (word(bytes, 0)) {
            1 => {
                if (word(bytes, 4) > 15 or word(bytes, 6) > maximum_urb_length) return error.BadMessage;
                // Descriptors of isochronous packets would follow the data, and no camera has such an endpoint.
                if (word(bytes, 8) != 0 and word(bytes, 8) != not_isochronous) return error.BadMessage;
                const number: u8 = @intCast(word(bytes, 4));
                const direction_in = word(bytes, 3) != 0;
                return .{ .sequence = sequence, .kind = .{ .submit = .{
                    .endpoint = if (number != 0 and direction_in) number | usb.endpoint_in else number,
                    .length = word(bytes, 6),
                    .direction_in = direction_in,
                    .setup = bytes[40..48].*,
                } } };
            },
            2 => return .{ .sequence = sequence, .kind = .{ .unlink = .{ .sequence = word(bytes, 5) } } },
            else => return error.BadMessage,
        }
    }

    /// How many bytes follow.
    pub fn dataLength(command: Command) usize {
        return switch (command.kind) {
            .submit => |submit| if (submit.direction_in) 0 else submit.length,
            .unlink => 0,
        };
    }
};

/// What the protocol has as the number of packets of other transfers; Linux's client says 0.
const not_isochronous = 0xFFFF_FFFF;

/// More than any program's transfer: Linux grants 16 MiB to all of them together, by default.
pub const maximum_urb_length = 64 << 20;

/// The reply to a SUBMIT, which the data follows where the direction is in.
pub fn submitReply(sequence: u32, status: UrbStatus, length: usize) [Command.length]u8 {
    return reply(3, sequence, status, @intCast(length));
}

/// The reply to an UNLINK. `ok` says that the transfer had ended before.
pub fn unlinkReply(sequence: u32, status: UrbStatus) [Command.length]u8 {
    return reply(4, sequence, status, 0);
}

fn reply(number: u32, sequence: u32, status: UrbStatus, length: u32) [Command.length]u8 {
    var bytes: [Command.length]u8 = @splat(0);
    std.mem.writeInt(u32, bytes[0..4], number, .big);
    std.mem.writeInt(u32, bytes[4..8], sequence, .big);
    std.mem.writeInt(i32, bytes[20..24], @backingInt(status), .big);
    std.mem.writeInt(u32, bytes[24..28], length, .big);
    return bytes;
}

fn word(bytes: *const [Command.length]u8, index: usize) u32 {
    return std.mem.readInt(u32, bytes[4 * index ..][0..4], .big);
}

test "a device is described in 312 bytes, with an interface in 4" {
    var buffer: [400]u8 = undefined;
    var writer: std.Io.Writer = .fixed(&buffer);
    var evk4 = @import("../evk4/testing/test_camera.zig").evk4(&.{});
    const device: OfferedDevice = .{ .camera = &evk4.camera, .number = 2 };
    try device.write(&writer);
    const record = writer.buffered();
    try std.testing.expectEqual(OfferedDevice.record_length, record.len);
    const path = "/virtual/neuromorphic_virtual_camera/1-2";
    try std.testing.expectEqualStrings(path, record[0..path.len]);
    try std.testing.expect(std.mem.allEqual(u8, record[path.len..256], 0));
    try std.testing.expectEqualStrings("1-2", record[256..259]);
    try std.testing.expect(std.mem.allEqual(u8, record[259..288], 0));
    try std.testing.expectEqualSlices(u8, "\x00\x00\x00\x01\x00\x00\x00\x02\x00\x00\x00\x05", record[288..300]);
    try std.testing.expectEqualSlices(u8, "\x04\xB4\x00\xF5\x03\x09\x00\x00\x00\x01\x01\x01", record[300..312]);
    try device.writeInterface(&writer);
    try std.testing.expectEqualSlices(u8, "\xFF\x19\x00\x00", writer.buffered()[312..]);
}

test "invalid commands are refused" {
    var bytes: [Command.length]u8 = @splat(0);
    try std.testing.expectError(error.BadMessage, Command.read(&bytes));
    bytes[3] = 1;
    bytes[19] = 16; // endpoint
    try std.testing.expectError(error.BadMessage, Command.read(&bytes));
    bytes[19] = 1;
    bytes[24] = 0x80; // 2 GiB
    try std.testing.expectError(error.BadMessage, Command.read(&bytes));
    bytes[24] = 0;
    bytes[35] = 1; // packets
    try std.testing.expectError(error.BadMessage, Command.read(&bytes));
    @memset(bytes[32..36], 0xFF);
    bytes[15] = 1; // in
    try std.testing.expectEqual(0x81, (try Command.read(&bytes)).kind.submit.endpoint);
}
