//! The EVT3 decoder of a kernel, which chooses the loop for the next words:
//!
//!     evt3_blocks.zig          rows, columns, times, and the words between them; twice, with and without silent words
//!     evt3_vector_blocks.zig   most words are vectors, with few of their pixels set
//!     evt3_picture_blocks.zig  the same, straight into a picture
//!     evt3_groups.zig          most words are vectors, with many of their pixels set
//!     ../evt3/decode.zig       scalar: rows beyond the sensor, a clock that is not following, the end of the room, and
//!                              where other words end every block
//!
//! The scalar decoder is the specification, and decodes the words that the loops leave. README.md tells why there is
//! more than one.

const std = @import("std");
const evt3_blocks = @import("evt3_blocks.zig");
const groups = @import("evt3_groups.zig");
const painting = @import("evt3_painting.zig");
const CompressStore = @import("compress_store.zig").CompressStore;
const Staging = @import("staging.zig").Staging;
const State = @import("../evt3/state.zig").State;
const Takes = @import("evt3_block.zig").Takes;
const Output = @import("../output.zig").Output;

/// The scalar decoder, which `dispatch.zig` exports.
extern fn nd_evt3_decode_plainly(state: *State, input: [*]align(1) const u16, count: usize, output: *Output) callconv(.c) usize;

pub fn Evt3(comptime lanes: type) type {
    return struct {
        const ToColumns = Loops(lanes, if (lanes.has_compress) CompressStore(lanes) else Staging(lanes));
        const ToPicture = Loops(lanes, Staging(lanes));

        /// Decodes words until they or the room are used up, or the clock has jumped, and returns how many.
        pub fn decode(state: *State, input: []align(1) const u16, output: *Output) usize {
            return if (output.surface == null) ToColumns.decode(state, input, output) else ToPicture.decode(state, input, output);
        }
    };
}

fn Loops(comptime lanes: type, comptime Events: type) type {
    return struct {
        const Blocks = evt3_blocks.Blocks(lanes, .plain, Events);
        const VectorBlocks = @import("evt3_vector_blocks.zig").VectorBlocks(lanes);

        /// Where the loops decode fewer words than this, the scalar decoder takes a chunk, which doubles each time.
        const worthwhile = 32;
        const longest_fallback = 512;
        /// If blocks keep ending early, the scalar decoder takes `first_dense_run` words, doubling up to
        /// `longest_dense_run`.
        const first_dense_run = 1024;
        const longest_dense_run = 16 * 1024;

        noinline fn decode(state: *State, input: []align(1) const u16, output: *Output) usize {
            const surface = output.surface;
            defer output.surface = surface;
            const jumps = state.time.jumps;
            var waiting: Blocks.Waiting = undefined;
            var takes: Takes = .plain;
            var position: usize = 0;
            var fallback: usize = 1;
            var dense_run: usize = 0;
            while (true) {
                const start = position;
                var end: Blocks.End = .slow_path;
                // An event that comes into the columns has all later ones behind it.
                if (!output.takes(state.t()) or output.polarity.count > 0) output.surface = null;
                if (state.time.clock == .following and state.item.next == .nothing) {
                    position = switch (takes) {
                        inline else => |which| evt3_blocks.Blocks(lanes, which, Events).decode(state, input, position, output, &waiting, &end),
                    };
                    if (end == .many_silent or end == .few_silent) {
                        takes = if (end == .many_silent) .silent else .plain;
                        continue;
                    }
                    // Outside of the sensor's rows no vector has pixels, and an open item is for the scalar decoder.
                    if (end == .vectors and state.row == .inside and state.item.next == .nothing) {
                        position += decodeVectors(state, input[position..], output);
                    }
                }
                fallback = if (position - start >= worthwhile) 1 else @min(2 * fallback, longest_fallback);
                if (end == .block_ends) {
                    const ended_soon = position - start <= first_dense_run;
                    dense_run = if (ended_soon) std.math.clamp(2 * dense_run, first_dense_run, longest_dense_run) else first_dense_run;
                    fallback = dense_run;
                }
                // Here the loops have decoded words, so the clock is following.
                if (fallback == 1 and state.item.next == .nothing and state.takeTimeHigh(input[position..])) {
                    position += 1;
                    if (state.time.jumps != jumps) return position;
                    continue;
                }
                const rest = input.len - position;
                const length = if (rest < lanes.count) rest else @min(fallback, rest);
                const decoded = nd_evt3_decode_plainly(state, input[position..].ptr, length, output);
                position += decoded;
                if (output.surface) |picture| if (picture.add(&output.polarity)) {
                    output.polarity.count = 0;
                };
                if (decoded < length or position == input.len or state.time.jumps != jumps) return position;
            }
        }

        fn decodeVectors(state: *State, input: []align(1) const u16, output: *Output) usize {
            if (output.surface) |surface| return painting.paint(lanes, state, input, surface);
            var columns: VectorBlocks.Target = .of(output);
            const decoded = VectorBlocks.decode(state, input, &columns);
            output.polarity.count += columns.events;
            return decoded + groups.decode(lanes, state, input[decoded..], output);
        }
    };
}
