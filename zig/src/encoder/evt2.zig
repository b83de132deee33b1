//! Events as words of EVT2 (`decoder/evt2/decode.zig`), one for each event.

const clock = @import("evt2_clock.zig");
const words = @import("../decoder/evt2/decode.zig");
const Block = @import("evt2_block.zig").Block;
const lanes = @import("evt2_block.zig").lanes;
const Events = @import("columns.zig").Events;
const State = @import("state.zig").State;

pub const Words = @import("words.zig").Words(u32);

pub const maximum_time = clock.maximum_time;
pub const maximum_trigger_id = 31;

/// Returns the first event without words: `until`, or the one for which there is no room.
pub fn encodeEvents(state: *State, events: *const Events, first: usize, until: usize, out: *Words) usize {
    var index = first;
    while (index < until) {
        // The first event by itself: a block looks at the one before.
        const t = events.time(index);
        if (!clock.reach(@This(), state, t, out)) break;
        out.put(@bitCast(words.Event{
            .y = @truncate(events.y[index]),
            .x = @truncate(events.x[index]),
            .low = clock.lowOf(t),
            .kind = @as(u1, @truncate(events.on[index])),
        }));
        index += 1;
        while (until - index >= lanes and out.room() >= 2 * lanes) {
            const last = events.time(index + lanes - 1);
            if (!clock.isNear(state, last)) break;
            putBlock(&.of(events, index), out);
            state.high = clock.highOf(last);
            state.last_time = last;
            index += lanes;
        }
    }
    return index;
}

inline fn putBlock(block: *const Block, out: *Words) void {
    const changes: u8 = @bitCast(block.changes);
    if (changes == 0) {
        out.memory[out.count..][0..lanes].* = block.words;
        out.count += lanes;
        return;
    }
    const own: [lanes]u32 = block.words;
    const highs: [lanes]u32 = block.highs;
    inline for (own, highs, 0..) |word, high, lane| {
        out.putIf(changes >> lane & 1 != 0, timeHigh(@truncate(high)));
        out.put(word);
    }
}

/// False, and perhaps some words of the way to its time written, where there is no room.
pub fn encodeTrigger(state: *State, t: i64, id: u8, edge: u8, out: *Words) bool {
    if (!clock.reach(@This(), state, t, out)) return false;
    out.put(@bitCast(words.Trigger{ .rising = @truncate(edge), .id = @truncate(id), .low = clock.lowOf(t) }));
    return true;
}

pub inline fn timeHigh(value: u28) u32 {
    return 0x8 << 28 | @as(u32, value);
}
