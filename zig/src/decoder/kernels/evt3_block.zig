//! The words of one block: sets of lanes by kind, and the row and the time of every lane.
//!
//!     words           Y7    X10   X11   L5    X12   Y3    X13   X14
//!     y               7     7     7     7     7     3     3     3
//!     time            2     2     2     5     5     5     5     5       (2: from the block before)
//!     columns         0     1     1     0     1     0     1     1
//!
//! Silent words have lanes only where there are many of them, as that costs every block a third of its time. Two of them
//! depend on others:
//!
//! - A TIME_LOW that goes back behind an event is held (`../evt3/state.zig`): it changes nothing. One that goes back
//!   behind no event is for the slow path.
//! - Padding may be part of an item of OTHERS, if it comes after one of its words. Words of kind 9 that do are for the
//!   slow path.

const std = @import("std");
const words = @import("../evt3/words.zig");
const State = @import("../evt3/state.zig").State;

/// Words that have lanes.
pub const Takes = enum {
    /// Rows and columns within the sensor, times, and TIME_HIGHs that change nothing.
    plain,
    /// Silent words, too: those that write no event, and change neither row nor time.
    silent,
};

pub fn Block(comptime lanes: type, comptime takes: Takes) type {
    return struct {
        word: Words,
        y: Words,
        low: Words,
        rows: Bits,
        columns: Bits,
        lows: Bits,
        /// CONTINUED_4, where silent words have lanes.
        item_ends: Bits = 0,
        /// The words that have lanes.
        known: lanes.Mask,

        const Self = @This();
        const Words = lanes.Words;
        const Bits = lanes.Bits;
        const splat = lanes.splat;
        const where = lanes.where;

        /// The limits that words are compared with.
        pub const Scale = struct {
            last_row: Words,
            first_column: Words,
            last_column: Words,
            /// TIME_LOWs have lanes below that.
            low_end: Words,
            time_high: Words,
            /// What columns within and beyond the sensor begin with.
            any_column: Words,
            kind: Words,
            without_polarity: Words,
            time_low: Words,

            pub fn of(state: *const State, low_end: u16) Scale {
                const inside = state.row == .inside;
                return .{
                    .last_row = splat(state.height - 1),
                    // Without a row there are no events: a column that no word can have.
                    .first_column = splat(if (inside) 0x2000 else 0x0800),
                    .last_column = splat(if (inside) state.width - 1 else 0),
                    .low_end = splat(low_end),
                    .time_high = splat(words.Word.of(.time_high, @intCast(state.time.high))),
                    .any_column = splat(if (inside) 0x2000 else 0x0800),
                    .kind = lanes.constant(0xf000),
                    .without_polarity = lanes.constant(0xf7ff),
                    .time_low = lanes.constant(words.Word.of(.time_low, 0)),
                };
            }
        };

        /// Row and time before a block. Times are kept as words of TIME_LOW after the beginning of the TIME_HIGH.
        pub const Carry = struct {
            y: lanes.Carried,
            low: lanes.Carried,
            epoch: f64,

            pub inline fn of(state: *const State) Carry {
                return .{ .y = lanes.carried(state.y), .low = lowOf(state), .epoch = state.epoch() };
            }

            pub inline fn lowOf(state: *const State) lanes.Carried {
                return lanes.carried(words.Word.of(.time_low, @intCast(state.time_low)));
            }

            pub inline fn giveTo(carry: *const Carry, state: *State) void {
                state.y = lanes.valueOf(carry.y);
                state.time_low = carry.timeLow();
            }

            pub inline fn timeLow(carry: *const Carry) u16 {
                return lanes.valueOf(carry.low) & 0xfff;
            }
        };

        /// The words from there on. For silent words there must be one before them.
        pub inline fn at(input: [*]align(1) const u16, scale: *const Scale, carry: *const Carry) Self {
            const word: Words = input[0..lanes.count].*;
            // Kind and range in one comparison: a row is its own number, and a column is one after 0x2000.
            const is_row = where(word <= scale.last_row);
            const is_column = where(((word & scale.without_polarity) -% scale.first_column) <= scale.last_column);
            const is_low = where((word -% scale.time_low) < scale.low_end);
            const is_high = where(word == scale.time_high);
            const rows = lanes.bits(is_row);
            const lows = lanes.bits(is_low);
            const low = lanes.fill(word, lows, carry.low);
            var block: Self = .{
                .word = word,
                .y = lanes.fill(word, rows, carry.y),
                .low = low,
                .rows = rows,
                .columns = lanes.bits(is_column),
                .lows = lows,
                .known = is_row | is_column | is_low | is_high,
            };
            if (takes == .silent) block.addSilent(input, scale);
            return block;
        }

        inline fn addSilent(block: *Self, input: [*]align(1) const u16, scale: *const Scale) void {
            const kind = block.word & scale.kind;
            const is_any_column = where(kind == scale.any_column);
            const is_item_end = where(kind == splat(words.Word.of(.continued_4, 0)));
            const is_9 = where(kind == splat(words.Word.of(.unused_9, 0)));
            // All kinds from there on.
            const is_other = where(block.word >= splat(words.Word.of(.unused_b, 0)));
            block.known |= is_any_column | is_item_end | is_9 | is_other;
            block.item_ends = lanes.bits(is_item_end);
            if (lanes.bits(is_9) != 0) {
                @branchHint(.unlikely);
                const before: Words = (input - 1)[0..lanes.count].*;
                block.known &= ~(is_9 & where(before >= splat(words.Word.of(.others, 0))));
            }
        }

        /// All words have lanes, and no time goes back.
        pub inline fn isRegular(block: *const Self, carry: *const Carry) bool {
            return lanes.all(block.known) and !lanes.decrease(block.low, carry.low);
        }

        /// Whether a time goes back before the first word that has no lane.
        pub inline fn goesBack(block: *const Self, carry: *const Carry, known: usize) bool {
            return lanes.bits(lanes.decreases(block.low, carry.low)) & first(known) != 0;
        }

        /// Keeps only the first words.
        pub inline fn truncate(block: *Self, length: usize) void {
            const left = first(length);
            block.rows &= left;
            block.columns &= left;
            block.lows &= left;
            block.item_ends &= left;
        }

        /// Makes times that go back behind an event silent, and the first one that goes back behind no event unknown.
        /// `is_used`: there has been an event or a trigger since the time before the block. Returns how many are held.
        pub inline fn holdTimes(block: *Self, carry: *const Carry, is_used: bool) usize {
            var held: usize = 0;
            const reached = first(lanes.untilNot(block.known));
            while (true) {
                const back = lanes.bits(lanes.decreases(block.low, carry.low));
                if (back & reached == 0) return held;
                const lane = back & (0 -% back);
                const times = block.lows & (lane - 1);
                const since = (lane - 1) & ~std.math.shr(Bits, std.math.maxInt(Bits), @clz(times));
                if (block.columns & since == 0 and (times != 0 or !is_used)) break;
                block.lows ^= lane;
                held += 1;
                block.low = lanes.fill(block.word, block.lows, carry.low);
            }
            block.known &= ~lanes.decreases(block.low, carry.low);
            return held;
        }

        inline fn first(length: usize) Bits {
            return @truncate((@as(u64, 1) << @intCast(length)) - 1);
        }
    };
}
