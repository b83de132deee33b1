//! Bases and vectors of EVT3, one word after the other.
//!
//!     words    Y7    B100  V 1..1  V 1..1  v 1..1  Y8    B40 ...     (V: 12 columns, v: 8)
//!     x        .     .     100     112     124     .     .           what the base says, and then on by 12 or 8
//!     events   .     .     12      12      8       .     .
//!
//! Between single events they are few, and their pixels wait with those (`Base.addTo`). Where most of the pixels are set
//! (`decodeDense`), each word has so many events that the time goes into storing them, and the work for a word hides
//! behind its stores. These fill whole registers, whatever number of pixels is set; the next vector's overwrite what is
//! too much. The three vectors of 32 columns that a sensor sends, with all of them set, are stored as one.

const std = @import("std");
const abi = @import("../abi.zig");
const words = @import("../evt3/words.zig");
const State = @import("../evt3/state.zig").State;
const Output = @import("output.zig").Output;

/// Columns of a whole group of vectors: VECT_12, VECT_12, VECT_8. The caller's columns are filled so far beyond the last
/// event.
const group = 32;

pub inline fn isBaseOrVector(word: u32) bool {
    return word -% 0x3000 < 0x3000;
}

inline fn isVector(word: u32) bool {
    return word & 0xe000 == 0x4000;
}

inline fn is8(word: u32) u32 {
    return word >> 12 & 1;
}

inline fn lengthOf(vector: u32) u32 {
    return 12 - 4 * is8(vector);
}

inline fn pixelsOf(vector: u32) u12 {
    return @truncate(vector & @as(u32, 0xfff) >> @intCast(4 * is8(vector)));
}

/// Where the next vector begins, and what the words so far came to.
pub const Base = struct {
    width: u32,
    /// Where there is no base yet, no vector fits.
    x: u32,
    on: u32,
    /// TIME_LOW of the last vector.
    used_low: u32,
    bases: u64 = 0,
    vectors_8: u64 = 0,
    pixels: u64 = 0,

    pub inline fn of(state: *const State) Base {
        return .{
            // Without a row, no vector fits either.
            .width = if (state.row == .inside) state.width else 0,
            .x = if (state.base_known) state.base_x else state.width,
            .on = state.base_on,
            .used_low = state.used_low,
        };
    }

    /// `words_seen` is how many bases and vectors there were.
    pub fn giveTo(base: *const Base, state: *State, words_seen: usize) void {
        state.count(.vector_base, base.bases);
        state.count(.vector_12, words_seen - base.bases - base.vectors_8);
        state.count(.vector_8, base.vectors_8);
        state.events += base.pixels;
        state.used_low = @intCast(@max(state.used_low, base.used_low));
        if (base.bases > 0) state.base_known = true;
        if (state.base_known) state.base_x = @intCast(base.x);
        state.base_on = @intCast(base.on);
    }

    inline fn set(base: *Base, word: u32) void {
        base.x = word & 0x7ff;
        base.on = word >> 11 & 1;
        base.bases += 1;
    }

    inline fn fits(base: *const Base, vector: u32) bool {
        return base.x + lengthOf(vector) <= base.width;
    }

    inline fn pass(base: *Base, vector: u32, low: u32) void {
        base.x += lengthOf(vector);
        base.used_low = low;
        base.vectors_8 += is8(vector);
        base.pixels += @popCount(pixelsOf(vector));
    }

    inline fn passWholeGroup(base: *Base, low: u32) void {
        base.x += group;
        base.used_low = low;
        base.vectors_8 += 1;
        base.pixels += group;
    }

    /// Lets the pixels of vectors wait in the stage of blocks, all at one time in one row. Ends before the first other
    /// word, a vector that does not lie within the sensor, or one for which there is no room; returns how many words.
    pub inline fn addTo(base: *Base, stage: anytype, input: []align(1) const u16, y: u16, low: u16) usize {
        for (input, 0..) |word, index| {
            if (word >> 12 == 0x3) {
                base.set(word);
            } else {
                if (!isVector(word) or !base.fits(word)) return index;
                if (!stage.addPixels(@intCast(base.x | base.on << 11), y, low, pixelsOf(word))) return index;
                base.pass(word, low & 0xfff);
            }
        }
        return input.len;
    }
};

/// After so many words it is asked how many events they had; with fewer, other loops are quicker.
const stretch = 64;
const fewest_events = 5 * stretch;

/// Decodes, as the specification would, while words are vectors that lie within the sensor, bases, rows, and times that
/// do not go back, and most of the pixels are set; returns how many words. The row before must be inside, and the clock
/// following. A function of its own, so that all that its loop needs stays in registers.
pub noinline fn decodeDense(comptime lanes: type, state: *State, input: []align(1) const u16, output: *Output) usize {
    std.debug.assert(state.row == .inside and state.clock == .following and state.item.next == .nothing);
    const columns = output.unfilled();
    const full = columns.event_capacity -| group;
    const epoch = state.epoch();
    const time_high = words.Word.of(.time_high, @intCast(state.time_high));
    var base: Base = .of(state);
    var row: Row(lanes) = .{ .t = @splat(state.t()), .y = @splat(state.y), .on = @splat(state.base_on) };
    var others: Others = .{};
    var low: u32 = state.time_low;
    var next_look: usize = stretch;
    var enough: u64 = fewest_events;
    var index: usize = 0;
    while (index < input.len) {
        const word: u32 = input[index];
        if (isVector(word)) {
            if (base.pixels >= full) break;
            if (word == 0x4fff and isWholeGroup(input[index..]) and base.x + group <= base.width) {
                row.store(columns, base.pixels, group);
                const x: @Vector(group, u16) = @splat(@intCast(base.x));
                columns.x[base.pixels..][0..group].* = std.simd.iota(u16, group) + x;
                base.passWholeGroup(low);
                index += 3;
                continue;
            }
            if (!base.fits(word)) break;
            row.store(columns, base.pixels, 12);
            lanes.storePixels(columns.x + base.pixels, @intCast(base.x), pixelsOf(word));
            base.pass(word, low);
        } else if (word < state.height) {
            row.y = @splat(@intCast(word));
            others.rows += 1;
            if (index >= next_look) {
                if (base.pixels < enough) break;
                next_look = index + stretch;
                enough = base.pixels + fewest_events;
            }
        } else if (word >> 12 == 0x3) {
            base.set(word);
            row.on = @splat(@intCast(base.on));
        } else if (word >> 12 == 0x6) {
            if (word & 0xfff < base.used_low) break;
            low = word & 0xfff;
            row.t = @splat(epoch + @as(f64, @floatFromInt(low)));
            others.lows += 1;
        } else if (word == time_high) {
            others.highs += 1;
        } else break;
        index += 1;
    }
    state.time_low = @intCast(low);
    state.y = row.y[0];
    others.giveTo(state);
    base.giveTo(state, index - others.count());
    output.events += base.pixels;
    return index;
}

/// The words of a run that are neither bases nor vectors.
const Others = struct {
    rows: usize = 0,
    lows: usize = 0,
    highs: usize = 0,

    fn count(others: *const Others) usize {
        return others.rows + others.lows + others.highs;
    }

    fn giveTo(others: *const Others, state: *State) void {
        state.count(.address_y, others.rows);
        state.count(.time_low, others.lows);
        state.count(.time_high, others.highs);
    }
};

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
