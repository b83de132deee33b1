//! The staging buffer: events of blocks wait in it until they fill whole registers.
//!
//! A block of words holds any number of events, so its registers would be filled in part only. A block packs its events
//! behind those of the blocks before it, sixteen bits for each field, as the words have them:
//!
//!     column  X10  X11  X12  X13 ...      y  7  7  7  3  ...      low  L2  L2  L5  L5  ...
//!
//! Then they become columns, a full register at a time: x is the low bits of `column`, on is its bit 11, and t is the
//! beginning of the TIME_HIGH + low. Where the output has a picture, they become pixels instead (`picture_store.zig`), and
//! the events of up to ten TIME_HIGHs wait together: `low` goes on to L1002 where the next one is at 2 µs.

const picture_store = @import("picture_store.zig");
const repeat = @import("../repeat.zig");
const vectors = @import("evt3_vectors.zig");
const Output = @import("../output.zig").Output;
const Times = @import("times.zig").Times;

pub fn Staging(comptime lanes: type) type {
    return struct {
        waiting: *Waiting,
        /// After the TIME_HIGH of the first waiting event.
        times: Times,
        /// How much later the present TIME_HIGH is.
        later: u16 = 0,
        /// Events that wait, and those that no longer do.
        count: usize = 0,
        flushed: usize = 0,
        /// How many events may wait.
        most: usize,
        /// TIME_LOW of the last event before the last flush; 0 after a TIME_HIGH.
        last_low: u16 = 0,

        const Self = @This();
        const Words = lanes.Words;
        const splat = lanes.splat;

        /// In memory of its own, so that the counts stay in registers while events are stored.
        pub const Waiting = struct {
            column: [capacity + slack]u16 align(64),
            y: [capacity + slack]u16 align(64),
            low: [capacity + slack]u16 align(64),
        };

        const capacity = 2048;
        /// Stores go less than this far beyond `most`, and beyond the last event when flushed.
        const slack = @max(lanes.count, picture_store.chunk);
        /// A block, and the vectors that may follow it.
        const block = lanes.count + vectors.group;

        pub fn of(waiting: *Waiting, output: *const Output, epoch: f64) Self {
            return .{ .waiting = waiting, .times = .after(epoch), .most = mostFor(output) };
        }

        fn mostFor(output: *const Output) usize {
            return if (output.surface == null) @min(capacity, output.room() -| slack) else capacity;
        }

        /// There is room for the events of one more block.
        pub inline fn hasRoom(staging: *const Self) bool {
            return staging.count + block <= staging.most;
        }

        /// Adds the lanes whose bits are set.
        pub inline fn add(staging: *Self, column: Words, y: Words, low: Words, kept: lanes.Bits) void {
            const waiting = staging.waiting;
            lanes.compressStore(waiting.column[staging.count..].ptr, column, kept);
            lanes.compressStore(waiting.y[staging.count..].ptr, y, kept);
            lanes.compressStore(waiting.low[staging.count..].ptr, low +% splat(staging.later), kept);
            staging.count += lanes.countOf(kept);
        }

        /// Adds an event at column + i for each bit i that is set; false, and nothing added, where there is no room.
        pub inline fn addPixels(staging: *Self, column: u16, y: u16, low: u16, pixels: u12) bool {
            if (staging.count + 12 > staging.most) return false;
            lanes.storePixels(staging.addRow(16, y, low), column, pixels);
            staging.count += @popCount(pixels);
            return true;
        }

        /// As `addPixels`, for a group.
        pub inline fn addGroup(staging: *Self, column: u16, y: u16, low: u16, pixels: u32) bool {
            if (staging.count + vectors.group > staging.most) return false;
            lanes.storeGroup(staging.addRow(vectors.group, y, low), column, pixels);
            staging.count += @popCount(pixels);
            return true;
        }

        /// Stores what events of a row have in common. Returns where their columns go.
        inline fn addRow(staging: *const Self, comptime most: usize, y: u16, low: u16) [*]u16 {
            const waiting = staging.waiting;
            repeat.store(most, waiting.y[staging.count..].ptr, y);
            repeat.store(most, waiting.low[staging.count..].ptr, low +% staging.later);
            return waiting.column[staging.count..].ptr;
        }

        /// Turns all waiting events into columns, or only those that fill registers.
        pub noinline fn flush(staging: *Self, output: *Output, what: enum { all, full_vectors }) void {
            const waiting = staging.waiting;
            staging.last_low = staging.lastLow();
            if (output.surface) |surface| {
                picture_store.store(surface, waiting, staging.count, staging.times.of(Times.time_low));
                staging.times = .after(staging.times.of(Times.time_low + staging.later));
                staging.later = 0;
                staging.flushed += staging.count;
                staging.count = 0;
                return;
            }
            const full = staging.count - staging.count % lanes.count;
            var first: usize = 0;
            while (first < full) : (first += lanes.count) staging.store(first, output);
            var left: usize = 0;
            if (what == .all) {
                if (full < staging.count) staging.store(full, output);
            } else {
                left = staging.count - full;
                inline for (.{ "column", "y", "low" }) |name| {
                    const rest: Words = @field(waiting, name)[full..][0..lanes.count].*;
                    @field(waiting, name)[0..lanes.count].* = rest;
                }
            }
            output.polarity.count += staging.count - left;
            staging.flushed += staging.count - left;
            staging.count = left;
            staging.most = mostFor(output);
        }

        /// Turns all waiting events into columns, before the next TIME_HIGH, which begins at `epoch`: no event has its time
        /// yet. Those for a picture may wait on.
        pub inline fn beginAt(staging: *Self, output: *Output, epoch: f64) void {
            staging.last_low = 0;
            if (output.surface != null and staging.count > 0 and staging.later < latest) {
                staging.later += 0x1000;
                return;
            }
            staging.flush(output, .all);
            staging.times = .after(epoch);
            staging.last_low = 0;
        }

        /// Below 2^16 with any word of TIME_LOW.
        const latest = 0x9000;

        /// The time of the last event, as a word of TIME_LOW.
        pub inline fn lastLow(staging: *const Self) u16 {
            if (staging.count == 0) return staging.last_low;
            const low = staging.waiting.low[staging.count - 1];
            return if (low >= Times.time_low + staging.later) low - staging.later else staging.last_low;
        }

        inline fn store(staging: *const Self, first: usize, output: *const Output) void {
            const waiting = staging.waiting;
            const columns = &output.polarity;
            const to = output.polarity.count + first;
            const column: Words = waiting.column[first..][0..lanes.count].*;
            const on = (column >> @splat(11)) & splat(1);
            columns.x[to..][0..lanes.count].* = column & splat(0x7ff);
            columns.y[to..][0..lanes.count].* = waiting.y[first..][0..lanes.count].*;
            columns.on[to..][0..lanes.count].* = @as(@Vector(lanes.count, u8), @truncate(on));
            staging.times.store(columns.t + to, lanes.count, waiting.low[first..][0..lanes.count]);
        }
    };
}
