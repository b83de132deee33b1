//! Events as words of EVT2.1 (`decoder/evt21/decode.zig`), in both byte orders. Neighbours of one time, row and polarity
//! share a word.

const std = @import("std");
const clock = @import("evt2_clock.zig");
const words = @import("../decoder/evt21/decode.zig");
const Block = @import("evt2_block.zig").Block;
const lanes = @import("evt2_block.zig").lanes;
const Events = @import("columns.zig").Events;
const State = @import("state.zig").State;

pub fn Encoder(comptime order: words.ByteOrder) type {
    return struct {
        const Format = @This();

        pub const Words = @import("words.zig").Words(u64);

        pub const maximum_time = clock.maximum_time;
        pub const maximum_trigger_id = 31;

        /// Returns the first event without words: `until`, or the one for which there is no room.
        pub fn encodeEvents(state: *State, events: *const Events, first: usize, until: usize, out: *Words) usize {
            var pixels: u32 = 0;
            var index = first;
            while (index < until) {
                // The first event by itself: a block looks at the one before.
                const t = events.time(index);
                if (!clock.reach(Format, state, t, out)) break;
                const joins = index > first and events.joins(index);
                pixels = if (joins) pixels | pixelOf(events.x[index]) else pixelOf(events.x[index]);
                out.count -= @intFromBool(joins);
                out.put(ordered(@bitCast(words.Vector{
                    .pixels = pixels,
                    .y = @truncate(events.y[index]),
                    .x = @truncate(Events.baseOf(events.x[index])),
                    .low = clock.lowOf(t),
                    .kind = @as(u1, @truncate(events.on[index])),
                })));
                index += 1;
                while (until - index >= lanes and out.room() >= 2 * lanes) {
                    const last = events.time(index + lanes - 1);
                    if (!clock.isNear(state, last)) break;
                    pixels = putBlock(&.of(events, index), pixels, out);
                    state.high = clock.highOf(last);
                    state.last_time = last;
                    index += lanes;
                }
            }
            return index;
        }

        /// Takes and returns the pixels of the last word. An event that joins them replaces it.
        inline fn putBlock(block: *const Block, before: u32, out: *Words) u32 {
            var pixels = before;
            inline for (block.words, block.highs, 0..) |word, high, lane| {
                const joins: u1 = @truncate(block.joins >> lane);
                pixels = pixels & (0 -% @as(u32, joins)) | pixelOf(@truncate(word >> 11));
                // Where TIME_HIGH changes, nothing joins: one sum, on which the next event waits, has both.
                const place = out.count + @intFromBool(block.changes >> lane & 1 != 0) - joins;
                out.memory[out.count] = timeHigh(@truncate(high));
                // The group's first column, in place of the event's.
                out.memory[place] = ordered(@as(u64, word & ~@as(u32, (Events.group_columns - 1) << 11)) << 32 | pixels);
                out.count = place + 1;
            }
            return pixels;
        }

        inline fn pixelOf(x: u16) u32 {
            return @as(u32, 1) << @intCast(x % Events.group_columns);
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
