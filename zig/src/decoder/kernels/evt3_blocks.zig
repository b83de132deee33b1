//! The EVT3 decoder in blocks of lanes, one word each, without a branch for each word.
//!
//! The scalar decoder remembers row and time from word to word. Here every lane gets them at once: each kind of word is
//! a mask of lanes, and the nearest lane before that is in the mask has the value (`evt3_block.zig`). Then the lanes
//! with events are compressed, and become columns: at once, where the CPU has the instruction (`compress_store.zig`),
//! else when there are many of them (`staging.zig`):
//!
//!     words           Y7    X10   X11   L5    X12   Y3    X13   X14
//!     events: x = 10 11 12 13 14 · y = 7 7 7 3 3 · t = 2 2 5 5 5       (2: from the block before)
//!
//! A word of another kind ends the block, and the next block begins after it. Vectors (`evt3_vectors.zig`) and items of
//! OTHERS come in groups that predict well, and are decoded group by group. Triggers, TIME_HIGHs that come next and the
//! words of the slow path (`slow_path.zig`) are decoded one by one.
//!
//! The loop is compiled twice. In the second one silent words have lanes as well, and end no block.

const std = @import("std");
const evt3_block = @import("evt3_block.zig");
const evt3_counts = @import("evt3_counts.zig");
const evt3_silent = @import("evt3_silent.zig");
const slow_path = @import("slow_path.zig");
const vectors = @import("evt3_vectors.zig");
const words = @import("../evt3/words.zig");
const State = @import("../evt3/state.zig").State;
const Output = @import("../output.zig").Output;

/// `Events` is where events wait or go: `compress_store.zig` or `staging.zig`.
pub fn Blocks(comptime lanes: type, comptime takes: evt3_block.Takes, comptime Events: type) type {
    return struct {
        const Block = evt3_block.Block(lanes, takes);
        const Scale = Block.Scale;
        const Carry = Block.Carry;
        const Counts = evt3_counts.Counts;
        const SceneCheck = evt3_counts.SceneCheck;
        const VectorRun = vectors.VectorRun;

        pub const Waiting = Events.Waiting;
        pub const End = evt3_counts.End;

        /// The loop for silent words begins after this many words at least, which it looks back at.
        pub const earliest = if (takes == .silent) 3 else 0;

        /// Decodes from `start` on as the specification does, up to the first word for the scalar decoder or to where
        /// another loop is quicker. Returns the position of the next word. The clock must be following.
        pub fn decode(
            state: *State,
            input: []align(1) const u16,
            start: usize,
            output: *Output,
            waiting: *Waiting,
            end: *End,
        ) usize {
            std.debug.assert(state.time.clock == .following and state.item.next == .nothing and start >= earliest);
            var carry: Carry = .of(state);
            var scale: Scale = .of(state, output.lowEnd(carry.epoch));
            var run: Run = .{
                .events = .of(waiting, output, carry.epoch),
                .vectors = .of(state),
                .trigger_low = state.used_low,
                .silent = .{ .counted = start },
            };
            var check: SceneCheck = .{ .position = start };
            var position: usize = start;
            while (position + lanes.count <= input.len) {
                if (!run.events.hasRoom()) {
                    @branchHint(.unlikely);
                    run.events.flush(output, .full_vectors);
                    if (!run.events.hasRoom()) break;
                }
                var block: Block = .at(input.ptr + position, &scale, &carry);
                if (block.isRegular(&carry)) {
                    run.add(&block, input, position);
                    carry.y = lanes.last(block.y);
                    carry.low = lanes.last(block.low);
                    position += lanes.count;
                    continue;
                }
                var known = lanes.untilNot(block.known);
                if (block.goesBack(&carry, known)) {
                    @branchHint(.unlikely);
                    known = run.withoutBack(&block, &carry);
                }
                block.truncate(known);
                run.add(&block, input, position);
                carry.y = lanes.before(known, block.y, carry.y);
                carry.low = lanes.before(known, block.low, carry.low);
                position += known;
                if (takes == .silent and known == lanes.count) continue;
                const taken = run.takeOthers(state, input[position..], output, &scale, &carry);
                position += taken;
                if (taken == 0) {
                    @branchHint(.unlikely);
                    // Padding within an item is for the scalar decoder.
                    if (takes == .silent and evt3_silent.openItem(input[0..position]).next != .nothing) break;
                    const slow = run.takeSlow(state, input[position..], &carry);
                    position += slow;
                    if (slow == 0 or !output.takes(state.t())) break;
                }
                if (check.isDue(position)) {
                    const silent = run.silentSoFar(input[0..position], run.columnsSoFar());
                    end.* = check.at(position, &run.counts, takes == .silent, silent);
                    if (end.* != .slow_path) break;
                }
            }
            run.events.flush(output, .all);
            run.counts.columns = run.columnsSoFar();
            carry.giveTo(state);
            run.giveTo(state, input[0..position], start);
            return position;
        }

        /// The events and counts of the blocks so far.
        const Run = struct {
            events: Events,
            vectors: VectorRun,
            /// TIME_LOW of the last trigger, or of the last event or trigger before this run; 0 after a TIME_HIGH.
            trigger_low: u16,
            counts: Counts = .{},
            silent: evt3_silent.Silent(lanes),

            inline fn add(run: *Run, block: *const Block, input: []align(1) const u16, position: usize) void {
                run.events.add(block.word, block.y, block.low, block.columns);
                run.counts.rows += lanes.countOf(block.rows);
                run.counts.lows += lanes.countOf(block.lows);
                if (takes == .silent) run.silent.items.add(input, position, block.item_ends);
            }

            /// How many words there are before the first that has no lane, or is a time that goes back. A separate branch,
            /// because ending a block must not depend on the time check.
            inline fn withoutBack(run: *Run, block: *Block, carry: *const Carry) usize {
                if (takes == .silent) {
                    const held = block.holdTimes(carry, run.usedLow() == carry.timeLow());
                    run.silent.held += held;
                    run.counts.lows += held;
                } else block.known &= ~lanes.decreases(block.low, carry.low);
                return lanes.untilNot(block.known);
            }

            /// Columns within the sensor so far.
            inline fn columnsSoFar(run: *const Run) usize {
                return run.events.flushed + run.events.count - run.vectors.pixels;
            }

            /// Silent words, or the blocks that they ended. `input` are the words so far.
            inline fn silentSoFar(run: *Run, input: []align(1) const u16, columns: usize) usize {
                if (takes == .plain) return run.counts.silentEnds();
                return run.silent.count(input, columns) + run.silent.held;
            }

            /// Takes the words that end a block: vectors, a trigger, the next TIME_HIGH or a whole item of OTHERS.
            /// Returns how many; 0 where the word is for the slow path.
            inline fn takeOthers(
                run: *Run,
                state: *State,
                rest: []align(1) const u16,
                output: *Output,
                scale: *Scale,
                carry: *Carry,
            ) usize {
                if (vectors.isBaseOrVector(rest[0])) {
                    const low = lanes.valueOf(carry.low);
                    const taken = run.vectors.addTo(&run.events, rest, lanes.valueOf(carry.y), low);
                    run.counts.vectors += taken;
                    return taken;
                }
                if (rest[0] >> 12 == 0x8) return run.takeTimeHigh(state, rest[0], output, scale, carry);
                if (rest[0] >> 12 == 0xa) {
                    const low = carry.timeLow();
                    const trigger: words.Trigger = @bitCast(@as(u12, @truncate(rest[0])));
                    const t = carry.epoch + @as(f64, @floatFromInt(low));
                    if (!output.addTrigger(t, trigger.id, trigger.rising)) return 0;
                    run.trigger_low = low;
                    run.counts.triggers += 1;
                    return 1;
                }
                if (takes == .silent or !state.takeWholeItem(rest)) return 0;
                run.counts.items += 1;
                return 4;
            }

            /// Goes on to the next TIME_HIGH. Others are for the scalar decoder.
            inline fn takeTimeHigh(
                run: *Run,
                state: *State,
                word: u16,
                output: *Output,
                scale: *Scale,
                carry: *Carry,
            ) usize {
                const next: u16 = @intCast((state.time.high + 1) & 0xfff);
                const low_end = output.lowEnd(carry.epoch + 0x1000);
                if (word & 0xfff != next or low_end == 0) return 0;
                state.followTimeHigh(next);
                scale.low_end = lanes.splat(low_end);
                scale.time_high = lanes.splat(word);
                carry.low = lanes.carried(words.Word.of(.time_low, 0));
                carry.epoch = state.epoch();
                run.trigger_low = 0;
                run.events.beginAt(output, carry.epoch);
                return 1;
            }

            /// The same for a word of the slow path.
            inline fn takeSlow(run: *Run, state: *State, rest: []align(1) const u16, carry: *Carry) usize {
                // It is counted as a silent word.
                if (takes == .silent and rest[0] >> 12 == 0x9) return 1;
                carry.giveTo(state);
                state.used_low = run.usedLow();
                const taken = slow_path.take(state, rest);
                carry.low = Carry.lowOf(state);
                run.counts.slow += taken;
                if (rest[0] >> 12 == 0x6) run.counts.slow_lows += 1;
                return taken;
            }

            inline fn usedLow(run: *const Run) u16 {
                return @max(run.trigger_low, run.events.lastLow() & 0xfff);
            }

            /// `input` are the words up to where the run ends.
            fn giveTo(run: *Run, state: *State, input: []align(1) const u16, start: usize) void {
                const silent = if (takes == .silent) run.silent.giveTo(state, input, run.counts.columns) else 0;
                run.counts.giveTo(state, input.len - start - silent);
                run.vectors.giveTo(state, run.counts.vectors);
                state.used_low = run.usedLow();
            }
        };
    };
}
