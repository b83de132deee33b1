//! The baseline of EVT2 (see baseline.zig).

const Event = @import("baseline.zig").Event;

pub const Baseline = struct {
    pub const Word = u32;

    width: u16,
    height: u16,
    overflows: u64 = 0,
    time_high: u32 = 0,
    /// µs, of the last TIME_HIGH.
    base: u64 = 0,

    /// Appends to `events` from `count` on and returns the new count. Aligned as EVT3's.
    pub noinline fn decode(self: *Baseline, input: []align(1) const u32, events: []Event, count: usize) align(64) usize {
        var length = count;
        for (input) |word| {
            switch (word >> 28) {
                0x0, 0x1 => {
                    const x: u16 = @intCast(word >> 11 & 0x7ff);
                    const y: u16 = @intCast(word & 0x7ff);
                    if (x < self.width and y < self.height) {
                        if (length == events.len) return length;
                        const t = self.base + (word >> 22 & 0x3f);
                        events[length] = .{ .t = t, .x = x, .y = y, .on = @intCast(word >> 28) };
                        length += 1;
                    }
                },
                0x8 => {
                    const time_high = word & 0xfff_ffff;
                    if (time_high < self.time_high) self.overflows += 1;
                    self.time_high = time_high;
                    self.base = self.overflows << 34 | @as(u64, time_high) << 6;
                },
                else => {},
            }
        }
        return length;
    }
};
