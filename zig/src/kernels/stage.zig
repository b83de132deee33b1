//! Where the events of blocks wait until there are enough of them to fill columns without a gap.
//!
//! A block of words holds any number of events, so vectors as wide as the block would be filled in part. The
//! block only packs its lanes behind those of the blocks before it, sixteen bits each, as the words have them:
//!
//!     column  X10  X11  X12  X13 ...      y  7  7  7  3  ...      low  L2  L2  L5  L5  ...
//!
//! Then they become columns, full vectors of them at a time: x is the low bits of `column`, on its bit 11,
//! and t the beginning of the TIME_HIGH + low.

const State = @import("../evt3/state.zig").State;
const Output = @import("output.zig").Output;

pub fn Stage(comptime lanes: type) type {
    return struct {
        events: *Events,
        count: usize = 0,
        /// So many may wait.
        most: usize,
        /// The time of the last event that was there when it was emptied.
        last_low: u16 = 0,

        const Self = @This();
        const Words = lanes.Words;
        const splat = lanes.splat;

        /// Apart, so that the counts stay in registers while events are stored.
        pub const Events = struct {
            column: [capacity + slack]u16,
            y: [capacity + slack]u16,
            low: [capacity + slack]u16,
        };

        const capacity = 2048;
        /// Stores go so far beyond the last lane that counts.
        const slack = @max(lanes.count, 16);
        /// A block, and the vectors that may follow it.
        const block = lanes.count + 3 * 12;

        pub fn of(events: *Events, output: *const Output) Self {
            return .{ .events = events, .most = mostFor(output) };
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
            const events = stage.events;
            lanes.compress(events.column[stage.count..].ptr, column, kept);
            lanes.compress(events.y[stage.count..].ptr, y, kept);
            lanes.compress(events.low[stage.count..].ptr, low, kept);
            stage.count += @popCount(kept);
        }

        /// Adds an event at column + i for each bit i that is set; false, and nothing added, where there is no room.
        pub inline fn addPixels(stage: *Self, column: u16, y: u16, low: u16, pixels: u12) bool {
            if (stage.count + 12 > stage.most) return false;
            const events = stage.events;
            lanes.storePixels(events.column[stage.count..].ptr, column, pixels);
            events.y[stage.count..][0..16].* = @as(@Vector(16, u16), @splat(y));
            events.low[stage.count..][0..16].* = @as(@Vector(16, u16), @splat(low));
            stage.count += @popCount(pixels);
            return true;
        }

        /// Turns all that waits into columns, or only what fills vectors. Returns what the stage is then.
        pub noinline fn emptied(stage: Self, output: *Output, epoch: f64, what: enum { all, full_vectors }) Self {
            const full = stage.count - stage.count % lanes.count;
            const last_low = if (stage.count > 0) stage.events.low[stage.count - 1] else stage.last_low;
            var first: usize = 0;
            while (first < full) : (first += lanes.count) stage.store(first, output, epoch);
            var left: usize = 0;
            if (what == .all) {
                if (full < stage.count) stage.store(full, output, epoch);
            } else {
                left = stage.count - full;
                inline for (.{ "column", "y", "low" }) |name| {
                    const rest: Words = @field(stage.events, name)[full..][0..lanes.count].*;
                    @field(stage.events, name)[0..lanes.count].* = rest;
                }
            }
            output.events += stage.count - left;
            return .{ .events = stage.events, .count = left, .most = mostFor(output), .last_low = last_low };
        }

        inline fn store(stage: *const Self, first: usize, output: *const Output, epoch: f64) void {
            const events = stage.events;
            const columns = &output.columns;
            const to = output.events + first;
            const column: Words = events.column[first..][0..lanes.count].*;
            columns.x[to..][0..lanes.count].* = column & splat(0x7ff);
            columns.y[to..][0..lanes.count].* = events.y[first..][0..lanes.count].*;
            const on = (column >> @splat(11)) & splat(1);
            columns.on[to..][0..lanes.count].* = @as(@Vector(lanes.count, u8), @truncate(on));
            inline for (0..lanes.count / 8) |part| {
                columns.t[to + 8 * part ..][0..8].* = times(events.low[first + 8 * part ..][0..8].*, epoch);
            }
        }

        /// Below 2^52, whole numbers are the low bits of the floating-point number 2^52 + n: cheaper than a conversion.
        inline fn times(low: @Vector(8, u16), epoch: f64) @Vector(8, f64) {
            const offset = 0x1p52;
            const bits = @as(@Vector(8, u64), low) | @as(@Vector(8, u64), @splat(@bitCast(@as(f64, offset))));
            return @as(@Vector(8, f64), @bitCast(bits)) + @as(@Vector(8, f64), @splat(epoch - (offset + time_low)));
        }

        /// The kind in TIME_LOW.
        const time_low = 0x6000;
    };
}
