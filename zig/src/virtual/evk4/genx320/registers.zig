//! The registers of a GenX320. A read gives the value that was written, except where the sensor itself puts values into
//! registers (converter, counters, "done" flags).
//!
//! Source: OpenEB 5.1.1's register map and sequences of both sensors, early ("ES") and production ("MP"). What is not said
//! here or in the other files of this folder is stored only: biases of the second bank, the event rate activity filter
//! (0xE000), the rate controller's spatial dropping, the memories' power, the processor (0xF000) and more.

const std = @import("std");
const ClockMode = @import("../clock.zig").Mode;
const EventMask = pixels_module.EventMask;
const Format = @import("../../sensor/sensor_stream.zig").Format;
const Pixels = pixels_module.Pixels;
const Settings = @import("../../sensor/filter_settings.zig").Settings;
const Size = @import("../../sensor/size.zig").Size;
const Window = pixels_module.Window;
const pixels_module = @import("pixels.zig");
const reset_values = @import("reset_values.zig").reset_values;
const settingsOf = @import("filter_registers.zig").settingsOf;

pub const size: Size = .{ .width = pixels_module.side, .height = pixels_module.side };

pub const Variant = enum {
    early,
    production,

    /// Register 0x0014.
    pub fn chipId(variant: Variant) u32 {
        return switch (variant) {
            .early => 0x30501C01,
            .production => 0xB0602003,
        };
    }
};

/// Registers that have a meaning in the model.
pub const Address = struct {
    pub const roi_ctrl = 0x0000;
    pub const lifo_ctrl = 0x0008;
    pub const lifo_ton_status = 0x0010;
    pub const chip_id = 0x0014;
    pub const dig_soft_reset = 0x001C;
    pub const refractory_ctrl = 0x0020;
    pub const ro_td_ctrl = 0x002C;
    pub const roi_master_ctrl = 0x0034;
    pub const roi_master_chicken_bit = 0x0044;
    pub const adc_control = 0x004C;
    pub const adc_status = 0x0050;
    pub const adc_misc_ctrl = 0x0054;
    pub const sram_initn = 0x00B8;
    pub const roi_window = 0x0400;
    pub const io_ctrl2 = 0x0608;
    pub const td_roi_x = 0x2000;
    pub const td_roi_y = 0x3000;
    pub const edf_event_type_en = 0x7040;
    pub const edf_control = 0x7044;
    pub const time_base_ctrl = 0x9008;
    pub const ro_lp_ctrl = 0x9028;
    pub const event_mask = 0x9100;
    pub const csi_ctrl = 0xB000;
    pub const afk_initialization = 0xC0C4;
    pub const stc_initialization = 0xD0C4;
};

/// Fields of the register 0x0000.
const RoiControl = struct {
    /// The latches work.
    const td_en: u32 = 1 << 1;
    const td_shadow_trigger: u32 = 1 << 5;
    /// The pixels are out of reset.
    const px_sw_rstn: u32 = 1 << 10;
    const halt_programming: u32 = 1 << 11;
};

/// Fields of the register 0x0034.
const MasterControl = struct {
    const en: u32 = 1 << 0;
    const run: u32 = 1 << 1;
    const outside: u32 = 1 << 2;
    const busy: u32 = 1 << 16;
    const done: u32 = 1 << 17;
};

/// The sensor's measurements: 43 °C (code * 0.216 - 54), about 200 lux in OpenEB's formula, and a dead time of 20 µs with
/// 50 counts a microsecond.
const temperature_code = 450;
const illuminance_counter = 905;
const refractory_counter = 1000;

/// Made up: what ends a packet is unknown.
const packet_period_us = 1000;

pub const Registers = struct {
    variant: Variant,
    sensor: [words]u32,
    pixels: Pixels = .{},
    written: u64 = 0,
    /// Over all (address, value) pairs in the order of the writes.
    hash: std.hash.Fnv1a_64 = .init(),

    const words = 0x10000 / 4;

    /// As it is after power-on.
    pub fn of(variant: Variant) Registers {
        return .{ .variant = variant, .sensor = resetOf(variant) };
    }

    /// Null where there is no register.
    pub fn read(registers: *const Registers, address: u32) ?u32 {
        const word = if (isRegister(address)) registers.sensor[address / 4] else return null;
        return switch (address) {
            // Enabled, and measuring again and again.
            Address.lifo_ton_status => if (registers.has(Address.lifo_ctrl, 3)) 1 << 28 | illuminance_counter else 0,
            Address.adc_status => registers.adcStatus(word),
            // Enabled, and its counter enabled: the counter is valid.
            Address.refractory_ctrl => if (word >> 30 == 3) 3 << 30 | 1 << 28 | refractory_counter else word,
            else => word,
        };
    }

    /// False where there is no register.
    pub fn write(registers: *Registers, address: u32, value: u32) bool {
        if (!isRegister(address)) return false;
        var entry: [8]u8 = undefined;
        std.mem.writeInt(u32, entry[0..4], address, .little);
        std.mem.writeInt(u32, entry[4..8], value, .little);
        registers.hash.update(&entry);
        registers.written += 1;
        const cell = &registers.sensor[address / 4];
        const before = cell.*;
        switch (address) {
            Address.chip_id, Address.lifo_ton_status => {}, // cannot be changed
            Address.dig_soft_reset => if (value & 1 == 0) {
                cell.* = value;
            } else {
                registers.sensor = resetOf(registers.variant);
            },
            Address.roi_master_ctrl => {
                cell.* = value & ~(MasterControl.busy | MasterControl.done);
                if (registers.has(address, MasterControl.en | MasterControl.run)) registers.programWindows();
            },
            Address.sram_initn => {
                cell.* = value;
                registers.releaseMemories(value & ~before);
            },
            Address.afk_initialization, Address.stc_initialization => cell.* = initialized(before, value),
            else => cell.* = value,
        }
        if (address == Address.roi_ctrl and value & ~before & RoiControl.td_shadow_trigger != 0) registers.latch();
        registers.combinePixels(address);
        return true;
    }

    /// The columns' bits are for the rows with a bit.
    fn latch(registers: *Registers) void {
        const columns = registers.sensor[Address.td_roi_x / 4 ..][0..pixels_module.row_words];
        registers.pixels.latch(columns, registers.sensor[Address.td_roi_y / 4 ..][0..pixels_module.row_words]);
    }

    /// The sensor sets the latches itself, and is done at once here.
    fn programWindows(registers: *Registers) void {
        if (registers.has(Address.roi_ctrl, RoiControl.halt_programming)) return;
        if (registers.has(Address.roi_master_chicken_bit, 1)) return; // the registers set them
        const control = &registers.sensor[Address.roi_master_ctrl / 4];
        var windows: [pixels_module.window_count]Window = undefined;
        for (&windows, 0..) |*window, index| {
            const place = registers.sensor[Address.roi_window / 4 + 2 * index ..][0..2];
            window.* = .of(place[0], place[1]);
        }
        const count = @min(control.* >> 3 & 0x1F, windows.len);
        registers.pixels.program(windows[0..count], control.* & MasterControl.outside != 0);
        control.* |= MasterControl.done;
    }

    fn combinePixels(registers: *Registers, changed: u32) void {
        const masks_end = Address.event_mask + 8 * pixels_module.event_mask_count;
        switch (changed) {
            Address.roi_ctrl, Address.dig_soft_reset, Address.roi_master_ctrl, Address.event_mask...masks_end - 1 => {},
            else => return,
        }
        var masks: [pixels_module.event_mask_count]?EventMask = undefined;
        for (&masks, 0..) |*mask, index| {
            const place = registers.sensor[Address.event_mask / 4 + 2 * index ..][0..2];
            mask.* = .of(place[0], place[1]);
        }
        registers.pixels.combine(registers.has(Address.roi_ctrl, RoiControl.td_en), &masks);
    }

    /// A filter's memory is initialised where it leaves its reset: OpenEB's anti-flicker filter asks for the flag without
    /// having asked for an initialisation.
    fn releaseMemories(registers: *Registers, released: u32) void {
        for ([_]u32{ Address.afk_initialization, Address.stc_initialization }, 0..) |address, bit| {
            if (released >> @intCast(bit) & 1 != 0) registers.sensor[address / 4] |= 1 << 2;
        }
    }

    /// As of an IMX636: the flag is cleared by writing it as 1, and bit 0 asks for what is at its end at once here.
    fn initialized(before: u32, value: u32) u32 {
        const requested = 1 << 0;
        const flag = 1 << 2;
        const left = if (value & flag != 0) 0 else before & flag;
        return (value & ~@as(u32, flag)) | if (value & requested != 0) flag else left;
    }

    /// The stored word of a register.
    pub fn stored(registers: *const Registers, address: u32) u32 {
        return registers.sensor[address / 4];
    }

    /// What the registers ask of the events. The pixels in it stay in their place.
    pub fn settings(registers: *const Registers) Settings {
        return settingsOf(registers);
    }

    /// Of the early sensor's format 1, and of 3, nothing is known; here both are EVT2.1.
    pub fn format(registers: *const Registers) Format {
        return switch (registers.stored(Address.edf_control) & 3) {
            0 => .evt2,
            1 => if (registers.variant == .production) .evt3 else .evt21_little,
            else => .evt21_little,
        };
    }

    /// Which clock the events have. A primary needs its pad as no input, and a secondary as an input.
    pub fn clockMode(registers: *const Registers) ClockMode {
        const control = registers.stored(Address.time_base_ctrl);
        const enable = 1 << 0;
        const external = 1 << 1;
        const primary = 1 << 2;
        const external_enable = 1 << 3;
        const pad = registers.stored(Address.io_ctrl2) & 0x11;
        if (control & enable == 0) return .off;
        if (control & external == 0) return .own;
        if (control & primary == 0) return if (pad == 0x11) .secondary else .off;
        return if (control & external_enable != 0 and pad == 0) .primary else .own;
    }

    /// Events leave the sensor while its clock runs: pixels and readout out of reset, and the readout's link on.
    pub fn outputEnabled(registers: *const Registers) bool {
        const readout_out_of_reset = 1 << 8 | 1 << 9 | 1 << 10 | 1 << 14 | 1 << 15 | 1 << 17;
        return registers.clockMode() != .off and
            registers.has(Address.roi_ctrl, RoiControl.px_sw_rstn) and
            registers.has(Address.ro_td_ctrl, readout_out_of_reset) and
            registers.stored(Address.ro_lp_ctrl) & 2 == 0 and
            registers.has(Address.csi_ctrl, 1);
    }

    pub fn packetPeriodUs(_: *const Registers) u32 {
        return packet_period_us;
    }

    /// What the sensor says of itself comes among its events.
    pub fn reportsEnabled(registers: *const Registers) bool {
        return registers.has(Address.edf_event_type_en, 1 << 14);
    }

    /// The pad is on, it is an input, and its events are sent.
    pub fn externalTriggerEnabled(registers: *const Registers) bool {
        return registers.has(Address.io_ctrl2, 1 << 10 | 1 << 14) and
            registers.has(Address.edf_event_type_en, 1 << 10);
    }

    fn adcStatus(registers: *const Registers, word: u32) u32 {
        const enabled_clocked_started = 7;
        if (!registers.has(Address.adc_control, enabled_clocked_started)) return word;
        const of_temperature = registers.has(Address.adc_misc_ctrl, 1 << 17);
        return word | 1 << 11 | @as(u32, if (of_temperature) temperature_code else 0);
    }

    fn has(registers: *const Registers, address: u32, bits: u32) bool {
        return registers.stored(address) & bits == bits;
    }

    fn isRegister(address: u32) bool {
        return address % 4 == 0 and address / 4 < words;
    }
};

/// The early sensor's format is that of the map. That a production sensor begins with EVT2.1 is what an owner's program
/// printed; OpenEB's sequence for it writes none.
fn resetOf(variant: Variant) [Registers.words]u32 {
    var sensor: [Registers.words]u32 = @splat(0);
    for (reset_values) |reset| @memset(sensor[reset.address / 4 ..][0..reset.count], reset.value);
    sensor[Address.chip_id / 4] = variant.chipId();
    if (variant == .production) sensor[Address.edf_control / 4] = 2;
    return sensor;
}
