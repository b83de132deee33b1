//! Who a camera is: the models with the board of the EVK4, which the EVK3 has, too, and what a camera of a model says of itself.
//!
//! Ids, strings and system ids are those of the cameras, as neuromorphic-drivers 0.18.1 and OpenEB 5.1.1 know them and
//! as owners have reported them.

const std = @import("std");
const Answer = @import("../camera/camera.zig").Answer;
const Kind = @import("sensors.zig").Kind;
const Version = @import("../camera/model.zig").Version;
const maximum_text = @import("../camera/model.zig").maximum_text;

pub const Model = struct {
    name: []const u8,
    vendor_id: u16,
    product_id: u16,
    manufacturer: []const u8,
    product: []const u8,
    /// The product string ends in the firmware's version, as " v03.09.00C".
    product_has_version: bool = false,
    version: Version = .{ .major = 3, .minor = 9, .patch = 0 },
    sensor: Kind = .imx636,
};

const ids = "IDS Imaging Development Systems GmbH";

/// As an owner has reported it; which of the sensors that camera has is unknown.
fn evk3Genx320(name: []const u8, sensor: Kind) Model {
    return .{
        .name = name,
        .vendor_id = 0x04B4,
        .product_id = 0x00F4,
        .manufacturer = "Prophesee",
        .product = "EVKCX3",
        .version = .{ .major = 3, .minor = 12, .patch = 0 },
        .sensor = sensor,
    };
}

pub const models = [_]Model{
    .{ .name = "evk4", .vendor_id = 0x04B4, .product_id = 0x00F5, .manufacturer = "Prophesee", .product = "EVK4" },
    .{ .name = "evk4-00f4", .vendor_id = 0x04B4, .product_id = 0x00F4, .manufacturer = "Prophesee", .product = "EVK4" },
    .{
        .name = "silkyevcam-hd",
        .vendor_id = 0x31F7,
        .product_id = 0x0003,
        .manufacturer = "CenturyArks",
        .product = "SilkyEvCam HD",
        .product_has_version = true,
    },
    .{
        .name = "silkyevcam-hd-lite",
        .vendor_id = 0x31F7,
        .product_id = 0x0004,
        .manufacturer = "CenturyArks",
        .product = "SilkyEvCam HD Lite",
        .product_has_version = true,
        .version = .{ .major = 3, .minor = 9, .patch = 1 },
        .sensor = .imx646,
    },
    .{
        .name = "silkyevcam-vga",
        .vendor_id = 0x31F7,
        .product_id = 0x0002,
        .manufacturer = "CenturyArks",
        .product = "SilkyEvCam Gen3.1",
        .product_has_version = true,
        .sensor = .gen31,
    },
    .{
        .name = "evk3-hd",
        .vendor_id = 0x04B4,
        .product_id = 0x00F4,
        .manufacturer = "Prophesee",
        .product = "EVK3",
        .sensor = .gen41,
    },
    evk3Genx320("evk3-genx320", .genx320),
    evk3Genx320("evk3-genx320-es", .genx320_es),
    .{ .name = "ueye-xcpe", .vendor_id = 0x1409, .product_id = 0x8E00, .manufacturer = ids, .product = "UE-39B0XCP" },
    .{ .name = "ueye-xlse", .vendor_id = 0x1409, .product_id = 0x8E00, .manufacturer = ids, .product = "UE-39B2XLS" },
};

pub fn named(comptime name: []const u8) *const Model {
    return inline for (&models) |*model| {
        if (comptime std.mem.eql(u8, model.name, name)) break model;
    } else @compileError("no such model: " ++ name);
}

pub const Identity = struct {
    model: *const Model,
    manufacturer: Text,
    product: Text,
    version: Version,

    pub const Options = struct { manufacturer: ?[]const u8 = null, product: ?[]const u8 = null, version: ?Version = null };

    pub fn of(model: *const Model, options: Options) Identity {
        const version = options.version orelse model.version;
        var buffer: [64]u8 = undefined;
        const product = options.product orelse if (model.product_has_version) std.fmt.bufPrint(
            &buffer,
            "{s} v{d:0>2}.{d:0>2}.{d:0>2}C",
            .{ model.product, version.major, version.minor, version.patch },
        ) catch unreachable else model.product;
        return .{
            .model = model,
            .manufacturer = .of(options.manufacturer orelse model.manufacturer),
            .product = .of(product),
            .version = version,
        };
    }

    /// The device's release number. That it follows the firmware is made up; OpenEB expects 0x0307 and more.
    pub fn deviceRelease(identity: *const Identity) u16 {
        return decimal(identity.version.major) << 8 | decimal(identity.version.minor);
    }
};

/// Each decimal digit in four bits.
fn decimal(number: u8) u16 {
    return number / 10 * 16 + number % 10;
}

/// The text of a string descriptor.
pub const Text = struct {
    units: [maximum_text]u16,
    length: u8,

    /// Of valid UTF-8 with at most `maximum_text` units of UTF-16.
    pub fn of(text: []const u8) Text {
        var units: [maximum_text]u16 = undefined;
        const length = std.unicode.utf8ToUtf16Le(&units, text) catch unreachable;
        return .{ .units = units, .length = @intCast(length) };
    }

    pub fn descriptor(text: *const Text, output: *Answer) []const u8 {
        const length = 2 + 2 * @as(usize, text.length);
        output[0..2].* = .{ @intCast(length), 3 };
        @memcpy(output[2..length], std.mem.sliceAsBytes(text.units[0..text.length]));
        return output[0..length];
    }
};

fn expectText(expected: []const u8, text: Text) !void {
    var utf8: [3 * maximum_text]u8 = undefined;
    const length = std.unicode.utf16LeToUtf8(&utf8, text.units[0..text.length]) catch unreachable;
    try std.testing.expectEqualStrings(expected, utf8[0..length]);
}

test "models have the strings, system ids and release numbers of their cameras" {
    for ([_]struct { []const u8, u8, u16 }{
        .{ "EVK4", 0x31, 0x0309 },
        .{ "EVK4", 0x31, 0x0309 },
        .{ "SilkyEvCam HD v03.09.00C", 0x31, 0x0309 },
        .{ "SilkyEvCam HD Lite v03.09.01C", 0x35, 0x0309 },
        .{ "SilkyEvCam Gen3.1 v03.09.00C", 0x00, 0x0309 },
        .{ "EVK3", 0x30, 0x0309 },
        .{ "EVKCX3", 0x3B, 0x0312 },
        .{ "EVKCX3", 0x40, 0x0312 },
        .{ "UE-39B0XCP", 0x31, 0x0309 },
        .{ "UE-39B2XLS", 0x31, 0x0309 },
    }, &models) |expected, *model| {
        const identity: Identity = .of(model, .{});
        try expectText(expected[0], identity.product);
        try std.testing.expectEqual(expected[1], model.sensor.systemId());
        try std.testing.expectEqual(expected[2], identity.deviceRelease());
    }
}

test "a firmware shows in the release number and in CenturyArks' product strings, unless they are given" {
    const version: Version = .{ .major = 3, .minor = 12, .patch = 4 };
    const silky: Identity = .of(named("silkyevcam-hd"), .{ .version = version });
    try expectText("SilkyEvCam HD v03.12.04C", silky.product);
    try std.testing.expectEqual(0x0312, silky.deviceRelease());
    const unheard: Identity = .of(named("silkyevcam-hd"), .{ .version = version, .manufacturer = "", .product = "Ñandú 🦤" });
    try expectText("Ñandú 🦤", unheard.product);
    try expectText("", unheard.manufacturer);
    var answer: Answer = undefined;
    const longest: Text = .of(&@as([maximum_text]u8, @splat('x')));
    try std.testing.expectEqual(254, longest.descriptor(&answer).len);
}
