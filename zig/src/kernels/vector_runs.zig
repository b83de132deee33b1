//! Runs of vectors, one word after the other: where most words are vectors, each has so many events that the time
//! goes into storing them, and the work for a word hides behind its stores.
//!
//!     words    Y7    B100  V 1..1  V 1..1  v 1..1  Y8    B40 ...     (V: 12 columns, v: 8)
//!     x        .     .     100     112     124     .     .           what the base says, and then on by 12 or 8
//!     events   .     .     12      12      8       .     .
//!
//! Each store fills whole registers, whatever number of pixels is set; the next vector's store overwrites what is too
//! much. The three vectors of 32 columns that a sensor sends, with all of them set, are stored as one.
//! A word out of the ordinary, or an event of its own, ends the run before it.

const std = @import("std");
const abi = @import("../abi.zig");
const words = @import("../evt3/words.zig");
const State = @import("../evt3/state.zig").State;
const Output = @import("output.zig").Output;

/// Columns of a whole group of vectors, VECT_12, VECT_12, VECT_8; columns are filled so far beyond the last event.
const group = 32;

/// Decodes, as the specification would, while words are vectors that lie within the sensor, bases, rows, and times
/// that do not go back, and returns how many. The row before must be inside, too, and the clock following.
/// A function of its own, so that all that its loop needs stays in registers.
pub noinline fn decode(comptime lanes: type, state: *State, input: []align(1) const u16, output: *Output) usize {
    std.debug.assert(state.row == .inside and state.clock == .following);
    const columns = output.columns;
    const full = columns.event_capacity -| group;
    const width: u32 = state.width;
    const epoch = state.epoch();
    const time_high = words.Word.of(.time_high, @intCast(state.time_high));
    var row: Row(lanes) = .{ .t = @splat(state.t()), .y = @splat(state.y), .on = @splat(state.base_on) };
    // Where there is no base yet, no vector fits.
    var x: u32 = if (state.base_known) state.base_x else width;
    var low: u32 = state.time_low;
    var used: u32 = state.used_low;
    var events = output.events;
    var counts: Counts = .{};
    var index: usize = 0;
    while (index < input.len) {
        const word: u32 = input[index];
        if (word & 0xe000 == 0x4000) {
            if (events >= full) break;
            if (word == 0x4fff and isWholeGroup(input[index..]) and x + group <= width) {
                row.store(columns, events, group);
                columns.x[events..][0..group].* = std.simd.iota(u16, group) + @as(@Vector(group, u16), @splat(@intCast(x)));
                events += group;
                x += group;
                used = low;
                counts.vectors_8 += 1;
                index += 3;
                continue;
            }
            const is_8 = word >> 12 & 1;
            const advance = 12 - 4 * is_8;
            if (x + advance > width) break;
            const pixels: u12 = @truncate(word & (@as(u32, 0xfff) >> @intCast(4 * is_8)));
            row.store(columns, events, 12);
            lanes.storePixels(columns.x + events, @intCast(x), pixels);
            events += @popCount(pixels);
            x += advance;
            used = low;
            counts.vectors_8 += is_8;
        } else if (word < state.height) {
            row.y = @splat(@intCast(word));
            counts.rows += 1;
        } else if (word >> 12 == 0x3) {
            x = word & 0x7ff;
            row.on = @splat(@intCast(word >> 11 & 1));
            counts.bases += 1;
        } else if (word >> 12 == 0x6) {
            if (word & 0xfff < used) break;
            low = word & 0xfff;
            row.t = @splat(epoch + @as(f64, @floatFromInt(low)));
            counts.lows += 1;
        } else if (word == time_high) {
            counts.highs += 1;
        } else break;
        index += 1;
    }
    if (index == 0) return 0;
    counts.addTo(state, index);
    state.events += events - output.events;
    state.time_low = @intCast(low);
    state.used_low = @intCast(used);
    state.y = row.y[0];
    if (counts.bases > 0) state.base_known = true;
    if (state.base_known) state.base_x = @intCast(x);
    state.base_on = row.on[0];
    state.item = .{};
    output.events = events;
    return index;
}

/// VECT_12, VECT_12, VECT_8, and all of their pixels.
inline fn isWholeGroup(input: []align(1) const u16) bool {
    if (input.len < 4) return false;
    const four: u64 = @bitCast(input[0..4].*);
    return four & 0x0000_f0ff_ffff_ffff == 0x0000_50ff_4fff_4fff;
}

/// What the events of vectors have in common, as whole registers store it.
fn Row(comptime lanes: type) type {
    return struct {
        t: @Vector(lanes.count / 4, f64),
        y: @Vector(lanes.count, u16),
        on: @Vector(group, u8),

        inline fn store(row: *const @This(), columns: abi.Columns, first: usize, comptime count: usize) void {
            storeAll(columns.t + first, row.t, count);
            storeAll(columns.y + first, row.y, count);
            storeAll(columns.on + first, std.simd.extract(row.on, 0, std.mem.alignForward(usize, count, 16)), count);
        }

        inline fn storeAll(to: anytype, values: anytype, comptime count: usize) void {
            const size = @typeInfo(@TypeOf(values)).vector.len;
            inline for (0..(count + size - 1) / size) |part| to[size * part ..][0..size].* = values;
        }
    };
}

const Counts = struct {
    rows: u64 = 0,
    bases: u64 = 0,
    vectors_8: u64 = 0,
    lows: u64 = 0,
    highs: u64 = 0,

    /// What is nothing else is a VECT_12.
    fn addTo(counts: *const Counts, state: *State, all: usize) void {
        state.count(.address_y, counts.rows);
        state.count(.vector_base, counts.bases);
        state.count(.vector_8, counts.vectors_8);
        state.count(.time_low, counts.lows);
        state.count(.time_high, counts.highs);
        state.count(.vector_12, all - counts.rows - counts.bases - counts.vectors_8 - counts.lows - counts.highs);
    }
};
