//! The EVT3 decoder for scenes full of events, a group of vectors at a time. A sensor sends the 32 columns that it
//! reads at once as three words. A row and a base come before them only where these have changed.
//!
//!     words            Y7   B64  V    V    v    V    V    v    B320 V    V    v    Y8 ...   (V: 12 columns, v: 8)
//!     groups                     ───────────    ───────────         ───────────
//!     columns                    64 to 95       96 to 127           320 to 351
//!
//! A group has many events: storing them takes the time, and the work for its words is hidden behind the stores. Its
//! bits are joined to one number. Rows and polarities are stored as whole registers, and the next group overwrites the
//! surplus. Times come in long runs, which are stored when they end. A vector outside of a group is decoded as a
//! vector.
//!
//! In a flash, most groups have all of their pixels. Consecutive ones fill one column after the other, at the speed of
//! memory.

const std = @import("std");
const kinds = @import("../../kinds.zig");
const repeat = @import("../repeat.zig");
const words = @import("../evt3/words.zig");
const State = @import("../evt3/state.zig").State;
const Output = @import("../output.zig").Output;
const vectors = @import("evt3_vectors.zig");

const size = vectors.group;
/// Times are stored eight at a time. Stores go up to that and a group beyond the last event.
const times_at_once = 8;

/// After a chunk of this many words its events are counted: with too few or too many, another loop is quicker.
const chunk = 64;

/// How full of events the scene is.
const Scene = enum {
    dense,
    flash,

    inline fn has(scene: Scene, events: usize, word_count: usize) bool {
        const many = events > 8 * word_count;
        return if (scene == .flash) many else !many and 2 * events >= 3 * word_count;
    }
};

/// Decodes as the specification does, while words are vectors within the sensor, bases, rows, and times that do not go
/// back, and many of the pixels are set. Returns how many words. The row before must be inside, and the clock
/// following.
pub fn decode(comptime lanes: type, state: *State, input: []align(1) const u16, output: *Output) usize {
    const events_before = output.polarity.count;
    const decoded = decodeScene(lanes, .dense, state, input, output);
    if (!Scene.flash.has(output.polarity.count - events_before, decoded)) return decoded;
    return decoded + decodeScene(lanes, .flash, state, input[decoded..], output);
}

/// Not inlined, so that the variables of its loop stay in registers.
noinline fn decodeScene(
    comptime lanes: type,
    comptime scene: Scene,
    state: *State,
    input: []align(1) const u16,
    output: *Output,
) usize {
    std.debug.assert(state.row == .inside and state.time.clock == .following and state.item.next == .nothing);
    const columns = output.unfilled();
    const full = columns.capacity -| (size + times_at_once);
    const time_high = words.Word.of(.time_high, @intCast(state.time.high));
    var run: vectors.VectorRun = .of(state);
    var times: TimeRuns = .{ .t = columns.t, .epoch = state.epoch() };
    var others: Others = .{};
    var y: u16 = state.y;
    var low: u32 = state.time_low;
    var used_low: u32 = state.used_low;
    var pixels_at_low: usize = 0;
    var chunk_start: usize = 0;
    var pixels_before: usize = 0;
    var index: usize = 0;
    while (index < input.len) {
        const word: u32 = input[index];
        if (vectors.isVector(word)) {
            if (run.pixels >= full) break;
            const events: Events = .at(columns, run.pixels);
            if (vectors.groupOf(input[index..])) |pixels| if (run.hasColumns(size)) {
                if (scene == .flash and pixels == whole) {
                    const most = @min((run.width - run.x) / size, 1 + (full - 1 - run.pixels) / size);
                    const count = wholeGroups(input[index..], most);
                    events.storeWholeGroups(count, @intCast(run.x), y, @intCast(run.on));
                    run.passGroups(count, size * count);
                    times.fill(run.pixels, low);
                    index += 3 * count;
                    continue;
                }
                events.storeRow(lanes, size, y, run.on);
                lanes.storeGroup(events.x, @intCast(run.x), pixels);
                run.passGroup(pixels);
                index += 3;
                continue;
            };
            if (!run.fits(word)) break;
            events.storeRow(lanes, 12, y, run.on);
            lanes.storePixels(events.x, @intCast(run.x), vectors.pixelsOf(word));
            run.pass(word);
        } else if (word < state.height) {
            if (index - chunk_start >= chunk) {
                if (!scene.has(run.pixels - pixels_before, index - chunk_start)) break;
                chunk_start = index;
                pixels_before = run.pixels;
            }
            y = @intCast(word);
            others.rows += 1;
        } else if (word >> 12 == 0x3) {
            run.set(word);
        } else if (word >> 12 == 0x6) {
            used_low = usedLow(&run, pixels_at_low, low, used_low);
            pixels_at_low = run.pixels;
            if (word & 0xfff < used_low) break;
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
    state.used_low = @intCast(usedLow(&run, pixels_at_low, low, used_low));
    state.y = y;
    others.giveTo(state);
    run.giveTo(state, index - others.count());
    output.polarity.count += run.pixels;
    return index;
}

/// TIME_LOW of the last event: the present one, if there were events since then.
inline fn usedLow(run: *const vectors.VectorRun, pixels_before: usize, low: u32, used_before: u32) u32 {
    return if (run.pixels > pixels_before) low else used_before;
}

/// The pixels of a group that has all of them.
const whole = std.math.maxInt(u32);

/// How many whole groups follow each other. The first one is known to be whole.
inline fn wholeGroups(input: []align(1) const u16, most: usize) usize {
    var count: usize = 1;
    while (count < most and 3 * count + 4 <= input.len) : (count += 1) {
        const four: u64 = @bitCast(input[3 * count ..][0..4].*);
        if (four & 0xf0ff_ffff_ffff != 0x50ff_4fff_4fff) break;
    }
    return count;
}

/// How many words were neither bases nor vectors.
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

/// Where the next events are stored, except for their times.
const Events = struct {
    x: [*]u16,
    y: [*]u16,
    on: [*]u8,

    inline fn at(columns: kinds.Polarity, first: usize) Events {
        return .{ .x = columns.x + first, .y = columns.y + first, .on = columns.on + first };
    }

    /// Stores row and polarity for `count` events, or somewhat more.
    inline fn storeRow(events: *const Events, comptime lanes: type, comptime count: usize, y: u16, on: u32) void {
        repeat.store(comptime std.mem.alignForward(usize, count, lanes.count), events.y, y);
        repeat.store(comptime std.mem.alignForward(usize, count, 16), events.on, @intCast(on));
    }

    /// Stores groups that have all of their pixels.
    inline fn storeWholeGroups(events: *const Events, count: usize, x: u16, y: u16, on: u8) void {
        const Group = @Vector(size, u16);
        const first = std.simd.iota(u16, size) +% @as(Group, @splat(x));
        for (0..count) |index| {
            const before: Group = @splat(@intCast(size * index));
            events.x[size * index ..][0..size].* = first + before;
        }
        for (0..count) |index| repeat.store(size, events.y + size * index, y);
        for (0..count) |index| repeat.store(size, events.on + size * index, on);
    }
};

/// The times of events, stored in runs.
const TimeRuns = struct {
    t: [*]f64,
    epoch: f64,
    filled: usize = 0,

    /// Gives all events before `until` that have no time yet the time `low`.
    inline fn fill(times: *TimeRuns, until: usize, low: u32) void {
        const t = times.of(low);
        while (times.filled < until) : (times.filled += times_at_once) repeat.store(times_at_once, times.t + times.filled, t);
        times.filled = until;
    }

    inline fn of(times: *const TimeRuns, low: u32) f64 {
        return times.epoch + @as(f64, @floatFromInt(low));
    }
};
