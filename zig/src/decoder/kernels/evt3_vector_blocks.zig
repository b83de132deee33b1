//! The EVT3 decoder in blocks of lanes, as `evt3_blocks.zig`, for scenes that are full of vectors. Vector words are
//! decoded in lanes as well, so no branch depends on the order of words.
//!
//! A vector begins at the last base + the advance of all vectors since then, a prefix sum over the lanes:
//!
//!     words           B32   V     V     v     X9    B64   V     v       (V: 12 columns, v: 8)
//!     sum before      0     0     12    24    32    32    32    44
//!     - at the base   0     0     0     0     0     32    32    32
//!     + base: column  .     32    44    56    .     .     64    76
//!     pixels          .     01..  .     1...  1     .     .     11..
//!
//! A single event is a vector of one pixel. The lanes with pixels wait until there are many, and then become events
//! (`vector_columns.zig`). All of them have one time. A TIME_LOW ends the block; a word for the scalar decoder ends the
//! loop.

const std = @import("std");
const words = @import("../evt3/words.zig");
const State = @import("../evt3/state.zig").State;
const VectorColumns = @import("vector_columns.zig").VectorColumns;

/// Lanes with pixels: column and polarity of the first one, row, and the bits of the pixels from there on.
pub const Vectors = struct { first: []const u16, y: []const u16, pixels: []const u16 };

pub fn VectorBlocks(comptime lanes: type) type {
    return struct {
        pub const Target = VectorColumns(lanes);
        const Words = lanes.Words;
        const Bits = lanes.Bits;
        const splat = lanes.splat;
        const where = lanes.where;

        /// A base at which no vector fits into any sensor.
        const no_base = 0x7ff;

        /// Decodes as the specification does, up to the first word for the scalar decoder, or to where vectors are few
        /// or the room ends. Returns how many words. The row before must be inside, and the clock following.
        pub noinline fn decode(state: *State, input: []align(1) const u16, target: *Target) usize {
            std.debug.assert(state.row == .inside and state.time.clock == .following and state.item.next == .nothing);
            // A column and its polarity share a lane: the end of a vector must not reach the polarity's bit.
            if (state.width > no_base) return 0;
            const scale: Scale = .of(state);
            var run: Run = .of(state, target);
            var carry: Carry = .of(state);
            var position: usize = 0;
            while (position + lanes.count <= input.len) {
                if (!run.hasRoom() or run.check.isDue()) {
                    if (!run.settle(position) or !run.hasRoom()) break;
                }
                const block: Block = .of(input[position..][0..lanes.count].*, &scale, &carry);
                if (lanes.all(block.known)) {
                    run.add(&block, std.math.maxInt(Bits));
                    carry = .{ .y = lanes.last(block.y), .base = lanes.last(block.base) };
                    position += lanes.count;
                    continue;
                }
                const known = lanes.untilNot(block.known);
                run.add(&block, (@as(Bits, 1) << @intCast(known)) - 1);
                carry = .{ .y = lanes.before(known, block.y, carry.y), .base = lanes.before(known, block.base, carry.base) };
                position += known;
                if (!run.takeTimeLow(input[position])) break;
                position += 1;
            }
            run.giveTo(state, position);
            state.y = lanes.valueOf(carry.y);
            // Without a base or vector word the state's own base stays: it may be one that does not fit into a lane.
            if (run.counts[0x3] + run.vectorWords() > 0) {
                state.base_known = true;
                state.base_x = lanes.valueOf(carry.base) & 0x7ff;
                state.base_on = @intCast(lanes.valueOf(carry.base) >> 11);
            }
            return position;
        }

        /// The limits that words are compared with.
        const Scale = struct {
            last_row: Words,
            last_column: Words,
            width: Words,
            time_high: Words,
            kind: Words,
            payload: Words,
            without_polarity: Words,
            column: Words,
            base: Words,
            vector_12: Words,
            vector: Words,
            x: Words,

            fn of(state: *const State) Scale {
                return .{
                    .last_row = splat(state.height - 1),
                    .last_column = splat(state.width - 1),
                    .width = splat(state.width),
                    .time_high = splat(words.Word.of(.time_high, @intCast(state.time.high))),
                    .kind = lanes.constant(0xf000),
                    .payload = lanes.constant(0xfff),
                    .without_polarity = lanes.constant(0xf7ff),
                    .column = lanes.constant(0x2000),
                    .base = lanes.constant(0x3000),
                    .vector_12 = lanes.constant(0x4000),
                    .vector = lanes.constant(0xe000),
                    .x = lanes.constant(0x7ff),
                };
            }
        };

        /// Before a block: the row, and the next vector's column with its polarity.
        const Carry = struct {
            y: lanes.Carried,
            base: lanes.Carried,

            fn of(state: *const State) Carry {
                const x: u16 = if (state.base_known) @min(state.base_x, no_base) else no_base;
                return .{ .y = lanes.carried(state.y), .base = lanes.carried(x | @as(u16, state.base_on) << 11) };
            }
        };

        const Block = struct {
            y: Words,
            /// The base after each word.
            base: Words,
            /// Column and polarity of the first pixel, and the bits of the pixels from there on.
            first: Words,
            pixels: Words,
            known: lanes.Mask,
            is_row: lanes.Mask,
            is_column: lanes.Mask,
            is_base: lanes.Mask,
            is_12: lanes.Mask,
            is_vector: lanes.Mask,

            inline fn of(word: Words, scale: *const Scale, carry: *const Carry) Block {
                const kind = word & scale.kind;
                const payload = word & scale.payload;
                const is_row = where(word <= scale.last_row);
                const is_column = where(((word & scale.without_polarity) -% scale.column) <= scale.last_column);
                const is_base = where(kind == scale.base);
                const is_12 = where(kind == scale.vector_12);
                const is_vector = where((word & scale.vector) == scale.vector_12);
                const advance = lanes.keep(splat(8), is_vector) + lanes.keep(splat(4), is_12);
                const ahead = lanes.prefixSum(advance) - advance;
                const bases = lanes.bits(is_base);
                const offset = ahead -% lanes.fill(ahead, bases, lanes.carried(0));
                const column = lanes.fill(payload, bases, carry.base) +% offset;
                const end = (column & scale.x) + advance;
                const fits = is_vector & where(end <= scale.width);
                const sizes = lanes.keep(splat(0xff), is_vector) | lanes.keep(splat(0xf00), is_12);
                return .{
                    .y = lanes.fill(word, lanes.bits(is_row), carry.y),
                    .base = column +% advance,
                    .first = lanes.keep(column, is_vector) | lanes.keep(payload, is_column),
                    .pixels = (word & sizes) | lanes.keep(splat(1), is_column),
                    .known = is_row | is_column | is_base | fits | where(word == scale.time_high),
                    .is_row = is_row,
                    .is_column = is_column,
                    .is_base = is_base,
                    .is_12 = is_12,
                    .is_vector = is_vector,
                };
            }
        };

        /// The events so far, without those of the lanes that wait.
        const Run = struct {
            target: *Target,
            waiting: Waiting = .{},
            events: usize = 0,
            epoch: f64,
            low: u16,
            used_low: u16,
            /// Nonzero if there were events since the time was set.
            used: Bits = 0,
            counts: words.KindCounts = @splat(0),
            check: SceneCheck = .{},

            fn of(state: *const State, target: *Target) Run {
                return .{
                    .target = target,
                    .epoch = state.epoch(),
                    .low = state.time_low,
                    .used_low = state.used_low,
                };
            }

            inline fn hasRoom(run: *const Run) bool {
                const next = run.waiting.count + lanes.count;
                return next <= Waiting.capacity and run.target.hasRoom(next);
            }

            inline fn add(run: *Run, block: *const Block, valid: Bits) void {
                const with_pixels = lanes.bits(where(block.pixels != splat(0))) & valid;
                run.waiting.add(block, with_pixels);
                const columns = lanes.bits(block.is_column) & valid;
                const vectors = lanes.bits(block.is_vector) & valid;
                const vectors_12 = lanes.bits(block.is_12) & valid;
                run.used |= with_pixels;
                run.counts[0x0] += lanes.countOf(lanes.bits(block.is_row) & valid);
                run.counts[0x2] += lanes.countOf(columns);
                run.counts[0x3] += lanes.countOf(lanes.bits(block.is_base) & valid);
                run.counts[0x4] += lanes.countOf(vectors_12);
                run.counts[0x5] += lanes.countOf(vectors & ~vectors_12);
            }

            inline fn vectorWords(run: *const Run) usize {
                return @intCast(run.counts[0x4] + run.counts[0x5]);
            }

            /// Turns the waiting lanes into events. False where another loop is quicker.
            fn settle(run: *Run, position: usize) bool {
                run.storeWaiting();
                const suits = run.check.suits(position, run.vectorWords());
                run.check = .{ .position = position, .vectors = run.vectorWords() };
                return suits;
            }

            fn storeWaiting(run: *Run) void {
                if (run.waiting.count == 0) return;
                const events = run.target.add(run.waiting.vectors(), run.timeOf(run.low));
                run.events += events;
                run.check.lanes += run.waiting.count;
                run.check.events += events;
                run.waiting.count = 0;
            }

            /// False, and nothing changed, for any other word, or a time that goes back.
            fn takeTimeLow(run: *Run, word: u16) bool {
                if (word >> 12 != 0x6) return false;
                run.useTime();
                if (word & 0xfff < run.used_low) return false;
                run.storeWaiting();
                run.low = word & 0xfff;
                run.counts[0x6] += 1;
                return true;
            }

            fn useTime(run: *Run) void {
                if (run.used != 0) run.used_low = run.low;
                run.used = 0;
            }

            fn timeOf(run: *const Run, low: u16) f64 {
                return run.epoch + @as(f64, @floatFromInt(low));
            }

            fn giveTo(run: *Run, state: *State, all: usize) void {
                run.storeWaiting();
                run.useTime();
                var named: u64 = 0;
                for (run.counts) |count| named += count;
                run.counts[0x8] += all - named;
                for (&state.kinds, run.counts) |*kind, count| kind.* += count;
                state.events += run.events;
                state.time_low = run.low;
                state.used_low = run.used_low;
            }
        };

        /// Tells whenever `Waiting` is full whether this loop is still the right one: not with few vectors, and not
        /// with many events, for which `evt3_groups.zig` is quicker.
        const SceneCheck = struct {
            /// The position of the previous check, and the vectors up to there.
            position: usize = 0,
            vectors: usize = 0,
            /// Since then: lanes with pixels, and their events.
            lanes: usize = 0,
            events: usize = 0,

            const fewest_vectors = Waiting.capacity / 2;

            inline fn isDue(check: *const SceneCheck) bool {
                return check.lanes >= Waiting.capacity;
            }

            fn suits(check: *const SceneCheck, position: usize, vector_words: usize) bool {
                if (vector_words - check.vectors < fewest_vectors) return false;
                return 2 * check.events < 3 * (position - check.position);
            }
        };

        /// Lanes with pixels that are not events yet.
        const Waiting = struct {
            first: [capacity + lanes.count]u16 = undefined,
            y: [capacity + lanes.count]u16 = undefined,
            pixels: [capacity + lanes.count]u16 = undefined,
            count: usize = 0,

            const capacity = 256;

            inline fn add(waiting: *Waiting, block: *const Block, kept: Bits) void {
                lanes.compressStore(waiting.first[waiting.count..].ptr, block.first, kept);
                lanes.compressStore(waiting.y[waiting.count..].ptr, block.y, kept);
                lanes.compressStore(waiting.pixels[waiting.count..].ptr, block.pixels, kept);
                waiting.count += lanes.countOf(kept);
            }

            fn vectors(waiting: *const Waiting) Vectors {
                const count = waiting.count;
                return .{
                    .first = waiting.first[0..count],
                    .y = waiting.y[0..count],
                    .pixels = waiting.pixels[0..count],
                };
            }
        };
    };
}
