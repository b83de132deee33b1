//! The EVT3 decoder of a kernel, which chooses the loop for the next words:
//!
//!     evt3_blocks.zig          rows, columns and times, and whatever comes between them
//!     evt3_vector_blocks.zig   most words are vectors, with few of their pixels set
//!     evt3_groups.zig          most words are vectors, with many of their pixels set
//!     evt3/decode.zig          scalar, for all that is out of the ordinary (rows beyond the sensor, a clock that waits, the
//!                              end of the room), or where other words than these cut every block
//!
//! The scalar decoder is the specification: it decodes what no other loop takes.

const std = @import("std");
const groups = @import("evt3_groups.zig");
const State = @import("../evt3/state.zig").State;
const Output = @import("../output.zig").Output;

/// The scalar decoder, of `dispatch.zig`.
extern fn nd_evt3_decode_plainly(state: *State, input: [*]align(1) const u16, count: usize, output: *Output) callconv(.c) usize;

pub fn Evt3(comptime lanes: type) type {
    return struct {
        const Blocks = @import("evt3_blocks.zig").Blocks(lanes);
        const VectorBlocks = @import("evt3_vector_blocks.zig").VectorBlocks(lanes);

        /// The other loops must come on by so many words, or the scalar decoder gets more: doubled while they do not.
        const worthwhile = 32;
        const longest_fallback = 512;
        /// Where other words cut every block, it gets so many at first, and the double while it is so again soon after.
        const first_dense_run = 1024;
        const longest_dense_run = 16 * 1024;

        /// Decodes words until they or the room are used up, and returns how many.
        pub fn decode(state: *State, input: []align(1) const u16, output: *Output) usize {
            var waiting: Blocks.Waiting = undefined;
            var position: usize = 0;
            var fallback: usize = 1;
            var dense_run: usize = 0;
            while (true) {
                const start = position;
                var end: Blocks.End = .slow_path;
                if (state.clock == .following and state.item.next == .nothing) {
                    position += Blocks.decode(state, input[position..], output, &waiting, &end);
                    // Without a row that the sensor has, there may be bases, but no vector is in its place. An item is open at
                    // the end of the input only.
                    if (end == .vectors and state.row == .inside and state.item.next == .nothing) {
                        position += VectorBlocks.decode(state, input[position..], output);
                        position += groups.decode(lanes, state, input[position..], output);
                    }
                }
                fallback = if (position - start >= worthwhile) 1 else @min(2 * fallback, longest_fallback);
                if (end == .block_ends) {
                    const ended_soon = position - start <= first_dense_run;
                    dense_run = if (ended_soon) std.math.clamp(2 * dense_run, first_dense_run, longest_dense_run) else first_dense_run;
                    fallback = dense_run;
                }
                // Loops that came on leave a clock that follows.
                if (fallback == 1 and position < input.len and state.takeTimeHigh(input[position..])) {
                    position += 1;
                    continue;
                }
                const rest = input.len - position;
                const length = if (rest < lanes.count) rest else @min(fallback, rest);
                const decoded = nd_evt3_decode_plainly(state, input[position..].ptr, length, output);
                position += decoded;
                if (decoded < length or position == input.len) return position;
            }
        }
    };
}
