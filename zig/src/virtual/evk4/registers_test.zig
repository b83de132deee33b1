//! Tests of the registers.

const std = @import("std");
const registers_module = @import("registers.zig");
const Address = registers_module.Address;
const Bias = @import("chip.zig").Bias;
const LineMasks = @import("../sensor/filter_settings.zig").LineMasks;
const Registers = registers_module.Registers;

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
    _ = registers.write(0x1010, 0x11A10055);
    _ = registers.write(Address.reset, 1);
    try std.testing.expectEqual(0x01A16366, registers.read(0x1010));
    try std.testing.expectEqual(1, registers.read(Address.reset));
}

test "biases hold the chip's codes at power-on and after a reset, and 0xF128 tells the sensor" {
    const codes: [13]u8 = .{ 117, 96, 5, 110, 84, 66, 93, 31, 133, 129, 150, 112, 78 };
    var registers: Registers = .of(.{ .sensor = .imx646, .bias_codes = codes });
    for (0..2) |_| {
        for (std.enums.values(Bias), codes) |bias, code| {
            const word = registers.read(bias.address()).?;
            try std.testing.expectEqual(code, word & 0xFF);
            try std.testing.expect(word >> 28 == 0); // no program has written it
            _ = registers.write(bias.address(), 0x11A10001);
        }
        try std.testing.expectEqual(0x03A1E860, Registers.of(registers.chip).read(Bias.fo.address()));
        _ = registers.write(Address.marking, 0);
        try std.testing.expectEqual(2, registers.read(Address.marking));
        _ = registers.write(Address.reset, 1);
    }
    try std.testing.expectEqual(0, Registers.power_on.read(Address.marking));
}

test "the master of the window fills the columns and rows, and keeps its flag until it is cleared" {
    var registers: Registers = .power_on;
    _ = registers.write(Address.roi_window_start, 20 << 16 | 40);
    _ = registers.write(Address.roi_window_end, 29 << 16 | 69);
    try std.testing.expectEqual(0, registers.read(Address.roi_window_ctrl));
    _ = registers.write(Address.roi_window_ctrl, 1);
    try std.testing.expectEqual(3, registers.read(Address.roi_window_ctrl));
    try std.testing.expectEqual(0xFFFFFFFF, registers.read(Address.td_roi_x));
    try std.testing.expectEqual(0x000000FF, registers.read(Address.td_roi_x + 4));
    try std.testing.expectEqual(0xFFFFFFC0, registers.read(Address.td_roi_x + 8));
    try std.testing.expectEqual(0xC00FFFFF, registers.read(Address.td_roi_y));
    try std.testing.expectEqual(LineMasks{}, registers.line_masks); // not committed
    _ = registers.write(Address.roi_window_ctrl, 2); // as OpenEB clears the two bits one after the other
    try std.testing.expectEqual(2, registers.read(Address.roi_window_ctrl));
    _ = registers.write(Address.roi_window_ctrl, 0);
    try std.testing.expectEqual(0, registers.read(Address.roi_window_ctrl));
    _ = registers.write(Address.roi_window_ctrl, 2); // a program cannot set the flag
    try std.testing.expectEqual(0, registers.read(Address.roi_window_ctrl));
}

test "the memory of the anti-flicker filter is ready after a reset; that of the trail filter is cleared and asked for" {
    var registers: Registers = .power_on;
    try std.testing.expectEqual(4, registers.read(Address.afk_initialization));
    _ = registers.write(Address.stc_initialization, 4);
    try std.testing.expectEqual(0, registers.read(Address.stc_initialization));
    _ = registers.write(Address.stc_initialization, 1);
    try std.testing.expectEqual(5, registers.read(Address.stc_initialization));
    _ = registers.write(Address.stc_initialization, 0);
    try std.testing.expectEqual(4, registers.read(Address.stc_initialization));
    _ = registers.write(Address.stc_initialization, 4);
    try std.testing.expectEqual(0, registers.read(Address.stc_initialization));
    _ = registers.write(Address.afk_initialization, 0);
    try std.testing.expectEqual(4, registers.read(Address.afk_initialization));
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
    // The trigger need not go back to 0 in between.
    _ = registers.write(Address.td_roi_y, 4);
    _ = registers.write(Address.roi_ctrl, 0xF0005462);
    try std.testing.expectEqual(4, registers.line_masks.rows[0]);
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
    // The switch of the masks is none of the pixels.
    _ = registers.write(Address.roi_ctrl, 0xF0005440);
    try std.testing.expect(registers.outputEnabled());
    // Each of the stop sequence's writes alone stops it.
    for ([_][2]u32{ .{ 0x0004, 0xF0005042 }, .{ 0x9028, 2 }, .{ 0x9008, 0x644 }, .{ 0xB000, 0x2F8 } }) |stop| {
        var stopped = registers;
        _ = stopped.write(stop[0], stop[1]);
        try std.testing.expect(!stopped.outputEnabled());
    }
}

test "0x7004 switches triggers and reports, and not events" {
    var registers: Registers = .power_on;
    for ([_]struct { u32, bool, bool }{
        .{ 0xC5FF, true, true }, .{ 0xC1FF, false, true }, .{ 0x85FF, true, false }, .{ 0, false, false },
    }) |case| {
        _ = registers.write(Address.edf_reserved_7004, case[0]);
        try std.testing.expectEqual(case[1], registers.externalTriggerEnabled());
        try std.testing.expectEqual(case[2], registers.reportsEnabled());
        for (@import("testing/register_writes.zig").start) |write| _ = registers.write(write[0], write[1]);
        try std.testing.expect(registers.outputEnabled());
    }
}

test "converter and light meter answer only when they were started" {
    var registers: Registers = .power_on;
    try std.testing.expectEqual(0, registers.read(Address.adc_status));
    try std.testing.expectEqual(0, registers.read(Address.lifo_status));
    _ = registers.write(Address.adc_misc_ctrl, 0x1212);
    _ = registers.write(Address.adc_control, 0x7647);
    try std.testing.expectEqual(1 << 11 | 521, registers.read(Address.adc_status));
    _ = registers.write(Address.lifo_ctrl, 7);
    try std.testing.expectEqual(1 << 29 | 5720, registers.read(Address.lifo_status));
}

test "a Gen4.1 has its own id, reset values, biases and dead time, and a trigger input that programs choose" {
    var registers: Registers = .of(.of(.gen41));
    try std.testing.expectEqual(0xA0301003, registers.read(Address.chip_id));
    try std.testing.expectEqual(0x7140, registers.read(Address.adc_control));
    try std.testing.expectEqual(0x02CF04FF, registers.read(Address.roi_window_end)); // as in the IMX636
    try std.testing.expectEqual(0x01A9CD34, registers.read(Bias.refr.address()));
    _ = registers.write(Address.refractory_ctrl, 0xC0000000);
    try std.testing.expectEqual(0xE0000FA0, registers.read(Address.refractory_ctrl));
    try std.testing.expect(registers.externalTriggerEnabled());
    _ = registers.write(0x0044, 0xCCFF0CCF);
    try std.testing.expect(!registers.externalTriggerEnabled());
}
