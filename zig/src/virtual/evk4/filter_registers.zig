//! Registers as settings of the event filter (`sensor/filter_settings.zig`).
//!
//! Modelled: the masks of columns and rows, the 64 masked pixels, the event rate controller, the number of events by the
//! biases, and what `digital_registers.zig` has. Not modelled: any other effect of biases (delays, noise, dead times,
//! differences between pixels).
//!
//! Biases: the direction in which each acts is known, its strength is not. Here a bias that is set `codes_for_half`
//! codes from the chip's own towards fewer events halves them. Towards more events nothing happens, because the scene and
//! the recordings hold no others.

const std = @import("std");
const digital_registers = @import("digital_registers.zig");
const filter_settings = @import("../sensor/filter_settings.zig");
const registers_module = @import("registers.zig");
const Bias = @import("chip.zig").Bias;
const RoiControl = registers_module.RoiControl;
const Registers = registers_module.Registers;
const Address = registers_module.Address;
const Settings = filter_settings.Settings;
const Share = filter_settings.Share;
const whole = filter_settings.whole;

/// Made up: see above.
const codes_for_half = 32;

/// The bits that a slot of the mask of single pixels has (OpenEB's register map).
const pixel_bits = 1 << 31 | 0x3FF << 16 | 0x7FF;

pub fn settingsOf(registers: *const Registers) Settings {
    var settings: Settings = .{ .kept = keptShares(registers) };
    const control = registers.stored(Address.roi_ctrl);
    if (control & RoiControl.td_en != 0) settings.masks = registers.line_masks;
    settings.masks.rows[22] &= 0xFFFF; // beyond row 719
    settings.intersection_only = control & RoiControl.td_roni_n_en == 0;
    if (settings.intersection_only and (allZero(&settings.masks.columns) or allZero(&settings.masks.rows))) {
        settings.masks = .{};
    }
    if (std.meta.eql(settings.masks, .{})) settings.intersection_only = false;
    for (&settings.pixels, 0..) |*pixel, slot| {
        const word = registers.stored(Address.digital_mask_pixel + 4 * @as(u32, @intCast(slot)));
        if (word >> 31 != 0) pixel.* = word & pixel_bits;
    }
    if (limits(registers)) {
        settings.period_us = registers.stored(Address.erc_reference_period) & 0x3FF;
        settings.events_per_period = registers.stored(Address.erc_td_target_event_rate) & 0x3FFFFF;
        settings.reports = registers.reportsEnabled(); // that they come only then is a guess
    }
    digital_registers.apply(registers, &settings);
    return settings;
}

fn allZero(words: []const u32) bool {
    return std.mem.allEqual(u32, words, 0);
}

/// OpenEB's condition (`gen41_erc.cpp`, is_enabled), and the block itself must be on. A period of 0 limits nothing
/// here; what the sensor does with it is unknown.
fn limits(registers: *const Registers) bool {
    return registers.stored(Address.erc_reserved_6000) & 3 == 1 and
        registers.stored(Address.erc_control) & 1 != 0 and
        registers.stored(Address.erc_t_dropping_control) & 1 != 0 and
        registers.stored(Address.erc_reference_period) & 0x3FF != 0;
}

/// How far a bias is above the code with which all events come: so codes are comparable between chips.
fn aboveChip(registers: *const Registers, bias: Bias) i32 {
    const code: i32 = @intCast(registers.stored(bias.address()) & 0xFF);
    return code - registers.chip.usedCode(bias);
}

/// A threshold is the distance from `diff`, upwards for ON. For OFF the direction is unknown: the chip's own code is near
/// (4 codes), and OpenEB's range (35 codes down, 190 up) suggests both directions. Directions of the others: Prophesee's
/// documentation, "Biases".
fn keptShares(registers: *const Registers) [2]Share {
    const slower = @max(0, -aboveChip(registers, .fo)); // the low-pass filter
    const fast_only = @max(0, aboveChip(registers, .hpf)); // slow changes are removed
    const longer = @max(0, -aboveChip(registers, .refr)); // dead times
    const common = slower + fast_only + longer;
    const diff = aboveChip(registers, .diff);
    const on = aboveChip(registers, .diff_on) - diff;
    const chip_off = @as(i32, registers.chip.usedCode(.diff_off)) - registers.chip.usedCode(.diff);
    const off: i32 = @intCast(@abs(chip_off + aboveChip(registers, .diff_off) - diff));
    const further_off = off - @as(i32, @intCast(@abs(chip_off)));
    return .{ share(common + @max(0, further_off)), share(common + @max(0, on)) };
}

fn share(codes: i32) Share {
    if (codes == 0) return whole;
    const halvings = @as(f64, @floatFromInt(codes)) / codes_for_half;
    return @intFromFloat(@as(f64, whole) * @exp2(-halvings));
}

fn written(pairs: []const [2]u32) Settings {
    var registers: Registers = .power_on;
    for (pairs) |pair| _ = registers.write(pair[0], pair[1]);
    return settingsOf(&registers);
}

test "reset values and the driver's defaults leave out no event" {
    const testing = std.testing;
    try testing.expect(written(&.{}).isNone());
    try testing.expect(written(&.{
        .{ 0x1004, 0x11A10053 }, .{ 0x100C, 0x11A10000 }, .{ 0x1010, 0x11A10066 }, .{ 0x1014, 0x11A1504D },
        .{ 0x1018, 0x11A10049 }, .{ 0x1020, 0x11A10014 }, .{ 0x4058, 0x00FF0000 }, .{ 0x0004, 0xF0005462 },
    }).isNone());
    // Switched off: masks are committed and have no effect.
    try testing.expect(written(&.{ .{ 0x2000, 1 }, .{ 0x0004, 0xF0005460 } }).isNone());
    // Only columns, where both are needed; a slot that is not in use; figures of a limiter that is off.
    try testing.expect(written(&.{ .{ 0x2000, 1 }, .{ 0x0004, 0xF0005422 } }).isNone());
    try testing.expect(written(&.{.{ 0x9100, 0x00010001 }}).isNone());
    try testing.expect(written(&.{ .{ 0x6000, 0x00155401 }, .{ 0x6008, 200 }, .{ 0x6028, 3 } }).isNone());
}

test "on any chip its own codes leave out no event, and 32 codes from them halve the events" {
    const testing = std.testing;
    var registers: Registers = .of(.{ .bias_codes = .{ 117, 96, 5, 110, 84, 66, 93, 31, 133, 129, 150, 112, 78 } });
    try testing.expect(settingsOf(&registers).isNone());
    for (std.enums.values(Bias)) |bias| {
        _ = registers.write(bias.address(), 0x11A10000 | @as(u32, registers.chip.code(bias)));
        try testing.expect(settingsOf(&registers).isNone());
    }
    _ = registers.write(Bias.diff_on.address(), 0x11A10000 + 110 + 32);
    try testing.expectEqual([2]Share{ whole, whole / 2 }, settingsOf(&registers).kept);
    _ = registers.write(Bias.diff_off.address(), 0x11A10000 + 66 - 32);
    try testing.expectEqual([2]Share{ whole / 2, whole / 2 }, settingsOf(&registers).kept);
}

test "on a Gen4.1 the codes of OpenEB's bias file leave out no event, and 32 codes from them halve the events" {
    const testing = std.testing;
    var registers: Registers = .of(.of(.gen41));
    for ([_][2]u32{
        .{ 0x1004, 0x01A1E84A }, .{ 0x100C, 0x01A1FF00 }, .{ 0x1010, 0x01A16373 }, .{ 0x1014, 0x01A15050 },
        .{ 0x1018, 0x01A13734 }, .{ 0x1020, 0x01A9CD44 },
    }) |pair| _ = registers.write(pair[0], pair[1]);
    try testing.expect(settingsOf(&registers).isNone());
    _ = registers.write(Bias.diff_off.address(), 0x01A13700 + 52 - 32);
    try testing.expectEqual([2]Share{ whole / 2, whole }, settingsOf(&registers).kept);
}

test "masks, pixels and the limit come from their registers" {
    const testing = std.testing;
    const settings = written(&.{
        .{ 0x2004, 1 },        .{ 0x4000, 6 },   .{ 0x0004, 0xF0005422 }, .{ 0x9100 + 4 * 63, 0x82CF04FF },
        .{ 0x6000, 0x155401 }, .{ 0x6008, 200 }, .{ 0x600C, 10_000 },     .{ 0x6028, 3 },
        .{ 0x6050, 1 },
    });
    try testing.expect(settings.intersection_only);
    try testing.expectEqual(1, settings.masks.columns[1]);
    try testing.expectEqual(6, settings.masks.rows[0]);
    try testing.expectEqual(0x82CF04FF, settings.pixels[63]);
    try testing.expectEqual([2]u32{ 200, 10_000 }, .{ settings.period_us, settings.events_per_period });
    try testing.expect(!settings.reports);
    const limiter = [_][2]u32{ .{ 0x6000, 1 }, .{ 0x6008, 200 }, .{ 0x6028, 3 }, .{ 0x6050, 1 } };
    try testing.expect(written(&(limiter ++ .{.{ 0x7004, 0xC5FF }})).reports);
    try testing.expect(!written(&(limiter ++ .{.{ 0x7004, 0x85FF }})).reports);
    try testing.expect(!written(&.{.{ 0x7004, 0xC5FF }}).reports);
    try testing.expect(!written(&.{ .{ 0x2004, 1 }, .{ 0x0004, 0xF0005462 } }).intersection_only);
}

test "thresholds halve the events of their polarity each 32 codes; more sensitive ones change nothing" {
    const testing = std.testing;
    const base = 0x11A10000;
    try testing.expectEqual([2]Share{ whole, whole / 2 }, written(&.{.{ 0x1010, base + 134 }}).kept);
    try testing.expectEqual([2]Share{ whole / 4, whole }, written(&.{.{ 0x1018, base + 9 }}).kept);
    try testing.expectEqual([2]Share{ whole / 2, whole }, written(&.{.{ 0x1018, base + 113 }}).kept);
    try testing.expectEqual([2]Share{ whole, whole }, written(&.{.{ 0x1010, base + 60 }}).kept);
    try testing.expectEqual([2]Share{ whole / 2, whole / 2 }, written(&.{.{ 0x100C, base + 32 }}).kept);
    try testing.expectEqual([2]Share{ whole / 2, whole / 2 }, written(&.{.{ 0x1004, base + 51 }}).kept);
    var last: Share = whole;
    for (102..256) |code| {
        const kept = written(&.{.{ 0x1010, base + @as(u32, @intCast(code)) }}).kept[1];
        try testing.expect(kept < last or code == 102);
        last = kept;
    }
}
