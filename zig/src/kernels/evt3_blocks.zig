//! The EVT3 decoder in blocks of sixteen words, without a branch for each word.
//!
//! Row and time of every lane come from a prefix maximum. The time only grows, so the maximum of the
//! TIME_LOWs so far is the time. Rows don't grow, but with the number of its lane above it the last one
//! is the largest. Then the lanes with events move to the front and are stored, where the next block's
//! stores overwrite what is too much:
//!
//!     words           Y7    X10   X11   L5    X12   Y3    X13   X14
//!     keys of rows    1|7   .     .     .     .     6|3   .     .       (lane | y)
//!     prefix maximum  1|7   1|7   1|7   1|7   1|7   6|3   6|3   6|3     low bits: y
//!     TIME_LOWs       .     .     .     5     .     .     .     .
//!     prefix maximum  2     2     2     5     5     5     5     5       (2: from the block before)
//!     events: x = 10 11 12 13 14 · y = 7 7 7 3 3 · t = 2 2 5 5 5
//!
//! Vectors have their base from one prefix maximum and one prefix sum more. In a block with vectors every
//! lane of pixels is an item (base, pixels): a vector its pixels, an ADDR_X one; and each item is stored
//! eight columns at a time, the ones without a pixel squeezed out, again without a branch for its kind.
//!
//! Every other word, and every word out of the ordinary (beyond the sensor, time going back, another
//! TIME_HIGH, no room), ends this and goes through the scalar decoder, which so remains the specification.

const std = @import("std");
const abi = @import("../abi.zig");
const lanes = @import("lanes.zig");
const scalar = @import("../evt3/decode.zig");
const words = @import("../evt3/words.zig");
const State = @import("../evt3/state.zig").State;
const Output = @import("output.zig").Output;
const Words = lanes.Words;
const splat = lanes.splat;

/// So many words at a time are decoded and then counted by kind, while the cache still has them.
const count_length = 4096;

/// Words that the scalar decoder gets where blocks fail: doubled while they keep failing.
const shortest_detour = lanes.count;
const longest_detour = 32 * lanes.count;

pub fn decode(state: *State, input: []align(1) const u16, output: *Output) usize {
    var position: usize = 0;
    while (position < input.len) {
        const part = input[position..][0..@min(count_length, input.len - position)];
        const decoded = decodePart(state, part, output);
        words.countKinds(part[0..decoded], &state.kinds);
        position += decoded;
        if (decoded < part.len) break;
    }
    return position;
}

fn decodePart(state: *State, input: []align(1) const u16, output: *Output) usize {
    var position: usize = 0;
    var detour: usize = shortest_detour;
    while (true) {
        const blocks = if (ordinary(state)) decodeBlocks(state, input[position..], output) else 0;
        position += blocks * lanes.count;
        detour = if (blocks >= 4) shortest_detour else @min(2 * detour, longest_detour);
        const length = @min(detour, input.len - position);
        const decoded = scalar.decodeUncounted(state, input[position..][0..length], output);
        position += decoded;
        if (decoded < length or position == input.len) return position;
    }
}

/// Stores go so far beyond the last event that is one.
const overshoot = 16;

fn ordinary(state: *const State) bool {
    return state.clock == .following and state.row == .inside;
}

/// What one block hands to the next. The vectors have the same value in every lane.
const Carry = struct {
    y: Words,
    low: Words,
    /// Column and polarity of the next vector, as in VECT_BASE_X.
    base: Words,
    /// False where there is no base, or one beyond what a VECT_BASE_X can say.
    base_usable: bool,
};

/// Decodes as many blocks as are ordinary and returns how many.
fn decodeBlocks(state: *State, input: []align(1) const u16, output: *Output) usize {
    const columns = output.columns;
    const epoch = state.epoch();
    const height = splat(state.height);
    const width = splat(state.width);
    const same_high = splat(words.Word.of(.time_high, @intCast(state.time_high)));
    var carry: Carry = .{
        .y = splat(state.y),
        .low = splat(state.time_low),
        .base = splat(state.base_x & 0x7ff | @as(u16, state.base_on) << 11),
        .base_usable = state.base_known and state.base_x <= 0x7ff,
    };
    var based = false;
    var used_low = lanes.zero;
    var events = output.events;
    const blocks = input.len / lanes.count;
    var block: usize = 0;
    while (block < blocks) : (block += 1) {
        const word: Words = input[block * lanes.count ..][0..lanes.count].*;
        // Kind and range in one comparison: a row is its own number, and a column is one after 0x2000.
        const is_row = lanes.where(word < height);
        const is_column = lanes.where(((word & splat(0xf7ff)) -% splat(0x2000)) < width);
        const is_low = lanes.where((word & splat(0xf000)) == splat(0x6000));
        const is_base = lanes.where((word & splat(0xf000)) == splat(0x3000));
        const is_vector = lanes.where((word & splat(0xe000)) == splat(0x4000));
        const is_high = lanes.where(word == same_high);

        const row_keys = ((lanes.ordinal << @splat(11)) | word) & is_row;
        const y = @max(lanes.prefixMaximum(row_keys), carry.y) & splat(0x7ff);
        const payload = word & splat(0xfff);
        const low = @max(lanes.prefixMaximum(payload & is_low), carry.low);
        const goes_on = is_low & lanes.where(low == payload);

        const known = lanes.bits(is_row | is_column | goes_on | is_base | is_vector | is_high);
        const unknown_bits = ~known;
        if (unknown_bits != 0 and unknown_bits != lanes.bits(ofItems(word))) break;
        const column_bits = lanes.bits(is_column);
        const vector_bits = lanes.bits(is_vector);
        if (vector_bits == 0) {
            if (columns.event_capacity - events < lanes.count) break;
            events = storeHalf(&columns, events, word, y, low, epoch, column_bits, 0);
            events = storeHalf(&columns, events, word, y, low, epoch, column_bits, 1);
            // The last base of the block, if there is one, in the lanes' own order.
            const base_bits = lanes.bits(is_base);
            if (base_bits != 0) {
                carry.base = splat(input[block * lanes.count + 15 - @clz(base_bits)] & 0xfff);
                carry.base_usable = true;
                based = true;
            }
        } else {
            const base_bits = lanes.bits(is_base);
            const before_base = (base_bits & -%base_bits) -% 1;
            if (!carry.base_usable and vector_bits & before_base != 0) break;
            if (columns.event_capacity - events < lanes.count * words.maximum_events_per_word + overshoot) break;
            const is_12 = is_vector & lanes.where((word & splat(0x1000)) == lanes.zero);
            const advance = (splat(8) & is_vector) + (splat(4) & is_12);
            const ahead = lanes.prefixSum(advance) - advance;
            const base = fillBase(payload, is_base, carry.base);
            const x = (base & splat(0x7ff)) + ahead - lanes.prefixMaximum(ahead & is_base);
            if (lanes.bits(is_vector & lanes.where(x + advance > width)) != 0) break;
            const pixels = (payload & (splat(0xff) | is_12) & is_vector) | (splat(1) & is_column);
            const items: Items = .{
                .x = (x & is_vector) | (payload & splat(0x7ff) & is_column),
                .on = ((base & is_vector) | (payload & is_column)) >> @splat(11),
                .y = y,
                .low = low,
                .pixels = pixels,
            };
            events = storeItems(&columns, events, &items, epoch, lanes.bits(lanes.where(pixels != lanes.zero)));
            const end = lanes.last(x + advance);
            // A base may come to lie beyond eleven bits: then the scalar decoder has to know it.
            if (end[0] > 0x7ff) {
                carry.base_usable = false;
                state.base_x = end[0];
            } else carry.base_usable = true;
            carry.base = (end & splat(0x7ff)) | (lanes.last(base) & splat(0x800));
            based = true;
        }
        if (unknown_bits != 0 or state.item.next != .nothing) {
            followItems(state, input[block * lanes.count ..][0..lanes.count], unknown_bits);
        }
        used_low = @max(used_low, low & (is_column | is_vector));
        carry.y = lanes.last(y);
        carry.low = lanes.last(low);
    }
    state.y = carry.y[0];
    state.time_low = carry.low[0];
    state.used_low = @max(state.used_low, @reduce(.Max, used_low));
    if (based) {
        state.base_known = true;
        state.base_on = @intCast(carry.base[0] >> 11);
        if (carry.base_usable) state.base_x = carry.base[0] & 0x7ff;
    }
    state.events += events - output.events;
    output.events = events;
    return block;
}

/// Lanes of OTHERS and CONTINUED words, which hold no events.
inline fn ofItems(word: Words) Words {
    const kind = word >> @splat(12);
    return lanes.where(kind >= splat(0xe)) | lanes.where(kind == splat(0x7));
}

/// Follows the OTHERS and CONTINUED words of a block. A word of another kind ends an item.
fn followItems(state: *State, block: *align(1) const [lanes.count]u16, item_bits: u16) void {
    var next: usize = 0;
    var left = item_bits;
    while (left != 0) : (left &= left - 1) {
        const lane = @ctz(left);
        if (lane != next) state.item = .{};
        next = lane + 1;
        const word: words.Word = @bitCast(block[lane]);
        if (!state.followItem(word) and word.kind == .others) {
            state.item = .{ .next = .first_12, .sub_type = word.payload };
        }
    }
    if (next != lanes.count) state.item = .{};
}

/// Stores the events of one half of a block without vectors; returns the new number of events.
inline fn storeHalf(
    columns: *const abi.Columns,
    events: usize,
    word: Words,
    y: Words,
    low: Words,
    epoch: f64,
    column_bits: u16,
    comptime half: u1,
) usize {
    const kept: u8 = @truncate(column_bits >> @as(u4, 8) * half);
    const column = lanes.compress(lanes.half(word, half), kept);
    columns.x[events..][0..8].* = column & @as(lanes.Half, @splat(0x7ff));
    columns.y[events..][0..8].* = lanes.compress(lanes.half(y, half), kept);
    columns.on[events..][0..8].* = @as(@Vector(8, u8), @truncate((column >> @splat(11)) & @as(lanes.Half, @splat(1))));
    columns.t[events..][0..8].* = times(lanes.compress(lanes.half(low, half), kept), epoch);
    return events + @popCount(kept);
}

inline fn times(low: lanes.Half, epoch: f64) @Vector(8, f64) {
    return @as(@Vector(8, f64), @floatFromInt(@as(@Vector(8, i32), low))) + @as(@Vector(8, f64), @splat(epoch));
}

/// Lanes that hold pixels: `pixels` at `x` and the columns after it.
const Items = struct { x: Words, y: Words, low: Words, on: Words, pixels: Words };

inline fn storeItems(columns: *const abi.Columns, first: usize, items: *const Items, epoch: f64, item_bits: u16) usize {
    const x: [16]u16 = items.x;
    const y: [16]u16 = items.y;
    const on: [16]u16 = items.on;
    const pixels: [16]u16 = items.pixels;
    const t: [16]f64 = std.simd.join(times(lanes.half(items.low, 0), epoch), times(lanes.half(items.low, 1), epoch));
    var events = first;
    var left = item_bits;
    while (left != 0) : (left &= left - 1) {
        const lane = @ctz(left);
        const set = pixels[lane];
        if (set == 0xfff) {
            columns.x[events..][0..16].* = std.simd.iota(u16, 16) + splat(x[lane]);
            columns.y[events..][0..16].* = splat(y[lane]);
            columns.on[events..][0..16].* = @as(lanes.Bytes, @splat(@intCast(on[lane])));
            columns.t[events..][0..12].* = @as(@Vector(12, f64), @splat(t[lane]));
            events += 12;
            continue;
        }
        // Offsets of the pixels, a byte each: those of the upper six bits follow those of the lower six.
        const lower = six_offsets[set & 0x3f];
        const upper = six_offsets[set >> 6] +% 0x0606_0606_0606_0606;
        const lower_bits = 8 * @as(u6, @popCount(@as(u6, @truncate(set))));
        storeEight(columns, events, lower | upper << lower_bits, x[lane], y[lane], t[lane], on[lane]);
        const count: usize = @popCount(set);
        if (count > 8) {
            // More than eight, so more than two of them are lower ones: the shift is less than 64.
            storeEight(columns, events + 8, upper >> @intCast(64 - @as(u7, lower_bits)), x[lane], y[lane], t[lane], on[lane]);
        }
        events += count;
    }
    return events;
}

inline fn storeEight(columns: *const abi.Columns, events: usize, offsets: u64, x: u16, y: u16, t: f64, on: u16) void {
    columns.x[events..][0..8].* = @as(lanes.Half, @splat(x)) +% @as(lanes.Half, @as(@Vector(8, u8), @bitCast(offsets)));
    columns.y[events..][0..8].* = @as(lanes.Half, @splat(y));
    columns.on[events..][0..8].* = @as(@Vector(8, u8), @splat(@intCast(on)));
    columns.t[events..][0..8].* = @as(@Vector(8, f64), @splat(t));
}

/// The numbers of the bits set in six, a byte each, lowest first.
const six_offsets: [64]u64 align(64) = offsets: {
    @setEvalBranchQuota(10_000);
    var table: [64]u64 = @splat(0);
    for (&table, 0..) |*entry, set| {
        var shift: u6 = 0;
        for (0..6) |bit| {
            if (set >> bit & 1 == 0) continue;
            entry.* |= bit << shift;
            shift += 8;
        }
    }
    break :offsets table;
};

/// The payload of the last VECT_BASE_X at or before each lane. Twelve bits of payload leave four for the
/// lane, which is enough to count within a half.
inline fn fillBase(payload: Words, is_base: Words, carry: Words) Words {
    const ordinal_in_half = std.simd.join(std.simd.iota(u16, 8), std.simd.iota(u16, 8)) + splat(1);
    const keys = (payload | ordinal_in_half << @splat(12)) & is_base;
    return lanes.prefixMaximumOfHalves(keys, carry, 0xfff);
}
