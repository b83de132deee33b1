//! Tests of a GenX320's registers, with the words that OpenEB writes.

const std = @import("std");
const testing = std.testing;
const Address = @import("registers.zig").Address;
const ClockMode = @import("../clock.zig").Mode;
const Format = @import("../../sensor/sensor_stream.zig").Format;
const Registers = @import("registers.zig").Registers;

fn write(registers: *Registers, pairs: []const [2]u32) !void {
    for (pairs) |pair| try testing.expect(registers.write(pair[0], pair[1]));
}

fn written(pairs: []const [2]u32) !Registers {
    var registers: Registers = .of(.production);
    try write(&registers, pairs);
    return registers;
}

const start = [_][2]u32{
    .{ 0xB000, 0x10008803 }, .{ 0x9028, 0 }, .{ 0x9008, 0x195 }, .{ 0x002C, 0x0022C724 }, .{ 0x0000, 0xC02 },
};

/// How many pixels send.
fn sending(registers: *const Registers) usize {
    const matrix = registers.settings().matrix orelse return 320 * 320;
    var count: usize = 0;
    for (matrix.rows) |*row| for (row) |word| {
        count += @popCount(word);
    };
    return count;
}

test "events leave the sensor from the last write of the start on, and each write of the stop ends that" {
    var registers: Registers = .of(.production);
    try write(&registers, &.{ .{ 0x9028, 2 }, .{ 0x0000, 0x802 } });
    for (start) |pair| {
        try testing.expect(!registers.outputEnabled());
        try write(&registers, &.{pair});
    }
    try testing.expect(registers.outputEnabled());
    for ([_][2]u32{
        .{ 0x0000, 0x802 }, .{ 0x002C, 0x00200624 }, .{ 0x9028, 2 }, .{ 0x9008, 0x194 }, .{ 0xB000, 0x10008804 },
    }) |stop| {
        var stopped = registers;
        try write(&stopped, &.{stop});
        try testing.expect(!stopped.outputEnabled());
    }
}

test "the digital soft reset brings the reset values back and ends itself; the latches keep what they hold" {
    var registers = try written(&(start ++ [_][2]u32{
        .{ 0x1104, 0x0101007F }, .{ 0x2000, 0xFFFFFFFE }, .{ 0x0000, 0xC02 }, .{ 0x0000, 0xC22 },
    }));
    try testing.expectEqual(320, sending(&registers));
    try write(&registers, &.{.{ 0x001C, 1 }});
    for ([_][2]u32{
        .{ 0x001C, 0 },          .{ 0x1104, 0x01090018 }, .{ 0x2000, 0xFFFFFFFF }, .{ 0x3024, 0xFFFFFFFF },
        .{ 0x3028, 0 },          .{ 0x0000, 0x400 },      .{ 0x0608, 0x04214EA2 }, .{ 0x7040, 0xC5FF },
        .{ 0x0014, 0xB0602003 }, .{ 0x9008, 0x320 },
    }) |pair| try testing.expectEqual(pair[1], registers.read(pair[0]));
    try testing.expectEqual(320 * 320, sending(&registers)); // the latches are switched off
    try write(&registers, &.{.{ 0x0000, 0x402 }});
    try testing.expectEqual(320, sending(&registers));
    try write(&registers, &.{.{ 0x001C, 4 }});
    try testing.expectEqual(4, registers.read(0x001C));
}

test "the rows of the latches are taken over at the trigger's edge" {
    var registers = try written(&start);
    try write(&registers, &.{ .{ 0x3000, 0x100 }, .{ 0x2000, 6 } });
    for (1..10) |word| try write(&registers, &.{.{ 0x2000 + 4 * @as(u32, @intCast(word)), 0 }});
    for (1..10) |word| try write(&registers, &.{.{ 0x3000 + 4 * @as(u32, @intCast(word)), 0 }});
    try testing.expectEqual(320 * 320, sending(&registers));
    try write(&registers, &.{.{ 0x0000, 0xC22 }});
    try testing.expectEqual(320 * 320 - 2, sending(&registers));
    const matrix = registers.settings().matrix.?;
    try testing.expectEqual(~@as(u32, 6), matrix.rows[8][0]);
    // While it is 1 nothing more is taken over.
    try write(&registers, &.{ .{ 0x3000, 0x200 }, .{ 0x0000, 0xC22 } });
    try testing.expectEqual(320 * 320 - 2, sending(&registers));
    try write(&registers, &.{ .{ 0x0000, 0xC02 }, .{ 0x0000, 0xC22 } });
    try testing.expectEqual(320 * 320 - 4, sending(&registers));
    try testing.expect(!std.meta.eql(matrix, registers.settings().matrix.?));
}

test "windows are programmed by the master's run, as many as are told, and not while that is halted" {
    var registers = try written(&start);
    const windows = [_][2]u32{
        .{ 0x0400, 0x00460028 }, .{ 0x0404, 0x001E0014 }, .{ 0x0408, 0x01400136 }, .{ 0x040C, 0x01400136 },
    };
    try write(&registers, &windows);
    try write(&registers, &.{.{ 0x0034, 1 << 3 | 3 }});
    try testing.expectEqual(320 * 320, sending(&registers)); // bit 11 of 0x0000 is set
    try write(&registers, &.{ .{ 0x0000, 0x402 }, .{ 0x0034, 1 << 3 | 1 } });
    try testing.expectEqual(320 * 320, sending(&registers));
    try write(&registers, &.{.{ 0x0034, 1 << 3 | 3 }});
    try testing.expectEqual(300, sending(&registers));
    try testing.expectEqual(0x2000B, registers.read(0x0034));
    try write(&registers, &.{.{ 0x0034, 2 << 3 | 3 }});
    try testing.expectEqual(400, sending(&registers));
    try write(&registers, &.{.{ 0x0034, 2 << 3 | 7 }});
    try testing.expectEqual(320 * 320 - 400, sending(&registers));
    // A start and a stop change nothing of that.
    try write(&registers, &start);
    try testing.expectEqual(320 * 320 - 400, sending(&registers));
}

test "event masks leave out pixels beside the latches" {
    var registers = try written(&.{ .{ 0x9100, 0x80000070 }, .{ 0x9104, 0x20 }, .{ 0x9178, 0x800013F9 }, .{ 0x917C, 0xC0000000 } });
    try testing.expectEqual(320 * 320 - 3, sending(&registers));
    try write(&registers, &.{ .{ 0x9100, 0 }, .{ 0x9104, 1 } });
    try testing.expectEqual(320 * 320 - 2, sending(&registers));
    try write(&registers, &.{.{ 0x9180, 0x80000000 }});
    try testing.expectEqual(320 * 320 - 2, sending(&registers));
}

test "the time base and the pad choose the clock" {
    const standalone: [2]u32 = .{ 0x9008, 0x195 };
    for ([_]struct { []const [2]u32, ClockMode }{
        .{ &.{.{ 0x9008, 0x194 }}, .off },
        .{ &.{standalone}, .own },
        .{ &.{.{ 0x9008, 0x19F }}, .primary },
        .{ &.{ .{ 0x0608, 0x04214EB3 }, .{ 0x9008, 0x19F } }, .own },
        .{ &.{ .{ 0x9008, 0x19B }, .{ 0x0608, 0x04214EB3 } }, .secondary },
        .{ &.{.{ 0x9008, 0x19B }}, .off },
    }) |case| try testing.expectEqual(case[1], (try written(case[0])).clockMode());
}

test "triggers and reports are on after a reset, and off by their bits" {
    try testing.expect((try written(&.{})).externalTriggerEnabled());
    try testing.expect((try written(&.{})).reportsEnabled());
    for ([_][2]u32{ .{ 0x0608, 0x04210EA2 }, .{ 0x0608, 0x04214AA2 }, .{ 0x7040, 0xC1FF } }) |pair| {
        try testing.expect(!(try written(&.{pair})).externalTriggerEnabled());
    }
    try testing.expect(!(try written(&.{.{ 0x7040, 0x85FF }})).reportsEnabled());
}

test "the format is EVT2.1 with the lower half first, unless another one is asked for" {
    for ([_]Registers{ .of(.early), .of(.production) }, [_]u32{ 0x30501C01, 0xB0602003 }) |each, chip_id| {
        var registers = each;
        const first: Format, const second: Format = switch (registers.variant) {
            .early => .{ .evt2, .evt21_little },
            .production => .{ .evt21_little, .evt3 },
        };
        try testing.expectEqual(chip_id, registers.read(Address.chip_id));
        try testing.expectEqual(first, registers.format());
        try write(&registers, &.{.{ 0x7044, 2 }});
        try testing.expectEqual(.evt21_little, registers.format());
        try write(&registers, &.{.{ 0x7044, 1 }});
        try testing.expectEqual(second, registers.format());
        try write(&registers, &.{.{ 0x7044, 0 }});
        try testing.expectEqual(.evt2, registers.format());
    }
}

test "thermometer, light meter and dead time answer while they are on" {
    var registers: Registers = .of(.early);
    try testing.expectEqual(0x20820000, registers.read(Address.adc_status));
    try testing.expectEqual(0, registers.read(Address.lifo_ton_status));
    try write(&registers, &.{ .{ 0x004C, 0x00204E27 }, .{ 0x0008, 3 }, .{ 0x0020, 0xC0000000 } });
    try testing.expectEqual(0, registers.read(Address.adc_status).? & 0x3FF); // of another channel
    try write(&registers, &.{.{ 0x0054, 0x400A0003 }});
    const code: f64 = @floatFromInt(registers.read(Address.adc_status).? & 0x3FF);
    try testing.expectEqual(43, @trunc(code * 0.216 - 54));
    const counter = registers.read(Address.lifo_ton_status).?;
    try testing.expectEqual(1, counter >> 28);
    const count: f64 = @floatFromInt(counter & 0xFFFFFFF);
    try testing.expectEqual(200, @round(@exp(11.97 - 0.98 * @log(count))));
    try testing.expectEqual(0xD0000000 + 20 * 50, registers.read(Address.refractory_ctrl));
    // A driver acknowledges by a write, and switches the meter off.
    try write(&registers, &.{ .{ 0x0010, 1 << 28 }, .{ 0x0008, 2 }, .{ 0x0020, 0 } });
    try testing.expectEqual(0, registers.read(Address.lifo_ton_status));
    try testing.expectEqual(0, registers.read(Address.refractory_ctrl));
}

test "a filter's memory is initialised where it leaves its reset, and where that is asked for" {
    var registers: Registers = .of(.production);
    try testing.expectEqual(0, registers.read(Address.afk_initialization));
    try write(&registers, &.{.{ 0x00B8, 0x21 }});
    try testing.expectEqual(4, registers.read(Address.afk_initialization));
    try testing.expectEqual(0, registers.read(Address.stc_initialization));
    try write(&registers, &.{.{ 0xD0C4, 5 }});
    try testing.expectEqual(5, registers.read(Address.stc_initialization));
    try write(&registers, &.{.{ 0xC0C4, 4 }});
    try testing.expectEqual(0, registers.read(Address.afk_initialization));
}

test "there is no register off the words and behind the last one" {
    var registers: Registers = .of(.production);
    for ([_]u32{ 2, 0x10000, 0x00400004, 0xFFFF_FFFC }) |address| {
        try testing.expectEqual(null, registers.read(address));
        try testing.expect(!registers.write(address, 0));
    }
    try testing.expect(registers.write(0xF008, 0x70200200));
    try testing.expectEqual(0x70200200, registers.read(0xF008));
    try testing.expectEqual(1, registers.written);
}
