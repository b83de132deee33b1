//! A camera's configuration descriptor as libusb hands it out: the bytes that the camera sends, as structures.

const std = @import("std");
const usb = @import("../../usb_abi.zig");

const Allocator = std.mem.Allocator;

/// One of libusb's structures, and everything that it points to.
pub const Owned = struct {
    arena: std.heap.ArenaAllocator,
    descriptor: usb.ConfigDescriptor,

    pub fn of(descriptor: *usb.ConfigDescriptor) *Owned {
        return @fieldParentPtr("descriptor", descriptor);
    }

    pub fn destroy(owned: *Owned) void {
        const parent = owned.arena.child_allocator;
        owned.arena.deinit();
        parent.destroy(owned);
    }
};

pub const ParseError = error{ OutOfMemory, Malformed };

/// `destroy` frees what it returns.
pub fn parse(parent: Allocator, bytes: []const u8) ParseError!*Owned {
    const owned = try parent.create(Owned);
    owned.arena = .init(parent);
    errdefer owned.destroy();
    owned.descriptor = try read(owned.arena.allocator(), bytes);
    return owned;
}

fn read(arena: Allocator, bytes: []const u8) ParseError!usb.ConfigDescriptor {
    var cursor: Cursor = .{ .rest = try arena.dupe(u8, bytes) };
    const head = try cursor.next(descriptor_configuration, 9);
    const extra = try cursor.foreign();
    return .{
        .bLength = head[0],
        .bDescriptorType = head[1],
        .wTotalLength = std.mem.readInt(u16, head[2..4], .little),
        .bNumInterfaces = head[4],
        .bConfigurationValue = head[5],
        .iConfiguration = head[6],
        .bmAttributes = head[7],
        .MaxPower = head[8],
        .interface = (try readInterfaces(arena, &cursor, head[4])).ptr,
        .extra = if (extra.len > 0) extra.ptr else null,
        .extra_length = @intCast(extra.len),
    };
}

/// The settings of an interface stand one after the other.
fn readInterfaces(arena: Allocator, cursor: *Cursor, count: usize) ParseError![]const usb.Interface {
    const interfaces = try arena.alloc(usb.Interface, count);
    for (interfaces) |*interface| {
        var settings: std.ArrayList(usb.InterfaceDescriptor) = .empty;
        while (cursor.rest.len > 0 and
            (settings.items.len == 0 or cursor.numberOfInterface() == settings.items[0].bInterfaceNumber))
        {
            try settings.append(arena, try readSetting(arena, cursor));
        }
        if (settings.items.len == 0) return error.Malformed;
        interface.* = .{ .altsetting = settings.items.ptr, .num_altsetting = @intCast(settings.items.len) };
    }
    return interfaces;
}

fn readSetting(arena: Allocator, cursor: *Cursor) ParseError!usb.InterfaceDescriptor {
    const head = try cursor.next(descriptor_interface, 9);
    const extra = try cursor.foreign();
    const endpoints = try arena.alloc(usb.EndpointDescriptor, head[4]);
    for (endpoints) |*endpoint| endpoint.* = try readEndpoint(cursor);
    return .{
        .bLength = head[0],
        .bDescriptorType = head[1],
        .bInterfaceNumber = head[2],
        .bAlternateSetting = head[3],
        .bNumEndpoints = head[4],
        .bInterfaceClass = head[5],
        .bInterfaceSubClass = head[6],
        .bInterfaceProtocol = head[7],
        .iInterface = head[8],
        .endpoint = if (endpoints.len > 0) endpoints.ptr else null,
        .extra = if (extra.len > 0) extra.ptr else null,
        .extra_length = @intCast(extra.len),
    };
}

fn readEndpoint(cursor: *Cursor) ParseError!usb.EndpointDescriptor {
    const head = try cursor.next(descriptor_endpoint, 7);
    const extra = try cursor.foreign();
    return .{
        .bLength = head[0],
        .bDescriptorType = head[1],
        .bEndpointAddress = head[2],
        .bmAttributes = head[3],
        .wMaxPacketSize = std.mem.readInt(u16, head[4..6], .little),
        .bInterval = head[6],
        .bRefresh = 0,
        .bSynchAddress = 0,
        .extra = if (extra.len > 0) extra.ptr else null,
        .extra_length = @intCast(extra.len),
    };
}

/// Goes from descriptor to descriptor.
const Cursor = struct {
    rest: []const u8,

    /// The next descriptor, which must be of this type and at least this long.
    fn next(cursor: *Cursor, descriptor_type: u8, minimum: usize) ParseError![]const u8 {
        const bytes = cursor.rest;
        if (bytes.len < minimum or bytes[0] < minimum or bytes[0] > bytes.len) return error.Malformed;
        if (bytes[1] != descriptor_type) return error.Malformed;
        cursor.rest = bytes[bytes[0]..];
        return bytes[0..bytes[0]];
    }

    /// Descriptors of other types, which libusb leaves to the program: those of a class, or a SuperSpeed companion.
    fn foreign(cursor: *Cursor) ParseError![]const u8 {
        const bytes = cursor.rest;
        while (cursor.rest.len > 0) {
            if (cursor.rest.len < 2 or cursor.rest[0] < 2 or cursor.rest[0] > cursor.rest.len) return error.Malformed;
            switch (cursor.rest[1]) {
                descriptor_configuration, descriptor_interface, descriptor_endpoint => break,
                else => cursor.rest = cursor.rest[cursor.rest[0]..],
            }
        }
        return bytes[0 .. bytes.len - cursor.rest.len];
    }

    fn numberOfInterface(cursor: Cursor) ?u8 {
        return if (cursor.rest.len > 2 and cursor.rest[1] == descriptor_interface) cursor.rest[2] else null;
    }
};

const descriptor_configuration = 2;
const descriptor_interface = 4;
const descriptor_endpoint = 5;

const two_interfaces = [_]u8{ 9, 2, 54, 0, 2, 1, 0, 0x80, 50 } ++
    [_]u8{ 9, 4, 0, 0, 0, 0xFF, 1, 2, 0 } ++
    [_]u8{ 9, 4, 0, 1, 1, 0xFF, 1, 2, 0 } ++ [_]u8{ 7, 5, 0x81, 2, 0, 4, 0 } ++ [_]u8{ 6, 0x30, 15, 0, 0, 0 } ++
    [_]u8{ 5, 0x24, 1, 2, 3 } ++ [_]u8{ 9, 4, 1, 0, 0, 3, 0, 0, 4 };

test "alternate settings, endpoints and what belongs to a class" {
    const owned = try parse(std.testing.allocator, &two_interfaces);
    defer owned.destroy();
    const interfaces = owned.descriptor.interface[0..2];
    try std.testing.expectEqual(2, interfaces[0].num_altsetting);
    try std.testing.expectEqual(null, interfaces[0].altsetting[0].endpoint);
    const endpoint = interfaces[0].altsetting[1].endpoint.?[0];
    try std.testing.expectEqual(1024, endpoint.wMaxPacketSize);
    try std.testing.expectEqualSlices(u8, two_interfaces[34..45], endpoint.extra.?[0..@intCast(endpoint.extra_length)]);
    try std.testing.expectEqual(1, interfaces[1].num_altsetting);
    try std.testing.expectEqual(4, interfaces[1].altsetting[0].iInterface);
}

test "a truncated descriptor is refused, wherever it ends" {
    for (0..two_interfaces.len) |length| {
        try std.testing.expectError(error.Malformed, parse(std.testing.allocator, two_interfaces[0..length]));
    }
}
