//! The EVT3 decoder in blocks of lanes, one word each, without a branch for each word.
//!
//! The scalar decoder remembers row and time from word to word. Here every lane gets them at once: each kind of word is
//! a mask of lanes, and the nearest lane before that is in the mask has the value. Then the lanes with events are
//! compressed, and become columns: at once, where the CPU has the instruction (`compress_store.zig`), else when there
//! are many of them (`staging.zig`):
//!
//!     words           Y7    X10   X11   L5    X12   Y3    X13   X14
//!     y               7     7     7     7     7     3     3     3
//!     time            2     2     2     5     5     5     5     5       (2: from the block before)
//!     events: x = 10 11 12 13 14 · y = 7 7 7 3 3 · t = 2 2 5 5 5
//!
//! A word of another kind ends the block, and the next block begins after it. Vectors (`evt3_vectors.zig`) and items of
//! OTHERS come in groups that predict well, and are decoded group by group. Triggers and the words of the slow path
//! (`slow_path.zig`) are decoded one by one.

const std = @import("std");
const compress_store = @import("compress_store.zig");
const slow_path = @import("slow_path.zig");
const staging = @import("staging.zig");
const vectors = @import("evt3_vectors.zig");
const words = @import("../evt3/words.zig");
const State = @import("../evt3/state.zig").State;
const Output = @import("../output.zig").Output;

pub fn Blocks(comptime lanes: type) type {
    return struct {
        const Words = lanes.Words;
        const splat = lanes.splat;
        const where = lanes.where;
        const Events = if (lanes.has_compress) compress_store.CompressStore(lanes) else staging.Staging(lanes);
        const VectorRun = vectors.VectorRun;

        pub const Waiting = Events.Waiting;

        /// Why `decode` ends.
        pub const End = enum {
            /// A word for the scalar decoder, or no more input or room.
            slow_path,
            /// Most words are vectors and their bases.
            vectors,
            /// Other words end most blocks early.
            block_ends,
        };

        /// Decodes as the specification does, up to the first word for the scalar decoder or to where another loop is
        /// quicker. Returns how many words. The clock must be following.
        pub fn decode(
            state: *State,
            input: []align(1) const u16,
            output: *Output,
            waiting: *Waiting,
            end: *End,
        ) usize {
            std.debug.assert(state.time.clock == .following and state.item.next == .nothing);
            const epoch = state.epoch();
            const scale: Scale = .of(state);
            var carry: Carry = .of(state);
            var run: Run = .{ .events = .of(waiting, output, epoch), .vectors = .of(state), .trigger_low = state.used_low };
            var check: SceneCheck = .{};
            const events_before = output.polarity.count;
            var position: usize = 0;
            while (position + lanes.count <= input.len) {
                if (!run.events.hasRoom()) {
                    @branchHint(.unlikely);
                    run.events = run.events.flushed(output, .full_vectors);
                    if (!run.events.hasRoom()) break;
                }
                var block: Block = .of(input[position..][0..lanes.count].*, &scale, &carry);
                if (block.goes_back) {
                    @branchHint(.unlikely);
                    block.plain = withoutBack(block.plain, block.low, carry.low);
                }
                if (lanes.all(block.plain)) {
                    run.add(&block);
                    carry = .{ .y = lanes.last(block.y), .low = lanes.last(block.low) };
                    position += lanes.count;
                    continue;
                }
                const plain = lanes.untilNot(block.plain);
                block.truncate(plain);
                run.add(&block);
                carry = .{ .y = lanes.before(plain, block.y, carry.y), .low = lanes.before(plain, block.low, carry.low) };
                position += plain;
                const taken = run.takeOthers(state, input[position..], output, epoch, &carry);
                position += taken;
                if (taken == 0) {
                    @branchHint(.unlikely);
                    const slow = run.takeSlow(state, input[position..], &carry);
                    if (slow == 0) break;
                    carry.low = Carry.lowOf(state);
                    position += slow;
                }
                if (check.isDue(position)) {
                    end.* = check.at(position, &run.counts);
                    if (end.* != .slow_path) break;
                }
            }
            run.events = run.events.flushed(output, .all);
            run.counts.columns = output.polarity.count - events_before - run.vectors.pixels;
            carry.giveTo(state);
            run.giveTo(state, position);
            return position;
        }

        /// The plain words without times that go back. A separate function and branch, because ending a block must not
        /// depend on the time check.
        noinline fn withoutBack(plain: lanes.Mask, low: Words, before: lanes.Carried) lanes.Mask {
            return plain & ~lanes.decreases(low, before);
        }

        /// Tells after each chunk of words whether this loop is the right one for their kinds.
        const SceneCheck = struct {
            next: usize = chunk,
            vectors_before: usize = 0,
            ends_before: usize = 0,

            const chunk = 256;
            const most_vectors = chunk / 2;
            /// Blocks of fewer than eight words are slower than the scalar decoder.
            const most_block_ends = chunk / 8;

            inline fn isDue(check: *const SceneCheck, position: usize) bool {
                return position >= check.next;
            }

            fn at(check: *SceneCheck, position: usize, counts: *const Counts) End {
                const vector_words = counts.vectors - check.vectors_before;
                const block_ends = counts.blockEnds() - check.ends_before;
                check.* = .{ .next = position + chunk, .vectors_before = counts.vectors, .ends_before = counts.blockEnds() };
                if (vector_words > most_vectors) return .vectors;
                return if (block_ends > most_block_ends) .block_ends else .slow_path;
            }
        };

        /// The limits that words are compared with.
        const Scale = struct {
            last_row: Words,
            first_column: Words,
            last_column: Words,
            time_high: Words,

            fn of(state: *const State) Scale {
                const inside = state.row == .inside;
                return .{
                    .last_row = splat(state.height - 1),
                    // Without a row there are no events: a column that no word can have.
                    .first_column = splat(if (inside) 0x2000 else 0x0800),
                    .last_column = splat(if (inside) state.width - 1 else 0),
                    .time_high = splat(words.Word.of(.time_high, @intCast(state.time.high))),
                };
            }
        };

        /// Row and time before a block. Times are kept as words of TIME_LOW.
        const Carry = struct {
            y: lanes.Carried,
            low: lanes.Carried,

            inline fn of(state: *const State) Carry {
                return .{ .y = lanes.carried(state.y), .low = lowOf(state) };
            }

            inline fn lowOf(state: *const State) lanes.Carried {
                return lanes.carried(words.Word.of(.time_low, @intCast(state.time_low)));
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
            /// Rows and columns within the sensor, times, and TIME_HIGHs that change nothing.
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

            /// Keeps only the first words.
            inline fn truncate(block: *Block, length: usize) void {
                const left = (@as(lanes.Bits, 1) << @intCast(length)) - 1;
                block.rows &= left;
                block.columns &= left;
                block.lows &= left;
            }
        };

        /// The events and counts of the blocks so far.
        const Run = struct {
            events: Events,
            vectors: VectorRun,
            /// TIME_LOW of the last trigger, or of the last event or trigger before this run.
            trigger_low: u16,
            counts: Counts = .{},

            inline fn add(run: *Run, block: *const Block) void {
                run.events.add(block.word, block.y, block.low, block.columns);
                run.counts.rows += @popCount(block.rows);
                run.counts.lows += @popCount(block.lows);
            }

            /// Takes the words that end a block: vectors, a trigger or a whole item of OTHERS. Returns how many; 0
            /// where the word is for the slow path.
            inline fn takeOthers(
                run: *Run,
                state: *State,
                rest: []align(1) const u16,
                output: *Output,
                epoch: f64,
                carry: *const Carry,
            ) usize {
                const low = lanes.valueOf(carry.low);
                if (vectors.isBaseOrVector(rest[0])) {
                    const taken = run.vectors.addTo(&run.events, rest, lanes.valueOf(carry.y), low);
                    run.counts.vectors += taken;
                    return taken;
                }
                if (rest[0] >> 12 == 0xa) {
                    const trigger: words.Trigger = @bitCast(@as(u12, @truncate(rest[0])));
                    const t = epoch + @as(f64, @floatFromInt(low & 0xfff));
                    if (!output.addTrigger(t, trigger.id, trigger.rising)) return 0;
                    run.trigger_low = low & 0xfff;
                    run.counts.triggers += 1;
                    return 1;
                }
                if (!state.takeWholeItem(rest)) return 0;
                run.counts.items += 1;
                return 4;
            }

            /// The same for a word of the slow path. The state has the time after it.
            inline fn takeSlow(run: *Run, state: *State, rest: []align(1) const u16, carry: *const Carry) usize {
                carry.giveTo(state);
                state.used_low = run.usedLow();
                const taken = slow_path.take(state, rest);
                run.counts.slow += taken;
                return taken;
            }

            inline fn usedLow(run: *const Run) u16 {
                return @max(run.trigger_low, run.events.lastLow() & 0xfff);
            }

            fn giveTo(run: *const Run, state: *State, all: usize) void {
                run.counts.giveTo(state, all);
                run.vectors.giveTo(state, run.counts.vectors);
                state.used_low = run.usedLow();
            }
        };

        /// Words by kind; bases and vectors together.
        const Counts = struct {
            rows: usize = 0,
            columns: usize = 0,
            lows: usize = 0,
            vectors: usize = 0,
            triggers: usize = 0,
            /// Of four words each.
            items: usize = 0,
            /// Words of the slow path, which the state has counted already.
            slow: usize = 0,

            /// How often, at most, another word than a vector ended a block. Words of the slow path count one and a
            /// half times, as they take longer.
            fn blockEnds(counts: *const Counts) usize {
                return counts.triggers + counts.items + counts.slow + counts.slow / 2;
            }

            fn giveTo(counts: *const Counts, state: *State, all: usize) void {
                state.count(.address_y, counts.rows);
                if (counts.rows > 0) state.row = .inside;
                state.count(.address_x, counts.columns);
                state.count(.time_low, counts.lows);
                state.count(.trigger, counts.triggers);
                state.triggers += counts.triggers;
                state.countItems(counts.items);
                state.count(.time_high, all - counts.notTimeHigh());
                state.events += counts.columns;
            }

            fn notTimeHigh(counts: *const Counts) usize {
                const plain = counts.rows + counts.columns + counts.lows;
                return plain + counts.vectors + counts.triggers + 4 * counts.items + counts.slow;
            }
        };
    };
}
