//! The event trail filter: looks at the bursts of each pixel, which are events of one polarity with gaps below a
//! threshold.
//!
//!     kind     passes                              (OpenEB's names: TRAIL, STC_CUT_TRAIL, STC_KEEP_TRAIL)
//!     trail    the first event of a burst
//!     cut      the second one; a single event is noise
//!     keep     all but the first
//!
//! Source: OpenEB's documentation of the facility. The sensor keeps times in coarse steps, which another register sets
//! by the threshold; how it rounds is unknown, and not modelled: here they are exact.

const std = @import("std");
const width = @import("size.zig").width;
const height = @import("size.zig").height;

pub const Kind = enum { trail, cut, keep };

pub const Settings = struct {
    kind: Kind,
    threshold_us: u32,
};

pub const TrailFilter = struct {
    /// By rows; empty until the filter is first used.
    pixels: []Pixel = &.{},

    /// The last event of a pixel.
    const Pixel = packed struct(u64) {
        time_us: u61 = 0,
        on: u1 = 0,
        /// Which one of its burst it was, up to 3; 0: none yet.
        number: u2 = 0,
    };

    pub fn reserve(filter: *TrailFilter, allocator: std.mem.Allocator) error{OutOfMemory}!void {
        if (filter.pixels.len == 0) filter.pixels = try allocator.alloc(Pixel, width * height);
    }

    pub fn deinit(filter: *TrailFilter, allocator: std.mem.Allocator) void {
        allocator.free(filter.pixels);
    }

    /// No pixel has had an event.
    pub fn clear(filter: *TrailFilter) void {
        @memset(filter.pixels, .{});
    }

    /// Which of the pixels from x on pass, a bit each. Time never goes back.
    pub fn passing(filter: *TrailFilter, settings: Settings, time_us: u64, row: u16, x: u16, bits: u64, on: u1) u64 {
        if (row >= height) return bits;
        var left = bits;
        var rest = bits;
        while (rest != 0) : (rest &= rest - 1) {
            const column = x + @as(usize, @ctz(rest));
            if (column >= width) break;
            const pixel = &filter.pixels[@as(usize, row) * width + column];
            const begins = pixel.number == 0 or pixel.on != on or time_us - pixel.time_us >= settings.threshold_us;
            pixel.* = .{ .time_us = @intCast(time_us), .on = on, .number = if (begins) 1 else pixel.number +| 1 };
            const passes = switch (settings.kind) {
                .trail => pixel.number == 1,
                .cut => pixel.number == 2,
                .keep => pixel.number >= 2,
            };
            if (!passes) left &= ~(rest & (~rest +% 1));
        }
        return left;
    }
};

test "a burst ends with a gap of the threshold or with the other polarity" {
    const allocator = std.testing.allocator;
    const Case = struct { time_us: u64, on: u1, trail: u64, cut: u64, keep: u64 };
    const cases = [_]Case{
        .{ .time_us = 0, .on = 1, .trail = 1, .cut = 0, .keep = 0 },
        .{ .time_us = 999, .on = 1, .trail = 0, .cut = 1, .keep = 1 },
        .{ .time_us = 1998, .on = 1, .trail = 0, .cut = 0, .keep = 1 },
        .{ .time_us = 2997, .on = 1, .trail = 0, .cut = 0, .keep = 1 },
        .{ .time_us = 3996, .on = 1, .trail = 0, .cut = 0, .keep = 1 },
        .{ .time_us = 4996, .on = 1, .trail = 1, .cut = 0, .keep = 0 }, // the threshold
        .{ .time_us = 4997, .on = 0, .trail = 1, .cut = 0, .keep = 0 }, // the other polarity
        .{ .time_us = 4998, .on = 0, .trail = 0, .cut = 1, .keep = 1 },
    };
    inline for (.{ .trail, .cut, .keep }) |kind| {
        var filter: TrailFilter = .{};
        defer filter.deinit(allocator);
        try filter.reserve(allocator);
        filter.clear();
        for (cases) |case| {
            // Its neighbour has an event each time, in the same row of the same word.
            const left = filter.passing(.{ .kind = kind, .threshold_us = 1000 }, case.time_us, 719, 1277, 0b101, case.on);
            try std.testing.expectEqual(0b101 * @field(case, @tagName(kind)), left);
            const other = filter.passing(.{ .kind = kind, .threshold_us = 1000 }, case.time_us, 718, 0, 1 << 31, 0);
            if (kind == .trail) try std.testing.expectEqual(case.time_us == 0 or case.time_us == 4996, other != 0);
        }
        // Beyond the sensor there is no memory.
        const settings: Settings = .{ .kind = kind, .threshold_us = 1000 };
        try std.testing.expectEqual(0b110, filter.passing(settings, 10_000, 719, 1279, 0b111, 1) & 0b110);
        try std.testing.expectEqual(1, filter.passing(settings, 10_000, 720, 0, 1, 1));
    }
}
