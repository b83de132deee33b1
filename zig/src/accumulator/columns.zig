//! Events for an accumulator, and what became of them.

/// Columns of the caller, who may change them meanwhile where they are shared memory: each value is read once.
pub const Columns = struct {
    t: [*]align(1) const f64,
    x: [*]align(1) const u16,
    y: [*]align(1) const u16,
    on: [*]const u8,
    count: usize,

    /// The events from `start` on.
    pub fn from(columns: Columns, start: usize) Columns {
        return .{
            .t = columns.t + start,
            .x = columns.x + start,
            .y = columns.y + start,
            .on = columns.on + start,
            .count = columns.count - start,
        };
    }
};

/// What one call has added.
pub const Added = struct {
    events: u64 = 0,
    on_events: u64 = 0,
    /// Events beyond the picture, or with an impossible time, which were left out.
    outside: u64 = 0,
};

/// Times from here on are impossible, as those below 0 are: 2^51 µs are 71 years.
pub const time_limit = 0x1p51;

pub fn isTime(t: f64) bool {
    return t >= 0 and t < time_limit;
}

/// The nearest whole number, for times.
pub inline fn whole(t: f64) f64 {
    // What has no place in a number of this size is rounded away.
    return (t + 0x1p52) - 0x1p52;
}
