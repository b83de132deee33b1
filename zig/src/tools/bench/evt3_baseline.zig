//! The baseline of EVT3 (see baseline.zig).

const Event = @import("baseline.zig").Event;

pub const Baseline = struct {
    pub const Word = u16;

    width: u16,
    height: u16,
    overflows: u64 = 0,
    time_high: u16 = 0,
    time_low: u16 = 0,
    t: u64 = 0,
    x: u16 = 0,
    y: u16 = 0,
    on: u8 = 0,

    /// Appends to `events` from `count` on and returns the new count. Not inlined and at the beginning of a cache line,
    /// so that its speed does not depend on the code around it.
    pub noinline fn decode(self: *Baseline, input: []align(1) const u16, events: []Event, count: usize) align(64) usize {
        var length = count;
        for (input) |word| {
            const payload = word & 0xfff;
            switch (word >> 12) {
                0x0 => self.y = payload & 0x7ff,
                0x2 => {
                    const x = payload & 0x7ff;
                    if (x < self.width and self.y < self.height) {
                        if (length == events.len) return length;
                        events[length] = .{ .t = self.t, .x = x, .y = self.y, .on = @intCast(payload >> 11) };
                        length += 1;
                    }
                },
                0x3 => {
                    self.x = payload & 0x7ff;
                    self.on = @intCast(payload >> 11);
                },
                0x4 => length = self.vector(payload, 12, events, length),
                0x5 => length = self.vector(payload, 8, events, length),
                0x6 => {
                    self.time_low = payload;
                    self.updateTime();
                },
                0x8 => if (payload != self.time_high) {
                    if (payload < self.time_high) self.overflows += 1;
                    self.time_high = payload;
                    self.time_low = 0;
                    self.updateTime();
                },
                else => {},
            }
        }
        return length;
    }

    fn vector(self: *Baseline, pixels: u16, comptime size: u16, events: []Event, count: usize) usize {
        var length = count;
        if (self.y < self.height) {
            for (0..size) |bit| {
                if (pixels >> @intCast(bit) & 1 == 0) continue;
                const x = self.x + @as(u16, @intCast(bit));
                if (x >= self.width) continue;
                if (length == events.len) return length;
                events[length] = .{ .t = self.t, .x = x, .y = self.y, .on = self.on };
                length += 1;
            }
        }
        self.x +%= size;
        return length;
    }

    fn updateTime(self: *Baseline) void {
        const t = self.overflows << 24 | @as(u64, self.time_high) << 12 | self.time_low;
        if (t > self.t) self.t = t;
    }
};
