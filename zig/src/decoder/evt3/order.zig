//! Which loop of the scalar kernel suits the rows, columns and times of a stream (quick.zig).

const std = @import("std");
const words = @import("words.zig");

pub const Order = enum {
    /// Branches on the kind of each word are predicted well.
    regular,
    irregular,

    /// As the words came that were counted between two states. A branch is mispredicted where a row has one more event,
    /// or where it has none, whichever is rarer; and where a row has a time of its own, or none. Each costs about as much
    /// as six words cost more in the irregular loop.
    pub fn between(before: *const words.KindCounts, after: *const words.KindCounts) Order {
        const rows = countBetween(before, after, .address_y);
        const columns = countBetween(before, after, .address_x);
        const times = countBetween(before, after, .time_low);
        const mispredicted = @min(columns -| rows, rows) + @min(times, rows -| times);
        return if (6 * mispredicted > rows + columns + times) .irregular else .regular;
    }
};

fn countBetween(before: *const words.KindCounts, after: *const words.KindCounts, kind: words.Kind) u64 {
    return after[@backingInt(kind)] - before[@backingInt(kind)];
}

test "the order depends on events of a row and on rows with a time" {
    const cases = [_]struct { rows: u64, columns: u64, times: u64, order: Order }{
        .{ .rows = 100, .columns = 100, .times = 0, .order = .regular },
        .{ .rows = 100, .columns = 100, .times = 100, .order = .regular },
        .{ .rows = 100, .columns = 100, .times = 10, .order = .regular },
        .{ .rows = 100, .columns = 100, .times = 50, .order = .irregular },
        .{ .rows = 100, .columns = 250, .times = 0, .order = .irregular },
        .{ .rows = 1, .columns = 250, .times = 0, .order = .regular },
        .{ .rows = 0, .columns = 0, .times = 0, .order = .regular },
    };
    const before: words.KindCounts = @splat(1000);
    for (cases) |case| {
        var after = before;
        after[@backingInt(words.Kind.address_y)] += case.rows;
        after[@backingInt(words.Kind.address_x)] += case.columns;
        after[@backingInt(words.Kind.time_low)] += case.times;
        try std.testing.expectEqual(case.order, Order.between(&before, &after));
    }
}
