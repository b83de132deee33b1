//! Registers of a GenX320 as settings of the event filter (`sensor/filter_settings.zig`): pixels, biases, digital crop,
//! anti-flicker, trail filter and rate controller.
//!
//! Biases act as in `../filter_registers.zig`: their directions are documented, their strength is made up. The codes with
//! which all events come are those of OpenEB's initialisation.

const std = @import("std");
const Crop = @import("../../sensor/crop.zig").Crop;
const FlickerSettings = @import("../../sensor/anti_flicker.zig").Settings;
const Registers = @import("registers.zig").Registers;
const Settings = filter_settings.Settings;
const Share = filter_settings.Share;
const TrailSettings = @import("../../sensor/trail_filter.zig").Settings;
const Variant = @import("registers.zig").Variant;
const filter_settings = @import("../../sensor/filter_settings.zig");
const whole = filter_settings.whole;

/// Made up, as for the other sensors.
const codes_for_half = 32;

const Address = struct {
    const erc_pipeline_control = 0x6000;
    const ahvt_dropping_control = 0x6014;
    const ref_period_flavor = 0x6020;
    const td_target_event_count = 0x602C;
    const monitoring_event_control = 0x6034;
    const oor_ctrl = 0x900C;
    const oor_start_pos = 0x9010;
    const oor_end_pos = 0x9014;
    const afk_pipeline_control = 0xC000;
    const afk_param = 0xC008;
    const afk_filter_period = 0xC00C;
    const stc_pipeline_control = 0xD000;
    const stc_param = 0xD008;
    const trail_param = 0xD00C;
};

/// Those that programs set, in the first bank.
const Bias = enum {
    fo,
    hpf,
    diff_on,
    diff,
    diff_off,
    refr,

    fn address(bias: Bias) u32 {
        return switch (bias) {
            .fo => 0x1004,
            .hpf => 0x1100,
            .diff_on => 0x1104,
            .diff => 0x1108,
            .diff_off => 0x110C,
            .refr => 0x1114,
        };
    }

    /// OpenEB's initialisation (`genx320es_cx3_issd.h`, `genx320mp_cx3_issd.h`).
    fn usedCode(bias: Bias, variant: Variant) u7 {
        return switch (variant) {
            .early => switch (bias) {
                .fo => 29,
                .hpf => 0,
                .diff_on, .diff_off => 40,
                .diff => 51,
                .refr => 82,
            },
            .production => switch (bias) {
                .fo => 34,
                .hpf => 40,
                .diff_on => 25,
                .diff => 51,
                .diff_off => 28,
                .refr => 10,
            },
        };
    }
};

pub fn settingsOf(registers: *const Registers) Settings {
    var settings: Settings = .{
        .matrix = registers.pixels.matrix(),
        .kept = keptShares(registers),
        .crop = cropOf(registers),
        .flicker = flickerOf(registers),
        .trail = trailOf(registers),
    };
    if (limits(registers)) {
        settings.period_us = registers.stored(Address.ref_period_flavor) & 0x3FF;
        settings.events_per_period = registers.stored(Address.td_target_event_count) & 0x1FFFFF;
        // Both counts, before the controller and behind it; one of them alone is not modelled.
        const counts = 1 << 2 | 1 << 9;
        settings.reports = registers.reportsEnabled() and
            registers.stored(Address.monitoring_event_control) & counts == counts;
    }
    return settings;
}

/// A block is enabled (bit 0) and not bypassed (bit 2).
fn isOn(registers: *const Registers, address: u32) bool {
    return registers.stored(address) & 5 == 1;
}

/// A period of 0 limits nothing here; what the sensor does with it is unknown.
fn limits(registers: *const Registers) bool {
    const t_dropping_en = 1 << 2;
    return isOn(registers, Address.erc_pipeline_control) and
        registers.stored(Address.ahvt_dropping_control) & t_dropping_en != 0 and
        registers.stored(Address.ref_period_flavor) & 0x3FF != 0;
}

/// How far a bias is above the code with which all events come.
fn above(registers: *const Registers, bias: Bias) i32 {
    const code: i32 = @intCast(registers.stored(bias.address()) & 0x7F);
    return code - bias.usedCode(registers.variant);
}

/// `diff` is the reference of both thresholds, whose codes lie on the same side of it: their distances from it are not
/// what counts. Its own effect is unknown, and it has none here.
fn keptShares(registers: *const Registers) [2]Share {
    const slower = @max(0, -above(registers, .fo)); // the low-pass filter
    const fast_only = @max(0, above(registers, .hpf)); // slow changes are removed
    const longer = @max(0, -above(registers, .refr)); // dead times
    const common = slower + fast_only + longer;
    return .{
        share(common + @max(0, above(registers, .diff_off))),
        share(common + @max(0, above(registers, .diff_on))),
    };
}

fn share(codes: i32) Share {
    if (codes == 0) return whole;
    const halvings = @as(f64, @floatFromInt(codes)) / codes_for_half;
    return @intFromFloat(@as(f64, whole) * @exp2(-halvings));
}

/// On with its enable and with the removal of events outside.
fn cropOf(registers: *const Registers) Crop {
    const control = registers.stored(Address.oor_ctrl);
    if (control & 5 != 5) return .{};
    const start = registers.stored(Address.oor_start_pos);
    const end = registers.stored(Address.oor_end_pos);
    return .{
        .x1 = @intCast(start & 0x1FF),
        .y1 = @intCast(start >> 16 & 0x1FF),
        .x2 = @intCast(end & 0x1FF),
        .y2 = @intCast(end >> 16 & 0x1FF),
        .reset_origin = control & 1 << 4 != 0,
    };
}

fn flickerOf(registers: *const Registers) ?FlickerSettings {
    if (!isOn(registers, Address.afk_pipeline_control)) return null;
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

/// As `../digital_registers.zig`: with both halves enabled, the first one acts here.
fn trailOf(registers: *const Registers) ?TrailSettings {
    if (!isOn(registers, Address.stc_pipeline_control)) return null;
    const stc = registers.stored(Address.stc_param);
    const trail = registers.stored(Address.trail_param);
    const keeps_trail = stc & 1 << 24 != 0;
    if (stc & 1 != 0) return .{ .kind = if (keeps_trail) .keep else .cut, .threshold_us = stc >> 1 & 0x7FFFF };
    return if (trail & 1 != 0) .{ .kind = .trail, .threshold_us = trail >> 1 & 0x7FFFF } else null;
}
