//! A picture that kernels write to in the place of columns (`output.zig`). Accumulators lend theirs: they decide where it
//! begins and which times it takes.

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
};
