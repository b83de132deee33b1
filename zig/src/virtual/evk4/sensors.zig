//! The sensors behind boards of this kind, each with its registers: what the board asks them, whichever it is.

const std = @import("std");
const ClockMode = @import("clock.zig").Mode;
const Format = @import("../sensor/sensor_stream.zig").Format;
const Gen31Registers = @import("gen31/registers.zig").Registers;
const Genx320Registers = genx320.Registers;
const Registers = @import("registers.zig").Registers;
const Settings = @import("../sensor/filter_settings.zig").Settings;
const Size = @import("../sensor/size.zig").Size;
const chip = @import("chip.zig");
const genx320 = @import("genx320/registers.zig");
const formatOf = @import("digital_registers.zig").formatOf;
const settingsOf = @import("filter_registers.zig").settingsOf;

pub const Kind = enum {
    imx636,
    imx646,
    gen41,
    gen31,
    /// The early sensor, and the one in production.
    genx320_es,
    genx320,

    pub fn size(kind: Kind) Size {
        return switch (kind) {
            .imx636, .imx646, .gen41 => .{},
            .gen31 => @import("gen31/registers.zig").size,
            .genx320_es, .genx320 => genx320.size,
        };
    }

    /// How many codes of biases are the chip's own.
    pub fn biasCount(kind: Kind) u8 {
        return switch (kind) {
            .imx636, .imx646, .gen41 => chip.bias_count,
            .gen31, .genx320_es, .genx320 => 0,
        };
    }

    /// The lower byte of what boards answer to the request 0xC0, 0x72: OpenEB's table of system ids. For a Gen3.1
    /// neuromorphic-drivers demands 0, where that table has 0x28.
    pub fn systemId(kind: Kind) u8 {
        return switch (kind) {
            .imx636 => 0x31,
            .imx646 => 0x35,
            .gen41 => 0x30,
            .gen31 => 0x00,
            .genx320_es => 0x40,
            .genx320 => 0x3B,
        };
    }

    /// The devices of the board, by their numbers. Real cameras have these names, but for the IMX646's and the Gen4.1's,
    /// which are made up; OpenEB chooses its driver by the compatible strings.
    pub fn devices(kind: Kind) []const Device {
        return switch (kind) {
            .imx636 => &.{
                .{ .name = "CCam5 Imx636 Event-Based Camera", .compatible = "psee,ccam5_imx636\x00psee,ccam5_gen42" },
            },
            .imx646 => &.{.{ .name = "CCam5 Imx646 Event-Based Camera", .compatible = "psee,ccam5_imx646" }},
            .gen41 => &.{.{ .name = "CCam5 Gen41 Event-Based Camera", .compatible = "psee,ccam5_gen41" }},
            .gen31 => &.{
                .{ .name = "CCam5 FPGA Event-Based Camera", .compatible = "psee,ccam5_fpga" },
                .{ .name = "temperature sensor", .compatible = "ti,tmp103" },
            },
            .genx320_es, .genx320 => &.{
                .{ .name = "CCam5 GenX320 Event-Based Camera", .compatible = "psee,cx3_genx320" },
            },
        };
    }

    pub fn outputFormat(kind: Kind) []const u8 {
        return switch (kind) {
            .imx636, .imx646, .gen41 => "EVT3;height=720;width=1280",
            .gen31 => "EVT3;height=480;width=640",
            .genx320_es, .genx320 => "EVT21;endianness=little;height=320;width=320",
        };
    }
};

/// Texts without their last NUL.
pub const Device = struct { name: []const u8, compatible: []const u8 };

pub const Sensor = union(enum) {
    imx: Registers,
    gen31: Gen31Registers,
    genx320: Genx320Registers,

    /// As it is after power-on. Null: the codes of the default chip.
    pub fn of(own: Kind, bias_codes: ?[]const u8) Sensor {
        var chosen: chip.Chip = .of(switch (own) {
            .imx636 => .imx636,
            .imx646 => .imx646,
            .gen41 => .gen41,
            .gen31 => return .{ .gen31 = .power_on },
            .genx320_es => return .{ .genx320 = .of(.early) },
            .genx320 => return .{ .genx320 = .of(.production) },
        });
        if (bias_codes) |codes| chosen.bias_codes = codes[0..chip.bias_count].*;
        return .{ .imx = .of(chosen) };
    }

    pub fn powerOn(sensor: *Sensor) void {
        sensor.* = switch (sensor.*) {
            .imx => |*registers| .{ .imx = .of(registers.chip) },
            .gen31 => .{ .gen31 = .power_on },
            .genx320 => |*registers| .{ .genx320 = .of(registers.variant) },
        };
    }

    pub fn kind(sensor: *const Sensor) Kind {
        return switch (sensor.*) {
            .imx => |*registers| switch (registers.chip.sensor) {
                .imx636 => .imx636,
                .imx646 => .imx646,
                .gen41 => .gen41,
            },
            .gen31 => .gen31,
            .genx320 => |*registers| switch (registers.variant) {
                .early => .genx320_es,
                .production => .genx320,
            },
        };
    }

    /// Null where the device has no register.
    pub fn read(sensor: *const Sensor, device: u32, address: u32) ?u32 {
        return switch (sensor.*) {
            .imx => |*registers| registers.read(address),
            .genx320 => |*registers| registers.read(address),
            .gen31 => |*registers| registers.read(device, address),
        };
    }

    /// False where the device has no register, or none that can be written.
    pub fn write(sensor: *Sensor, device: u32, address: u32, value: u32) bool {
        return switch (sensor.*) {
            .imx => |*registers| registers.write(address, value),
            .genx320 => |*registers| registers.write(address, value),
            .gen31 => |*registers| registers.write(device, address, value),
        };
    }

    /// What the registers ask of the events.
    pub fn settings(sensor: *const Sensor) Settings {
        return switch (sensor.*) {
            .imx => |*registers| settingsOf(registers),
            .gen31 => |*registers| registers.settings(),
            .genx320 => |*registers| registers.settings(),
        };
    }

    /// The format of the events.
    pub fn format(sensor: *const Sensor) Format {
        return switch (sensor.*) {
            .imx => |*registers| formatOf(registers),
            .gen31 => .evt3,
            .genx320 => |*registers| registers.format(),
        };
    }

    pub fn clockMode(sensor: *const Sensor) ClockMode {
        return switch (sensor.*) {
            inline else => |*registers| registers.clockMode(),
        };
    }

    pub fn outputEnabled(sensor: *const Sensor) bool {
        return switch (sensor.*) {
            inline else => |*registers| registers.outputEnabled(),
        };
    }

    pub fn packetPeriodUs(sensor: *const Sensor) u32 {
        return switch (sensor.*) {
            inline else => |*registers| registers.packetPeriodUs(),
        };
    }

    pub fn externalTriggerEnabled(sensor: *const Sensor) bool {
        return switch (sensor.*) {
            inline else => |*registers| registers.externalTriggerEnabled(),
        };
    }

    /// Whether what the sensor says of itself comes among its events; a Gen3.1 has no register for that.
    pub fn reportsEnabled(sensor: *const Sensor) bool {
        return switch (sensor.*) {
            inline .imx, .genx320 => |*registers| registers.reportsEnabled(),
            .gen31 => true,
        };
    }

    /// How many registers were written, and the hash over all of that.
    pub fn written(sensor: *const Sensor) struct { count: u64, hash: u64 } {
        return switch (sensor.*) {
            inline else => |*registers| {
                var hash = registers.hash;
                return .{ .count = registers.written, .hash = hash.final() };
            },
        };
    }
};
