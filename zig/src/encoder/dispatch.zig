//! Which code of the encoders runs. One source is compiled for the CPU levels that have wider vectors than the baseline
//! (`kernel_object.zig`), and for the baseline. The level is that of the decoder's kernel.

const std = @import("std");
const builtin = @import("builtin");
const formats = @import("formats.zig");
const kernels = @import("../decoder/kernels/dispatch.zig");

pub const Level = struct { find: *const formats.Find, encode: *const formats.Encode };

const baseline: Level = .{ .find = formats.find, .encode = formats.encode };

pub fn selected() Level {
    return of(kernels.selected() orelse return baseline);
}

/// That of a kernel.
pub fn of(kernel: *const kernels.Kernel) Level {
    if (builtin.cpu.arch == .x86_64) inline for (.{ "avx512", "avx2" }) |name| {
        if (std.mem.eql(u8, kernel.name, name)) return compiled(name) orelse baseline;
    };
    return baseline;
}

fn compiled(comptime name: []const u8) ?Level {
    return .{
        .find = kernels.exported(formats.Find, "nd_encoder_find_" ++ name) orelse return null,
        .encode = kernels.exported(formats.Encode, "nd_encoder_encode_" ++ name) orelse return null,
    };
}
