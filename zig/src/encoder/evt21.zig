//! Events as words of EVT2.1 (`decoder/evt21/decode.zig`), in both byte orders. Neighbours of one time, row and polarity
//! share a word.

const std = @import("std");
const clock = @import("evt2_clock.zig");
const words = @import("../decoder/evt21/decode.zig");
const Block = @import("evt2_block.zig").Block;
const lanes = @import("evt2_block.zig").lanes;
const Events = @import("columns.zig").Events;
const State = @import("state.zig").State;

/// The most events of a block.
const size = 64;

pub fn Encoder(comptime order: words.ByteOrder) type {
    return struct {
        const Format = @This();

        pub const Words = @import("words.zig").Words(u64);

        pub const maximum_time = clock.maximum_time;
        pub const maximum_trigger_id = 31;

        /// Returns the first event without words: `until`, or the one for which there is no room.
        pub fn encodeEvents(state: *State, events: *const Events, first: usize, until: usize, out: *Words) usize {
            var last: u64 = 0;
            var index = first;
            while (index < until) {
                // The first event by itself: a block looks at the one before.
                const t = events.time(index);
                if (!clock.reach(Format, state, t, out)) break;
                const joins = index > first and events.joins(index);
                last = (if (joins) last else 0) | ordered(@bitCast(words.Vector{
                    .pixels = @as(u32, 1) << @truncate(events.x[index]),
                    .y = @truncate(events.y[index]),
                    .x = @truncate(Events.baseOf(events.x[index])),
                    .low = clock.lowOf(t),
                    .kind = @as(u1, @truncate(events.on[index])),
                }));
                out.count -= @intFromBool(joins);
                out.put(last);
                index += 1;
                while (until - index >= lanes and out.room() >= 2 * size) {
                    const count = @min(size, (until - index) / lanes * lanes);
                    const end = events.time(index + count - 1);
                    if (!clock.isNear(state, end)) break;
                    last = putBlock(events, index, count, last, out);
                    state.high = clock.highOf(end);
                    state.last_time = end;
                    index += count;
                }
            }
            return index;
        }

        /// Takes and returns the last word. An event that joins it replaces it.
        fn putBlock(events: *const Events, first: usize, count: usize, before: u64, output: *Format.Words) u64 {
            var own: [size]u64 = undefined;
            var highs: [size]u32 = undefined;
            // How many words more there are than events: -1, 0 or 1. Where TIME_HIGH changes, nothing joins.
            var more: [size]i8 = undefined;
            var start: usize = 0;
            while (start < count) : (start += lanes) {
                const block: Block = .of(events, first + start);
                own[start..][0..lanes].* = wordsOf(&block);
                highs[start..][0..lanes].* = block.highs;
                more[start..][0..lanes].* = ones(block.changes) - ones(block.joins);
            }
            var out = output.*;
            var last = before;
            for (own[0..count], highs[0..count], more[0..count]) |word, high, step| {
                const place = out.count +% @as(usize, @bitCast(@as(isize, step)));
                out.memory[out.count] = timeHigh(@truncate(high));
                last = word | (last & @as(u64, @bitCast(@as(i64, step) >> 1)));
                out.memory[place] = last;
                out.count = place + 1;
            }
            output.* = out;
            return last;
        }

        /// Each event's word, with its own pixel. The group's first column is in place of the event's.
        inline fn wordsOf(block: *const Block) @Vector(lanes, u64) {
            const Lanes = @Vector(lanes, u32);
            const one: Lanes = @splat(1);
            const pixels: @Vector(lanes, u64) = one << @truncate(block.words >> @splat(11));
            const upper: @Vector(lanes, u64) = block.words & @as(Lanes, @splat(~@as(u32, (Events.group_columns - 1) << 11)));
            return if (order == .legacy) pixels << @splat(32) | upper else upper << @splat(32) | pixels;
        }

        inline fn ones(mask: @Vector(lanes, bool)) @Vector(lanes, i8) {
            return @intCast(@as(@Vector(lanes, u8), @intFromBool(mask)));
        }

        /// False, and perhaps some words of the way to its time written, where there is no room.
        pub fn encodeTrigger(state: *State, t: i64, id: u8, edge: u8, out: *Words) bool {
            if (!clock.reach(Format, state, t, out)) return false;
            out.put(ordered(@bitCast(words.Trigger{
                .rising = @truncate(edge),
                .id = @truncate(id),
                .low = clock.lowOf(t),
            })));
            return true;
        }

        pub inline fn timeHigh(value: u28) u64 {
            return ordered(0x8 << 60 | @as(u64, value) << 32);
        }

        inline fn ordered(word: u64) u64 {
            return if (order == .legacy) std.math.rotl(u64, word, 32) else word;
        }
    };
}
