//! Eight events at once, for EVT2 and for EVT2.1, whose upper halves are words of EVT2.

const Events = @import("columns.zig").Events;
const clock = @import("evt2_clock.zig");

pub const lanes = 8;

pub const Block = struct {
    /// Of each event, its word, and bits 33:6 of its time.
    words: Lanes,
    highs: Lanes,
    /// Events before which TIME_HIGH changes.
    changes: Mask,
    /// Events that have time, row, polarity and group of the event before, and a higher column.
    joins: Mask,

    /// There is an event before these.
    pub inline fn of(events: *const Events, first: usize) Block {
        const t, const high = times(events, first);
        const t_before, const high_before = times(events, first - 1);
        const x = widened(events.x[first..][0..lanes].*);
        const y = widened(events.y[first..][0..lanes].*);
        const on = widened(events.on[first..][0..lanes].*);
        const x_before = widened(events.x[first - 1 ..][0..lanes].*);
        const y_before = widened(events.y[first - 1 ..][0..lanes].*);
        const on_before = widened(events.on[first - 1 ..][0..lanes].*);
        return .{
            .words = (on & all(1)) << @splat(28) | (t & all(0x3f)) << @splat(22) | (x & all(0x7ff)) << @splat(11) |
                (y & all(0x7ff)),
            .highs = high,
            .changes = high != high_before,
            .joins = (x > x_before) & ((x ^ x_before) < all(Events.group_columns)) & (t == t_before) & (high == high_before) &
                (y == y_before) & (on == on_before),
        };
    }

    const Lanes = @Vector(lanes, u32);
    const Mask = @Vector(lanes, bool);

    /// The lower 32 bits of the times, and bits 33:6.
    inline fn times(events: *const Events, first: usize) struct { Lanes, Lanes } {
        const t: @Vector(lanes, f64) = events.t[first..][0..lanes].*;
        // The sum's lowest bits are the number.
        const whole: @Vector(lanes, u64) = @bitCast(t + @as(@Vector(lanes, f64), @splat(0x1p52)));
        return .{ @truncate(whole), @as(Lanes, @truncate(whole >> @splat(clock.low_bits))) & all(clock.high_mask) };
    }

    inline fn widened(values: anytype) Lanes {
        return @as(@Vector(lanes, @TypeOf(values[0])), values);
    }

    inline fn all(value: u32) Lanes {
        return @splat(value);
    }
};
