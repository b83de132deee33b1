//! Every way into a picture against the definitions, which are written here once more, plainly: events are kept, and each
//! pixel's value is found by a look at all of them.

const std = @import("std");
const accumulator_module = @import("accumulator.zig");
const columns_module = @import("columns.zig");
const Accumulator = accumulator_module.Accumulator;
const Columns = accumulator_module.Columns;
const Fade = accumulator_module.Fade;
const View = accumulator_module.View;
const testing = std.testing;

test {
    _ = columns_module;
    _ = @import("drawing.zig");
    _ = @import("exponential.zig");
    _ = @import("levels.zig");
}

const width = 37;
const height = 5;
const size = width * height;

const Event = struct { t: f64, x: u16, y: u16, on: u8 };

/// Columns of events.
const Made = struct {
    list: std.MultiArrayList(Event) = .empty,

    fn add(made: *Made, event: Event) !void {
        try made.list.append(testing.allocator, event);
    }

    fn deinit(made: *Made) void {
        made.list.deinit(testing.allocator);
    }

    fn columns(made: *const Made) Columns {
        const slice = made.list.slice();
        return .{
            .t = slice.items(.t).ptr,
            .x = slice.items(.x).ptr,
            .y = slice.items(.y).ptr,
            .on = slice.items(.on).ptr,
            .count = slice.len,
        };
    }

    /// The last event of a pixel.
    fn lastOf(made: *const Made, pixel: usize) ?Event {
        var index = made.list.len;
        while (index > 0) {
            index -= 1;
            const event = made.list.get(index);
            if (event.x < width and event.y < height and @as(usize, event.y) * width + event.x == pixel) return event;
        }
        return null;
    }
};

/// As decoders give them: single events, vectors and whole groups, at times that never decrease.
fn makeDecoded(random: std.Random, start: f64, count: usize) !Made {
    var made: Made = .{};
    errdefer made.deinit();
    var t = start;
    while (made.list.len < count) {
        t += @floatFromInt(random.uintAtMost(u32, 50));
        const y = random.uintLessThan(u16, height);
        const on = random.int(u1);
        const x = random.uintLessThan(u16, width);
        const mask: u32 = if (random.boolean()) random.int(u32) else 0xffff_ffff;
        const length = if (random.boolean()) 1 else @min(32, width - x);
        for (0..length) |bit| {
            if (length > 1 and mask >> @intCast(bit) & 1 == 0) continue;
            try made.add(.{ .t = t, .x = x + @as(u16, @intCast(bit)), .y = y, .on = on });
        }
    }
    return made;
}

fn newAccumulator() !Accumulator {
    return .init(testing.allocator, .{ .width = width, .height = height, .kept = .last_events });
}

fn expectLastEvents(made: *const Made, accumulator: *Accumulator, t: f64) !void {
    var values: [size]f32 = undefined;
    accumulator.values(.{ .t = t, .fade = .time_surface }, &values);
    var signs: [size]f32 = undefined;
    accumulator.values(.{ .t = t, .fade = .window, .tau_us = 1_000_000_000 }, &signs);
    for (values, signs, 0..) |value, sign, pixel| {
        errdefer std.debug.print("pixel {d} at {d}\n", .{ pixel, t });
        const last = made.lastOf(pixel) orelse {
            try testing.expectEqual(std.math.inf(f32), value);
            try testing.expectEqual(0, sign);
            continue;
        };
        const age = @max(0, t - columns_module.whole(last.t));
        try testing.expectEqual(@as(f32, if (age < 1 << 30) @floatCast(age) else std.math.inf(f32)), value);
        try testing.expectEqual(@as(f32, if (age >= 1_000_000_000) 0 else if (last.on != 0) 1 else -1), sign);
    }
}

test "events of a decoder give the last event of each pixel, wherever they are cut" {
    var prng: std.Random.DefaultPrng = .init(testing.random_seed);
    const random = prng.random();
    for ([_]f64{ 0, 3, 16_777_215, 3.6e9, 0x1p42 }) |start| {
        var made = try makeDecoded(random, start, 40_000);
        defer made.deinit();
        for ([_]bool{ true, false }) |is_decoded| {
            var accumulator = try newAccumulator();
            defer accumulator.deinit(testing.allocator);
            var position: usize = 0;
            var on: u64 = 0;
            while (position < made.list.len) {
                var part = made.columns().from(position);
                part.count = random.intRangeAtMost(usize, 0, @min(part.count, 20_000));
                position += part.count;
                const added = accumulator.addDecoded(part, is_decoded);
                try testing.expectEqual(part.count, added.events);
                try testing.expectEqual(0, added.outside);
                on += added.on_events;
            }
            var expected: u64 = 0;
            for (made.list.items(.on)) |one| expected += one;
            try testing.expectEqual(expected, on);
            const last = made.list.items(.t)[made.list.len - 1];
            for ([_]f64{ 0, 1, 12_345, 1 << 30, 1 << 31, 0x1p50 }) |later| {
                try expectLastEvents(&made, &accumulator, last + later);
            }
        }
    }
}

test "times may take any steps forwards, and what is older than 2^30 us is forgotten" {
    var made: Made = .{};
    defer made.deinit();
    var accumulator = try newAccumulator();
    defer accumulator.deinit(testing.allocator);
    const steps = [_]f64{ 0, 1, (1 << 30) - 1, 1 << 30, (1 << 30) + 1, 1, (1 << 31) - 1, 1 << 31, 5, 1 << 40, 0, 0.5, 1 << 29, 1 << 29, 1 << 29 };
    var t: f64 = 12;
    for (steps, 0..) |step, index| {
        t += step;
        try made.add(.{ .t = t, .x = @intCast(index), .y = @intCast(index % height), .on = @intCast(index % 2) });
        const last = made.columns().from(made.list.len - 1);
        try testing.expectEqual(1, (if (index % 3 == 0) accumulator.add(last) else accumulator.addDecoded(last, true)).events);
        try expectLastEvents(&made, &accumulator, columns_module.whole(t));
    }
}

test "an event that is later than the time has age 0, also after times have gone back" {
    var accumulator = try newAccumulator();
    defer accumulator.deinit(testing.allocator);
    for ([_]f64{ 0x1p40, 5, 0x1p33 }, 0..) |t, index| {
        const x: u16 = @intCast(index);
        const added = accumulator.add(.{ .t = &[_]f64{t}, .x = &[_]u16{x}, .y = &[_]u16{0}, .on = &[_]u8{7}, .count = 1 });
        try testing.expectEqual(1, added.on_events);
        var values: [size]f32 = undefined;
        accumulator.values(.{ .t = t, .fade = .time_surface }, &values);
        try testing.expectEqual(0, values[index]);
    }
}

test "events beyond the picture and impossible times are left out and counted" {
    const inf = std.math.inf(f64);
    const t = [_]f64{ 10, 10, 10, -1, std.math.nan(f64), inf, -inf, 0x1p51, 1e300, 0x1p51 - 1, 10 };
    const x = [_]u16{ 0, width, 0, 1, 1, 1, 1, 1, 1, 2, 3 };
    const y = [_]u16{ 0, 0, height, 0, 0, 0, 0, 0, 0, 0, 0 };
    const on: [t.len]u8 = @splat(1);
    const all: Columns = .{ .t = &t, .x = &x, .y = &y, .on = &on, .count = t.len };
    var last = try newAccumulator();
    defer last.deinit(testing.allocator);
    try testing.expectEqual(accumulator_module.Added{ .events = 3, .on_events = 3, .outside = 8 }, last.add(all));
    var counts: Accumulator = try .init(testing.allocator, .{
        .width = width,
        .height = height,
        .kept = .{ .counts = .{ .bins = 1, .bin_us = inf } },
    });
    defer counts.deinit(testing.allocator);
    var values: [size]f32 = undefined;
    _ = counts.add(all);
    counts.values(.{ .t = 0 }, &values);
    try testing.expectEqual([4]f32{ 1, 0, 1, 1 }, values[0..4].*);
    for (values[4..]) |value| try testing.expectEqual(0, value);
}

test "counts stay at the ends of their range" {
    var counts: Accumulator = try .init(testing.allocator, .{
        .width = 1,
        .height = 1,
        .kept = .{ .counts = .{ .bins = 1, .bin_us = std.math.inf(f64) } },
    });
    defer counts.deinit(testing.allocator);
    const length = 70_000;
    const t: [length]f64 = @splat(3);
    const place: [length]u16 = @splat(0);
    inline for (.{ .{ 1, 32_767 }, .{ 0, -32_768 } }) |way| {
        const on: [length]u8 = @splat(way[0]);
        _ = counts.add(.{ .t = &t, .x = &place, .y = &place, .on = &on, .count = length });
        var value: [1]f32 = undefined;
        counts.values(.{ .t = 3 }, &value);
        try testing.expectEqual(way[1], value[0]);
        counts.clear();
    }
}

test "each bin has the events of its time, as the time of the picture goes on" {
    var prng: std.Random.DefaultPrng = .init(testing.random_seed);
    const random = prng.random();
    const bins = 4;
    const bin_us = 1000;
    var counts: Accumulator = try .init(testing.allocator, .{
        .width = width,
        .height = height,
        .kept = .{ .counts = .{ .bins = bins, .bin_us = bin_us } },
    });
    defer counts.deinit(testing.allocator);
    var made: Made = .{};
    defer made.deinit();
    var t: f64 = 0x1p33;
    for (0..300) |index| {
        t += @floatFromInt(random.uintAtMost(u32, if (index % 50 == 0) 9000 else 100));
        try made.add(.{ .t = t, .x = random.uintLessThan(u16, width), .y = random.uintLessThan(u16, height), .on = random.int(u1) });
        if (index % 10 != 9) continue;
        try testing.expectEqual(10, counts.add(made.columns().from(made.list.len - 10)).events);
        for ([_]f64{ 0, 999, 1000, 2500, 4000, 1e9 }) |later| {
            var expected: [bins * size]f32 = @splat(0);
            const newest = @floor((t + later) / bin_us);
            for (0..made.list.len) |position| {
                const event = made.list.get(position);
                const bin = @floor(event.t / bin_us) - newest + bins - 1;
                if (bin < 0) continue;
                const pixel = @as(usize, event.y) * width + event.x;
                expected[@as(usize, @intFromFloat(bin)) * size + pixel] += if (event.on == 1) 1 else -1;
            }
            var values: [bins * size]f32 = undefined;
            counts.values(.{ .t = t + later }, &values);
            try testing.expectEqualSlices(f32, &expected, &values);
        }
    }
    // An event of before the oldest bin.
    const late = counts.add(.{ .t = &[_]f64{t - bins * bin_us}, .x = &[_]u16{0}, .y = &[_]u16{0}, .on = &[_]u8{1}, .count = 1 });
    try testing.expectEqual(1, late.outside);
}
