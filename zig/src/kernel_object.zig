//! Root of an object file with the kernels for one CPU level. `zig build` compiles it once for each level.

const std = @import("std");
const options = @import("kernel_options");
const lanes = if (std.mem.eql(u8, options.level, "avx512")) @import("kernels/lanes_avx512.zig") else @import("kernels/lanes.zig");
const blocks = @import("kernels/evt3_blocks.zig").Blocks(lanes);
const State = @import("evt3/state.zig").State;
const Output = @import("kernels/output.zig").Output;

fn decodeEvt3(state: *State, input: [*]align(1) const u16, count: usize, output: *Output) callconv(.c) usize {
    return blocks.decode(state, input[0..count], output);
}

comptime {
    @export(&decodeEvt3, .{ .name = "nd_evt3_decode_" ++ options.level, .visibility = .hidden });
}
