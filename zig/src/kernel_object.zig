//! Root of an object file with the kernels for one CPU level. `zig build` compiles it once for each level.

const std = @import("std");
const builtin = @import("builtin");
const options = @import("kernel_options");
const lanes = if (std.mem.eql(u8, options.level, "avx512")) @import("decoder/kernels/lanes_avx512.zig") else @import("decoder/kernels/lanes.zig");
const evt3 = @import("decoder/kernels/evt3.zig").Evt3(lanes);
const State = @import("decoder/evt3/state.zig").State;
const encoders = @import("encoder/formats.zig");
const Output = @import("decoder/output.zig").Output;

fn decodeEvt3(state: *State, input: [*]align(1) const u16, count: usize, output: *Output) callconv(.c) usize {
    return evt3.decode(state, input[0..count], output);
}

comptime {
    @export(&decodeEvt3, .{ .name = "nd_evt3_decode_" ++ options.level, .visibility = .hidden });
    // Below, and on other CPUs, the baseline has the same vectors.
    if (builtin.cpu.has(.x86, .avx2)) {
        @export(&encoders.find, .{ .name = "nd_encoder_find_" ++ options.level, .visibility = .hidden });
        @export(&encoders.encode, .{ .name = "nd_encoder_encode_" ++ options.level, .visibility = .hidden });
    }
}
