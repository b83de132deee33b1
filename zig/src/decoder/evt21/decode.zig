//! EVT2.1: 64-bit words. As EVT2, but a word holds the events of up to 32 neighbours in a row.
//!
//!     bit  63  60 59    54 53           43 42           32 31                         0
//!         +------+--------+---------------+---------------+-----------------------------+
//!     0x0 | 0000 | t 5:0  |       x       |       y       | an event at x + i for bit i |  darker
//!     0x1 | 0001 | t 5:0  |       x       |       y       | an event at x + i for bit i |  brighter
//!     0x8 | 1000 |              time 33:6                 |           unused            |  TIME_HIGH
//!     0xA | 1010 | t 5:0  | id 44:40 ..     rising bit 32 |           unused            |  EXT_TRIGGER
//!     0xE | 1110 | t 5:0  | class bit 48, sub-type 47:32  |           payload           |  OTHERS
//!     0xF | 1111 |              payload                   |           payload           |  CONTINUED
//!         +------+----------------------------------------+-----------------------------+
//!
//! Files say which of two byte orders they have: little-endian, or "legacy", which is what sensors send:
//! the upper 32 bits first, each half little-endian.

const std = @import("std");
const Blocks = @import("../evt2/blocks.zig").Blocks;
const Words = @import("../evt2/blocks.zig").Words;
const lanes = @import("../evt2/blocks.zig").lanes;
const State = @import("../evt2/state.zig").State;
const Output = @import("../output.zig").Output;

pub const ByteOrder = enum { little, legacy };

const Kind = enum(u4) {
    off = 0x0,
    on = 0x1,
    time_high = 0x8,
    trigger = 0xa,
    others = 0xe,
    continued = 0xf,
    _,
};

pub const Vector = packed struct(u64) { pixels: u32, y: u11, x: u11, low: u6, kind: u4 };
pub const Trigger = packed struct(u64) {
    unused_0: u32 = 0,
    rising: u1,
    unused_33: u7 = 0,
    id: u5,
    unused_45: u9 = 0,
    low: u6,
    kind: u4 = @backingInt(Kind.trigger),
};
const Others = packed struct(u64) { payload: u32, sub_type: u16, class: u1, unused_49: u5, low: u6, kind: u4 };

/// Decodes words until they or the room are used up, or the clock has jumped, and returns how many.
pub fn decode(comptime order: ByteOrder, state: *State, input: []align(1) const u64, output: *Output) usize {
    const jumps = state.time.jumps;
    var index: usize = 0;
    while (true) {
        index += quick(order, state, input[index..], output);
        // The word that stopped it and some more, as such words often come together.
        const end = @min(index + 4 * lanes, input.len);
        const decoded = run(order, true, state, input[index..end], output);
        index += decoded;
        if (index < end or index == input.len or state.time.jumps != jumps) return index;
    }
}

/// As `decode`, word by word: the specification of `quick`.
pub fn decodePlainly(comptime order: ByteOrder, state: *State, input: []align(1) const u64, output: *Output) usize {
    return run(order, true, state, input, output);
}

/// Decodes words with pixels and TIME_HIGHs until another word comes, time goes back or the room is used up. Words with
/// one pixel are decoded eight at a time, except for one just before a word with several pixels.
fn quick(comptime order: ByteOrder, state: *State, input: []align(1) const u64, output: *Output) usize {
    if (state.time.clock != .following or state.handed_out != 0) return 0;
    const width = state.width;
    const height = state.height;
    var blocks: Blocks = .of(state, output);
    var index: usize = 0;
    while (input.len - index >= lanes and blocks.room() >= 32) {
        const word = littleEndian(order, input[index]);
        const group: Vector = @bitCast(word);
        const next: Vector = @bitCast(littleEndian(order, input[index + 1]));
        if (group.pixels != 0 and (several(group.pixels) or several(next.pixels)) and word >> 61 == 0) {
            const time = blocks.base_t + group.low;
            if (@as(u32, group.x) + 32 > width or group.y >= height or time < blocks.last_t) break;
            blocks.appendRow(time, group.x, group.y, @truncate(group.kind), group.pixels);
            index += 1;
            continue;
        }
        const count = appendSingles(order, &blocks, input[index..][0..lanes]);
        index += count;
        if (count == lanes) continue;
        if (blocks.followHigh(@truncate(littleEndian(order, input[index]) >> 32))) index += 1 else if (count == 0) break;
    }
    blocks.store(state, output, index);
    return index;
}

inline fn littleEndian(comptime order: ByteOrder, word: u64) u64 {
    return if (order == .legacy) std.math.rotl(u64, word, 32) else word;
}

inline fn several(pixels: u32) bool {
    return pixels & (pixels -% 1) != 0;
}

inline fn appendSingles(comptime order: ByteOrder, blocks: *Blocks, input: *align(1) const [lanes]u64) usize {
    const halves: @Vector(2 * lanes, u32) = @as(*align(1) const [2 * lanes]u32, @ptrCast(input)).*;
    const even = std.simd.deinterlace(2, halves)[0];
    const odd = std.simd.deinterlace(2, halves)[1];
    const upper: Words = if (order == .legacy) even else odd;
    const pixels: Words = if (order == .legacy) odd else even;
    const zero: Words = @splat(0);
    const single = (pixels != zero) & ((pixels & (pixels -% @as(Words, @splat(1)))) == zero);
    // The exponent of a power of two: SSE2 counts no bits.
    const signed: @Vector(lanes, i32) = @bitCast(pixels);
    const number: Words = @bitCast(@as(@Vector(lanes, f32), @floatFromInt(signed)));
    const exponent = number >> @splat(23) & @as(Words, @splat(0xff));
    return blocks.append(upper, exponent -% @as(Words, @splat(127)), single);
}

/// Changes the state as `decode` with unlimited room, but writes no events.
pub fn decodeWithoutOutput(comptime order: ByteOrder, state: *State, input: []align(1) const u64) void {
    var nowhere: Output = undefined;
    const followed = run(order, false, state, input, &nowhere);
    std.debug.assert(followed == input.len);
}

inline fn run(
    comptime order: ByteOrder,
    comptime writing: bool,
    shared_state: *State,
    input: []align(1) const u64,
    shared_output: *Output,
) usize {
    // Copies, because the compiler must assume that every store into a column may change memory behind a pointer.
    var state = shared_state.*;
    var output = shared_output.*;
    defer shared_state.* = state;
    defer if (writing) {
        state.events += output.polarity.count - shared_output.polarity.count;
        state.triggers += output.trigger.count - shared_output.trigger.count;
        shared_output.* = output;
    };
    for (input, 0..) |bits, index| {
        const word = littleEndian(order, bits);
        const kind: Kind = @fromBackingInt(@intCast(word >> 60));
        if (!state.running() and kind != .time_high) {
            state.kinds[countedAs(word)] += 1;
            state.skipped_words += 1;
            continue;
        }
        switch (kind) {
            .off, .on => if (!vector(writing, &state, @bitCast(word), &output)) return index,
            .time_high => state.followTimeHigh(@intCast(word >> 32 & 0xfff_ffff)),
            .trigger => {
                const trigger: Trigger = @bitCast(word);
                if (writing and output.trigger.count == output.trigger.capacity) return index;
                const t = state.timeOf(trigger.low);
                if (writing) _ = output.addTrigger(t, trigger.id, trigger.rising);
            },
            .others => {
                const others: Others = @bitCast(word);
                state.followCounter(others.sub_type, others.payload);
            },
            .continued, _ => {},
        }
        state.kinds[countedAs(word)] += 1;
        if (writing and state.time.jumps != shared_state.time.jumps) return index + 1;
    }
    return input.len;
}

inline fn countedAs(word: u64) usize {
    return if (word >> 61 == 0) 0 else @intCast(word >> 60);
}

/// Writes the events that fit. False where some are left, which the next call with the same word writes.
inline fn vector(comptime writing: bool, state: *State, word: Vector, output: *Output) bool {
    const columns = state.width -| @as(u16, word.x);
    const edge: u32 = if (columns >= 32) 0xffff_ffff else (@as(u32, 1) << @intCast(columns)) - 1;
    const inside = if (word.y < state.height) word.pixels & edge else 0;
    if (writing and inside != 0) {
        var left = inside & ~state.handed_out;
        if (output.room() == 0) return false;
        const first_part = state.handed_out == 0;
        const t = if (first_part) state.timeOf(word.low) else state.t();
        while (left != 0) : (left &= left - 1) {
            if (output.room() == 0) {
                state.handed_out = inside & ~left;
                return false;
            }
            output.addEvent(t, word.x + @as(u16, @ctz(left)), word.y, @intCast(word.kind));
        }
    } else if (state.handed_out == 0) _ = state.timeOf(word.low);
    state.handed_out = 0;
    state.out_of_sensor += @popCount(word.pixels ^ inside);
    return true;
}
