//! A camera that can be plugged into the virtual bus, and what it is made from.

const std = @import("std");
const usb = @import("../../usb_abi.zig");
const Camera = @import("camera.zig").Camera;
const EndpointNumbers = @import("endpoints.zig").EndpointNumbers;
const Fault = @import("faults.zig").Fault;
const Size = @import("../sensor/size.zig").Size;
const Source = @import("../sensor/source.zig").Source;

pub const Model = struct {
    /// In the bus's JSON and on the command line of the USB/IP program.
    name: []const u8,
    endpoints: EndpointNumbers,
    /// How many codes `Options.bias_codes` has.
    bias_count: u8 = 0,
    /// What its scenes are made for.
    size: Size = .{},
    /// The camera takes `options.source` and `options.faults`, unless this fails.
    create: *const fn (allocator: std.mem.Allocator, options: Options) error{OutOfMemory}!*Camera,
};

pub const Options = struct {
    serial: u32,
    speed: usb.Speed,
    /// Of the same allocator.
    faults: []const Fault,
    source: Source,
    /// Null: what the model has. The camera copies these texts, of at most `maximum_text` units of UTF-16.
    manufacturer: ?[]const u8 = null,
    product: ?[]const u8 = null,
    firmware: ?Version = null,
    /// The chip's own codes; the camera copies them.
    bias_codes: ?[]const u8 = null,
    unread_reply: UnreadReply = .wait,
};

/// What a string descriptor holds: its length is a byte, which counts two bytes of head.
pub const maximum_text = 126;

/// Of a firmware; each part is at most 99, as USB writes it in two decimal digits.
pub const Version = struct {
    major: u8,
    minor: u8,
    patch: u8,

    /// As "3.9.0".
    pub fn of(text: []const u8) ?Version {
        var parts: [3]u8 = undefined;
        var split = std.mem.splitScalar(u8, text, '.');
        for (&parts) |*part| {
            const digits = split.next() orelse return null;
            if (digits.len < 1 or digits.len > 2) return null;
            for (digits) |digit| if (!std.ascii.isDigit(digit)) return null;
            part.* = std.fmt.parseInt(u8, digits, 10) catch unreachable;
        }
        return if (split.next() == null) .{ .major = parts[0], .minor = parts[1], .patch = parts[2] } else null;
    }
};

/// What becomes of a request when the reply to the one before was not read. No source knows what cameras do.
pub const UnreadReply = enum {
    /// The request waits until the reply is read.
    wait,
    /// The request's reply takes its place.
    replace,
};

test "a version is three numbers of one or two digits" {
    try std.testing.expectEqual(Version{ .major = 3, .minor = 12, .patch = 0 }, Version.of("3.12.0"));
    for ([_][]const u8{ "", "3.9", "3.9.0.1", "3.9.", "3.+9.0", "3.100.0", "v3.9.0", "3 .9.0" }) |text| {
        try std.testing.expectEqual(null, Version.of(text));
    }
}
