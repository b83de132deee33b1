//! The EVT3 decoder for scenes full of events, a group of vectors at a time: a sensor sends the 32 columns that it reads
//! at once as three words, and a row and a base before them only where these are others than before.
//!
//!     words            Y7   B64  V    V    v    V    V    v    B320 V    V    v    Y8 ...   (V: 12 columns, v: 8)
//!     groups                     ───────────    ───────────         ───────────
//!     columns                    64 to 95       96 to 127           320 to 351
//!
//! A group has so many events that the time goes into storing them, and the work for its words hides behind the stores.
//! Its bits are put together to one number, and what the events have in common is stored as whole registers, whatever
//! number of bits is set; the next group's overwrite what is too much. Times come in long runs, which are filled when
//! they end, or at once behind a group that has all of its pixels. A vector by itself is decoded as such.

const std = @import("std");
const abi = @import("../abi.zig");
const words = @import("../evt3/words.zig");
const State = @import("../evt3/state.zig").State;
const Output = @import("output.zig").Output;
const vectors = @import("evt3_vectors.zig");

const size = vectors.group;
/// Times are stored by so many. The caller's columns are filled by that and a group beyond the last event.
const times_at_once = 8;

/// After so many words it is asked how many events they had; with fewer, other loops are quicker.
const stretch = 64;
const fewest_events = 3 * stretch / 2;

/// Decodes, as the specification would, while words are vectors that lie within the sensor, bases, rows, and times that
/// do not go back, and many of the pixels are set; returns how many words. The row before must be inside, and the clock
/// following. A function of its own, so that all that its loop needs stays in registers.
pub noinline fn decode(comptime lanes: type, state: *State, input: []align(1) const u16, output: *Output) usize {
    std.debug.assert(state.row == .inside and state.clock == .following and state.item.next == .nothing);
    const columns = output.unfilled();
    const full = columns.event_capacity -| (size + times_at_once);
    const time_high = words.Word.of(.time_high, @intCast(state.time_high));
    var run: vectors.VectorRun = .of(state);
    var times: Times = .{ .t = columns.t, .epoch = state.epoch() };
    var others: Others = .{};
    var y: u16 = state.y;
    var low: u32 = state.time_low;
    var next_look: usize = stretch;
    var enough: u64 = fewest_events;
    var index: usize = 0;
    while (index < input.len) {
        const word: u32 = input[index];
        if (vectors.isVector(word)) {
            if (run.pixels >= full) break;
            const events: Events = .at(columns, run.pixels);
            if (groupOf(input[index..])) |pixels| if (run.hasColumns(size)) {
                events.storeRow(lanes, size, y, run.on);
                lanes.storeGroup(events.x, @intCast(run.x), pixels);
                if (pixels == std.math.maxInt(u32)) times.fillGroup(run.pixels, low);
                run.passGroup(pixels, low);
                index += 3;
                continue;
            };
            if (!run.fits(word)) break;
            events.storeRow(lanes, 12, y, run.on);
            lanes.storePixels(events.x, @intCast(run.x), vectors.pixelsOf(word));
            run.pass(word, low);
        } else if (word < state.height) {
            if (index >= next_look) {
                if (run.pixels < enough) break;
                next_look = index + stretch;
                enough = run.pixels + fewest_events;
            }
            y = @intCast(word);
            others.rows += 1;
        } else if (word >> 12 == 0x3) {
            run.set(word);
        } else if (word >> 12 == 0x6) {
            if (word & 0xfff < run.used_low) break;
            times.fill(run.pixels, low);
            low = word & 0xfff;
            others.lows += 1;
        } else if (word == time_high) {
            others.highs += 1;
        } else break;
        index += 1;
    }
    times.fill(run.pixels, low);
    state.time_low = @intCast(low);
    state.y = y;
    others.giveTo(state);
    run.giveTo(state, index - others.count());
    output.events += run.pixels;
    return index;
}

/// The pixels of VECT_12, VECT_12, VECT_8, if these are the next words.
inline fn groupOf(input: []align(1) const u16) ?u32 {
    if (input.len < 4) return null;
    const four: u64 = @bitCast(input[0..4].*);
    if (four & 0xf000_f000_f000 != 0x5000_4000_4000) return null;
    return @truncate((four & 0xfff) | (four >> 4 & 0xff_f000) | (four >> 8 & 0xff00_0000));
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

/// Where the next events go, but for their times.
const Events = struct {
    x: [*]u16,
    y: [*]u16,
    on: [*]u8,

    inline fn at(columns: abi.Columns, first: usize) Events {
        return .{ .x = columns.x + first, .y = columns.y + first, .on = columns.on + first };
    }

    /// What they have in common, for so many or somewhat more.
    inline fn storeRow(events: *const Events, comptime lanes: type, comptime count: usize, y: u16, on: u32) void {
        const rows: @Vector(lanes.count, u16) = @splat(y);
        inline for (0..(count + lanes.count - 1) / lanes.count) |part| events.y[lanes.count * part ..][0..lanes.count].* = rows;
        const length = comptime std.mem.alignForward(usize, count, 16);
        events.on[0..length].* = @as(@Vector(length, u8), @splat(@intCast(on)));
    }
};

/// The times of events, in runs.
const Times = struct {
    t: [*]f64,
    epoch: f64,
    filled: usize = 0,

    /// The events before the first have that time, and those of a whole group from there on.
    inline fn fillGroup(times: *Times, first: usize, low: u32) void {
        times.fill(first, low);
        const t = times.of(low);
        inline for (0..size / times_at_once) |part| times.t[first + times_at_once * part ..][0..times_at_once].* = t;
        times.filled = first + size;
    }

    /// The events before that one have that time.
    inline fn fill(times: *Times, until: usize, low: u32) void {
        const t = times.of(low);
        while (times.filled < until) : (times.filled += times_at_once) times.t[times.filled..][0..times_at_once].* = t;
        times.filled = until;
    }

    inline fn of(times: *const Times, low: u32) @Vector(times_at_once, f64) {
        return @splat(times.epoch + @as(f64, @floatFromInt(low)));
    }
};
