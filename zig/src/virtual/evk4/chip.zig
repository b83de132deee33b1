//! What differs from chip to chip: which sensor it is, and the codes of its biases, which are trimmed in the factory.

const std = @import("std");

pub const Sensor = enum {
    imx636,
    imx646,

    /// Register 0xF128, by whose two lowest bits OpenEB tells the sensors apart (`imx636_tz_device.cpp`).
    pub fn marking(sensor: Sensor) u32 {
        return switch (sensor) {
            .imx636 => 0,
            .imx646 => 2,
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

    /// The word after a reset without its code, from OpenEB's register map. Of biases that the map lacks it is made up.
    fn resetWord(bias: Bias) u32 {
        return switch (bias) {
            .fo => 0x03A1E800,
            .hpf => 0x03A1FF00,
            .diff_on => 0x01A16300,
            .diff => 0x01A15000,
            .diff_off => 0x01A13700,
            .refr => 0x03829600,
            .pr, .inv, .reqpuy, .reqpux, .sendreqpdy, .unknown_1, .unknown_2 => 0x01A10000,
        };
    }
};

comptime {
    std.debug.assert(std.enums.values(Bias).len == bias_count);
}

pub const Chip = struct {
    sensor: Sensor = .imx636,
    /// Those of the camera of neuromorphic-drivers' authors. Other cameras have other ones.
    bias_codes: [bias_count]u8 = .{ 124, 83, 0, 102, 77, 73, 91, 20, 140, 124, 148, 116, 81 },

    pub fn code(chip: *const Chip, bias: Bias) u8 {
        return chip.bias_codes[@backingInt(bias)];
    }

    /// The register of a bias after a reset. That a reset brings the chip's codes back is assumed by OpenEB, which reads
    /// them after it.
    pub fn resetWord(chip: *const Chip, bias: Bias) u32 {
        return bias.resetWord() | chip.code(bias);
    }
};
