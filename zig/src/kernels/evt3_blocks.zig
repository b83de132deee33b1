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
//! Where vectors are most of a block, they go one by one (`vector_runs.zig`).

const std = @import("std");
const Items = @import("evt3_items.zig").Items;
const scalar = @import("../evt3/decode.zig");
const words = @import("../evt3/words.zig");
const vector_runs = @import("vector_runs.zig");
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
                if (ordinary(state) and state.clock == .following) {
                    position += vector_runs.decode(lanes, state, input[position..], output);
                }
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
            based: bool = false,
            used_low: Words = splat(0),

            inline fn of(state: *const State) Carry {
                const base: u16 = if (state.base_known) @min(state.base_x, no_base) else no_base;
                return .{
                    .y = splat(state.y),
                    .low = splat(state.time_low),
                    .base = splat(base | @as(u16, state.base_on) << 11),
                };
            }

            inline fn giveTo(carry: *const Carry, state: *State) void {
                state.y = carry.y[lanes.count - 1];
                state.time_low = carry.low[lanes.count - 1];
                state.used_low = @max(state.used_low, @reduce(.Max, carry.used_low));
                if (!carry.based) return;
                state.base_known = true;
                state.base_x = carry.base[lanes.count - 1] & 0x7ff;
                state.base_on = @intCast(carry.base[lanes.count - 1] >> 11);
            }
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

        /// The next words; after the valid ones, TIME_HIGHs that change nothing.
        inline fn load(rest: []align(1) const u16, valid: usize, scale: *const Scale) Words {
            if (valid < lanes.count) {
                @branchHint(.unlikely);
                var part: [lanes.count]u16 = scale.first_high;
                @memcpy(part[0..valid], rest[0..valid]);
                return part;
            }
            return rest[0..lanes.count].*;
        }

        const Block = struct {
            word: Words,
            kind: Words,
            payload: Words,
            y: Words,
            low: Words,
            is_row: lanes.Mask,
            is_column: lanes.Mask,
            is_low: lanes.Mask,
            is_item: lanes.Mask,
            /// Words that only rows, columns and times need.
            plain: lanes.Mask,

            inline fn of(word: Words, scale: *const Scale, carry: *const Carry) Block {
                // Kind and range in one comparison: a row is its own number, and a column is one after 0x2000.
                const is_row = where(word < scale.height);
                const is_column = where(((word & splat(0xf7ff)) -% splat(0x2000)) < scale.width);
                const kind = word & splat(0xf000);
                const is_low = where(kind == splat(0x6000));
                const is_high = where((word -% scale.first_high) < scale.highs);
                const payload = word & splat(0xfff);
                const low = lanes.fillIncreasing(payload, is_low & ~scale.deaf_lanes, carry.low);
                const goes_on = is_low & lanes.notDecreasing(payload | scale.deaf, low, carry.low);
                return .{
                    .word = word,
                    .kind = kind,
                    .payload = payload,
                    .y = lanes.fillRow(word, is_row, carry.y),
                    .low = low,
                    .is_row = is_row,
                    .is_column = is_column,
                    .is_low = is_low,
                    .is_item = Items(lanes).where(word),
                    .plain = is_row | is_column | goes_on | is_high,
                };
            }

            /// Adds the events of their own to the stage.
            inline fn addTo(block: *const Block, stage: *Stage, carry: *Carry) void {
                stage.add(block.word, block.y, block.low, lanes.bits(block.is_column));
                carry.used_low = @max(carry.used_low, lanes.keep(block.low, block.is_column));
            }
        };

        /// The bases and vectors of a block.
        const Vectors = struct {
            is_base: lanes.Mask,
            is_vector: lanes.Mask,
            is_12: lanes.Mask,
            /// Vectors that lie within the sensor.
            fits: lanes.Mask,
            column: Words,
            advance: Words,

            inline fn of(block: *const Block, scale: *const Scale, carry: *const Carry) Vectors {
                const is_base = where(block.kind == splat(0x3000));
                const is_vector = where((block.word & splat(0xe000)) == splat(0x4000));
                const is_12 = where(block.kind == splat(0x4000));
                const advance = lanes.keep(splat(8), is_vector) + lanes.keep(splat(4), is_12);
                const ahead = lanes.prefixSum(advance) - advance;
                const base_column = lanes.fillBase(block.payload, is_base, carry.base);
                const offset = ahead - lanes.fillIncreasing(ahead, is_base, splat(0));
                const x = (base_column & splat(0x7ff)) + offset;
                return .{
                    .is_base = is_base,
                    .is_vector = is_vector,
                    .is_12 = is_12,
                    .fits = is_vector & where(x + advance <= scale.width) & where(x + advance <= splat(no_base)),
                    .column = base_column +% offset,
                    .advance = advance,
                };
            }

            /// Adds them, and the block's events of their own, to the stage.
            inline fn addTo(vectors: *const Vectors, stage: *Stage, block: *const Block, carry: *Carry) void {
                const is_vector = vectors.is_vector;
                const pixels = block.payload & (splat(0xff) | lanes.keep(splat(0xf00), vectors.is_12));
                const has_pixels = is_vector & where(pixels != splat(0));
                const marked = lanes.keep(vectors.column | splat(Stage.vector_mark), is_vector);
                const column = marked | lanes.keep(block.payload, block.is_column);
                stage.add(column, block.y, block.low, lanes.bits(has_pixels | block.is_column));
                stage.addVectors(pixels, lanes.bits(has_pixels));
                carry.used_low = @max(carry.used_low, lanes.keep(block.low, block.is_column | is_vector));
                carry.base = vectors.column +% vectors.advance;
                carry.based = carry.based or lanes.bits(vectors.is_base | is_vector) != 0;
            }
        };

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
            var carry: Carry = .of(state);
            const events_before = output.events;
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
                const block: Block = .of(load(rest, valid, &scale), &scale, &carry);
                const known = block.plain | block.is_item;
                if (everywhere(block.plain)) {
                    block.addTo(stage, &carry);
                    if (state.item.next != .nothing) state.item = .{};
                } else if (everywhere(known)) {
                    block.addTo(stage, &carry);
                    Items(lanes).follow(state, block.word, block.is_item, valid, counts);
                } else {
                    const vectors: Vectors = .of(&block, &scale, &carry);
                    if (@popCount(lanes.bits(vectors.is_vector)) > lanes.count / 2) break;
                    const unknown = ~lanes.bits(known | vectors.is_base | vectors.fits);
                    if (unknown != 0) {
                        const first_unknown = @ctz(unknown);
                        if (first_unknown < 4) break;
                        valid = first_unknown;
                        continue;
                    }
                    vectors.addTo(stage, &block, &carry);
                    counts.addVectors(vectors.is_base, vectors.is_vector, vectors.is_12);
                    Items(lanes).follow(state, block.word, block.is_item, valid, counts);
                }
                counts.add(block.is_row, block.is_column, block.is_low, valid);
                carry.y = block.y;
                carry.low = block.low;
                position += valid;
                if (valid < lanes.count) break;
            }
            stage.empty(output, epoch, true);
            state.events += output.events - events_before;
            carry.giveTo(state);
            return position;
        }
    };
}
