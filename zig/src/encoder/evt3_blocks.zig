//! Up to 64 events of EVT3 at once, all of one TIME_HIGH: masks tell which of them need a time and a row, and which are a group
//! that a vector holds.
//!
//!     t          7  7  7  7  7  9  9        joins   .  1  1  1  1  .  .     (bit 0 is on the left)
//!     y          5  5  5  5  5  5  6        times   1  .  .  .  .  1  .
//!     x          0  1  4  8  9 10 11        rows    1  .  .  .  .  .  1
//!
//!     = TIME_LOW 7, ADDR_Y 5, a vector of five pixels, TIME_LOW 9, ADDR_X 10, ADDR_Y 6, ADDR_X 11

const std = @import("std");
const words = @import("../decoder/evt3/words.zig");
const Events = @import("columns.zig").Events;
const State = @import("state.zig").State;
const Words = @import("words.zig").Words(u16);
const vectors = @import("evt3_vectors.zig");

pub const size = 64;
/// Fewer events before the next TIME_HIGH are written one by one.
pub const worthwhile = 8;
/// The most words of a block: TIME_LOW, ADDR_Y and ADDR_X for each event.
pub const longest = 3 * size;

const lanes = 8;

/// Writes the events from `first` on that have its TIME_HIGH, but for a last group that may go on behind the block.
/// Returns how many. The state is that after the event before `first`, which has the same TIME_HIGH; at least `size`
/// events are left, and there is room for `longest` words.
pub fn encode(state: *State, events: *const Events, first: usize, is_last: bool, output: *Words) usize {
    const block: Block = .of(events, first);
    const end = block.end(is_last);
    // Bit i: the events i to i + 3 are of one group.
    const fours = block.joins >> 1 & block.joins >> 2 & block.joins >> 3;
    var out = output.*;
    var vector = state.vector;
    var index: usize = 0;
    while (true) {
        const next = @min(if (index < size) index + @ctz(fours >> @intCast(index)) else size, end);
        if (next > index) vector = State.none;
        var times = block.times >> @intCast(@min(index, size - 1));
        var rows = block.rows >> @intCast(@min(index, size - 1));
        for (block.time[index..next], block.row[index..next], block.column[index..next]) |time, row, column| {
            const told: usize = @intCast((times & 1) + (rows & 1));
            out.memory[out.count] = time;
            out.memory[out.count + @as(u1, @truncate(times))] = row;
            out.memory[out.count + told] = column;
            out.count += told + 1;
            times >>= 1;
            rows >>= 1;
        }
        if (next == end) break;
        const length = 1 + @as(usize, @ctz(~(block.joins >> @intCast(next + 1))));
        if (times & 1 != 0 or rows & 1 != 0) vector = State.none;
        out.putIf(times & 1 != 0, block.time[next]);
        out.putIf(rows & 1 != 0, block.row[next]);
        const group: Events.Group = .{ .pixels = events.pixels(first + next, length), .length = length };
        vector = vectors.put(vector, state.width, events, first + next, group, &out);
        index = next + length;
    }
    output.* = out;
    const last = first + end - 1;
    state.vector = vector;
    state.row = events.y[last] & 0x7ff;
    state.last_time = events.time(last);
    state.low = @intCast(state.last_time & 0xfff);
    return end;
}

const Block = struct {
    /// Of each event, the words TIME_LOW, ADDR_Y and ADDR_X.
    time: [size]u16,
    row: [size]u16,
    column: [size]u16,
    /// Bits of events whose time or row differs from that of the event before.
    times: u64,
    rows: u64,
    /// Bits of events that are of the group of the event before.
    joins: u64,
    /// Bits of events that have the first one's TIME_HIGH.
    near: u64,

    /// Where the events end that can be written now: behind the first one at least, whatever became of the columns.
    fn end(block: *const Block, is_last: bool) usize {
        if (block.near != std.math.maxInt(u64)) return @max(1, @ctz(~block.near));
        return if (is_last) size else size - 1 - @clz(~block.joins);
    }

    fn of(events: *const Events, first: usize) Block {
        var block: Block = undefined;
        block.times = 0;
        block.rows = 0;
        block.joins = 0;
        block.near = 0;
        const next_high: Times = @splat(@floatFromInt((events.time(first) >> 12) + 1 << 12));
        inline for (0..size / lanes) |part| {
            const start = first + lanes * part;
            const t: Times = events.t[start..][0..lanes].*;
            const x: Columns = events.x[start..][0..lanes].*;
            const y: Columns = events.y[start..][0..lanes].*;
            const on: Columns = widened(events.on[start..][0..lanes].*);
            const t_before: Times = events.t[start - 1 ..][0..lanes].*;
            const x_before: Columns = events.x[start - 1 ..][0..lanes].*;
            const y_before: Columns = events.y[start - 1 ..][0..lanes].*;
            const on_before: Columns = widened(events.on[start - 1 ..][0..lanes].*);
            const same_time = bits(t == t_before);
            const same_row = bits(y == y_before);
            const neighbour = bits((x > x_before) & ((x ^ x_before) < all(Events.group_columns)) & (on == on_before));
            const shift = lanes * part;
            block.times |= @as(u64, ~same_time) << shift;
            block.rows |= @as(u64, ~same_row) << shift;
            block.joins |= @as(u64, same_time & same_row & neighbour) << shift;
            block.near |= @as(u64, bits(t < next_high)) << shift;
            const whole: @Vector(lanes, u64) = @bitCast(t + @as(Times, @splat(0x1p52)));
            const low = @as(Columns, @truncate(whole)) & all(0xfff);
            block.time[shift..][0..lanes].* = low | all(words.Word.of(.time_low, 0));
            block.row[shift..][0..lanes].* = y & all(0x7ff);
            block.column[shift..][0..lanes].* = (x & all(0x7ff)) | (on & all(1)) << @splat(11) | all(words.Word.of(.address_x, 0));
        }
        block.joins &= ~@as(u64, 1);
        return block;
    }

    const Times = @Vector(lanes, f64);
    const Columns = @Vector(lanes, u16);

    inline fn widened(bytes: @Vector(lanes, u8)) Columns {
        return bytes;
    }

    inline fn bits(mask: @Vector(lanes, bool)) u8 {
        return @bitCast(mask);
    }

    inline fn all(value: u16) Columns {
        return @splat(value);
    }
};
