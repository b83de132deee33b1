//! The EVT3 decoder in blocks of lanes, one word each, without a branch for each word.
//!
//! The loop of the scalar decoder remembers row, time and base from word to word. Here every lane gets them
//! at once: each kind of word is a mask of lanes, and the last lane before that is in the mask has the value.
//! Then the lanes that are events move to the front, and wait for more of them (`stage.zig`):
//!
//!     words           Y7    X10   X11   L5    X12   Y3    X13   X14
//!     y               7     7     7     7     7     3     3     3
//!     time            2     2     2     5     5     5     5     5       (2: from the block before)
//!     events: x = 10 11 12 13 14 · y = 7 7 7 3 3 · t = 2 2 5 5 5
//!
//! Vectors begin at the last base + what the vectors since then advance it by, a sum over the lanes:
//!
//!     words           B32   V     V     v     X9    B64   V     v       (V: 12 columns, v: 8)
//!     sum before      0     0     12    24    32    32    32    44
//!     - at the base   0     0     0     0     0     32    32    32
//!     + base: column  .     32    44    56    .     .     64    76
//!
//! A word out of the ordinary (beyond the sensor, time going back, another TIME_HIGH, a trigger) ends this:
//! the block is done up to it, and the word goes through the scalar decoder, which so remains the specification.

const std = @import("std");
const Items = @import("evt3_items.zig").Items;
const scalar = @import("../evt3/decode.zig");
const words = @import("../evt3/words.zig");
const State = @import("../evt3/state.zig").State;
const Output = @import("output.zig").Output;

pub fn Blocks(comptime lanes: type) type {
    return struct {
        const Words = lanes.Words;
        const splat = lanes.splat;
        const where = lanes.where;
        const Stage = @import("stage.zig").Stage(lanes);
        const Counts = @import("counts.zig").Counts(lanes);

        /// Blocks must come on by so many words, or the scalar decoder gets more: doubled while they do not.
        const worthwhile = 32;
        const longest_detour = 512;

        pub fn decode(state: *State, input: []align(1) const u16, output: *Output) usize {
            var stage: Stage = undefined;
            stage.clear();
            var counts: Counts = .{};
            defer counts.addTo(&state.kinds);
            var position: usize = 0;
            var detour: usize = 1;
            while (true) {
                const start = position;
                if (ordinary(state)) position += decodeBlocks(state, input[position..], output, &stage, &counts);
                detour = if (position - start >= worthwhile) 1 else @min(2 * detour, longest_detour);
                const length = @min(detour, input.len - position);
                const decoded = scalar.decode(state, input[position..][0..length], output);
                position += decoded;
                if (decoded < length or position == input.len) return position;
            }
        }

        fn ordinary(state: *const State) bool {
            return state.clock.running() and state.row == .inside;
        }

        /// What one block hands to the next, in the last lane.
        const Carry = struct {
            y: Words,
            low: Words,
            /// Column and polarity of the next vector, as in VECT_BASE_X.
            base: Words,
        };

        /// A base at which no vector fits into any sensor.
        const no_base = 0x7ff;

        /// What the words are compared with.
        const Scale = struct {
            height: Words,
            width: Words,
            /// TIME_HIGHs that change nothing: the current one, or, while the clock is behind, those that leave it there.
            first_high: Words,
            highs: Words,
            /// All bits set where TIME_LOWs say nothing.
            deaf: Words,
            deaf_lanes: lanes.Mask,

            fn of(state: *const State) Scale {
                const behind = state.clock == .behind;
                const first = if (behind) state.time_high -| 2047 else state.time_high;
                return .{
                    .height = splat(state.height),
                    .width = splat(state.width),
                    .first_high = splat(words.Word.of(.time_high, @intCast(first))),
                    .highs = splat(if (behind) state.time_high - first else 1),
                    .deaf = splat(if (behind) 0xffff else 0),
                    .deaf_lanes = where(splat(state.time_high) != splat(if (behind) 0xffff else state.time_high)),
                };
            }
        };

        inline fn everywhere(mask: lanes.Mask) bool {
            return lanes.bits(mask) == std.math.maxInt(lanes.Bits);
        }

        /// Decodes up to the first word out of the ordinary and returns how many words these are.
        fn decodeBlocks(
            state: *State,
            input: []align(1) const u16,
            output: *Output,
            stage: *Stage,
            counts: *Counts,
        ) usize {
            const epoch = state.epoch();
            const scale: Scale = .of(state);
            const base: u16 = if (state.base_known) @min(state.base_x, no_base) else no_base;
            var carry: Carry = .{
                .y = splat(state.y),
                .low = splat(state.time_low),
                .base = splat(base | @as(u16, state.base_on) << 11),
            };
            const events_before = output.events;
            var based = false;
            var used_low = splat(0);
            var limit = Stage.limit(output);
            var position: usize = 0;
            var valid: usize = lanes.count;
            while (position < input.len) {
                if (stage.most() >= limit) {
                    @branchHint(.unlikely);
                    stage.empty(output, epoch, false);
                    limit = Stage.limit(output);
                    if (stage.most() >= limit) break;
                }
                const rest = input[position..];
                valid = @min(valid, rest.len);
                var word: Words = undefined;
                if (valid == lanes.count) {
                    word = rest[0..lanes.count].*;
                } else {
                    @branchHint(.unlikely);
                    var part: [lanes.count]u16 = scale.first_high;
                    @memcpy(part[0..valid], rest[0..valid]);
                    word = part;
                }

                // Kind and range in one comparison: a row is its own number, and a column is one after 0x2000.
                const is_row = where(word < scale.height);
                const is_column = where(((word & splat(0xf7ff)) -% splat(0x2000)) < scale.width);
                const kind = word & splat(0xf000);
                const is_low = where(kind == splat(0x6000));
                const is_high = where((word -% scale.first_high) < scale.highs);
                const payload = word & splat(0xfff);
                const y = lanes.fillRow(word, is_row, carry.y);
                const low = lanes.fillIncreasing(payload, is_low & ~scale.deaf_lanes, carry.low);
                const goes_on = is_low & lanes.notDecreasing(payload | scale.deaf, low, carry.low);

                const plain = is_row | is_column | goes_on | is_high;
                const is_item = Items(lanes).where(word);
                if (everywhere(plain)) {
                    stage.add(word, y, low, lanes.bits(is_column));
                    used_low = @max(used_low, lanes.keep(low, is_column));
                    if (state.item.next != .nothing) state.item = .{};
                } else if (everywhere(plain | is_item)) {
                    stage.add(word, y, low, lanes.bits(is_column));
                    used_low = @max(used_low, lanes.keep(low, is_column));
                    Items(lanes).follow(state, word, is_item, valid, counts);
                } else {
                    const is_base = where(kind == splat(0x3000));
                    const is_vector = where((word & splat(0xe000)) == splat(0x4000));
                    const is_12 = where(kind == splat(0x4000));
                    const advance = lanes.keep(splat(8), is_vector) + lanes.keep(splat(4), is_12);
                    const ahead = lanes.prefixSum(advance) - advance;
                    const base_column = lanes.fillBase(payload, is_base, carry.base);
                    const offset = ahead - lanes.fillIncreasing(ahead, is_base, splat(0));
                    const x = (base_column & splat(0x7ff)) + offset;
                    const column = base_column +% offset;
                    const fits = is_vector & where(x + advance <= scale.width) & where(x + advance <= splat(no_base));

                    const unknown = ~lanes.bits(plain | is_base | fits | is_item);
                    if (unknown != 0) {
                        const first_unknown = @ctz(unknown);
                        if (first_unknown < 4) break;
                        valid = first_unknown;
                        continue;
                    }
                    const pixels = payload & (splat(0xff) | lanes.keep(splat(0xf00), is_12));
                    const has_pixels = is_vector & where(pixels != splat(0));
                    const vectors = lanes.keep(column | splat(Stage.vector_mark), is_vector);
                    stage.add(vectors | lanes.keep(payload, is_column), y, low, lanes.bits(has_pixels | is_column));
                    stage.addVectors(pixels, lanes.bits(has_pixels));
                    used_low = @max(used_low, lanes.keep(low, is_column | is_vector));
                    carry.base = column +% advance;
                    based = based or lanes.bits(is_base | is_vector) != 0;
                    counts.addVectors(is_base, is_vector, is_12);
                    Items(lanes).follow(state, word, is_item, valid, counts);
                }
                counts.add(is_row, is_column, is_low, valid);
                carry.y = y;
                carry.low = low;
                position += valid;
                if (valid < lanes.count) break;
            }
            stage.empty(output, epoch, true);
            state.events += output.events - events_before;
            state.y = carry.y[lanes.count - 1];
            state.time_low = carry.low[lanes.count - 1];
            state.used_low = @max(state.used_low, @reduce(.Max, used_low));
            if (based) {
                state.base_known = true;
                state.base_x = carry.base[lanes.count - 1] & 0x7ff;
                state.base_on = @intCast(carry.base[lanes.count - 1] >> 11);
            }
            return position;
        }
    };
}
