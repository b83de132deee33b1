//! Where the events of blocks wait until there are enough of them to fill columns without a gap.
//!
//! A block of words holds any number of events, so vectors as wide as the block would be filled in part. The
//! block only packs its lanes behind those of the blocks before it, sixteen bits each. A vector takes one
//! place, too, with a mark, and its pixels wait apart:
//!
//!     column  X10  X11  V32  X12  ...      y  7  7  7  3  ...      low  2  2  5  5  ...
//!     pixels  1001...
//!
//! When there are enough of them, they move apart at the marks, several at a time, since vectors are few or
//! long:
//!
//!     column  X10  X11  X32  X35  X12  ... y  7  7  7  7  3  ...   low  2  2  5  5  5  ...
//!
//! Then they become columns, full vectors of them at a time: x is the low bits of `column`, on its bit 11,
//! and t the beginning of the TIME_HIGH + low.

const std = @import("std");
const Output = @import("output.zig").Output;

pub fn Stage(comptime lanes: type) type {
    return struct {
        packed_events: Events,
        expanded: Events,
        /// Of the vectors among the packed events, and where these are.
        pixels: [vector_capacity]u16,
        places: [vector_capacity]u16,
        vectors: usize,

        const Self = @This();
        const Words = lanes.Words;
        const splat = lanes.splat;

        const Events = struct {
            column: [capacity + slack]u16,
            y: [capacity + slack]u16,
            low: [capacity + slack]u16,
            count: usize,
        };

        /// In a column: this is a vector.
        pub const vector_mark = 0x8000;

        const capacity = 2048;
        const longest = 12;
        const vector_capacity = capacity / longest + slack;
        /// Stores go so far beyond the last lane that counts.
        const slack = @max(lanes.count, 16);
        const block = lanes.count * longest;

        pub fn clear(stage: *Self) void {
            stage.packed_events.count = 0;
            stage.vectors = 0;
        }

        /// Below this, the events of one more block fit in.
        pub inline fn limit(output: *const Output) usize {
            return @min(capacity, output.room() -| slack) -| block;
        }

        /// Most events that there may be now.
        pub inline fn most(stage: *const Self) usize {
            return stage.packed_events.count + stage.vectors * (longest - 1);
        }

        /// Adds the lanes whose bits are set.
        pub inline fn add(stage: *Self, column: Words, y: Words, low: Words, kept: lanes.Bits) void {
            const events = &stage.packed_events;
            lanes.compress(events.column[events.count..].ptr, column, kept);
            lanes.compress(events.y[events.count..].ptr, y, kept);
            lanes.compress(events.low[events.count..].ptr, low, kept);
            events.count += @popCount(kept);
        }

        /// Adds the pixels of the lanes whose bits are set, which are added with a mark as well.
        pub inline fn addVectors(stage: *Self, pixels: Words, kept: lanes.Bits) void {
            lanes.compress(stage.pixels[stage.vectors..].ptr, pixels, kept);
            stage.vectors += @popCount(kept);
        }

        /// Turns what waits into columns; but for what does not fill a vector, unless all is asked for.
        pub fn empty(stage: *Self, output: *Output, epoch: f64, all: bool) void {
            const events = if (stage.vectors > 0) stage.expand() else &stage.packed_events;
            const count = events.count;
            const full = count - count % lanes.count;
            var first: usize = 0;
            while (first < full) : (first += lanes.count) store(events, first, output, epoch);
            if (all) {
                if (full < count) store(events, full, output, epoch);
                output.events += count;
                stage.packed_events.count = 0;
            } else {
                copy(&stage.packed_events, 0, events, full);
                output.events += full;
                stage.packed_events.count = count - full;
            }
        }

        fn expand(stage: *Self) *const Events {
            stage.findVectors();
            const from = &stage.packed_events;
            const to = &stage.expanded;
            var next: usize = 0;
            var first: usize = 0;
            for (stage.places[0..stage.vectors], stage.pixels[0..stage.vectors]) |place, pixels| {
                // What lies before the vector.
                while (first < place) : (first += lanes.count) {
                    copy(to, next, from, first);
                    next += @min(lanes.count, place - first);
                }
                first = place + 1;
                lanes.storePixels(to.column[next..].ptr, from.column[place] ^ vector_mark, @intCast(pixels));
                to.y[next..][0..16].* = @as(@Vector(16, u16), @splat(from.y[place]));
                to.low[next..][0..16].* = @as(@Vector(16, u16), @splat(from.low[place]));
                next += @popCount(pixels);
            }
            while (first < from.count) : (first += lanes.count) {
                copy(to, next, from, first);
                next += @min(lanes.count, from.count - first);
            }
            to.count = next;
            stage.vectors = 0;
            return to;
        }

        fn findVectors(stage: *Self) void {
            const events = &stage.packed_events;
            var found: usize = 0;
            var first: usize = 0;
            while (first < events.count) : (first += lanes.count) {
                // What lies beyond the last event may have a mark, too, but is found after all the others.
                const column: Words = events.column[first..][0..lanes.count].*;
                const marked = lanes.bits(lanes.where(column >= splat(vector_mark)));
                lanes.compress(stage.places[found..].ptr, std.simd.iota(u16, lanes.count) + splat(@intCast(first)), marked);
                found += @popCount(marked);
            }
        }

        inline fn copy(to: *Events, to_first: usize, from: *const Events, from_first: usize) void {
            inline for (.{ "column", "y", "low" }) |name| {
                const part: Words = @field(from, name)[from_first..][0..lanes.count].*;
                @field(to, name)[to_first..][0..lanes.count].* = part;
            }
        }

        inline fn store(events: *const Events, first: usize, output: *const Output, epoch: f64) void {
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
            return @as(@Vector(8, f64), @bitCast(bits)) + @as(@Vector(8, f64), @splat(epoch - offset));
        }
    };
}
