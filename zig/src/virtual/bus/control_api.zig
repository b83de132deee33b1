//! The functions that the virtual camera's library has beside libusb's.

const std = @import("std");
const abi = @import("../../abi.zig");
const bus_json = @import("bus_json.zig");
const describe_bus = @import("describe.zig");
const export_table = @import("../../system/export_table.zig");
const exports = @import("exports.zig");
const libusb_api = @import("libusb_api.zig");

/// Replaces the cameras on the bus by those of a JSON text (see bus_json.zig). On failure nothing has
/// changed, and `message` gets the reason.
pub fn configure(json: ?[*]const u8, length: u32, message: ?[*]u8, message_capacity: u32) callconv(.c) i32 {
    const text = (json orelse return abi.Status.invalid_argument.code())[0..length];
    const reason: []u8 = if (message) |bytes| bytes[0..message_capacity] else &.{};
    bus_json.apply(&libusb_api.bus, text, reason) catch |failure| return switch (failure) {
        error.OutOfMemory => abi.Status.out_of_memory.code(),
        error.Invalid => abi.Status.invalid_argument.code(),
    };
    return abi.Status.ok.code();
}

/// Describes the bus as JSON text (see describe.zig); returns its length, which may exceed the capacity.
pub fn describe(output: ?[*]u8, capacity: u32) callconv(.c) i32 {
    var buffer: [16 << 10]u8 = undefined; // enough for the most cameras
    var writer: std.Io.Writer = .fixed(&buffer);
    describe_bus.write(&libusb_api.bus, &writer) catch return abi.Status.out_of_memory.code();
    return copyText(writer.buffered(), output, capacity);
}

/// Describes the exports' types as JSON text; returns its length, which may exceed the capacity.
pub fn layout(output: ?[*]u8, capacity: u32) callconv(.c) i32 {
    return copyText(export_text, output, capacity);
}

const export_text = text: {
    @setEvalBranchQuota(50_000);
    break :text "{" ++ export_table.describe(exports.functions) ++ "}";
};

fn copyText(text: []const u8, output: ?[*]u8, capacity: u32) i32 {
    if (output) |bytes| {
        const copied = @min(text.len, capacity);
        @memcpy(bytes[0..copied], text[0..copied]);
    }
    return @intCast(text.len);
}
