//! What a camera says of itself over USB: its descriptors.
//!
//! The interface's class and the order of its endpoints are those of the cameras. The release number of the device, the
//! string with the serial and the polling details are unknown; ours are plausible.

const std = @import("std");
const usb = @import("../../usb_abi.zig");
const Answer = @import("../camera/camera.zig").Answer;
const Endpoint = @import("../camera/endpoints.zig").Endpoint;
const EndpointNumbers = @import("../camera/endpoints.zig").EndpointNumbers;
const Identity = @import("identity.zig").Identity;
const Text = @import("identity.zig").Text;
const maxPacketSize = @import("../camera/endpoints.zig").maxPacketSize;
const serialText = @import("../camera/camera.zig").serialText;

/// Those of interface 0, and the control endpoint.
pub const endpoints: EndpointNumbers = .init(.{ .control = 0x00, .commands = 0x02, .replies = 0x82, .events = 0x81 });

pub fn deviceDescriptor(identity: *const Identity, speed: usb.Speed) usb.DeviceDescriptor {
    const super = @backingInt(speed) >= @backingInt(usb.Speed.super);
    return .{
        .bLength = 18,
        .bDescriptorType = descriptor_device,
        .bcdUSB = if (super) 0x0300 else 0x0210,
        .bDeviceClass = 0,
        .bDeviceSubClass = 0,
        .bDeviceProtocol = 0,
        .bMaxPacketSize0 = if (super) 9 else 64, // 2^9 at SuperSpeed
        .idVendor = identity.model.vendor_id,
        .idProduct = identity.model.product_id,
        .bcdDevice = identity.deviceRelease(),
        .iManufacturer = string_manufacturer,
        .iProduct = string_product,
        .iSerialNumber = string_serial,
        .bNumConfigurations = 1,
    };
}

/// Writes the descriptor of wValue (type << 8 | index); null for one that does not exist.
pub fn descriptor(identity: *const Identity, serial: u32, speed: usb.Speed, value: u16, output: *Answer) ?[]const u8 {
    const index: u8 = @truncate(value);
    switch (value >> 8) {
        descriptor_device => {
            var device = deviceDescriptor(identity, speed);
            if (@import("builtin").cpu.arch.endian() == .big) std.mem.byteSwapAllFields(usb.DeviceDescriptor, &device);
            @memcpy(output[0..18], std.mem.asBytes(&device));
            return output[0..18];
        },
        descriptor_configuration => return configurationDescriptor(speed, output),
        descriptor_string => {
            var digits: [8]u8 = undefined;
            return switch (index) {
                0 => "\x04\x03\x09\x04", // one language, US English
                string_manufacturer => identity.manufacturer.descriptor(output),
                string_product => identity.product.descriptor(output),
                string_serial => Text.of(serialText(serial, &digits)).descriptor(output),
                else => null,
            };
        },
        descriptor_bos => return &bos_descriptor,
        else => return null,
    }
}

/// Programs rely on this order of the endpoints: replies, commands, events.
const endpoint_order = [_]Endpoint{ .replies, .commands, .events };

fn configurationDescriptor(speed: usb.Speed, output: *Answer) []const u8 {
    const super = @backingInt(speed) >= @backingInt(usb.Speed.super);
    const packet = maxPacketSize(speed);
    var length: usize = 9;
    const interface = [_]u8{ 9, 4, 0, 0, endpoint_order.len, 0xFF, 0x19, 0, 0 };
    @memcpy(output[length..][0..interface.len], &interface);
    length += interface.len;
    for (endpoint_order) |endpoint| {
        const bulk = [_]u8{ 7, 5, endpoints.getAssertContains(endpoint), 2, @truncate(packet), @intCast(packet >> 8), 0 };
        @memcpy(output[length..][0..bulk.len], &bulk);
        length += bulk.len;
        if (!super) continue;
        const burst: u8 = if (endpoint == .events) 15 else 0;
        const companion = [_]u8{ 6, 0x30, burst, 0, 0, 0 };
        @memcpy(output[length..][0..companion.len], &companion);
        length += companion.len;
    }
    const maximum_power: u8 = if (super) 400 / 8 else 400 / 2; // mA, in the unit of the speed
    output[0..9].* = .{ 9, descriptor_configuration, @intCast(length), 0, 1, 1, 0, 0x80, maximum_power };
    return output[0..length];
}

/// USB 2.0 extension and SuperSpeed capability.
const bos_descriptor = [_]u8{ 5, descriptor_bos, 22, 0, 2 } ++
    [_]u8{ 7, 16, 2, 2, 0, 0, 0 } ++ [_]u8{ 10, 16, 3, 0, 0x0E, 0, 1, 10, 0xFF, 0x07 };

const descriptor_device = 1;
const descriptor_configuration = 2;
const descriptor_string = 3;
const descriptor_bos = 15;
const string_manufacturer = 1;
const string_product = 2;
const string_serial = 3;

fn identityOf(comptime name: []const u8) Identity {
    return .of(@import("identity.zig").named(name), .{});
}

test "strings that drivers demand" {
    var buffer: Answer = undefined;
    const evk4 = identityOf("evk4");
    try std.testing.expectEqualSlices(u8, &.{ 4, 3, 9, 4 }, descriptor(&evk4, 1, .super, 0x0300, &buffer).?);
    try std.testing.expectEqualSlices(
        u8,
        &.{ 10, 3, 'E', 0, 'V', 0, 'K', 0, '4', 0 },
        descriptor(&evk4, 1, .super, 0x0302, &buffer).?,
    );
    // The longest strings that neuromorphic-drivers knows: 74 bytes and, without the two of the head, 58.
    const ueye = identityOf("ueye-xcpe");
    try std.testing.expectEqual(74, descriptor(&ueye, 1, .super, 0x0301, &buffer).?.len);
    try std.testing.expectEqual(22, descriptor(&ueye, 1, .super, 0x0302, &buffer).?.len);
    const lite = identityOf("silkyevcam-hd-lite");
    try std.testing.expectEqual(60, descriptor(&lite, 1, .super, 0x0302, &buffer).?.len);
    const serial = descriptor(&evk4, 0x00050ABC, .super, 0x0303, &buffer).?;
    try std.testing.expectEqualSlices(u8, "0\x000\x000\x005\x000\x00A\x00B\x00C\x00", serial[2..]);
    try std.testing.expectEqual(null, descriptor(&evk4, 1, .super, 0x0304, &buffer));
    try std.testing.expectEqual(null, descriptor(&evk4, 1, .super, 0x0600, &buffer));
}

test "the configuration's length field is its length, and the endpoints stand in their order" {
    var buffer: Answer = undefined;
    const evk4 = identityOf("evk4");
    for ([_]usb.Speed{ .high, .super }) |speed| {
        const bytes = descriptor(&evk4, 1, speed, 0x0200, &buffer).?;
        try std.testing.expectEqual(bytes.len, std.mem.readInt(u16, bytes[2..4], .little));
        try std.testing.expectEqualSlices(u8, &.{ 0xFF, 0x19, 0 }, bytes[14..17]);
        var found: [3]u8 = undefined;
        var count: usize = 0;
        var offset: usize = 0;
        while (offset < bytes.len) : (offset += bytes[offset]) {
            if (bytes[offset + 1] != 5) continue;
            found[count] = bytes[offset + 2];
            count += 1;
            try std.testing.expectEqual(maxPacketSize(speed), std.mem.readInt(u16, bytes[offset + 4 ..][0..2], .little));
        }
        try std.testing.expectEqualSlices(u8, &.{ 0x82, 0x02, 0x81 }, found[0..count]);
    }
}
