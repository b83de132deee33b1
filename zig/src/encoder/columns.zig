//! What encoders read: columns of events and triggers, lent by the caller, and how far into them the words have come.
//!
//! The caller may change the columns meanwhile, as shared memory can be. `check.zig` has looked at them before, but no
//! encoder relies on it: a value is read once and cut to its bits, and each loop ends.

const std = @import("std");

pub const Events = extern struct {
    t: [*]align(1) const f64,
    x: [*]align(1) const u16,
    y: [*]align(1) const u16,
    on: [*]const u8,
    count: usize,

    /// µs
    pub inline fn time(events: *const Events, index: usize) i64 {
        return wholeOf(events.t[index]);
    }

    /// Pixels of one time, row and polarity in 32 neighbouring columns: bit i is one at `base` + i.
    pub const Group = struct { pixels: u32, length: usize };

    /// The columns that a group can have with this one: they begin at a multiple of 32.
    pub const group_columns = 32;

    pub inline fn baseOf(x: u16) u16 {
        return x / group_columns * group_columns;
    }

    /// Whether an event is of the group of the event before. Columns ascend in a group, so that its order is that of its
    /// bits.
    pub inline fn joins(events: *const Events, index: usize) bool {
        const x = events.x[index];
        const before = events.x[index - 1];
        return x > before and x ^ before < group_columns and events.t[index] == events.t[index - 1] and
            events.y[index] == events.y[index - 1] and events.on[index] == events.on[index - 1];
    }

    /// The longest group from an event on.
    pub inline fn groupAt(events: *const Events, index: usize, until: usize) Group {
        const last = @min(until, index + group_columns);
        var next = index + 1;
        while (next < last and events.joins(next)) next += 1;
        const length = next - index;
        return .{ .pixels = events.pixels(index, length), .length = length };
    }

    /// The bits of a group's columns.
    pub inline fn pixels(events: *const Events, index: usize, length: usize) u32 {
        const first = events.x[index];
        const last = events.x[index + length - 1];
        // Without gaps: most of a flash.
        if (last -% first == length - 1) return @truncate(((@as(u64, 1) << @intCast(length % 64)) - 1) << @intCast(first % group_columns));
        var all: u32 = 0;
        for (events.x[index..][0..length]) |x| all |= @as(u32, 1) << @intCast(x % group_columns);
        return all;
    }
};

pub const Triggers = extern struct {
    t: [*]align(1) const f64,
    id: [*]const u8,
    edge: [*]const u8,
    count: usize,

    pub inline fn time(triggers: *const Triggers, index: usize) i64 {
        return wholeOf(triggers.t[index]);
    }
};

pub const Columns = extern struct {
    events: Events,
    triggers: Triggers,
    /// The first event and the first trigger without words.
    event: usize = 0,
    trigger: usize = 0,

    /// Where the events end that are earlier than the next trigger. At the same time, the trigger comes first.
    pub fn eventsBeforeTrigger(columns: *const Columns) usize {
        if (columns.trigger == columns.triggers.count) return columns.events.count;
        const t = columns.triggers.t[columns.trigger];
        var low = columns.event;
        var high = low;
        // The next trigger is near, where there are many.
        var step: usize = 64;
        while (high < columns.events.count and columns.events.t[high] < t) : (step *|= 2) {
            low = high;
            high = @min(columns.events.count, high +| step);
        }
        while (low < high) {
            const middle = low + (high - low) / 2;
            if (columns.events.t[middle] < t) low = middle + 1 else high = middle;
        }
        return low;
    }
};

/// A number from 0 to 2^52 - 1 as an integer: in the sum, its bits are the lowest. Others become any number of 52 bits;
/// to convert one that no integer has would be undefined.
inline fn wholeOf(t: f64) i64 {
    return @bitCast(@as(u64, @bitCast(t + 0x1p52)) & (1 << 52) - 1);
}

test "times are whole numbers, and what is no number stays within its bits" {
    for ([_]f64{ 0, 1, 4095, 0x1p42 - 1, 0x1p52 - 1 }) |t| {
        try std.testing.expectEqual(t, @as(f64, @floatFromInt(wholeOf(t))));
    }
    for ([_]f64{ -1, 0x1p60, std.math.nan(f64), std.math.inf(f64), -std.math.inf(f64) }) |t| {
        try std.testing.expect(wholeOf(t) >= 0);
    }
}
