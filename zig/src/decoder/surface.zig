//! A picture that kernels write to in the place of columns (`output.zig`). Accumulators lend theirs: they decide where it
//! begins and which times it takes.

const kinds = @import("../kinds.zig");

/// `extern`, because kernels compiled for other CPU levels write to the same picture.
pub const Surface = extern struct {
    pixels: extern union {
        /// The time since the origin, µs, times two, + 1 where ON.
        stamps: [*]u32,
        /// ON minus OFF events, which stay at the ends of their range.
        counts: [*]i16,
    },
    kind: Kind,
    /// Of a row.
    width: u32,
    /// Of stamps: whole µs.
    origin: f64 = 0,
    /// Times that the picture takes: from `start` on, below `end`.
    start: f64,
    end: f64,
    /// What has been added.
    events: u64 = 0,
    on_events: u64 = 0,

    pub const Kind = enum(u32) { stamps, counts };

    /// Pixels behind the last one that may be read and written back.
    pub const slack = 16;

    pub fn takes(surface: *const Surface, t: f64) bool {
        return t >= surface.start and t < surface.end;
    }

    /// From which TIME_LOW on the picture does not take the times of a TIME_HIGH of EVT3 that begins at `epoch`; 0x1000
    /// where it takes all.
    pub fn lowEnd(surface: *const Surface, epoch: f64) u16 {
        return @intFromFloat(@min(@max(surface.end - epoch, 0), 0x1000));
    }

    /// Whole µs since the origin, modulo 2^32: a TIME_HIGH may begin before the origin.
    pub fn sinceOrigin(surface: *const Surface, t: f64) u32 {
        return @truncate(@as(u64, @bitCast(@as(i64, @intFromFloat(t - surface.origin)))));
    }

    /// Puts all events of a decoder's columns into the picture. False, and nothing done, where it does not take a time.
    pub noinline fn add(surface: *Surface, columns: *const kinds.Polarity) bool {
        const count = columns.count;
        if (count == 0) return true;
        if (!surface.takes(columns.t[0]) or !surface.takes(columns.t[count - 1])) return false;
        for (columns.t[0..count], columns.x[0..count], columns.y[0..count], columns.on[0..count]) |t, x, y, on| {
            const pixel = @as(usize, y) * surface.width + x;
            switch (surface.kind) {
                .stamps => surface.pixels.stamps[pixel] = surface.sinceOrigin(t) << 1 | on,
                .counts => surface.pixels.counts[pixel] +|= @as(i16, on) * 2 - 1,
            }
            surface.on_events += on;
        }
        surface.events += count;
        return true;
    }
};
