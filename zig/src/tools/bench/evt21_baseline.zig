//! The baseline of EVT2.1 (see baseline.zig).

const std = @import("std");
const ByteOrder = @import("../../decoder/evt21/decode.zig").ByteOrder;
const Event = @import("baseline.zig").Event;

pub fn Baseline(comptime order: ByteOrder) type {
    return struct {
        const Self = @This();
        pub const Word = u64;

        width: u16,
        height: u16,
        overflows: u64 = 0,
        time_high: u32 = 0,
        /// µs, of the last TIME_HIGH.
        base: u64 = 0,

        /// Appends to `events` from `count` on and returns the new count. Aligned as EVT3's.
        pub noinline fn decode(self: *Self, input: []align(1) const u64, events: []Event, count: usize) align(64) usize {
            var length = count;
            for (input) |bits| {
                const word = if (order == .legacy) std.math.rotl(u64, bits, 32) else bits;
                switch (word >> 60) {
                    0x0, 0x1 => length = self.vector(word, events, length),
                    0x8 => {
                        const time_high: u32 = @intCast(word >> 32 & 0xfff_ffff);
                        if (time_high < self.time_high) self.overflows += 1;
                        self.time_high = time_high;
                        self.base = self.overflows << 34 | @as(u64, time_high) << 6;
                    },
                    else => {},
                }
            }
            return length;
        }

        /// Goes from set bit to set bit: most words have few of their 32. The edge is checked once a word. With a check
        /// of every pixel the loop was a third faster or slower, depending on where the compiler placed it.
        fn vector(self: *const Self, word: u64, events: []Event, count: usize) usize {
            var length = count;
            const y: u16 = @intCast(word >> 32 & 0x7ff);
            if (y >= self.height) return length;
            const first: u16 = @intCast(word >> 43 & 0x7ff);
            const t = self.base + (word >> 54 & 0x3f);
            const on: u8 = @intCast(word >> 60);
            var pixels: u32 = @truncate(word);
            const columns = self.width -| first;
            if (columns < 32) {
                @branchHint(.cold);
                pixels &= (@as(u32, 1) << @intCast(columns)) - 1;
            }
            while (pixels != 0) : (pixels &= pixels - 1) {
                if (length == events.len) return length;
                events[length] = .{ .t = t, .x = first + @as(u16, @ctz(pixels)), .y = y, .on = on };
                length += 1;
            }
            return length;
        }
    };
}
