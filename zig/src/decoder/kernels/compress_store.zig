//! Events of blocks straight into columns, where one instruction compresses lanes. Whole registers are stored, and the
//! next events overwrite the surplus. CPUs without the instruction have `staging.zig`.
//!
//!     lanes           X10   Y7    X11   X12   L5    X13 ...
//!     to the front    X10   X11   X12   X13   .     . ...      x, and `on` from bit 11; y and low likewise
//!     stored          10    11    12    13    .     . ...      the next block begins behind the 13
//!
//! A time takes more room than the rest of its event. So the times of the second half of the lanes are stored only
//! where there are more events than half of the lanes.

const kinds = @import("../../kinds.zig");
const vectors = @import("evt3_vectors.zig");
const Output = @import("../output.zig").Output;
const Times = @import("times.zig").Times;

pub fn CompressStore(comptime lanes: type) type {
    return struct {
        /// The columns from the first event after the last flush on.
        columns: kinds.Polarity,
        times: Times,
        /// Events since the last flush, and before it.
        count: usize = 0,
        flushed: usize = 0,
        /// TIME_LOW of the last event before the last flush.
        last_low: u16 = 0,

        const Self = @This();
        const Words = lanes.Words;
        const splat = lanes.splat;

        /// No event waits: there is no staging buffer.
        pub const Waiting = struct {};

        pub fn of(_: *Waiting, output: *const Output, epoch: f64) Self {
            return .{ .columns = output.unfilled(), .times = .after(epoch) };
        }

        /// There is room for one more block.
        pub inline fn hasRoom(destination: *const Self) bool {
            return destination.fits(lanes.count);
        }

        /// There is room to store this many, of which fewer may be events.
        inline fn fits(destination: *const Self, stored: usize) bool {
            return destination.count + stored <= destination.columns.capacity;
        }

        /// Adds the lanes whose bits are set.
        pub inline fn add(destination: *Self, column: Words, y: Words, low: Words, kept: lanes.Bits) void {
            const columns = &destination.columns;
            const first = destination.count;
            const count = lanes.countOf(kept);
            const packed_column = lanes.compress(column, kept);
            const on = (packed_column >> @splat(11)) & splat(1);
            columns.x[first..][0..lanes.count].* = packed_column & splat(0x7ff);
            columns.y[first..][0..lanes.count].* = lanes.compress(y, kept);
            columns.on[first..][0..lanes.count].* = @as(@Vector(lanes.count, u8), @truncate(on));
            const lows: [lanes.count]u16 = lanes.compress(low, kept);
            const half = lanes.count / 2;
            destination.times.store(columns.t + first, half, lows[0..half]);
            if (count > half) destination.times.store(columns.t + first + half, half, lows[half..]);
            destination.count += count;
        }

        /// Adds an event at column + i for each bit i that is set; false, and nothing added, where there is no room.
        pub inline fn addPixels(destination: *Self, column: u16, y: u16, low: u16, pixels: u12) bool {
            if (!destination.fits(16)) return false;
            const x = destination.addRow(16, column, y, low, @popCount(pixels));
            lanes.storePixels(x, column & 0x7ff, pixels);
            return true;
        }

        /// As `addPixels`, for a group.
        pub inline fn addGroup(destination: *Self, column: u16, y: u16, low: u16, pixels: u32) bool {
            if (!destination.fits(vectors.group)) return false;
            const x = destination.addRow(vectors.group, column, y, low, @popCount(pixels));
            lanes.storeGroup(x, column & 0x7ff, pixels);
            return true;
        }

        /// Stores what events of a row have in common. Returns where their x go.
        inline fn addRow(destination: *Self, comptime stored: usize, column: u16, y: u16, low: u16, count: usize) [*]u16 {
            const columns = &destination.columns;
            const first = destination.count;
            columns.y[first..][0..stored].* = @as(@Vector(stored, u16), @splat(y));
            columns.on[first..][0..stored].* = @as(@Vector(stored, u8), @splat(@intCast(column >> 11)));
            const t: @Vector(8, f64) = @splat(destination.times.of(low));
            columns.t[first..][0..8].* = t;
            if (count > 8) inline for (1..stored / 8) |part| {
                columns.t[first + 8 * part ..][0..8].* = t;
            };
            destination.count += count;
            return columns.x + first;
        }

        /// Hands the events so far over to the output.
        pub fn flush(destination: *Self, output: *Output, _: enum { all, full_vectors }) void {
            destination.last_low = destination.lastLow();
            output.polarity.count += destination.count;
            destination.flushed += destination.count;
            destination.columns = output.unfilled();
            destination.count = 0;
        }

        /// The same, before a TIME_HIGH that begins at `epoch`: no event has its time yet.
        pub inline fn beginAt(destination: *Self, output: *Output, epoch: f64) void {
            destination.flush(output, .all);
            destination.times = .after(epoch);
            destination.last_low = 0;
        }

        /// The time of the last event, as a word of TIME_LOW.
        pub inline fn lastLow(destination: *const Self) u16 {
            return if (destination.count > 0) destination.times.wordOf(destination.columns.t[destination.count - 1]) else destination.last_low;
        }
    };
}
