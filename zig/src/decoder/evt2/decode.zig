//! EVT2: 32-bit little-endian words. Every event stands for itself, but for the upper part of its time.
//!
//!     bit  31  28 27    22 21                11 10                 0
//!         +------+--------+--------------------+--------------------+
//!     0x0 | 0000 | t 5:0  |         x          |         y          |  event, darker
//!     0x1 | 0001 | t 5:0  |         x          |         y          |  event, brighter
//!     0x8 | 1000 |                   time 33:6                      |  TIME_HIGH
//!     0xA | 1010 | t 5:0  | .. id 12:8 ..              rising bit 0 |  EXT_TRIGGER
//!     0xE | 1110 | t 5:0  | .. class bit 16 ..      sub-type 15:0   |  OTHER: its payload may follow in
//!     0xF | 1111 |                    payload                       |  CONTINUED
//!         +------+--------------------------------------------------+

const std = @import("std");
const Blocks = @import("blocks.zig").Blocks;
const lanes = @import("blocks.zig").lanes;
const State = @import("state.zig").State;
const Output = @import("../output.zig").Output;

const Kind = enum(u4) {
    off = 0x0,
    on = 0x1,
    time_high = 0x8,
    trigger = 0xa,
    other = 0xe,
    continued = 0xf,
    _,
};

pub const Event = packed struct(u32) { y: u11, x: u11, low: u6, kind: u4 };
pub const Trigger = packed struct(u32) {
    rising: u1,
    unused_1: u7 = 0,
    id: u5,
    unused_13: u9 = 0,
    low: u6,
    kind: u4 = @backingInt(Kind.trigger),
};

/// Decodes words until they or the room are used up, or the clock has jumped, and returns how many.
pub fn decode(state: *State, input: []align(1) const u32, output: *Output) usize {
    const jumps = state.time.jumps;
    var index: usize = 0;
    while (true) {
        index += quick(state, input[index..], output);
        // The word that stopped it and some more, as such words often come together.
        const end = @min(index + lanes, input.len);
        const decoded = run(true, state, input[index..end], output);
        index += decoded;
        if (index < end or index == input.len or state.time.jumps != jumps) return index;
    }
}

/// As `decode`, word by word: the specification of `quick`.
pub fn decodePlainly(state: *State, input: []align(1) const u32, output: *Output) usize {
    return run(true, state, input, output);
}

/// Decodes events of this sensor and TIME_HIGHs until another word comes, time goes back or the room is used up.
fn quick(state: *State, input: []align(1) const u32, output: *Output) usize {
    if (state.time.clock != .following) return 0;
    var blocks: Blocks = .of(state, output);
    var index: usize = 0;
    while (input.len - index >= lanes and blocks.room() >= lanes) {
        const count = blocks.append(input[index..][0..lanes].*, @splat(0), @splat(true));
        index += count;
        if (count == lanes) continue;
        if (!blocks.followHigh(input[index])) break;
        index += 1;
    }
    blocks.store(state, output, index);
    if (index > 0) state.others = null;
    return index;
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
        const kind: Kind = @fromBackingInt(@intCast(word >> 28));
        if (!state.running() and kind != .time_high) {
            state.kinds[countedAs(word)] += 1;
            state.skipped_words += 1;
            continue;
        }
        switch (kind) {
            .off, .on => {
                const event: Event = @bitCast(word);
                if (event.x < state.width and event.y < state.height) {
                    if (writing and output.room() == 0) return index;
                    const t = state.timeOf(event.low);
                    if (writing) output.addEvent(t, event.x, event.y, @intCast(event.kind));
                } else {
                    _ = state.timeOf(event.low);
                    state.out_of_sensor += 1;
                }
            },
            .time_high => state.followTimeHigh(word & 0xfff_ffff),
            .trigger => {
                const trigger: Trigger = @bitCast(word);
                if (writing and output.trigger.count == output.trigger.capacity) return index;
                const t = state.timeOf(trigger.low);
                if (writing) _ = output.addTrigger(t, trigger.id, trigger.rising);
            },
            .continued => if (state.others) |sub_type| state.followCounter(sub_type, word),
            .other, _ => {},
        }
        state.others = if (kind == .other) @truncate(word) else null;
        state.kinds[countedAs(word)] += 1;
        if (writing and state.time.jumps != shared_state.time.jumps) return index + 1;
    }
    return input.len;
}

inline fn countedAs(word: u32) usize {
    return if (word >> 29 == 0) 0 else word >> 28;
}
