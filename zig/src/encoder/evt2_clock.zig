//! The clock of EVT2 and EVT2.1: TIME_HIGH has bits 33:6 of the time, all other words bits 5:0.

const State = @import("state.zig").State;

/// The largest time, µs: 4.8 hours. Readers disagree about what comes after the counter's end.
pub const maximum_time = (1 << 34) - 1;

pub const low_bits = 6;
pub const high_mask = 0xfff_ffff;
/// Less than a second, which a decoder follows without a doubt.
const step = (1 << (20 - low_bits)) - 1;

pub inline fn lowOf(t: i64) u6 {
    return @truncate(@as(u64, @bitCast(t)));
}

pub inline fn highOf(t: i64) u28 {
    return @truncate(@as(u64, @bitCast(t)) >> low_bits);
}

/// Whether no TIME_HIGH is needed on the way to a time but its own.
pub inline fn isNear(state: *const State, t: i64) bool {
    return state.high != State.none and highOf(t) - state.high <= step;
}

/// Writes the TIME_HIGHs that lead to a time: where its bits change, and in a pause one for each second. False where
/// there is no room for them and for another word. The format makes the words: `timeHigh`.
pub fn reach(comptime Format: type, state: *State, t: i64, out: *Format.Words) bool {
    const high = highOf(t);
    while (state.high < high) {
        if (out.room() < 2) return false;
        const next: u28 = if (isNear(state, t) or state.high == State.none) high else @intCast(state.high + step);
        out.put(Format.timeHigh(next));
        state.high = next;
    }
    state.last_time = t;
    return out.room() >= 1;
}
