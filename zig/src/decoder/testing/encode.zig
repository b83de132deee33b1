//! An encoder of EVT3, for tests and benchmarks: events to words as a sensor would send them.

const std = @import("std");
const words = @import("../evt3/words.zig");
const Word = words.Word;

pub const Event = struct { t: u64, x: u16, y: u16, on: u8 };
pub const Trigger = struct { t: u64, id: u8, rising: u8 };

pub const Encoder = struct {
    gpa: std.mem.Allocator,
    words: std.ArrayList(u16) = .empty,
    time_high: ?u64 = null,
    time_low: u64 = 0,
    y: ?u16 = null,

    pub fn deinit(encoder: *Encoder) void {
        encoder.words.deinit(encoder.gpa);
    }

    pub fn put(encoder: *Encoder, kind: words.Kind, payload: u12) !void {
        try encoder.words.append(encoder.gpa, Word.of(kind, payload));
    }

    /// Times must not decrease.
    pub fn time(encoder: *Encoder, t: u64) !void {
        const high = t >> 12;
        if (encoder.time_high) |previous| {
            // A sensor leaves out no TIME_HIGH, also where there are no events.
            var step = previous;
            while (step < high) : (encoder.time_low = 0) {
                step += 1;
                try encoder.put(.time_high, @truncate(step));
            }
        } else try encoder.put(.time_high, @truncate(high));
        encoder.time_high = high;
        if (encoder.time_low != t & 0xfff) try encoder.put(.time_low, @truncate(t));
        encoder.time_low = t & 0xfff;
    }

    pub fn trigger(encoder: *Encoder, item: Trigger) !void {
        try encoder.time(item.t);
        try encoder.put(.trigger, @bitCast(words.Trigger{ .id = @intCast(item.id), .rising = @intCast(item.rising) }));
    }

    /// Events in order of time. With `vectors`, neighbours of one row, time and polarity share vector words.
    pub fn events(encoder: *Encoder, list: []const Event, vectors: bool) !void {
        var rest = list;
        while (rest.len > 0) {
            const first = rest[0];
            try encoder.time(first.t);
            if (encoder.y != first.y) try encoder.put(.address_y, @intCast(first.y));
            encoder.y = first.y;
            const run = if (vectors) runLength(rest) else 1;
            if (run == 1) {
                try encoder.put(.address_x, column(first.x, first.on));
            } else try encoder.vector(rest[0..run]);
            rest = rest[run..];
        }
    }

    /// Events of ascending x within 32 columns.
    fn vector(encoder: *Encoder, run: []const Event) !void {
        const base = run[0].x;
        var pixels: u32 = 0;
        for (run) |event| pixels |= @as(u32, 1) << @intCast(event.x - base);
        try encoder.put(.vector_base, column(base, run[0].on));
        try encoder.put(.vector_12, @truncate(pixels));
        try encoder.put(.vector_12, @truncate(pixels >> 12));
        try encoder.put(.vector_8, @intCast(pixels >> 24));
    }

    fn runLength(list: []const Event) usize {
        const first = list[0];
        var previous = first.x;
        for (list[1..], 1..) |event, length| {
            if (event.t != first.t or event.y != first.y or event.on != first.on) return length;
            if (event.x <= previous or event.x >= first.x + 32) return length;
            previous = event.x;
        }
        return list.len;
    }
};

fn column(x: u16, on: u8) u12 {
    return @bitCast(words.Column{ .x = @intCast(x), .on = @intCast(on) });
}
