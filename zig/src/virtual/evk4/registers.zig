//! The registers of the sensor and the board. A read gives the value that was written, except where the sensor itself
//! puts values into registers (converter, counters, "done" flags).

const std = @import("std");
const chip_module = @import("chip.zig");
const gen41_reset_values = @import("reset_values.zig").gen41_reset_values;
const reset_values = @import("reset_values.zig").reset_values;
const roi_window = @import("roi_window.zig");
const Bias = chip_module.Bias;
const Chip = chip_module.Chip;
const ClockMode = @import("clock.zig").Mode;
const LineMasks = @import("../sensor/filter_settings.zig").LineMasks;

/// Registers that have a meaning in the model.
pub const Address = struct {
    pub const roi_ctrl = 0x0004;
    pub const lifo_ctrl = 0x000C;
    pub const lifo_status = 0x0010;
    pub const chip_id = 0x0014;
    pub const refractory_ctrl = 0x0020;
    pub const roi_window_ctrl = 0x0034;
    pub const roi_window_start = 0x0038;
    pub const roi_window_end = 0x003C;
    pub const dig_pad2_ctrl = 0x0044;
    pub const adc_control = 0x004C;
    pub const adc_status = 0x0050;
    pub const adc_misc_ctrl = 0x0054;
    pub const td_roi_x = 0x2000;
    pub const td_roi_y = 0x4000;
    pub const erc_reserved_6000 = 0x6000;
    pub const erc_reference_period = 0x6008;
    pub const erc_td_target_event_rate = 0x600C;
    pub const erc_control = 0x6028;
    pub const erc_t_dropping_control = 0x6050;
    pub const edf_reserved_7004 = 0x7004;
    pub const time_base_ctrl = 0x9008;
    pub const ro_ctrl = 0x9028;
    pub const digital_mask_pixel = 0x9100;
    pub const mipi_control = 0xB000;
    pub const mipi_frame_period = 0xB028;
    pub const afk_initialization = 0xC0C4;
    pub const stc_initialization = 0xD0C4;
    /// The only difference that is known between IMX636 and IMX646.
    pub const marking = 0xF128;
    /// Outside the sensor: its reset line.
    pub const reset = 0x00400004;
};

/// The sensor's measurements: 43 °C (code * 0.19 - 56) and about 200 lux in neuromorphic-drivers' formula.
const temperature_code = 521;
const illuminance_counter = 5720;
/// 200 counts a microsecond: a dead time of 20 µs.
const refractory_counter = 4000;

/// Fields of the register 0x0004 (OpenEB's register map).
pub const RoiControl = struct {
    /// The masks of columns and rows work. Without it all pixels send, as OpenEB's `I_ROI::enable(false)` has it.
    pub const td_en: u32 = 1 << 1;
    /// Takes the masks over, also when it was 1 before: OpenEB never writes it back to 0.
    pub const td_shadow_trigger: u32 = 1 << 5;
    /// 0: a pixel is masked only when its column and its row both are.
    pub const td_roni_n_en: u32 = 1 << 6;
    /// The pixels are out of reset.
    pub const px_td_rstn: u32 = 1 << 10;
};

pub const Registers = struct {
    chip: Chip = .{},
    sensor: [sensor_words]u32,
    /// The masks at their last commit, which is when they take effect.
    line_masks: LineMasks = .{},
    /// Registers of the board, from `board_base` on.
    board: [board_words]u32 = @splat(0),
    written: u64 = 0,
    /// Over all (address, value) pairs in the order of the writes.
    hash: std.hash.Fnv1a_64 = .init(),

    const sensor_words = 0x10000 / 4;
    const board_base = 0x00400000;
    const board_words = 0x100 / 4;

    /// With the default chip.
    pub const power_on: Registers = .of(.{});

    pub fn of(chip: Chip) Registers {
        return .{ .chip = chip, .sensor = resetOf(&chip) };
    }

    /// Null where there is no register.
    pub fn read(registers: *const Registers, address: u32) ?u32 {
        const word = (registers.constCell(address) orelse return null).*;
        return switch (address) {
            Address.lifo_status => if (registers.get(Address.lifo_ctrl) & 7 == 7) 1 << 29 | illuminance_counter else 0,
            Address.adc_status => registers.adcStatus(),
            // Enabled, and its counter enabled: the counter is valid.
            Address.refractory_ctrl => if (word >> 30 == 3) word | registers.chip.sensor.refractoryValid() | refractory_counter else word,
            else => word,
        };
    }

    /// False where there is no register.
    pub fn write(registers: *Registers, address: u32, value: u32) bool {
        const cell = registers.cellOf(address) orelse return false;
        var entry: [8]u8 = undefined;
        std.mem.writeInt(u32, entry[0..4], address, .little);
        std.mem.writeInt(u32, entry[4..8], value, .little);
        registers.hash.update(&entry);
        registers.written += 1;
        if (address == Address.reset and value & 1 != 0) {
            registers.sensor = resetOf(&registers.chip);
            registers.line_masks = .{};
        }
        switch (address) {
            Address.chip_id, Address.marking => {}, // cannot be changed
            Address.roi_window_ctrl => registers.controlWindow(cell, value),
            Address.afk_initialization, Address.stc_initialization => cell.* = initialized(cell.*, value),
            else => cell.* = value,
        }
        if (address == Address.roi_ctrl and value & RoiControl.td_shadow_trigger != 0) registers.commitLineMasks();
        return true;
    }

    /// As "master" the sensor fills the registers of columns and rows from the window, and says so in bit 1, which a
    /// program clears by writing 0. The masks take effect at their next commit.
    fn controlWindow(registers: *Registers, cell: *u32, value: u32) void {
        const master = 1 << 0;
        const done = 1 << 1;
        if (value & master != 0) {
            const start = registers.get(Address.roi_window_start);
            const masks = roi_window.masksOf(start, registers.get(Address.roi_window_end));
            registers.sensor[Address.td_roi_x / 4 ..][0..masks.columns.len].* = masks.columns;
            registers.sensor[Address.td_roi_y / 4 ..][0..masks.rows.len].* = masks.rows;
            cell.* = value | done;
        } else {
            cell.* = (value & ~@as(u32, done)) | (cell.* & value & done);
        }
    }

    /// A filter's memory. OpenEB clears the flag by writing it as 1, and asks for the initialisation by bit 0, which
    /// is at its end at once here. It also reads the flag of the anti-flicker filter without ever having asked.
    fn initialized(before: u32, value: u32) u32 {
        const requested = 1 << 0;
        const flag = 1 << 2;
        const left = if (value & flag != 0) 0 else before & flag;
        return (value & ~@as(u32, flag)) | if (value & requested != 0) flag else left;
    }

    fn commitLineMasks(registers: *Registers) void {
        const masks = &registers.line_masks;
        masks.columns = registers.sensor[Address.td_roi_x / 4 ..][0..masks.columns.len].*;
        masks.rows = registers.sensor[Address.td_roi_y / 4 ..][0..masks.rows.len].*;
    }

    /// The stored word of a register of the sensor.
    pub fn stored(registers: *const Registers, address: u32) u32 {
        return registers.sensor[address / 4];
    }

    /// Which clock the events have. The names are OpenEB's; its map gives bits 1 and 2 other ones, in which they only
    /// differ. A primary also needs the pad as an output: 0xC in the field of the signal, where 0xF is an input.
    pub fn clockMode(registers: *const Registers) ClockMode {
        const control = registers.get(Address.time_base_ctrl);
        const enable = 1 << 0;
        const external = 1 << 1;
        const primary = 1 << 2;
        const external_enable = 1 << 3;
        if (control & enable == 0 or registers.get(Address.reset) & 1 != 0) return .off;
        if (control & external == 0) return .own;
        if (control & primary == 0) return .secondary;
        const drives = control & external_enable != 0 and registers.get(Address.dig_pad2_ctrl) >> 16 & 0xF == 0xC;
        return if (drives) .primary else .own;
    }

    /// Events leave the sensor while its clock runs: pixels out of reset, time base on, readout and its link on.
    pub fn outputEnabled(registers: *const Registers) bool {
        return registers.clockMode() != .off and
            registers.get(Address.roi_ctrl) & RoiControl.px_td_rstn != 0 and
            registers.get(Address.ro_ctrl) & 2 == 0 and
            registers.get(Address.mipi_control) & 1 != 0;
    }

    /// How long the link waits at most before it ends a packet. The lowest value is the register's step, so that 0, whose
    /// meaning is unknown, is no endless row of packets.
    pub fn packetPeriodUs(registers: *const Registers) u32 {
        return @max(16, registers.get(Address.mipi_frame_period) & 0xFFF0);
    }

    /// The sensor sends what EVT3 calls OTHERS. An inference from the names that OpenEB's map of the GenX320 gives the bits
    /// of the same value. Those of its pixel events (7:0) have no effect here: OpenEB streams from an IMX636 without them.
    pub fn reportsEnabled(registers: *const Registers) bool {
        return registers.get(Address.edf_reserved_7004) & (1 << 14) != 0;
    }

    pub fn externalTriggerEnabled(registers: *const Registers) bool {
        const input_pad = 0xF << 12; // on a Gen4.1 it is chosen by programs (OpenEB, `gen41_tz_trigger_event.cpp`)
        return registers.get(Address.edf_reserved_7004) & (1 << 10) != 0 and
            (registers.chip.sensor != .gen41 or registers.get(Address.dig_pad2_ctrl) & input_pad == input_pad);
    }

    fn adcStatus(registers: *const Registers) u32 {
        const enabled_clocked_started = 7;
        if (registers.get(Address.adc_control) & 7 != enabled_clocked_started) return 0;
        const temperature_channel = registers.get(Address.adc_misc_ctrl) & (1 << 12) != 0;
        return 1 << 11 | @as(u32, if (temperature_channel) temperature_code else 0);
    }

    fn get(registers: *const Registers, comptime address: u32) u32 {
        return registers.constCell(address).?.*;
    }

    fn constCell(registers: *const Registers, address: u32) ?*const u32 {
        return @constCast(registers).cellOf(address);
    }

    fn cellOf(registers: *Registers, address: u32) ?*u32 {
        if (address % 4 != 0) return null;
        if (address / 4 < sensor_words) return &registers.sensor[address / 4];
        if (address < board_base) return null;
        const index = (address - board_base) / 4;
        return if (index < board_words) &registers.board[index] else null;
    }
};

fn resetOf(chip: *const Chip) [Registers.sensor_words]u32 {
    var sensor: [Registers.sensor_words]u32 = @splat(0);
    for (reset_values) |reset| sensor[reset.address / 4] = reset.value;
    if (chip.sensor == .gen41) {
        for (gen41_reset_values) |reset| sensor[reset.address / 4] = reset.value;
    }
    for (std.enums.values(Bias)) |bias| sensor[bias.address() / 4] = chip.resetWord(bias);
    sensor[Address.chip_id / 4] = chip.sensor.chipId();
    sensor[Address.marking / 4] = chip.sensor.marking();
    return sensor;
}
