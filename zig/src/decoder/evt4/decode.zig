//! EVT4: 32-bit words, or two of them for the events of up to 32 neighbours in a row.
//!
//!     bit  31  28 27    22 21                11 10                 0
//!         +------+--------+--------------------+--------------------+
//!     0x6 | 0110 | t 5:0  |   reserved 21:16      sub-type 15:0     |  OTHER: its payload may follow in
//!     0x7 | 0111 |                    payload                       |  CONTINUED
//!     0x9 | 1001 | t 5:0  | id 12:8   count 7:1     rising bit 0    |  EXT_TRIGGER
//!     0xA | 1010 | t 5:0  |         x          |         y          |  event, darker
//!     0xB | 1011 | t 5:0  |         x          |         y          |  event, brighter
//!     0xC | 1100 | t 5:0  |         x          |         y          |  vector, darker: in the next word, whatever it
//!     0xD | 1101 | t 5:0  |         x          |         y          |  vector, brighter: looks like, bit i is x + i
//!     0xE | 1110 |                   time 33:6                      |  TIME_HIGH
//!     0xF | 1111 |                  all bits set                    |  padding
//!         +------+--------------------------------------------------+
//!
//! As in OpenEB, a vector begins at any column, and an OTHER's payload may come after other words.

const std = @import("std");
const State = @import("state.zig").State;
const Output = @import("../output.zig").Output;

const Kind = enum(u4) {
    other = 0x6,
    continued = 0x7,
    trigger = 0x9,
    off = 0xa,
    on = 0xb,
    vector_off = 0xc,
    vector_on = 0xd,
    time_high = 0xe,
    padding = 0xf,
    _,

    inline fn isVector(kind: Kind) bool {
        return kind == .vector_off or kind == .vector_on;
    }
};

const Event = packed struct(u32) {
    y: u11,
    x: u11,
    low: u6,
    kind: u4,

    /// The lowest bit of each kind tells the polarity.
    inline fn on(event: Event) u8 {
        return event.kind & 1;
    }
};

const Trigger = packed struct(u32) { rising: u1, count: u7, id: u5, unused_13: u9, low: u6, kind: u4 };

const padding: u32 = 0xffff_ffff;

/// Decodes words until they or the room are used up, or the clock has jumped, and returns how many.
pub fn decode(state: *State, input: []align(1) const u32, output: *Output) usize {
    return run(true, state, input, output);
}

/// Changes the state as `decode` with unlimited room, but writes no events.
pub fn decodeWithoutOutput(state: *State, input: []align(1) const u32) void {
    var nowhere: Output = undefined;
    const followed = run(false, state, input, &nowhere);
    std.debug.assert(followed == input.len);
}

inline fn run(comptime writing: bool, shared_state: *State, input: []align(1) const u32, shared_output: *Output) usize {
    // Copies, because the compiler must assume that every store into a column may change memory behind a pointer.
    var state = shared_state.*;
    var output = shared_output.*;
    defer shared_state.* = state;
    defer if (writing) {
        state.events += output.polarity.count - shared_output.polarity.count;
        state.triggers += output.trigger.count - shared_output.trigger.count;
        shared_output.* = output;
    };
    for (input, 0..) |word, index| {
        if (state.vector) |vector| {
            if (!pixels(writing, &state, @bitCast(vector), word, &output)) return index;
            continue;
        }
        const kind: Kind = @fromBackingInt(@intCast(word >> 28));
        if (!state.running() and kind != .time_high) {
            state.count(kindOf(word));
            state.skipped_words += 1;
            // The mask of a vector is no word by itself.
            if (kind.isVector()) state.vector = word;
            continue;
        }
        switch (kind) {
            .off, .on => if (!single(writing, &state, @bitCast(word), &output)) return index,
            .vector_off, .vector_on => state.vector = word,
            .time_high => state.followTimeHigh(word & 0xfff_ffff),
            .trigger => {
                const trigger: Trigger = @bitCast(word);
                if (writing and output.trigger.count == output.trigger.capacity) return index;
                const t = state.timeOf(trigger.low);
                if (writing) _ = output.addTrigger(t, trigger.id, trigger.rising);
            },
            .other => state.others = @truncate(word),
            .continued => {
                if (state.others) |sub_type| state.followCounter(sub_type, word);
                state.others = null;
            },
            .padding, _ => {},
        }
        state.count(kindOf(word));
        if (writing and state.time.jumps != shared_state.time.jumps) return index + 1;
    }
    return input.len;
}

/// The kind under which a word is counted: what only begins as padding does is unknown.
inline fn kindOf(word: u32) u4 {
    const kind: u4 = @intCast(word >> 28);
    return if (kind == 0xf and word != padding) 0 else kind;
}

/// Writes an event. False where there is no room for it.
inline fn single(comptime writing: bool, state: *State, event: Event, output: *Output) bool {
    if (event.x < state.width and event.y < state.height) {
        if (writing and output.room() == 0) return false;
        const t = state.timeOf(event.low);
        if (writing) output.addEvent(t, event.x, event.y, event.on());
    } else {
        _ = state.timeOf(event.low);
        state.out_of_sensor += 1;
    }
    return true;
}

/// Writes the events of a vector that fit. False where some are left, which the next call with the same mask writes.
inline fn pixels(comptime writing: bool, state: *State, vector: Event, mask: u32, output: *Output) bool {
    if (!state.running()) {
        state.skipped_words += 1;
        return state.endVector();
    }
    const columns = state.width -| @as(u16, vector.x);
    const edge: u32 = if (columns >= 32) 0xffff_ffff else (@as(u32, 1) << @intCast(columns)) - 1;
    const inside = if (vector.y < state.height) mask & edge else 0;
    if (writing and inside != 0) {
        var left = inside & ~state.handed_out;
        if (output.room() == 0) return false;
        const t = if (state.handed_out == 0) state.timeOf(vector.low) else state.t();
        while (left != 0) : (left &= left - 1) {
            if (output.room() == 0) {
                state.handed_out = inside & ~left;
                return false;
            }
            output.addEvent(t, vector.x + @as(u16, @ctz(left)), vector.y, vector.on());
        }
    } else if (state.handed_out == 0) _ = state.timeOf(vector.low);
    state.out_of_sensor += @popCount(mask ^ inside);
    return state.endVector();
}
