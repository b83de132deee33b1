//! Registers of the blocks behind the pixels as settings of the event filter: the digital crop. And
//! the format of the stream.

const std = @import("std");
const filter_settings = @import("../sensor/filter_settings.zig");
const Crop = @import("../sensor/crop.zig").Crop;
const Format = @import("../sensor/sensor_stream.zig").Format;
const Registers = @import("registers.zig").Registers;
const Settings = filter_settings.Settings;

/// Source of addresses and fields: OpenEB's register map of the IMX636.
const Address = struct {
    const pipeline_control = 0x7000;
    const format_8000 = 0x8000;
    const crop_control = 0x900C;
    const crop_start = 0x9010;
    const crop_end = 0x9014;
};

pub fn apply(registers: *const Registers, settings: *Settings) void {
    settings.crop = cropOf(registers);
}

/// OpenEB's condition has the first bit, and its sequence both. What the sensor sends when they contradict each other is
/// unknown; here it is EVT3.
pub fn formatOf(registers: *const Registers) Format {
    const is_evt21 = registers.stored(Address.pipeline_control) & 1 << 1 != 0 and
        registers.stored(Address.format_8000) >> 6 & 3 == 0;
    return if (is_evt21) .evt21 else .evt3;
}

/// OpenEB writes 5 to switch it on and 0 to switch it off. What other values do is unknown; here they are off.
fn cropOf(registers: *const Registers) Crop {
    const control = registers.stored(Address.crop_control);
    if (control & 7 != 5) return .{};
    const start = registers.stored(Address.crop_start);
    const end = registers.stored(Address.crop_end);
    return .{
        .x1 = @intCast(start & 0x7FF),
        .y1 = @intCast(start >> 16 & 0x3FF),
        .x2 = @intCast(end & 0x7FF),
        .y2 = @intCast(end >> 16 & 0x3FF),
        .reset_origin = control & 1 << 4 != 0,
    };
}

fn written(pairs: []const [2]u32) Settings {
    var registers: Registers = .power_on;
    for (pairs) |pair| _ = registers.write(pair[0], pair[1]);
    var settings: Settings = .{};
    apply(&registers, &settings);
    return settings;
}

test "the crop is on with 5, and its corners stand in two registers" {
    const corners = [_][2]u32{ .{ 0x9010, 0x00140020 }, .{ 0x9014, 0x007700BF } };
    try std.testing.expect(written(&corners).isNone());
    try std.testing.expectEqual(Crop{ .x1 = 32, .y1 = 20, .x2 = 191, .y2 = 119 }, written(&(corners ++ .{.{ 0x900C, 5 }})).crop);
    try std.testing.expect(written(&(corners ++ .{.{ 0x900C, 0x15 }})).crop.reset_origin);
    try std.testing.expect(written(&(corners ++ .{.{ 0x900C, 0x10 }})).isNone());
}

test "EVT2.1 needs both of its registers" {
    var registers: Registers = .power_on;
    try std.testing.expectEqual(.evt3, formatOf(&registers));
    _ = registers.write(0x7000, 0x70003);
    try std.testing.expectEqual(.evt3, formatOf(&registers));
    _ = registers.write(0x8000, 0x1E005);
    try std.testing.expectEqual(.evt21, formatOf(&registers));
    _ = registers.write(0x7000, 0x70001);
    try std.testing.expectEqual(.evt3, formatOf(&registers));
}
