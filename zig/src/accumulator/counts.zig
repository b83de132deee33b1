//! ON minus OFF events of each pixel: all of them (`count`), or those of the last few periods, each in a plane of its own
//! (`voxel`). Planes are used in turns: the newest one takes the place of the oldest.
//!
//!     bin         ...  7   8   9   10  11           a bin is floor(t / bin_us); of five, 11 is the newest
//!     plane            2   3   4   0   1            bin modulo the number of planes
//!
//! A count stays at the ends of its range.

const std = @import("std");
const columns_module = @import("columns.zig");
const Surface = @import("../decoder/decoder.zig").Surface;
const Added = columns_module.Added;
const Columns = columns_module.Columns;
const run_length = columns_module.run_length;

pub const Counts = struct {
    width: u32,
    height: u32,
    /// Plane after plane, aligned as stamps are.
    planes: []align(64) i16,
    bins: u32,
    /// µs, whole; infinite for `count`, which has one bin for all times.
    bin_us: f64,
    /// The newest bin; NaN before the first event.
    newest: f64 = std.math.nan(f64),

    pub fn clear(counts: *Counts) void {
        @memset(counts.planes, 0);
    }

    pub fn reset(counts: *Counts) void {
        counts.clear();
        counts.newest = std.math.nan(f64);
    }

    /// Adds events of any kind. Those beyond the picture, those with an impossible time and those before the oldest bin
    /// are left out.
    pub fn add(counts: *Counts, columns: Columns) Added {
        var added: Added = .{};
        var position: usize = 0;
        while (position < columns.count) {
            const part = columns.from(position);
            const t = part.t[0];
            const bin = if (columns_module.isTime(t)) counts.binOf(t) else std.math.nan(f64);
            const plane = counts.planeFor(bin) orelse {
                added.outside += 1;
                position += 1;
                continue;
            };
            position += counts.addOfBin(plane, bin, part, &added);
        }
        return added;
    }

    /// Adds events of a decoder: within the picture, at whole times that never decrease, ON as 0 or 1.
    pub fn addDecoded(counts: *Counts, columns: Columns) Added {
        var added: Added = .{};
        var rest = columns;
        while (rest.count > 0) {
            const bin = counts.binOf(rest.t[0]);
            const plane = counts.planeFor(bin) orelse {
                // Of a decoder that was reset, whose times begin again.
                added.plus(counts.add(rest));
                break;
            };
            const count = if (counts.bin_us == std.math.inf(f64)) rest.count else rest.countBefore((bin + 1) * counts.bin_us);
            counts.addToPlane(plane, rest, count);
            added.plus(.{ .events = count, .on_events = columns_module.sumOf(rest.on[0..count]) });
            rest = rest.from(count);
        }
        return added;
    }

    /// For decoders that count themselves: the newest bin. Null before the first event.
    pub fn surface(counts: *Counts) ?Surface {
        if (std.math.isNan(counts.newest)) return null;
        const start = counts.startOf(counts.newest);
        return .{
            .pixels = .{ .counts = counts.planeOf(counts.newest).ptr },
            .kind = .counts,
            .width = counts.width,
            .start = start,
            .end = start + @min(counts.bin_us, columns_module.time_limit),
        };
    }

    fn addToPlane(counts: *const Counts, plane: []i16, columns: Columns, count: usize) void {
        const width: usize = counts.width;
        var index: usize = 0;
        while (index + run_length <= count) : (index += run_length) {
            columns.fetchAhead(index, plane.ptr, width);
            if (columns.isRun(index)) {
                const pixels = plane[@as(usize, columns.y[index]) * width + columns.x[index] ..][0..run_length];
                const some: @Vector(run_length, i16) = pixels.*;
                pixels.* = some +| @as(@Vector(run_length, i16), @splat(stepOf(columns.on[index])));
                continue;
            }
            inline for (0..run_length) |lane| plane[columns.pixel(index + lane, width)] +|= stepOf(columns.on[index + lane]);
        }
        while (index < count) : (index += 1) plane[columns.pixel(index, width)] +|= stepOf(columns.on[index]);
    }

    /// Adds events of one bin, and ends before one of another. Returns how many it has looked at.
    fn addOfBin(counts: *const Counts, plane: []i16, bin: f64, columns: Columns, added: *Added) usize {
        const width = counts.width;
        const height = counts.height;
        const start = counts.startOf(bin);
        const end = start + @min(counts.bin_us, columns_module.time_limit);
        var outside: usize = 0;
        var on_events: usize = 0;
        const count = for (0..columns.count) |index| {
            const t = columns_module.whole(columns.t[index]);
            // The first one was in the bin when it was looked at.
            if (!(t >= start and t < end) and index > 0) break index;
            const x: u32 = columns.x[index];
            const y: u32 = columns.y[index];
            if (x >= width or y >= height) {
                outside += 1;
                continue;
            }
            const on = @intFromBool(columns.on[index] != 0);
            const pixel = &plane[@as(usize, y) * width + x];
            pixel.* +|= @as(i16, on) * 2 - 1;
            on_events += on;
        } else columns.count;
        added.events += count - outside;
        added.on_events += on_events;
        added.outside += outside;
        return count;
    }

    /// The bin of a time; 0 where there is one for all.
    pub fn binOf(counts: *const Counts, t: f64) f64 {
        return @floor(columns_module.whole(t) / counts.bin_us);
    }

    fn startOf(counts: *const Counts, bin: f64) f64 {
        return if (counts.bin_us == std.math.inf(f64)) 0 else bin * counts.bin_us;
    }

    /// The plane of a bin, which becomes the newest one if it is later; null for one before the oldest, and for NaN.
    fn planeFor(counts: *Counts, bin: f64) ?[]i16 {
        if (std.math.isNan(bin)) return null;
        if (std.math.isNan(counts.newest)) counts.newest = bin;
        if (bin <= counts.newest - @as(f64, @floatFromInt(counts.bins))) return null;
        while (counts.newest < bin) {
            // More than all planes are not to be cleared.
            counts.newest = @max(counts.newest + 1, bin - @as(f64, @floatFromInt(counts.bins)));
            @memset(counts.planeOf(counts.newest), 0);
        }
        return counts.planeOf(bin);
    }

    /// The plane of one of the last bins.
    pub fn planeOf(counts: *const Counts, bin: f64) []i16 {
        const size = @as(usize, counts.width) * counts.height;
        const index: usize = @intFromFloat(@mod(bin, @as(f64, @floatFromInt(counts.bins))));
        return counts.planes[index * size ..][0..size];
    }

    /// The plane that is the given one, the oldest is 0, of the picture at a time; null where nothing is known, as the
    /// time is later than the newest bin.
    pub fn planeAt(counts: *const Counts, t: f64, index: usize) ?[]i16 {
        if (std.math.isNan(counts.newest)) return null;
        const bins: f64 = @floatFromInt(counts.bins);
        const last = @max(counts.newest, counts.binOf(t));
        const bin = last - bins + 1 + @as(f64, @floatFromInt(index));
        return if (bin <= counts.newest and bin > counts.newest - bins and bin >= 0) counts.planeOf(bin) else null;
    }
};

inline fn stepOf(on: u8) i16 {
    return @as(i16, on) * 2 - 1;
}
