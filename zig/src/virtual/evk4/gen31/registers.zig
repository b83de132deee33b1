//! The registers of a Gen3.1 and of the FPGA in front of it (device 0 of the board), and of the thermometer beside it
//! (device 1). A read gives the value that was written, except where the hardware itself puts values into registers.
//!
//! Source: OpenEB 5.1.1's register map of the EVK3 Gen3.1 and its sequences (`gen31_evk3_issd.h`). Modelled are the masks
//! of columns and rows, the clock's source, the trigger input, the packet period, thermometer and light meter. Not
//! modelled: any effect of biases and of the noise filter, and the ring of one pixel that OpenEB's remark mentions.
//!
//! That the reset of the FPGA brings all registers back to their reset values is assumed.

const std = @import("std");
const ClockMode = @import("../clock.zig").Mode;
const LineMasks = @import("../../sensor/filter_settings.zig").LineMasks;
const Settings = @import("../../sensor/filter_settings.zig").Settings;
const Size = @import("../../sensor/size.zig").Size;
const reset_values = @import("reset_values.zig").reset_values;

pub const size: Size = .{ .width = 640, .height = 480 };

/// Registers that have a meaning in the model.
pub const Address = struct {
    pub const atis_control = 0x0000;
    pub const host_control = 0x0008;
    pub const host_trigger = 0x000C;
    pub const trigger_enable = 0x01A0;
    pub const roi_control = 0x0204;
    pub const lifo_control = 0x0214;
    pub const chip_id = 0x0218;
    pub const clock_out_control = 0x0238;
    pub const td_roi_x = 0x0400;
    pub const td_roi_y = 0x0500;
    pub const sensor_interface_control = 0x074C;
    pub const system_id = 0x0800;
    pub const system_version = 0x0804;
    pub const mipi_control = 0x1500;
    pub const mipi_frame_period = 0x1508;
};

/// Fields of the register 0x0000.
const Control = struct {
    const supplies: u32 = 7; // VDDA, VDDC, VDDD
    const soft_reset: u32 = 1 << 3;
    const master_mode: u32 = 1 << 12;
    const use_external_start: u32 = 1 << 14;
    const td_rstn: u32 = 1 << 18;
};

/// Fields of the register 0x0204.
const RoiControl = struct {
    const td_enable: u32 = 1 << 1;
    const td_rstn: u32 = 1 << 3;
    const td_shadow_trigger: u32 = 1 << 5;
};

const illuminance_counter = 5_000; // 170 lux in OpenEB's formula
const temperature_celsius = 41;

pub const Registers = struct {
    sensor: [words]u32,
    /// The masks at their last commit, which is when they take effect.
    line_masks: LineMasks = .{},
    written: u64 = 0,
    /// Over all (address, value) pairs in the order of the writes.
    hash: std.hash.Fnv1a_64 = .init(),

    const words = 0x2000 / 4;

    pub const power_on: Registers = .{ .sensor = reset };

    const reset: [words]u32 = sensor: {
        var sensor: [words]u32 = @splat(0);
        for (reset_values) |each| for (0..each.count) |index| {
            sensor[each.address / 4 + index] = each.value;
        };
        break :sensor sensor;
    };

    /// Null where there is no register.
    pub fn read(registers: *const Registers, device: u32, address: u32) ?u32 {
        if (device == 1) return if (address == 0) temperature_celsius else null;
        const word = if (isRegister(address)) registers.sensor[address / 4] else return null;
        // Enabled, and its counter enabled: the counter is valid.
        return if (address == Address.lifo_control and word >> 30 == 3) word | 1 << 29 | illuminance_counter else word;
    }

    /// False where there is no register, or none that can be written.
    pub fn write(registers: *Registers, device: u32, address: u32, value: u32) bool {
        if (device != 0 or !isRegister(address)) return false;
        var entry: [8]u8 = undefined;
        std.mem.writeInt(u32, entry[0..4], address, .little);
        std.mem.writeInt(u32, entry[4..8], value, .little);
        registers.hash.update(&entry);
        registers.written += 1;
        switch (address) {
            Address.chip_id, Address.system_id, Address.system_version => {}, // cannot be changed
            Address.host_trigger => if (value & 1 != 0) {
                registers.sensor = reset;
                registers.line_masks = .{};
            },
            Address.lifo_control => registers.sensor[address / 4] = value & 3 << 30,
            else => registers.sensor[address / 4] = value,
        }
        if (address == Address.roi_control and value & RoiControl.td_shadow_trigger != 0) registers.commitLineMasks();
        return true;
    }

    /// A bit of 1 is a column, or row, that sends.
    fn commitLineMasks(registers: *Registers) void {
        registers.line_masks = .{};
        const masks = &registers.line_masks;
        for (0..size.width / 32) |index| masks.columns[index] = ~registers.sensor[Address.td_roi_x / 4 + index];
        for (0..size.height / 32) |index| masks.rows[index] = ~registers.sensor[Address.td_roi_y / 4 + index];
    }

    /// What the registers ask of the events.
    pub fn settings(registers: *const Registers) Settings {
        return if (registers.has(Address.roi_control, RoiControl.td_enable)) .{ .masks = registers.line_masks } else .{};
    }

    /// Which clock the events have; it runs while the sensor has its supplies and its events are out of reset.
    pub fn clockMode(registers: *const Registers) ClockMode {
        const control = Address.atis_control;
        if (!registers.has(control, Control.supplies | Control.td_rstn)) return .off;
        if (registers.has(control, Control.soft_reset)) return .off;
        if (!registers.has(control, Control.use_external_start)) return .own;
        return if (registers.has(control, Control.master_mode)) .primary else .secondary;
    }

    /// Events leave the sensor while its clock runs: pixels out of reset, its clocks on, and the way to the bridge.
    pub fn outputEnabled(registers: *const Registers) bool {
        return registers.clockMode() != .off and
            registers.has(Address.roi_control, RoiControl.td_rstn) and
            registers.has(Address.clock_out_control, 1) and
            registers.has(Address.sensor_interface_control, 2) and
            registers.has(Address.host_control, 1 << 8) and
            registers.has(Address.mipi_control, 1);
    }

    /// How long the link waits at most before it ends a packet.
    pub fn packetPeriodUs(registers: *const Registers) u32 {
        return @max(1, registers.sensor[Address.mipi_frame_period / 4] & 0xFFFF);
    }

    pub fn externalTriggerEnabled(registers: *const Registers) bool {
        return registers.has(Address.trigger_enable, 1);
    }

    fn has(registers: *const Registers, comptime address: u32, bits: u32) bool {
        return registers.sensor[address / 4] & bits == bits;
    }

    fn isRegister(address: u32) bool {
        return address % 4 == 0 and address / 4 < words;
    }
};

fn written(pairs: []const [2]u32) Registers {
    var registers: Registers = .power_on;
    for (pairs) |pair| _ = registers.write(0, pair[0], pair[1]);
    return registers;
}

/// OpenEB's writes that matter here, up to the start; the last one is what lets the pixels send.
const start = [_][2]u32{
    .{ 0x0000, 0x0000 }, .{ 0x000C, 0 },      .{ 0x000C, 1 },           .{ 0x0000, 0x1006 },      .{ 0x0008, 0x100 },
    .{ 0x1500, 0x0D },   .{ 0x0000, 0x1106 }, .{ 0x074C, 2 },           .{ 0x1508, 4000 },        .{ 0x0238, 1 },
    .{ 0x0204, 0x23 },   .{ 0x0000, 0x1107 }, .{ 0x0000, 0x0004_1107 }, .{ 0x0000, 0x000C_1107 }, .{ 0x0008, 0x300 },
    .{ 0x0238, 1 },      .{ 0x0204, 0x2B },
};

test "the sensor sends events only after the whole start sequence, and any one write of the stop ends that" {
    var registers: Registers = .power_on;
    for (start) |pair| {
        try std.testing.expect(!registers.outputEnabled());
        try std.testing.expect(registers.write(0, pair[0], pair[1]));
    }
    try std.testing.expect(registers.outputEnabled());
    try std.testing.expectEqual(4000, registers.packetPeriodUs());
    for ([_][2]u32{
        .{ 0x0204, 0x23 },        .{ 0x0238, 0 }, .{ 0x0000, 0x0008_1107 }, .{ 0x0000, 0x000C_1106 }, .{ 0x000C, 1 },
        .{ 0x0000, 0x000C_110F }, .{ 0x074C, 0 }, .{ 0x1500, 0x0C },        .{ 0x0008, 0x200 },
    }) |stop| {
        var stopped = registers;
        _ = stopped.write(0, stop[0], stop[1]);
        try std.testing.expect(!stopped.outputEnabled());
    }
}

test "both bits of the clock choose its source" {
    for ([_]struct { u32, ClockMode }{
        .{ 0x000C_1107, .own },
        .{ 0x000C_5107, .primary },
        .{ 0x000C_4107, .secondary },
        .{ 0x0008_5107, .off },
    }) |case| try std.testing.expectEqual(case[1], written(&.{.{ 0x0000, case[0] }}).clockMode());
}

test "masks take effect at their commit, by bits of 1 for what sends, and only while the ROI is enabled" {
    const testing = std.testing;
    const all_ones = std.math.maxInt(u32);
    try testing.expect(written(&.{.{ 0x0204, 0x23 }}).settings().isNone()); // all ones after a reset
    var registers = written(&.{ .{ 0x0400, all_ones - 2 }, .{ 0x0538, all_ones >> 1 } });
    try testing.expect(registers.settings().isNone());
    try testing.expect(registers.write(0, 0x0204, 0x2B));
    try testing.expectEqual(2, registers.settings().masks.columns[0]);
    try testing.expectEqual(1 << 31, registers.settings().masks.rows[14]);
    // Words beyond 640 columns and 480 rows mask nothing.
    try testing.expect(std.mem.allEqual(u32, registers.settings().masks.columns[1..], 0));
    try testing.expect(std.mem.allEqual(u32, registers.settings().masks.rows[15..], 0));
    try testing.expect(registers.write(0, 0x0204, 0x09));
    try testing.expect(registers.settings().isNone());
}

test "thermometer, light meter and ids answer as the hardware, and addresses without a register not at all" {
    const testing = std.testing;
    var registers = written(&.{ .{ 0x0800, 1 }, .{ 0x0218, 1 } });
    try testing.expectEqual(0x28, registers.read(0, 0x0800));
    try testing.expectEqual(0x90200C03, registers.read(0, 0x0218));
    try testing.expectEqual(41, registers.read(1, 0));
    try testing.expectEqual(null, registers.read(1, 4));
    try testing.expect(!registers.write(1, 0, 0));
    try testing.expectEqual(0, registers.read(0, 0x0214));
    _ = registers.write(0, 0x0214, 1 << 31);
    try testing.expectEqual(1 << 31, registers.read(0, 0x0214));
    _ = registers.write(0, 0x0214, 0xFFFF_FFFF);
    try testing.expectEqual(0xE000_1388, registers.read(0, 0x0214));
    for ([_]u32{ 2, 0x2000, 0xFFFF_FFFC }) |address| {
        try testing.expectEqual(null, registers.read(0, address));
        try testing.expect(!registers.write(0, address, 0));
    }
}
