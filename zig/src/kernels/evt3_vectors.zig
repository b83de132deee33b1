//! Bases and vectors of EVT3, one word after the other.
//!
//!     words    Y7    B100  V 1..1  V 1..1  v 1..1  Y8    B40 ...     (V: 12 columns, v: 8)
//!     x        .     .     100     112     124     .     .           what the base says, and then on by 12 or 8
//!     events   .     .     12      12      8       .     .
//!
//! Between single events they are few, and their pixels wait with those (`Base.stage`). Where there is hardly anything
//! else (`decodeRun`), each word has so many events that the time goes into storing them, and the work for a word hides
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

    /// `words` is how many bases and vectors there were.
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

/// A run ends with so many words among which there is no vector.
const longest_gap = 16;

/// Decodes, as the specification would, while words are vectors and now and then a base, row, single event or time, within
/// the sensor and not going back, and returns how many. The row before must be inside, too, and the clock following.
/// A function of its own, so that all that its loop needs stays in registers.
pub noinline fn decodeRun(comptime lanes: type, state: *State, input: []align(1) const u16, output: *Output) usize {
    std.debug.assert(state.row == .inside and state.clock == .following and state.item.next == .nothing);
    const columns = output.unfilled();
    const full = columns.event_capacity -| group;
    const epoch = state.epoch();
    const time_high = words.Word.of(.time_high, @intCast(state.time_high));
    var base: Base = .of(state);
    var others: Others = .{};
    var events: usize = 0;
    var last_vector: usize = 0;
    var row: Row(lanes) = .{ .t = @splat(state.t()), .y = @splat(state.y), .on = @splat(state.base_on) };
    var low: u32 = state.time_low;
    var index: usize = 0;
    while (index < input.len) {
        const word: u32 = input[index];
        if (isVector(word)) {
            if (events >= full) break;
            last_vector = index;
            if (word == 0x4fff and isWholeGroup(input[index..]) and base.x + group <= base.width) {
                row.store(columns, events, group);
                const x: @Vector(group, u16) = @splat(@intCast(base.x));
                columns.x[events..][0..group].* = std.simd.iota(u16, group) + x;
                base.passWholeGroup(low);
                events += group;
                index += 3;
                continue;
            }
            if (!base.fits(word)) break;
            row.store(columns, events, 12);
            lanes.storePixels(columns.x + events, @intCast(base.x), pixelsOf(word));
            base.pass(word, low);
            events += @popCount(pixelsOf(word));
        } else if (index - last_vector > longest_gap) {
            break;
        } else if (word < state.height) {
            row.y = @splat(@intCast(word));
            others.rows += 1;
        } else if (word >> 12 == 0x3) {
            base.set(word);
            row.on = @splat(@intCast(base.on));
        } else if (word >> 12 == 0x6) {
            if (word & 0xfff < base.used_low) break;
            low = word & 0xfff;
            row.t = @splat(epoch + @as(f64, @floatFromInt(low)));
            others.lows += 1;
        } else if (word >> 12 == 0x2) {
            if (word & 0x7ff >= base.width or events >= full) break;
            row.storeOne(columns, events, word);
            events += 1;
            base.used_low = low;
            others.singles += 1;
        } else if (word == time_high) {
            others.highs += 1;
        } else break;
        index += 1;
    }
    state.time_low = @intCast(low);
    state.y = row.y[0];
    others.giveTo(state);
    base.giveTo(state, index - others.count());
    output.events += events;
    return index;
}

/// The words of a run that are neither bases nor vectors.
const Others = struct {
    rows: usize = 0,
    singles: usize = 0,
    lows: usize = 0,
    highs: usize = 0,

    fn count(others: *const Others) usize {
        return others.rows + others.singles + others.lows + others.highs;
    }

    fn giveTo(others: *const Others, state: *State) void {
        state.count(.address_y, others.rows);
        state.count(.address_x, others.singles);
        state.count(.time_low, others.lows);
        state.count(.time_high, others.highs);
        state.events += others.singles;
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

        inline fn storeOne(row: *const @This(), columns: abi.Columns, first: usize, word: u32) void {
            columns.t[first] = row.t[0];
            columns.x[first] = @intCast(word & 0x7ff);
            columns.y[first] = row.y[0];
            columns.on[first] = @intCast(word >> 11 & 1);
        }

        inline fn storeAll(to: anytype, values: anytype, comptime count: usize) void {
            const size = @typeInfo(@TypeOf(values)).vector.len;
            inline for (0..(count + size - 1) / size) |part| to[size * part ..][0..size].* = values;
        }
    };
}
