//! Events as words of EVT3 (`decoder/evt3/words.zig`), in the form that every known reader takes for the same events:
//!
//! - A TIME_HIGH comes first, and an ADDR_Y before the first pixel.
//! - Pixels are single words, or whole VECT_12, VECT_12, VECT_8 behind a base that is a multiple of 32, within the
//!   sensor. Some readers take the two words behind any VECT_12 for the rest of such three.
//! - Vectors stand where they are not longer than single words. Those of neighbours follow without a base of their own.
//! - A TIME_LOW follows each TIME_HIGH before an event, also where it is 0, as some readers keep the old one.
//! - As from a sensor, no TIME_HIGH is left out: what is missing looks like a loss. A pause of more than 4.8 hours,
//!   which would take 8 MB and more, has one for each second, which decoders still follow. The counter always ends with
//!   0xFFF and begins with 0x000: some readers see a wrap only there.
//! - The counter has 24 bits. A stream that begins at a later time begins with the wraps before it.

const blocks = @import("evt3_blocks.zig");
const vectors = @import("evt3_vectors.zig");
const words = @import("../decoder/evt3/words.zig");
const Events = @import("columns.zig").Events;
const State = @import("state.zig").State;

pub const Words = @import("words.zig").Words(u16);

/// The largest time, µs: 50 days, for which a stream begins with 9 MB of TIME_HIGH.
pub const maximum_time = (1 << 42) - 1;
pub const maximum_trigger_id = 15;

const low_bits = blocks.low_bits;
const high_mask = 0xfff;
/// In pauses of up to so many TIME_HIGHs, 4.8 hours, none is left out.
const longest_complete = 1 << 22;
/// Less than a second, which a decoder follows without a doubt.
const step = 255;
/// TIME_LOW, ADDR_Y and a group.
const longest = 2 + vectors.longest;

/// Returns the first event without words: `until`, or the one for which there is no room.
pub fn encodeEvents(state: *State, events: *const Events, first: usize, until: usize, out: *Words) usize {
    var index = first;
    while (index < until) {
        // The first event, and the first one after a pause, by themselves: a block looks at the one before.
        if (!reach(state, events.time(index), longest, out)) break;
        index += encodeGroup(state, events, index, until, out);
        while (until - index >= blocks.worthwhile and events.count - index >= blocks.size and out.room() >= blocks.longest and
            events.time(index + blocks.worthwhile - 1) >> low_bits <= state.high + blocks.worthwhile)
        {
            const written = blocks.encode(state, events, index, until - index, out);
            if (written == 0) break;
            index += written;
        }
    }
    return index;
}

/// Writes the events of a group, whose time is reached; returns how many.
fn encodeGroup(state: *State, events: *const Events, index: usize, until: usize, out: *Words) usize {
    const row: i32 = events.y[index] & 0x7ff;
    if (row != state.row) {
        out.put(word(.address_y, @intCast(row)));
        state.row = row;
        state.vector = State.none;
    }
    const group = events.groupAt(index, until);
    state.vector = vectors.put(state.vector, state.width, events, index, group, out);
    return group.length;
}

/// False, and perhaps some words of the way to its time written, where there is no room.
pub fn encodeTrigger(state: *State, t: i64, id: u8, edge: u8, out: *Words) bool {
    if (!reach(state, t, 2, out)) return false;
    out.put(word(.trigger, @bitCast(words.Trigger{ .id = @truncate(id), .rising = @truncate(edge) })));
    state.vector = State.none;
    return true;
}

/// Writes what leads to a time. False where there is no room for it and for `needed` words.
inline fn reach(state: *State, t: i64, needed: usize, out: *Words) bool {
    if (out.room() < needed) return false;
    const high = t >> low_bits;
    if (high > state.high) {
        @branchHint(.unlikely);
        if (!reachHigh(state, high, needed, out)) return false;
    }
    const low: i32 = @intCast(t & blocks.low_mask);
    if (low != state.low) {
        out.put(word(.time_low, @intCast(low)));
        state.low = low;
        state.vector = State.none;
    }
    state.last_time = t;
    return true;
}

fn reachHigh(state: *State, high: i64, needed: usize, out: *Words) bool {
    if (state.high == State.none) putHigh(state, if (high <= high_mask) high else 0, out);
    const longest_step: i64 = if (high - (state.last_time >> low_bits) <= longest_complete) 1 else step;
    while (state.high < high) {
        if (out.room() <= needed) return false;
        const until_wrap = high_mask - (state.high & high_mask);
        putHigh(state, state.high + @max(1, @min(longest_step, until_wrap, high - state.high)), out);
    }
    return out.room() >= needed;
}

inline fn putHigh(state: *State, high: i64, out: *Words) void {
    out.put(word(.time_high, @intCast(high & high_mask)));
    state.high = high;
    state.low = State.none;
    state.vector = State.none;
}

inline fn word(kind: words.Kind, payload: u12) u16 {
    return words.Word.of(kind, payload);
}
