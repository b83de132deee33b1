//! Up to 64 events of EVT3 at once: masks tell which of them need a TIME_HIGH, a time and a row, and which are a group
//! that a vector holds. The words of an event are one number of 64 bits, which is stored whole: the next event's begin
//! behind those that it has.
//!
//!     t          7  7  7  7  7  9  9        joins   .  1  1  1  1  .  .     (bit 0 is on the left)
//!     y          5  5  5  5  5  5  6        rows    1  .  .  .  .  .  1
//!     x          0  1  4  8  9 10 11        times   1  .  .  .  .  1  .
//!
//!     = TIME_LOW 7, ADDR_Y 5, a vector of five pixels, TIME_LOW 9, ADDR_X 10, ADDR_Y 6, ADDR_X 11

const std = @import("std");
const words = @import("../decoder/evt3/words.zig");
const Events = @import("columns.zig").Events;
const State = @import("state.zig").State;
const Words = @import("words.zig").Words(u16);
const vectors = @import("evt3_vectors.zig");

pub const size = 64;
/// A block pays from this number of events on. Where these cross more TIME_HIGHs than that, they are written one by one.
pub const worthwhile = 8;
/// The most words of a block: TIME_HIGH, TIME_LOW, ADDR_Y and ADDR_X for each event.
pub const longest = 4 * size;

const lanes = 8;
pub const low_bits = 12;
pub const low_mask = 0xfff;

/// Writes up to `limit` events from `first` on, up to one that more than a TIME_HIGH leads to, but for a last group that
/// goes on behind the block. Returns how many: perhaps none. The state is that after the event before `first`; the columns
/// have at least `size` events from there on, and there is room for `longest` words.
pub fn encode(state: *State, events: *const Events, first: usize, limit: usize, output: *Words) usize {
    var block: Block = .{};
    block.fill(events, first, limit, state.width);
    const end = block.end(limit <= size or !events.joins(first + size));
    if (end == 0) return 0;
    var out = output.*;
    var vector = state.vector;
    var index: usize = 0;
    while (true) {
        const next = @min(if (index < size) index + @ctz(block.vectors >> @intCast(index)) else size, end);
        if (next > index) vector = State.none;
        for (block.words[index..next], block.lengths[index..next]) |own, length| out.putSome(own, length);
        if (next == end) break;
        const before = block.lengths[next] - 1;
        out.putSome(block.words[next], before);
        if (before != 0) vector = State.none;
        const length = 1 + @as(usize, @ctz(~(block.joins >> @intCast(next + 1))));
        const pixels = block.sums[next + length] -% block.sums[next];
        vector = vectors.putWhole(vector, events.x[first + next], events.on[first + next], pixels, &out);
        index = next + length;
    }
    output.* = out;
    const last = first + end - 1;
    state.vector = vector;
    state.row = events.y[last] & 0x7ff;
    state.last_time = events.time(last);
    state.high = state.last_time >> low_bits;
    state.low = @intCast(state.last_time & low_mask);
    return end;
}

const Block = struct {
    /// Of each event, its words, the first in the lowest bits, and how many they are.
    words: [size]u64 = undefined,
    lengths: [size]u8 = undefined,
    /// Bits of events that have the TIME_HIGH of the event before, or the next one.
    near: u64 = 0,
    /// Bits of events that are of the group of the event before.
    joins: u64 = 0,
    /// Bits of events that three more of their group follow, where the sensor has room for vectors.
    vectors: u64 = 0,
    /// Of the pixels' bits before each event: those of a group are the difference of two sums.
    sums: [size + 1]u32 = undefined,

    /// Where the events end that can be written now: all, or those before a last group that goes on behind the block.
    fn end(block: *const Block, is_whole: bool) usize {
        if (block.near != std.math.maxInt(u64)) return @ctz(~block.near);
        return if (is_whole) size else size - 1 - @clz(~block.joins);
    }

    fn fill(block: *Block, events: *const Events, first: usize, limit: usize, width: u16) void {
        var fits: u64 = 0;
        var pixels: [size]u32 = undefined;
        for (0..(@min(size, limit) + lanes - 1) / lanes) |part| {
            const shift: u6 = @intCast(lanes * part);
            const now: Lanes = .of(events, first + shift);
            const last: Lanes = .of(events, first + shift - 1);
            const step = now.high() -% last.high();
            const new_high = step != @as(Highs, @splat(0));
            const new_time = now.time != last.time;
            const new_row = now.y != last.y;
            const neighbour = (now.x > last.x) & ((now.x ^ last.x) < all(Events.group_columns)) & (now.on == last.on);
            const near = bits(step >> @splat(1) == @as(Highs, @splat(0)));
            block.near |= @as(u64, near) << shift;
            block.joins |= @as(u64, bits(neighbour & ~new_time & ~new_row)) << shift;
            fits |= @as(u64, bits((now.x & all(0x7e0)) + all(Events.group_columns) <= all(width))) << shift;
            pixels[shift..][0..lanes].* = @as(Highs, @splat(1)) << @truncate(now.x);
            var own: Longs = now.column();
            own = inFront(now.row(), own, new_row);
            own = inFront(now.low(), own, new_time);
            own = inFront(now.highWord(), own, new_high);
            block.words[shift..][0..lanes].* = own;
            block.lengths[shift..][0..lanes].* = @as(Bytes, @splat(1)) + ones(new_row) + ones(new_time) + ones(new_high);
            if (near != 0xff) break;
        }
        if (limit < size) block.near &= (@as(u64, 1) << @intCast(limit)) - 1;
        block.joins &= block.near & ~@as(u64, 1);
        block.vectors = fits & block.joins >> 1 & block.joins >> 2 & block.joins >> 3;
        if (block.vectors != 0) {
            block.sums[0] = 0;
            for (pixels, 0..) |pixel, index| block.sums[index + 1] = block.sums[index] +% pixel;
        }
    }
};

const Times = @Vector(lanes, f64);
const Longs = @Vector(lanes, u64);
const Highs = @Vector(lanes, u32);
const Columns = @Vector(lanes, u16);
const Bytes = @Vector(lanes, u8);
const Mask = @Vector(lanes, bool);

const Lanes = struct {
    time: Times,
    x: Columns,
    y: Columns,
    on: Columns,

    inline fn of(events: *const Events, first: usize) Lanes {
        return .{
            .time = events.t[first..][0..lanes].*,
            .x = events.x[first..][0..lanes].*,
            .y = events.y[first..][0..lanes].*,
            .on = @as(Bytes, events.on[first..][0..lanes].*),
        };
    }

    /// The times, in the lowest bits.
    inline fn whole(events: *const Lanes) Longs {
        return @bitCast(events.time + @as(Times, @splat(0x1p52)));
    }

    inline fn high(events: *const Lanes) Highs {
        return @truncate(events.whole() >> @splat(low_bits));
    }

    inline fn highWord(events: *const Lanes) Columns {
        return word(.time_high, @truncate(events.high()));
    }

    inline fn low(events: *const Lanes) Columns {
        return word(.time_low, @truncate(events.whole()));
    }

    inline fn row(events: *const Lanes) Columns {
        return word(.address_y, events.y & all(0x7ff));
    }

    inline fn column(events: *const Lanes) Columns {
        return word(.address_x, (events.x & all(0x7ff)) | (events.on & all(1)) << @splat(11));
    }

    inline fn word(kind: words.Kind, payload: Columns) Columns {
        return (payload & all(0xfff)) | all(words.Word.of(kind, 0));
    }
};

inline fn all(value: u16) Columns {
    return @splat(value);
}

/// One word more before others, where it is wanted.
inline fn inFront(first: Columns, others: Longs, wanted: Mask) Longs {
    return @select(u64, wanted, others << @splat(16) | @as(Longs, first), others);
}

inline fn ones(mask: Mask) Bytes {
    return @intFromBool(mask);
}

inline fn bits(mask: Mask) u8 {
    return @bitCast(mask);
}
