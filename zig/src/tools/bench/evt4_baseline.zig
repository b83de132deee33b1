//! The baseline of EVT4 (see baseline.zig).

const Event = @import("baseline.zig").Event;

pub const Baseline = struct {
    pub const Word = u32;

    width: u16,
    height: u16,
    overflows: u64 = 0,
    time_high: u32 = 0,
    /// µs, of the last TIME_HIGH.
    base: u64 = 0,
    vector: ?u32 = null,

    /// Appends to `events` from `count` on and returns the new count. Aligned as EVT3's.
    pub noinline fn decode(self: *Baseline, input: []align(1) const u32, events: []Event, count: usize) align(64) usize {
        var length = count;
        for (input) |word| {
            if (self.vector) |vector| {
                self.vector = null;
                for (0..32) |bit| {
                    if (word >> @intCast(bit) & 1 != 0) length = self.add(vector, @intCast(bit), events, length);
                }
                continue;
            }
            switch (word >> 28) {
                0xa, 0xb => length = self.add(word, 0, events, length),
                0xc, 0xd => self.vector = word,
                0xe => {
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

    inline fn add(self: *const Baseline, word: u32, offset: u16, events: []Event, length: usize) usize {
        const x = @as(u16, @intCast(word >> 11 & 0x7ff)) + offset;
        const y: u16 = @intCast(word & 0x7ff);
        if (x >= self.width or y >= self.height or length == events.len) return length;
        events[length] = .{ .t = self.base + (word >> 22 & 0x3f), .x = x, .y = y, .on = @intCast(word >> 28 & 1) };
        return length + 1;
    }
};
