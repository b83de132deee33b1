//! Where the events of blocks wait until there are enough of them to fill columns without a gap.
//!
//! A block of words holds any number of events, so vectors as wide as the block would be filled in part. The
//! block only packs its lanes behind those of the blocks before it, sixteen bits each, as the words have them:
//!
//!     column  X10  X11  X12  X13 ...      y  7  7  7  3  ...      low  L2  L2  L5  L5  ...
//!
//! Then they become columns, full vectors of them at a time: x is the low bits of `column`, on its bit 11,
//! and t the beginning of the TIME_HIGH + low.

const vectors = @import("evt3_vectors.zig");
const Output = @import("../output.zig").Output;
const Times = @import("times.zig").Times;

pub fn Stage(comptime lanes: type) type {
    return struct {
        waiting: *Waiting,
        times: Times,
        count: usize = 0,
        /// So many may wait.
        most: usize,
        /// Of the last event that was there when it was flushed.
        last_low: u16 = 0,

        const Self = @This();
        const Words = lanes.Words;
        const splat = lanes.splat;

        /// Apart, so that the counts stay in registers while events are stored.
        pub const Waiting = struct {
            column: [capacity + slack]u16 align(64),
            y: [capacity + slack]u16 align(64),
            low: [capacity + slack]u16 align(64),
        };

        const capacity = 2048;
        /// Stores go less than so far beyond `most`, and beyond the last event when flushed.
        const slack = lanes.count;
        /// A block, and the vectors that may follow it.
        const block = lanes.count + vectors.group;

        pub fn of(waiting: *Waiting, output: *const Output, epoch: f64) Self {
            return .{ .waiting = waiting, .times = .after(epoch), .most = mostFor(output) };
        }

        fn mostFor(output: *const Output) usize {
            return @min(capacity, output.room() -| slack);
        }

        /// The events of one more block fit in.
        pub inline fn hasRoom(stage: *const Self) bool {
            return stage.count + block <= stage.most;
        }

        /// Adds the lanes whose bits are set.
        pub inline fn add(stage: *Self, column: Words, y: Words, low: Words, kept: lanes.Bits) void {
            const waiting = stage.waiting;
            lanes.compress(waiting.column[stage.count..].ptr, column, kept);
            lanes.compress(waiting.y[stage.count..].ptr, y, kept);
            lanes.compress(waiting.low[stage.count..].ptr, low, kept);
            stage.count += @popCount(kept);
        }

        /// Adds an event at column + i for each bit i that is set; false, and nothing added, where there is no room.
        pub inline fn addPixels(stage: *Self, column: u16, y: u16, low: u16, pixels: u12) bool {
            if (stage.count + 12 > stage.most) return false;
            lanes.storePixels(stage.addRow(16, y, low), column, pixels);
            stage.count += @popCount(pixels);
            return true;
        }

        /// The same of the pixels of a group.
        pub inline fn addGroup(stage: *Self, column: u16, y: u16, low: u16, pixels: u32) bool {
            if (stage.count + vectors.group > stage.most) return false;
            lanes.storeGroup(stage.addRow(vectors.group, y, low), column, pixels);
            stage.count += @popCount(pixels);
            return true;
        }

        /// Stores what events of a row have in common; returns where their columns go.
        inline fn addRow(stage: *const Self, comptime most: usize, y: u16, low: u16) [*]u16 {
            const waiting = stage.waiting;
            waiting.y[stage.count..][0..most].* = @as(@Vector(most, u16), @splat(y));
            waiting.low[stage.count..][0..most].* = @as(@Vector(most, u16), @splat(low));
            return waiting.column[stage.count..].ptr;
        }

        /// Turns all that waits into columns, or only what fills vectors. Returns what the stage is then.
        pub noinline fn flushed(stage: Self, output: *Output, what: enum { all, full_vectors }) Self {
            const waiting = stage.waiting;
            const full = stage.count - stage.count % lanes.count;
            const last_low = stage.lastLow();
            var first: usize = 0;
            while (first < full) : (first += lanes.count) stage.store(first, output);
            var left: usize = 0;
            if (what == .all) {
                if (full < stage.count) stage.store(full, output);
            } else {
                left = stage.count - full;
                inline for (.{ "column", "y", "low" }) |name| {
                    const rest: Words = @field(waiting, name)[full..][0..lanes.count].*;
                    @field(waiting, name)[0..lanes.count].* = rest;
                }
            }
            output.events += stage.count - left;
            return .{
                .waiting = waiting,
                .times = stage.times,
                .count = left,
                .most = mostFor(output),
                .last_low = last_low,
            };
        }

        /// The time of the last event, as the word that brought it.
        pub inline fn lastLow(stage: *const Self) u16 {
            return if (stage.count > 0) stage.waiting.low[stage.count - 1] else stage.last_low;
        }

        inline fn store(stage: *const Self, first: usize, output: *const Output) void {
            const waiting = stage.waiting;
            const columns = &output.columns;
            const to = output.events + first;
            const column: Words = waiting.column[first..][0..lanes.count].*;
            const on = (column >> @splat(11)) & splat(1);
            columns.x[to..][0..lanes.count].* = column & splat(0x7ff);
            columns.y[to..][0..lanes.count].* = waiting.y[first..][0..lanes.count].*;
            columns.on[to..][0..lanes.count].* = @as(@Vector(lanes.count, u8), @truncate(on));
            stage.times.store(columns.t + to, lanes.count, waiting.low[first..][0..lanes.count]);
        }
    };
}
