//! The EVT3 decoder in blocks of lanes, one word each, without a branch for each word.
//!
//! The loop of the scalar decoder remembers row and time from word to word. Here every lane gets them at once:
//! each kind of word is a mask of lanes, and the last lane before that is in the mask has the value. Then the
//! lanes that are events move to the front, and wait for more of them (`stage.zig`):
//!
//!     words           Y7    X10   X11   L5    X12   Y3    X13   X14
//!     y               7     7     7     7     7     3     3     3
//!     time            2     2     2     5     5     5     5     5       (2: from the block before)
//!     events: x = 10 11 12 13 14 · y = 7 7 7 3 3 · t = 2 2 5 5 5
//!
//! A word of another kind cuts the block, and the next block begins after it. Vectors and whole items of OTHERS come
//! in groups whose shape is easy to guess, and go word by word, as triggers do (`evt3_vectors.zig`). Where vectors are
//! the most of the words, blocks in which they have lanes take over (`evt3_vector_blocks.zig`). Anything out of the
//! ordinary (beyond the sensor, time going back, another TIME_HIGH) goes through the scalar decoder, which so remains
//! the specification.

const std = @import("std");
const scalar = @import("../evt3/decode.zig");
const vectors = @import("evt3_vectors.zig");
const words = @import("../evt3/words.zig");
const State = @import("../evt3/state.zig").State;
const Output = @import("output.zig").Output;

pub fn Blocks(comptime lanes: type) type {
    return struct {
        const Words = lanes.Words;
        const splat = lanes.splat;
        const where = lanes.where;
        const Stage = @import("stage.zig").Stage(lanes);
        const VectorBlocks = @import("evt3_vector_blocks.zig").VectorBlocks(lanes);

        /// Blocks must come on by so many words, or the scalar decoder gets more: doubled while they do not.
        const worthwhile = 32;
        const longest_detour = 512;

        pub fn decode(state: *State, input: []align(1) const u16, output: *Output) usize {
            var waiting: Stage.Events = undefined;
            var position: usize = 0;
            var detour: usize = 1;
            while (true) {
                const start = position;
                if (state.clock == .following and state.item.next == .nothing) {
                    var dense = false;
                    position += decodeBlocks(state, input[position..], output, &waiting, &dense);
                    if (dense) {
                        position += VectorBlocks.decode(state, input[position..], output);
                        position += vectors.decodeDense(lanes, state, input[position..], output);
                    }
                }
                detour = if (position - start >= worthwhile) 1 else @min(2 * detour, longest_detour);
                const rest = input.len - position;
                const length = if (rest < lanes.count) rest else @min(detour, rest);
                const decoded = scalar.decode(state, input[position..][0..length], output);
                position += decoded;
                if (decoded < length or position == input.len) return position;
            }
        }

        /// After so many words it is asked whether most of them were bases and vectors.
        const stretch = 256;

        /// Decodes up to the first word out of the ordinary, or where vectors are dense, and returns how many words.
        fn decodeBlocks(
            state: *State,
            input: []align(1) const u16,
            output: *Output,
            waiting: *Stage.Events,
            dense: *bool,
        ) usize {
            const epoch = state.epoch();
            const scale: Scale = .of(state);
            var carry: Carry = .of(state);
            var base: vectors.Base = .of(state);
            var counts: Counts = .{};
            const events_before = output.events;
            var stage: Stage = .of(waiting, output);
            var position: usize = 0;
            var vector_words: usize = 0;
            var next_look: usize = stretch;
            var vector_words_before: usize = 0;
            while (position + lanes.count <= input.len) {
                if (!stage.hasRoom()) {
                    @branchHint(.unlikely);
                    stage = stage.emptied(output, epoch, .full_vectors);
                    if (!stage.hasRoom()) break;
                }
                var block: Block = .of(input[position..][0..lanes.count].*, &scale, &carry);
                if (block.goes_back) {
                    @branchHint(.unlikely);
                    break;
                }
                if (lanes.all(block.plain)) {
                    stage.add(block.word, block.y, block.low, block.columns);
                    counts.add(&block);
                    carry = .{ .y = lanes.last(block.y), .low = lanes.last(block.low) };
                    position += lanes.count;
                    continue;
                }
                const plain = lanes.untilNot(block.plain);
                block.cut(plain);
                stage.add(block.word, block.y, block.low, block.columns);
                counts.add(&block);
                carry = .{ .y = lanes.before(plain, block.y, carry.y), .low = lanes.before(plain, block.low, carry.low) };
                position += plain;
                const rest = input[position..];
                if (vectors.isBaseOrVector(rest[0])) {
                    const taken = base.addTo(&stage, rest, lanes.valueOf(carry.y), lanes.valueOf(carry.low));
                    position += taken;
                    vector_words += taken;
                    if (position >= next_look) {
                        dense.* = vector_words - vector_words_before > stretch / 2;
                        next_look = position + stretch;
                        vector_words_before = vector_words;
                    }
                    if (taken == 0 or dense.*) break;
                } else if (rest[0] >> 12 == 0xa) {
                    const low = lanes.valueOf(carry.low) & 0xfff;
                    const trigger: words.Trigger = @bitCast(@as(u12, @truncate(rest[0])));
                    if (!output.trigger(epoch + @as(f64, @floatFromInt(low)), trigger.id, trigger.rising)) break;
                    base.used_low = low;
                    counts.triggers += 1;
                    position += 1;
                } else if (state.takeWholeItem(rest)) {
                    counts.items += 1;
                    position += 4;
                } else break;
            }
            stage = stage.emptied(output, epoch, .all);
            counts.columns = output.events - events_before - base.pixels;
            counts.giveTo(state, position - vector_words);
            carry.giveTo(state);
            state.used_low = @max(state.used_low, stage.last_low & 0xfff);
            base.giveTo(state, vector_words);
            return position;
        }

        /// What the words are compared with.
        const Scale = struct {
            last_row: Words,
            first_column: Words,
            last_column: Words,
            time_high: Words,

            fn of(state: *const State) Scale {
                const inside = state.row == .inside;
                return .{
                    .last_row = splat(state.height - 1),
                    // Without a row there are no columns: one that no word can be.
                    .first_column = splat(if (inside) 0x2000 else 0x0800),
                    .last_column = splat(if (inside) state.width - 1 else 0),
                    .time_high = splat(words.Word.of(.time_high, @intCast(state.time_high))),
                };
            }
        };

        /// Row and time before a block; times as the words that brought them.
        const Carry = struct {
            y: lanes.Carried,
            low: lanes.Carried,

            inline fn of(state: *const State) Carry {
                const low = words.Word.of(.time_low, @intCast(state.time_low));
                return .{ .y = lanes.carried(state.y), .low = lanes.carried(low) };
            }

            inline fn giveTo(carry: *const Carry, state: *State) void {
                state.y = lanes.valueOf(carry.y);
                state.time_low = lanes.valueOf(carry.low) & 0xfff;
            }
        };

        const Block = struct {
            word: Words,
            y: Words,
            low: Words,
            rows: lanes.Bits,
            columns: lanes.Bits,
            lows: lanes.Bits,
            /// Words that are one of these, within the sensor, or a TIME_HIGH that changes nothing.
            plain: lanes.Mask,
            /// Not all TIME_LOWs grow.
            goes_back: bool,

            inline fn of(word: Words, scale: *const Scale, carry: *const Carry) Block {
                // Kind and range in one comparison: a row is its own number, and a column is one after 0x2000.
                const is_row = where(word <= scale.last_row);
                const is_column = where(((word & splat(0xf7ff)) -% scale.first_column) <= scale.last_column);
                const is_low = where((word & splat(0xf000)) == splat(0x6000));
                const is_high = where(word == scale.time_high);
                const rows = lanes.bits(is_row);
                const lows = lanes.bits(is_low);
                const low = lanes.fill(word, lows, carry.low);
                return .{
                    .word = word,
                    .y = lanes.fill(word, rows, carry.y),
                    .low = low,
                    .rows = rows,
                    .columns = lanes.bits(is_column),
                    .lows = lows,
                    .plain = is_row | is_column | is_low | is_high,
                    .goes_back = lanes.decrease(low, carry.low),
                };
            }

            /// Leaves only the first words.
            inline fn cut(block: *Block, length: usize) void {
                const left = (@as(lanes.Bits, 1) << @intCast(length)) - 1;
                block.rows &= left;
                block.columns &= left;
                block.lows &= left;
            }
        };

        /// Words by kind, but for bases and vectors.
        const Counts = struct {
            rows: u64 = 0,
            columns: u64 = 0,
            lows: u64 = 0,
            triggers: u64 = 0,
            items: u64 = 0,

            inline fn add(counts: *Counts, block: *const Block) void {
                counts.rows += @popCount(block.rows);
                counts.lows += @popCount(block.lows);
            }

            /// What is nothing else is a TIME_HIGH.
            fn giveTo(counts: *const Counts, state: *State, all: usize) void {
                state.count(.address_y, counts.rows);
                if (counts.rows > 0) state.row = .inside;
                state.count(.address_x, counts.columns);
                state.count(.time_low, counts.lows);
                state.count(.trigger, counts.triggers);
                state.triggers += counts.triggers;
                state.count(.others, counts.items);
                state.count(.continued_12, 2 * counts.items);
                state.count(.continued_4, counts.items);
                state.count(.time_high, all - counts.rows - counts.columns - counts.lows - counts.triggers - 4 * counts.items);
                state.events += counts.columns;
            }
        };
    };
}
