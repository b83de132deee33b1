//! What differs from chip to chip: which sensor it is, and the codes of its biases, which are trimmed in the factory.
//! The Gen4.1 is the IMX636's predecessor, with nearly its registers; what is not said of it here is as in the IMX636.

const std = @import("std");

pub const Sensor = enum {
    imx636,
    imx646,
    gen41,

    /// Register 0x0014 (OpenEB's register maps). Some Gen4.1 have 0xA0301002.
    pub fn chipId(sensor: Sensor) u32 {
        return switch (sensor) {
            .imx636, .imx646 => 0xA0401806,
            .gen41 => 0xA0301003,
        };
    }

    /// Register 0xF128, by whose two lowest bits OpenEB tells the sensors apart (`imx636_tz_device.cpp`).
    pub fn marking(sensor: Sensor) u32 {
        return switch (sensor) {
            .imx636, .gen41 => 0,
            .imx646 => 2,
        };
    }

    /// In the order of `Bias`. IMX636: those of the camera of neuromorphic-drivers' authors; other cameras have other ones.
    /// Gen4.1: those of OpenEB's register map and, where it has none, of its initialisation.
    fn usualCodes(sensor: Sensor) [bias_count]u8 {
        return switch (sensor) {
            .imx636, .imx646 => .{ 124, 83, 0, 102, 77, 73, 91, 20, 140, 124, 148, 116, 81 },
            .gen41 => .{ 105, 48, 0, 105, 85, 57, 91, 52, 148, 124, 148, 120, 81 },
        };
    }

    /// Bit of the refractory control (0x0020) that marks a valid counter (OpenEB's register maps).
    pub fn refractoryValid(sensor: Sensor) u32 {
        return switch (sensor) {
            .imx636, .imx646 => 1 << 28,
            .gen41 => 1 << 29,
        };
    }
};

pub const bias_count = 13;

/// In the order in which programs name them. The addresses of those that OpenEB's register map lacks (pr, inv and the
/// last five) are neuromorphic-drivers'.
pub const Bias = enum {
    pr,
    fo,
    hpf,
    diff_on,
    diff,
    diff_off,
    inv,
    refr,
    reqpuy,
    reqpux,
    sendreqpdy,
    unknown_1,
    unknown_2,

    pub fn address(bias: Bias) u32 {
        return switch (bias) {
            .pr => 0x1000,
            .fo => 0x1004,
            .hpf => 0x100C,
            .diff_on => 0x1010,
            .diff => 0x1014,
            .diff_off => 0x1018,
            .inv => 0x101C,
            .refr => 0x1020,
            .reqpuy => 0x1040,
            .reqpux => 0x1044,
            .sendreqpdy => 0x1048,
            .unknown_1 => 0x104C,
            .unknown_2 => 0x1050,
        };
    }

    /// The word after a reset without its code, from OpenEB's register maps. Of biases that they lack it is made up.
    fn resetWord(bias: Bias, sensor: Sensor) u32 {
        return switch (bias) {
            .fo => if (sensor == .gen41) 0x01A1E800 else 0x03A1E800,
            .hpf => if (sensor == .gen41) 0x01A1FF00 else 0x03A1FF00,
            .diff_on => 0x01A16300,
            .diff => 0x01A15000,
            .diff_off => 0x01A13700,
            .refr => if (sensor == .gen41) 0x01A9CD00 else 0x03829600,
            .pr, .inv, .reqpuy, .reqpux, .sendreqpdy, .unknown_1, .unknown_2 => 0x01A10000,
        };
    }
};

comptime {
    std.debug.assert(std.enums.values(Bias).len == bias_count);
}

pub const Chip = struct {
    sensor: Sensor = .imx636,
    bias_codes: [bias_count]u8 = Sensor.imx636.usualCodes(),

    pub fn of(sensor: Sensor) Chip {
        return .{ .sensor = sensor, .bias_codes = sensor.usualCodes() };
    }

    pub fn code(chip: *const Chip, bias: Bias) u8 {
        return chip.bias_codes[@backingInt(bias)];
    }

    /// The code with which all events come: a Gen4.1's own codes are no starting point for programs, whose default is that
    /// of OpenEB's bias file for it.
    pub fn usedCode(chip: *const Chip, bias: Bias) u8 {
        if (chip.sensor != .gen41) return chip.code(bias);
        return switch (bias) {
            .fo => 74,
            .hpf => 0,
            .diff_on => 115,
            .diff => 80,
            .diff_off => 52,
            .refr => 68,
            .pr, .inv, .reqpuy, .reqpux, .sendreqpdy, .unknown_1, .unknown_2 => chip.code(bias),
        };
    }

    /// The register of a bias after a reset. That a reset brings the chip's codes back is assumed by OpenEB, which reads
    /// them after it.
    pub fn resetWord(chip: *const Chip, bias: Bias) u32 {
        return bias.resetWord(chip.sensor) | chip.code(bias);
    }
};
