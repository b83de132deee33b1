//! The registers of the sensor and the board. A read gives the value that was written, except where the sensor itself
//! puts values into registers (converter, counters, "done" flags).

const std = @import("std");
const reset_values = @import("reset_values.zig").reset_values;
const LineMasks = @import("../sensor/filter_settings.zig").LineMasks;

/// Registers that have a meaning in the model.
pub const Address = struct {
    pub const roi_ctrl = 0x0004;
    pub const lifo_ctrl = 0x000C;
    pub const lifo_status = 0x0010;
    pub const chip_id = 0x0014;
    pub const refractory_ctrl = 0x0020;
    pub const roi_window_ctrl = 0x0034;
    pub const adc_control = 0x004C;
    pub const adc_status = 0x0050;
    pub const adc_misc_ctrl = 0x0054;
    pub const bias_fo = 0x1004;
    pub const bias_hpf = 0x100C;
    pub const bias_diff_on = 0x1010;
    pub const bias_diff = 0x1014;
    pub const bias_diff_off = 0x1018;
    pub const bias_refr = 0x1020;
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
    pub const afk_initialization = 0xC0C4;
    pub const stc_initialization = 0xD0C4;
    /// Outside the sensor: its reset line.
    pub const reset = 0x00400004;
};

/// The sensor's measurements: 43 °C (code * 0.19 - 56) and about 200 lux in neuromorphic-drivers' formula.
const temperature_code = 521;
const illuminance_counter = 5720;
/// 200 counts a microsecond: a dead time of 20 µs.
const refractory_counter = 4000;

pub const Registers = struct {
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

    pub const power_on: Registers = .{ .sensor = sensor_reset };

    /// Null where there is no register.
    pub fn read(registers: *const Registers, address: u32) ?u32 {
        const word = (registers.constCell(address) orelse return null).*;
        return switch (address) {
            Address.lifo_status => if (registers.get(Address.lifo_ctrl) & 7 == 7) 1 << 29 | illuminance_counter else 0,
            Address.adc_status => registers.adcStatus(),
            // Enabled, and its counter enabled: the counter is valid.
            Address.refractory_ctrl => if (word >> 30 == 3) word | 1 << 28 | refractory_counter else word,
            // A window is taken over at once.
            Address.roi_window_ctrl => if (word & 1 != 0) word | 2 else word,
            // So is a request to initialise a filter's memory.
            Address.afk_initialization, Address.stc_initialization => if (word & 1 != 0) word | 4 else word,
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
            registers.sensor = sensor_reset;
            registers.line_masks = .{};
        }
        if (address == Address.chip_id) return true; // cannot be changed
        cell.* = value;
        const shadow_trigger = 1 << 5;
        if (address == Address.roi_ctrl and value & shadow_trigger != 0) registers.commitLineMasks();
        return true;
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

    /// The clock of the events runs.
    pub fn timeBaseEnabled(registers: *const Registers) bool {
        return registers.get(Address.time_base_ctrl) & 1 != 0 and registers.get(Address.reset) & 1 == 0;
    }

    /// Events leave the sensor: pixels out of reset, time base on, readout and its link on.
    pub fn outputEnabled(registers: *const Registers) bool {
        const td_enable = 1 << 1;
        const td_rstn = 1 << 10;
        const pixels = td_enable | td_rstn;
        return registers.timeBaseEnabled() and
            registers.get(Address.roi_ctrl) & pixels == pixels and
            registers.get(Address.ro_ctrl) & 2 == 0 and
            registers.get(Address.mipi_control) & 1 != 0;
    }

    pub fn externalTriggerEnabled(registers: *const Registers) bool {
        return registers.get(Address.edf_reserved_7004) & (1 << 10) != 0;
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

const sensor_reset = values: {
    var sensor: [Registers.sensor_words]u32 = @splat(0);
    for (reset_values) |reset| sensor[reset.address / 4] = reset.value;
    break :values sensor;
};

test "reads give written values, reset values, or nothing where there is no register" {
    var registers: Registers = .power_on;
    try std.testing.expectEqual(0xA0401806, registers.read(Address.chip_id));
    try std.testing.expectEqual(0x00000158, registers.read(Address.mipi_control));
    try std.testing.expect(registers.write(0x1010, 0x11A10066));
    try std.testing.expectEqual(0x11A10066, registers.read(0x1010));
    try std.testing.expectEqual(null, registers.read(0x1011));
    try std.testing.expectEqual(null, registers.read(0x10000));
    try std.testing.expect(!registers.write(0x00500000, 1));
    try std.testing.expectEqual(1, registers.written);
}

test "the reset line brings the reset values back" {
    var registers: Registers = .power_on;
    _ = registers.write(0x1010, 0x11A10066);
    _ = registers.write(Address.reset, 1);
    try std.testing.expectEqual(0x01A16300, registers.read(0x1010));
    try std.testing.expectEqual(1, registers.read(Address.reset));
}

test "line masks take effect when they are committed, and end with a reset" {
    var registers: Registers = .power_on;
    _ = registers.write(Address.td_roi_x + 4 * 39, 1 << 31);
    _ = registers.write(Address.td_roi_y, 2);
    _ = registers.write(Address.roi_ctrl, 0xF0005442);
    try std.testing.expectEqual(0, registers.line_masks.columns[39]);
    _ = registers.write(Address.roi_ctrl, 0xF0005462);
    try std.testing.expectEqual(1 << 31, registers.line_masks.columns[39]);
    try std.testing.expectEqual(2, registers.line_masks.rows[0]);
    _ = registers.write(Address.reset, 1);
    try std.testing.expectEqual(LineMasks{}, registers.line_masks);
}

test "the sensor sends events only after the whole start sequence, and any one stop write ends that" {
    var registers: Registers = .power_on;
    for (@import("testing/register_writes.zig").start) |write| {
        try std.testing.expect(!registers.outputEnabled());
        _ = registers.write(write[0], write[1]);
    }
    try std.testing.expect(registers.outputEnabled());
    // Each of the stop sequence's writes alone stops it.
    for ([_][2]u32{ .{ 0x0004, 0xF0005042 }, .{ 0x9028, 2 }, .{ 0x9008, 0x644 }, .{ 0xB000, 0x2F8 } }) |stop| {
        var stopped = registers;
        _ = stopped.write(stop[0], stop[1]);
        try std.testing.expect(!stopped.outputEnabled());
    }
}

test "converter and light meter answer only when they were started" {
    var registers: Registers = .power_on;
    try std.testing.expectEqual(0, registers.read(Address.adc_status));
    try std.testing.expectEqual(0, registers.read(Address.lifo_status));
    _ = registers.write(Address.adc_misc_ctrl, 0x1212);
    _ = registers.write(Address.adc_control, 0x7647);
    try std.testing.expectEqual(1 << 11 | temperature_code, registers.read(Address.adc_status));
    _ = registers.write(Address.lifo_ctrl, 7);
    try std.testing.expectEqual(1 << 29 | illuminance_counter, registers.read(Address.lifo_status));
}
