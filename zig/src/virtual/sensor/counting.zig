//! A stream in which every event tells its own place, so that a program can see exactly which events are missing. Event
//! n comes at t = n * interval_us. Of its number within a round, the remainders by width and height are its pixel, and
//! the lowest bit is its polarity.
//!
//!     TIME_HIGH  TIME_LOW ADDR_Y ADDR_X  TIME_LOW ADDR_Y ADDR_X  …  TIME_HIGH  TIME_LOW ADDR_Y ADDR_X  …
//!     └─ 4096 µs: 2 + 6 * 4096 / interval_us bytes ──────────────┘
//!
//! So the position of an event's bytes follows from its time, and vice versa.

const std = @import("std");
const looped_stream = @import("looped_stream.zig");
const Size = @import("size.zig").Size;

/// A round: after it everything but the time repeats.
pub const period_us = 256 * looped_stream.time_high_us;

/// The caller frees the loop. The interval divides 4096.
pub fn build(allocator: std.mem.Allocator, interval_us: u64, size: Size) error{OutOfMemory}!looped_stream.LoopedStream {
    var builder: looped_stream.Builder = .{ .allocator = allocator, .slot_us = 64 };
    defer builder.deinit();
    for (0..@intCast(period_us / interval_us)) |number| {
        const time_us = number * interval_us;
        const low: u12 = @intCast(time_us % looped_stream.time_high_us);
        if (low == 0) try builder.addTimeHigh(time_us / looped_stream.time_high_us);
        try builder.addTimeLow(low);
        try builder.add(@intCast(number % size.height));
        try builder.add(@intCast(0x2000 | (number & 1) << 11 | number % size.width));
    }
    return builder.finish(period_us, 0);
}

test "the place of an event follows from its time" {
    const interval_us = 8;
    const size: Size = .{ .width = 640, .height = 480 };
    var loop = try build(std.testing.allocator, interval_us, size);
    defer loop.deinit(std.testing.allocator);
    const block = 2 + 6 * 4096 / interval_us;
    try std.testing.expectEqual(256 * block, loop.bytes.len);
    const time_us = 4096 * 300 + 4000; // in the second round
    var words: [6]u8 = undefined;
    loop.copy(300 * block + 2 + 6 * 4000 / interval_us, false, &words);
    const number = (time_us - period_us) / interval_us;
    try std.testing.expectEqual(0x6000 | 4000, std.mem.readInt(u16, words[0..2], .little));
    try std.testing.expectEqual(number % size.height, std.mem.readInt(u16, words[2..4], .little));
    try std.testing.expectEqual(0x2000 | (number & 1) << 11 | number % size.width, std.mem.readInt(u16, words[4..6], .little));
}
