//! The EVT3 decoder in blocks of lanes, as `evt3_vector_blocks.zig`, for pictures: there each vector has a time of its own,
//! so that TIME_LOWs have lanes, too, and end no block.
//!
//!     words           B32   V     V     L5    v     X9    B64   V     v       (V: 12 columns, v: 8)
//!     column          .     32    44    .     56    .     .     64    76
//!     pixels          .     01..  .     .     1...  1     .     .     11..
//!     time            2     2     2     5     5     5     5     5     5
//!
//! The lanes with pixels wait until there are many, and then go into the picture (`evt3_painting.zig`). A word that has no
//! lane ends the loop.

const std = @import("std");
const painting = @import("evt3_painting.zig");
const words = @import("../evt3/words.zig");
const State = @import("../evt3/state.zig").State;
const Surface = @import("../surface.zig").Surface;

pub fn PictureBlocks(comptime lanes: type) type {
    return struct {
        const Words = lanes.Words;
        const Bits = lanes.Bits;
        const splat = lanes.splat;
        const where = lanes.where;

        /// A base at which no vector fits into any sensor.
        const no_base = 0x7ff;

        /// Decodes as the specification does, up to the first word for another loop, or to where vectors are few, or so
        /// many pixels are set that `evt3_groups.zig` is quicker. Returns how many words. The row before must be inside,
        /// the clock following, and the picture take the time.
        pub noinline fn decode(state: *State, input: []align(1) const u16, surface: *Surface) usize {
            std.debug.assert(state.row == .inside and state.time.clock == .following and state.item.next == .nothing);
            // A column and its polarity share a lane: the end of a vector must not reach the polarity's bit.
            if (state.width > no_base) return 0;
            const scale: Scale = .of(state, surface);
            var carry: Carry = .of(state);
            var run: Run = .{ .surface = surface, .epoch = state.epoch(), .last_low = state.used_low };
            var position: usize = 0;
            while (position + lanes.count <= input.len) {
                if (!run.waiting.hasRoom()) {
                    run.settle();
                    if (!run.suits(position)) break;
                }
                const block: Block = .of(input[position..][0..lanes.count].*, &scale, &carry);
                const known = lanes.untilNot(block.known & ~lanes.decreases(block.low, carry.low));
                if (known == lanes.count) {
                    run.add(&block, std.math.maxInt(Bits));
                    carry = .{ .y = lanes.last(block.y), .low = lanes.last(block.low), .base = lanes.last(block.base) };
                    position += lanes.count;
                    continue;
                }
                run.add(&block, (@as(Bits, 1) << @intCast(known)) - 1);
                carry = .{
                    .y = lanes.before(known, block.y, carry.y),
                    .low = lanes.before(known, block.low, carry.low),
                    .base = lanes.before(known, block.base, carry.base),
                };
                position += known;
                break;
            }
            run.settle();
            run.giveTo(state, position);
            carry.giveTo(state, &run.counts);
            return position;
        }

        /// The limits that words are compared with.
        const Scale = struct {
            last_row: Words,
            last_column: Words,
            width: Words,
            /// TIME_LOWs have lanes below that.
            low_end: Words,
            time_high: Words,

            fn of(state: *const State, surface: *const Surface) Scale {
                return .{
                    .last_row = splat(state.height - 1),
                    .last_column = splat(state.width - 1),
                    .width = splat(state.width),
                    .low_end = splat(surface.lowEnd(state.epoch())),
                    .time_high = splat(words.Word.of(.time_high, @intCast(state.time.high))),
                };
            }
        };

        /// Before a block: the row, the time as a word of TIME_LOW, and the next vector's column with its polarity.
        const Carry = struct {
            y: lanes.Carried,
            low: lanes.Carried,
            base: lanes.Carried,

            fn of(state: *const State) Carry {
                const x: u16 = if (state.base_known) @min(state.base_x, no_base) else no_base;
                return .{
                    .y = lanes.carried(state.y),
                    .low = lanes.carried(words.Word.of(.time_low, @intCast(state.time_low))),
                    .base = lanes.carried(x | @as(u16, state.base_on) << 11),
                };
            }

            fn giveTo(carry: *const Carry, state: *State, counts: *const words.KindCounts) void {
                state.y = lanes.valueOf(carry.y);
                state.time_low = lanes.valueOf(carry.low) & 0xfff;
                // Without a base or vector word the state's own base stays: it may be one that does not fit into a lane.
                if (counts[0x3] + counts[0x4] + counts[0x5] == 0) return;
                state.base_known = true;
                state.base_x = lanes.valueOf(carry.base) & 0x7ff;
                state.base_on = @intCast(lanes.valueOf(carry.base) >> 11);
            }
        };

        const Block = struct {
            y: Words,
            low: Words,
            /// The base after each word.
            base: Words,
            /// Column and polarity of the first pixel, and the bits of the pixels from there on.
            first: Words,
            pixels: Words,
            known: lanes.Mask,
            rows: Bits,
            lows: Bits,
            bases: Bits,
            is_column: lanes.Mask,
            is_12: lanes.Mask,
            is_vector: lanes.Mask,

            inline fn of(word: Words, scale: *const Scale, carry: *const Carry) Block {
                const kind = word & splat(0xf000);
                const payload = word & splat(0xfff);
                const is_row = where(word <= scale.last_row);
                const is_column = where(((word & splat(0xf7ff)) -% splat(0x2000)) <= scale.last_column);
                const is_base = where(kind == splat(0x3000));
                const is_12 = where(kind == splat(0x4000));
                const is_vector = where((word & splat(0xe000)) == splat(0x4000));
                const is_low = where((word -% splat(0x6000)) < scale.low_end);
                const advance = lanes.keep(splat(8), is_vector) + lanes.keep(splat(4), is_12);
                const ahead = lanes.prefixSum(advance) - advance;
                const rows = lanes.bits(is_row);
                const lows = lanes.bits(is_low);
                const bases = lanes.bits(is_base);
                // What was ahead of the base is taken off there: one fill for both.
                const column = lanes.fill(payload -% ahead, bases, carry.base) +% ahead;
                const end = (column & splat(0x7ff)) + advance;
                const fits = is_vector & where(end <= scale.width);
                const sizes = lanes.keep(splat(0xff), is_vector) | lanes.keep(splat(0xf00), is_12);
                return .{
                    .y = lanes.fill(word, rows, carry.y),
                    .low = lanes.fill(word, lows, carry.low),
                    .base = column +% advance,
                    .first = lanes.keep(column, is_vector) | lanes.keep(payload, is_column),
                    .pixels = (word & sizes) | lanes.keep(splat(1), is_column),
                    .known = is_row | is_column | is_base | fits | is_low | where(word == scale.time_high),
                    .rows = rows,
                    .lows = lows,
                    .bases = bases,
                    .is_column = is_column,
                    .is_12 = is_12,
                    .is_vector = is_vector,
                };
            }
        };

        /// The words so far, and the lanes that wait.
        const Run = struct {
            surface: *Surface,
            waiting: Waiting = .{},
            epoch: f64,
            /// TIME_LOW of the last event that does not wait.
            last_low: u16,
            events: usize = 0,
            counts: words.KindCounts = @splat(0),
            /// The words, vectors and events up to the last check of the scene.
            checked: struct { position: usize = 0, vectors: u64 = 0, events: usize = 0 } = .{},

            inline fn add(run: *Run, block: *const Block, valid: Bits) void {
                run.waiting.add(block, lanes.bits(where(block.pixels != splat(0))) & valid);
                const vectors = lanes.bits(block.is_vector) & valid;
                const vectors_12 = lanes.bits(block.is_12) & valid;
                run.counts[0x0] += lanes.countOf(block.rows & valid);
                run.counts[0x2] += lanes.countOf(lanes.bits(block.is_column) & valid);
                run.counts[0x3] += lanes.countOf(block.bases & valid);
                run.counts[0x4] += lanes.countOf(vectors_12);
                run.counts[0x5] += lanes.countOf(vectors & ~vectors_12);
                run.counts[0x6] += lanes.countOf(block.lows & valid);
            }

            /// Puts the waiting lanes into the picture.
            fn settle(run: *Run) void {
                const waiting = &run.waiting;
                if (waiting.count == 0) return;
                run.events += painting.paintVectors(run.surface, waiting.vectors(), run.epoch);
                run.last_low = waiting.low[waiting.count - 1] & 0xfff;
                waiting.count = 0;
            }

            fn suits(run: *Run, position: usize) bool {
                const new = position - run.checked.position;
                const vectors = run.counts[0x4] + run.counts[0x5];
                const has_many_vectors = vectors - run.checked.vectors >= fewest_vectors;
                const has_many_pixels = 2 * (run.events - run.checked.events) >= 3 * new;
                run.checked = .{ .position = position, .vectors = vectors, .events = run.events };
                return has_many_vectors and !has_many_pixels;
            }

            fn giveTo(run: *Run, state: *State, all: usize) void {
                var named: u64 = 0;
                for (run.counts) |count| named += count;
                for (&state.kinds, run.counts) |*kind, count| kind.* += count;
                state.kinds[0x8] += all - named;
                state.events += run.events;
                state.used_low = run.last_low;
            }
        };

        /// Of as many lanes as can wait.
        const fewest_vectors = Waiting.capacity / 4;

        /// Lanes with pixels that are not in the picture yet.
        const Waiting = struct {
            first: [capacity]u16 = undefined,
            y: [capacity]u16 = undefined,
            low: [capacity]u16 = undefined,
            pixels: [capacity]u16 = undefined,
            count: usize = 0,

            const capacity = painting.most_vectors;

            inline fn hasRoom(waiting: *const Waiting) bool {
                return waiting.count + lanes.count <= capacity;
            }

            inline fn add(waiting: *Waiting, block: *const Block, kept: Bits) void {
                lanes.compressStore(waiting.first[waiting.count..].ptr, block.first, kept);
                lanes.compressStore(waiting.y[waiting.count..].ptr, block.y, kept);
                lanes.compressStore(waiting.low[waiting.count..].ptr, block.low, kept);
                lanes.compressStore(waiting.pixels[waiting.count..].ptr, block.pixels, kept);
                waiting.count += lanes.countOf(kept);
            }

            fn vectors(waiting: *const Waiting) painting.Vectors {
                return .{
                    .first = &waiting.first,
                    .y = &waiting.y,
                    .low = &waiting.low,
                    .pixels = &waiting.pixels,
                    .count = waiting.count,
                };
            }
        };
    };
}
