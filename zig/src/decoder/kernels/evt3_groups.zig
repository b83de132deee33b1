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
//!
//! A picture takes groups of all scenes alike (`evt3_painting.zig`).

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
pub const Scene = enum {
    dense,
    flash,
    dense_or_flash,

    inline fn has(scene: Scene, events: usize, word_count: usize) bool {
        const many = events > 8 * word_count;
        return switch (scene) {
            .flash => many,
            .dense => !many and 2 * events >= 3 * word_count,
            .dense_or_flash => 2 * events >= 3 * word_count,
        };
    }
};

/// Decodes as the specification does, while words are vectors within the sensor, bases, rows, and times that do not go
/// back, and many of the pixels are set. Returns how many words. The row before must be inside, and the clock
/// following.
pub fn decode(comptime lanes: type, state: *State, input: []align(1) const u16, output: *Output) usize {
    const events_before = output.polarity.count;
    const decoded = decodeToColumns(lanes, .dense, state, input, output);
    if (!Scene.flash.has(output.polarity.count - events_before, decoded)) return decoded;
    return decoded + decodeToColumns(lanes, .flash, state, input[decoded..], output);
}

fn decodeToColumns(comptime lanes: type, comptime scene: Scene, state: *State, input: []align(1) const u16, output: *Output) usize {
    const columns = output.unfilled();
    const target: Columns(lanes) = .{
        .columns = columns,
        .full = columns.capacity -| (size + times_at_once),
        .times = .{ .t = columns.t, .epoch = state.epoch() },
    };
    const decoded = decodeScene(scene, state, input, target);
    output.polarity.count += decoded.events;
    return decoded.words;
}

pub const Decoded = struct { words: usize, events: usize };

/// `to` is where pixels go. Not inlined, so that the variables of its loop stay in registers.
pub noinline fn decodeScene(comptime scene: Scene, state: *State, input: []align(1) const u16, to: anytype) Decoded {
    std.debug.assert(state.row == .inside and state.time.clock == .following and state.item.next == .nothing);
    var target = to;
    const time_high = words.Word.of(.time_high, @intCast(state.time.high));
    var run: vectors.VectorRun = .of(state);
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
            if (target.isFull(run.pixels)) break;
            if (vectors.groupOf(input[index..])) |pixels| if (run.hasColumns(size)) {
                if (scene == .flash and pixels == whole) {
                    const most = @min((run.width - run.x) / size, target.wholeGroupsAfter(run.pixels));
                    const count = wholeGroups(input[index..], most);
                    target.addWholeGroups(run.pixels, count, @intCast(run.x), y, @intCast(run.on));
                    run.passGroups(count, size * count);
                    target.passTime(run.pixels, low, low);
                    index += 3 * count;
                    continue;
                }
                target.addGroup(run.pixels, @intCast(run.x), y, @intCast(run.on), pixels);
                run.passGroup(pixels);
                index += 3;
                continue;
            };
            if (!run.fits(word)) break;
            target.addVector(run.pixels, @intCast(run.x), y, @intCast(run.on), vectors.pixelsOf(word));
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
            if (word & 0xfff < used_low or !target.takes(word & 0xfff)) break;
            target.passTime(run.pixels, low, word & 0xfff);
            low = word & 0xfff;
            others.lows += 1;
        } else if (word == time_high) {
            others.highs += 1;
        } else break;
        index += 1;
    }
    target.passTime(run.pixels, low, low);
    state.time_low = @intCast(low);
    state.used_low = @intCast(usedLow(&run, pixels_at_low, low, used_low));
    state.y = y;
    others.giveTo(state);
    run.giveTo(state, index - others.count());
    target.end();
    return .{ .words = index, .events = run.pixels };
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

/// Events go into columns: `first` is the number of the next one.
fn Columns(comptime lanes: type) type {
    return struct {
        columns: kinds.Polarity,
        /// After as many events no group has room.
        full: usize,
        times: TimeRuns,

        const Self = @This();

        inline fn isFull(to: *const Self, first: usize) bool {
            return first >= to.full;
        }

        inline fn takes(_: *const Self, _: u32) bool {
            return true;
        }

        inline fn addGroup(to: *const Self, first: usize, x: u16, y: u16, on: u8, pixels: u32) void {
            to.storeRow(size, first, y, on);
            lanes.storeGroup(to.columns.x + first, x, pixels);
        }

        inline fn addVector(to: *const Self, first: usize, x: u16, y: u16, on: u8, pixels: u12) void {
            to.storeRow(12, first, y, on);
            lanes.storePixels(to.columns.x + first, x, pixels);
        }

        /// Stores row and polarity for `count` events, or somewhat more.
        inline fn storeRow(to: *const Self, comptime count: usize, first: usize, y: u16, on: u8) void {
            repeat.store(comptime std.mem.alignForward(usize, count, lanes.count), to.columns.y + first, y);
            repeat.store(comptime std.mem.alignForward(usize, count, 16), to.columns.on + first, on);
        }

        /// For how many groups that have all of their pixels there is room.
        inline fn wholeGroupsAfter(to: *const Self, first: usize) usize {
            return 1 + (to.full - 1 - first) / size;
        }

        inline fn addWholeGroups(to: *const Self, first: usize, count: usize, x: u16, y: u16, on: u8) void {
            const Group = @Vector(size, u16);
            const xs = std.simd.iota(u16, size) +% @as(Group, @splat(x));
            for (0..count) |index| {
                const before: Group = @splat(@intCast(size * index));
                (to.columns.x + first)[size * index ..][0..size].* = xs + before;
            }
            for (0..count) |index| repeat.store(size, to.columns.y + first + size * index, y);
            for (0..count) |index| repeat.store(size, to.columns.on + first + size * index, on);
        }

        /// The events before `until` that have no time yet get that of `low`.
        inline fn passTime(to: *Self, until: usize, low: u32, _: u32) void {
            to.times.fill(until, low);
        }

        inline fn end(_: *const Self) void {}
    };
}

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
