//! Registers of the blocks behind the pixels as settings of the event filter: the digital crop,
//! anti-flicker and the trail filter. And the format of the stream.

const std = @import("std");
const filter_settings = @import("../sensor/filter_settings.zig");
const Crop = @import("../sensor/crop.zig").Crop;
const Format = @import("../sensor/sensor_stream.zig").Format;
const FlickerSettings = @import("../sensor/anti_flicker.zig").Settings;
const TrailSettings = @import("../sensor/trail_filter.zig").Settings;
const Registers = @import("registers.zig").Registers;
const Settings = filter_settings.Settings;

/// Source of addresses and fields: OpenEB's register map of the IMX636.
const Address = struct {
    const pipeline_control = 0x7000;
    const format_8000 = 0x8000;
    const crop_control = 0x900C;
    const crop_start = 0x9010;
    const crop_end = 0x9014;
    const afk_pipeline_control = 0xC000;
    const afk_param = 0xC004;
    const afk_filter_period = 0xC008;
    const stc_pipeline_control = 0xD000;
    const stc_param = 0xD004;
    const trail_param = 0xD008;
};

pub fn apply(registers: *const Registers, settings: *Settings) void {
    settings.crop = cropOf(registers);
    settings.flicker = flickerOf(registers);
    settings.trail = trailOf(registers);
}

/// A block is enabled (bit 0) and not bypassed (bit 2).
fn isOn(pipeline_control: u32) bool {
    return pipeline_control & 5 == 1;
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

fn flickerOf(registers: *const Registers) ?FlickerSettings {
    if (!isOn(registers.stored(Address.afk_pipeline_control))) return null;
    const param = registers.stored(Address.afk_param);
    const period = registers.stored(Address.afk_filter_period);
    return .{
        .shortest = @truncate(period),
        .longest = @truncate(period >> 8),
        .band_pass = param & 1 << 6 != 0,
        .start = @truncate(param >> 3),
        .stop = @truncate(param),
    };
}

/// Each half of the block has its enable bit, and its threshold in µs above it. With both enabled, here the first one
/// acts; what the sensor does is unknown.
fn trailOf(registers: *const Registers) ?TrailSettings {
    if (!isOn(registers.stored(Address.stc_pipeline_control))) return null;
    const stc = registers.stored(Address.stc_param);
    const trail = registers.stored(Address.trail_param);
    const keeps_trail = stc & 1 << 24 != 0;
    if (stc & 1 != 0) return .{ .kind = if (keeps_trail) .keep else .cut, .threshold_us = stc >> 1 & 0x7FFFF };
    return if (trail & 1 != 0) .{ .kind = .trail, .threshold_us = trail >> 1 & 0x7FFFF } else null;
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

test "anti-flicker's band and thresholds, in the words that OpenEB writes" {
    var expected: FlickerSettings = .{ .shortest = 15, .longest = 156, .start = 6, .stop = 4 };
    try std.testing.expect(written(&.{}).isNone());
    try std.testing.expectEqual(null, written(&.{.{ 0xC000, 5 }}).flicker);
    try std.testing.expectEqual(expected, written(&.{.{ 0xC000, 1 }}).flicker); // reset values
    expected = .{ .shortest = 0x4A, .longest = 0x52, .band_pass = true, .start = 7, .stop = 1 };
    const words = [_][2]u32{ .{ 0xC000, 1 }, .{ 0xC008, 0x8524A }, .{ 0xC004, 1 << 6 | 7 << 3 | 1 } };
    try std.testing.expectEqual(expected, written(&words).flicker);
}

test "the trail filter's kind and threshold, in the words that OpenEB writes" {
    const expect = std.testing.expectEqual;
    const trail = [_][2]u32{ .{ 0xD004, 0x4E20 }, .{ 0xD008, 0x4E21 } };
    try std.testing.expect(written(&trail).isNone());
    try std.testing.expect(written(&(trail ++ .{.{ 0xD000, 5 }})).isNone());
    try expect(TrailSettings{ .kind = .trail, .threshold_us = 10_000 }, written(&(trail ++ .{.{ 0xD000, 1 }})).trail);
    for ([_]u32{ 1, 37, 100 }) |threshold_ms| {
        const param = threshold_ms * 1000 << 1 | 1;
        var settings: TrailSettings = .{ .kind = .cut, .threshold_us = threshold_ms * 1000 };
        try expect(settings, written(&.{ .{ 0xD000, 1 }, .{ 0xD004, param }, .{ 0xD008, 0x30D40 } }).trail);
        settings.kind = .keep;
        try expect(settings, written(&.{ .{ 0xD000, 1 }, .{ 0xD004, 1 << 24 | param }, .{ 0xD008, 0x30D40 } }).trail);
    }
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
