//! The last event of each pixel, as one number, its stamp:
//!
//!     stamp   =  (t - origin) * 2 + on      0: none
//!     t - origin, µs:   1 ...... 2^30 ...... 2^31 - 1
//!
//! Where a time does not fit, the origin is moved to 2^30 µs before it, and all stamps with it. Pixels that then have no
//! stamp any more are forgotten, and so are all events of that age when they are looked at: whether the origin was moved
//! makes no difference.

const std = @import("std");
const columns_module = @import("columns.zig");
const Surface = @import("../decoder/decoder.zig").Surface;
const Added = columns_module.Added;
const Columns = columns_module.Columns;
const run_length = columns_module.run_length;

/// An event is forgotten at this age, µs.
pub const memory_us = 1 << 30;

const limit = 1 << 31;

pub const LastEvents = struct {
    width: u32,
    height: u32,
    /// Aligned, so that a group of vectors lies in as few cache lines as it can.
    stamps: []align(64) u32,
    /// Whole µs; NaN before the first event.
    origin: f64 = std.math.nan(f64),

    pub fn clear(last: *LastEvents) void {
        @memset(last.stamps, 0);
    }

    pub fn reset(last: *LastEvents) void {
        last.clear();
        last.origin = std.math.nan(f64);
    }

    /// Adds events of any kind. Those beyond the picture and those with an impossible time are left out.
    pub fn add(last: *LastEvents, columns: Columns) Added {
        var added: Added = .{};
        var position: usize = 0;
        while (position < columns.count) {
            position += last.addUntilOutside(columns.from(position), &added);
            if (position == columns.count) break;
            // The event is read again, and may be another one now.
            const t = columns.t[position];
            const is_inside = columns.x[position] < last.width and columns.y[position] < last.height;
            if (columns_module.isTime(t) and is_inside) last.follow(t) else {
                added.outside += 1;
                position += 1;
            }
        }
        return added;
    }

    /// Ends before an event that is outside, or whose time does not fit. Returns how many events.
    fn addUntilOutside(last: *LastEvents, columns: Columns, added: *Added) usize {
        const stamps = last.stamps.ptr;
        const width = last.width;
        const height = last.height;
        const shift = 0x1p52 - last.origin;
        var on_events: usize = 0;
        const count = for (0..columns.count) |index| {
            const x: u32 = columns.x[index];
            const y: u32 = columns.y[index];
            const t = columns.t[index];
            const since = sinceOrigin(t, shift);
            if (x >= width or y >= height or !columns_module.isTime(t) or since -% 1 >= limit - 1) break index;
            const on = @intFromBool(columns.on[index] != 0);
            stamps[@as(usize, y) * width + x] = @as(u32, @truncate(since)) << 1 | on;
            on_events += on;
        } else columns.count;
        added.events += count;
        added.on_events += on_events;
        return count;
    }

    /// Adds events of a decoder: within the picture, at whole times that never decrease, ON as 0 or 1.
    pub fn addDecoded(last: *LastEvents, columns: Columns) Added {
        if (columns.count == 0) return .{};
        if (!last.fits(columns.t[0]) or !last.fits(columns.t[columns.count - 1])) {
            last.follow(columns.t[columns.count - 1]);
            if (!last.fits(columns.t[0])) return last.add(columns);
        }
        const stamps = last.stamps.ptr;
        const width: usize = last.width;
        const shift = 0x1p52 - last.origin;
        var index: usize = 0;
        while (index + run_length <= columns.count) : (index += run_length) {
            columns.fetchAhead(index, stamps, width);
            if (columns.isRun(index)) {
                stamps[columns.pixel(index, width)..][0..run_length].* = @splat(stampOf(columns, index, shift));
                continue;
            }
            inline for (0..run_length) |lane| {
                stamps[columns.pixel(index + lane, width)] = stampOf(columns, index + lane, shift);
            }
        }
        while (index < columns.count) : (index += 1) {
            stamps[columns.pixel(index, width)] = stampOf(columns, index, shift);
        }
        return .{ .events = columns.count, .on_events = columns_module.sumOf(columns.on[0..columns.count]) };
    }

    /// For decoders that store stamps themselves: times that fit. Null before the first event.
    pub fn surface(last: *LastEvents) ?Surface {
        if (std.math.isNan(last.origin)) return null;
        return .{
            .pixels = .{ .stamps = last.stamps.ptr },
            .kind = .stamps,
            .width = last.width,
            .origin = last.origin,
            .start = last.origin + 1,
            .end = last.origin + limit,
        };
    }

    fn fits(last: *const LastEvents, t: f64) bool {
        return sinceOrigin(t, 0x1p52 - last.origin) -% 1 < limit - 1;
    }

    /// Moves the origin so that a time fits, which is possible.
    noinline fn follow(last: *LastEvents, t: f64) void {
        // Even, so that halves are rounded to the same number wherever the origin is.
        const origin = 2 * @floor(columns_module.whole(t) / 2) - memory_us;
        const moved = origin - last.origin;
        last.origin = origin;
        // Before the first event there is no stamp.
        if (std.math.isNan(moved)) return;
        if (moved >= limit) return last.clear();
        if (moved > 0) {
            const by = @as(u32, @intFromFloat(moved)) << 1;
            for (last.stamps) |*stamp| stamp.* = if (stamp.* > by + 1) stamp.* - by else 0;
            return;
        }
        // The time has gone back. What is later than can be said has the latest time.
        const by: u32 = @intFromFloat(@min(-moved, limit - 1));
        for (last.stamps) |*stamp| if (stamp.* != 0) {
            stamp.* = @min(@as(u32, limit) - 1, (stamp.* >> 1) + by) << 1 | (stamp.* & 1);
        };
    }

    /// A time as stamps have it, for `ageOf`.
    pub fn now(last: *const LastEvents, t: f64) u32 {
        const since = columns_module.whole(t) - last.origin;
        return if (since > 0) @intFromFloat(@min(since, std.math.maxInt(u32))) else 0;
    }
};

/// How long ago the event of a stamp was, µs; 0 where it is later.
pub inline fn ageOf(stamp: u32, now: u32) u32 {
    return now -| (stamp >> 1);
}

/// µs as a whole number, in the low bits of the double. A huge number for what is before the origin, and for NaN.
inline fn sinceOrigin(t: f64, shift: f64) u64 {
    return @as(u64, @bitCast(t + shift)) -% @as(u64, @bitCast(@as(f64, 0x1p52)));
}

inline fn stampOf(columns: Columns, index: usize, shift: f64) u32 {
    return @as(u32, @truncate(@as(u64, @bitCast(columns.t[index] + shift)))) << 1 | columns.on[index];
}
