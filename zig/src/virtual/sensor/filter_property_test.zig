//! Tests of the whole filter: of what passes with any settings, and of filters that remember events, against models
//! that share no code with them.

const std = @import("std");
const testing = std.testing;
const event_filter = @import("event_filter.zig");
const lamp = @import("lamp.zig");
const scene = @import("scene.zig");
const settings_module = @import("filter_settings.zig");
const Event = @import("testing/event_reader.zig").Event;
const EventReader = @import("testing/event_reader.zig").EventReader;
const Filter = event_filter.Filter;
const Settings = settings_module.Settings;
const TrailKind = @import("trail_filter.zig").Kind;
const anyWords = @import("testing/any_words.zig").anyWords;

const allocator = testing.allocator;

/// The filter's output for the words, fed in pieces of random lengths. The caller frees it.
fn filtered(settings: Settings, words: []const u8, random: std.Random) ![]u8 {
    var filter: Filter = .{};
    defer filter.blocks.deinit(allocator);
    try filter.blocks.reserve(allocator, &settings);
    filter.configure(settings);
    var output: std.ArrayList(u8) = .empty;
    defer output.deinit(allocator);
    var done: usize = 0;
    while (done < words.len) {
        const length = @min(words.len - done, 2 * (1 + random.uintLessThan(usize, 4000)));
        try output.ensureUnusedCapacity(allocator, 2 * event_filter.maximumWords(length / 2));
        output.items.len += filter.run(words[done..][0..length], output.unusedCapacitySlice());
        done += length;
    }
    return output.toOwnedSlice(allocator);
}

fn read(words: []const u8) !EventReader {
    var reader: EventReader = .{ .allocator = allocator };
    errdefer reader.deinit();
    try reader.read(words);
    return reader;
}

/// Each setting is left as it is half of the time.
fn anySettings(random: std.Random) Settings {
    var settings: Settings = .{ .intersection_only = random.boolean() };
    if (random.boolean()) {
        for (&settings.masks.columns) |*word| word.* = random.int(u32) & random.int(u32) & random.int(u32);
        for (&settings.masks.rows) |*word| word.* = random.int(u32) & random.int(u32) & random.int(u32);
    }
    if (random.boolean()) settings.kept = .{ random.uintAtMost(u32, 1 << 16), random.uintAtMost(u32, 1 << 16) };
    if (random.boolean()) settings.crop = .{
        .x1 = random.uintLessThan(u16, 640),
        .y1 = random.uintLessThan(u16, 360),
        .x2 = random.intRangeLessThan(u16, 640, 1280),
        .y2 = random.intRangeLessThan(u16, 360, 720),
        .reset_origin = random.boolean(),
    };
    if (random.boolean()) settings.flicker = .{
        .shortest = random.int(u8) / 8,
        .longest = random.int(u8),
        .band_pass = random.boolean(),
        .start = random.int(u3),
        .stop = random.int(u3),
    };
    if (random.boolean()) settings.trail = .{
        .kind = random.enumValue(TrailKind),
        .threshold_us = random.uintLessThan(u32, 100_000),
    };
    if (random.boolean()) {
        settings.period_us = random.intRangeAtMost(u32, 1, 1023);
        settings.events_per_period = random.uintLessThan(u32, 1000);
        settings.reports = random.boolean();
    }
    return settings;
}

/// Each event that passed is one of all, and they come in the same order.
fn expectSubset(settings: *const Settings, all: []const Event, left: []const Event) !void {
    const origin = settings.crop.origin();
    var index: usize = 0;
    for (left) |event| {
        const whole: Event = .{ .t = event.t, .x = event.x + origin.x, .y = event.y + origin.y, .on = event.on };
        while (index < all.len and !std.meta.eql(all[index], whole)) index += 1;
        try testing.expect(index < all.len);
        index += 1;
    }
}

test "with any settings, the events that pass are some of all, in their order, in whole groups of vectors" {
    const seed = std.testing.random_seed;
    errdefer std.debug.print("seed {d}\n", .{seed});
    var generator: std.Random.DefaultPrng = .init(seed);
    const random = generator.random();
    var loop = try scene.build(allocator, .{ .bytes_per_second = scene.bus_limit_bytes_per_second, .trigger_hz = 100 });
    defer loop.deinit(allocator);
    var all = try read(loop.bytes);
    defer all.deinit();
    var words: [2000]u8 = undefined;
    for (0..30) |_| {
        const settings = anySettings(random);
        errdefer std.debug.print("{any}\n", .{settings});
        const output = try filtered(settings, loop.bytes, random);
        defer allocator.free(output);
        var left = try read(output);
        defer left.deinit();
        try testing.expectEqual(0, left.broken_groups);
        try testing.expectEqual(all.triggers, left.triggers);
        try expectSubset(&settings, all.events.items, left.events.items);
        for (0..10) |_| {
            anyWords(random, &words);
            var any = try read(&words);
            defer any.deinit();
            const some = try filtered(settings, &words, random);
            defer allocator.free(some);
            var passed = try read(some);
            defer passed.deinit();
            try expectSubset(&settings, any.events.items, passed.events.items);
        }
    }
}

/// OTHERS 0x014 and 0x016.
const Report = struct { t: u64, counts: [2]u64 };

fn reportsOf(words: []const u8) !std.ArrayList(Report) {
    var reports: std.ArrayList(Report) = .empty;
    errdefer reports.deinit(allocator);
    var reader: EventReader = .{ .allocator = allocator };
    defer reader.deinit();
    var index: usize = 0;
    while (index < words.len) : (index += 2) {
        const word = std.mem.readInt(u16, words[index..][0..2], .little);
        try reader.read(words[index..][0..2]);
        if (word >> 12 != 0xE) continue;
        var count: u64 = 0;
        for ([_]u4{ 0xF, 0xF, 0x7 }, 1..) |kind, place| {
            const part = std.mem.readInt(u16, words[index + 2 * place ..][0..2], .little);
            try testing.expectEqual(kind, part >> 12);
            count |= @as(u64, part & 0xFFF) << @intCast(12 * (place - 1));
        }
        if (word == 0xE014) try reports.append(allocator, .{ .t = reader.high.? << 12 | reader.low, .counts = .{ count, 0 } });
        if (word == 0xE016) reports.items[reports.items.len - 1].counts[1] = count;
    }
    return reports;
}

test "reports of the rate limiter come once a period, and their counts are those of the events before and behind it" {
    var generator: std.Random.DefaultPrng = .init(17);
    const period_us = 200;
    const most = 150;
    var loop = try scene.build(allocator, .{ .bytes_per_second = scene.default_bytes_per_second });
    defer loop.deinit(allocator);
    var all = try read(loop.bytes);
    defer all.deinit();
    const settings: Settings = .{ .period_us = period_us, .events_per_period = most, .reports = true };
    const output = try filtered(settings, loop.bytes, generator.random());
    defer allocator.free(output);
    var reports = try reportsOf(output);
    defer reports.deinit(allocator);
    try testing.expectApproxEqAbs(
        @as(f64, @floatFromInt(loop.period_us / period_us)),
        @as(f64, @floatFromInt(reports.items.len)),
        1,
    );
    var left = try read(output);
    defer left.deinit();
    try testing.expect(left.events.items.len < all.events.items.len * 3 / 4);
    var next: [2]usize = @splat(0);
    for (reports.items) |report| {
        try testing.expect(report.t % period_us < 16 + 64); // TIME_HIGH comes each 16 us, rows each 64 us
        const end = report.t / period_us * period_us;
        for ([_][]const Event{ all.events.items, left.events.items }, &next, report.counts) |events, *index, count| {
            const first = index.*;
            while (index.* < events.len and events[index.*].t < end) index.* += 1;
            try testing.expectEqual(index.* - first, count);
        }
        try testing.expect(report.counts[1] <= most);
    }
}

test "a recording's own reports give way to those of the limiter" {
    const words = [_]u16{
        0x8001, 0x6010, 0x0065, 0x2001, 0xE014, 0xF111, 0xF111, 0x7001, 0xE019, 0xF001, 0xF002, 0x7003, 0x60FF, 0x2002, 0x8002,
    };
    const expected = [_]u16{
        0x8001, 0x6010, 0x0065, 0x2001, 0xE019, 0xF001, 0xF002, 0x7003, 0x60FF, 0xE014, 0xF001, 0xF000, 0x7000,
        0xE016, 0xF001, 0xF000, 0x7000, 0x2002, 0x8002, 0xE014, 0xF001, 0xF000, 0x7000, 0xE016, 0xF001, 0xF000,
        0x7000,
    };
    var generator: std.Random.DefaultPrng = .init(18);
    const settings: Settings = .{ .period_us = 200, .events_per_period = 10, .reports = true };
    const output = try filtered(settings, std.mem.sliceAsBytes(&words), generator.random());
    defer allocator.free(output);
    try testing.expectEqualSlices(u8, std.mem.sliceAsBytes(&expected), output);
}

test "the trail filter leaves the first, the second, or all but the first events of a scene's bursts" {
    var generator: std.Random.DefaultPrng = .init(16);
    var loop = try scene.build(allocator, .{ .bytes_per_second = scene.bus_limit_bytes_per_second });
    defer loop.deinit(allocator);
    var all = try read(loop.bytes);
    defer all.deinit();
    // How many events of its burst an event's pixel has had with it.
    const numbers = try allocator.alloc(u32, all.events.items.len);
    defer allocator.free(numbers);
    const threshold_us = 300; // pixels send again after 256 us
    var last: std.AutoHashMap([2]u16, usize) = .init(allocator);
    defer last.deinit();
    for (all.events.items, 0..) |event, index| {
        numbers[index] = 1;
        const entry = try last.getOrPut(.{ event.x, event.y });
        defer entry.value_ptr.* = index;
        if (!entry.found_existing) continue;
        const before = all.events.items[entry.value_ptr.*];
        if (before.on == event.on and event.t - before.t < threshold_us) numbers[index] = numbers[entry.value_ptr.*] + 1;
    }
    inline for (.{ .trail, .cut, .keep }) |kind| {
        const settings: Settings = .{ .trail = .{ .kind = kind, .threshold_us = threshold_us } };
        const output = try filtered(settings, loop.bytes, generator.random());
        defer allocator.free(output);
        var left = try read(output);
        defer left.deinit();
        var next: usize = 0;
        for (all.events.items, numbers) |event, number| {
            const passes = switch (kind) {
                .trail => number == 1,
                .cut => number == 2,
                .keep => number > 1,
                else => unreachable,
            };
            if (!passes) continue;
            try testing.expectEqual(event, left.events.items[next]);
            next += 1;
        }
        try testing.expectEqual(next, left.events.items.len);
        try testing.expect(next > 1000);
    }
}

test "a lamp that flickers is suppressed, and the star is not; band-pass leaves the lamp" {
    var generator: std.Random.DefaultPrng = .init(19);
    var loop = try scene.build(allocator, .{ .bytes_per_second = scene.default_bytes_per_second, .flicker_hz = 100 });
    defer loop.deinit(allocator);
    const words = try allocator.alloc(u8, 4 * loop.bytes.len);
    defer allocator.free(words);
    loop.copy(0, true, words);
    const all = try countLamp(words, 0);
    // 95 to 105 Hz, and 200 to 520 Hz.
    for ([_][2]u8{ .{ 74, 82 }, .{ 15, 39 } }, [_]bool{ true, false }) |band, suppresses| for ([_]bool{ false, true }) |band_pass| {
        const output = try filtered(.{ .flicker = .{
            .shortest = band[0],
            .longest = band[1],
            .band_pass = band_pass,
            .start = 6,
            .stop = 4,
        } }, words, generator.random());
        defer allocator.free(output);
        const left = try countLamp(output, 200_000); // the filter knows the lamp
        const later = try countLamp(words, 200_000);
        const lamp_left = left[0] / later[0];
        if (suppresses == band_pass) try testing.expect(lamp_left > 0.99) else try testing.expect(lamp_left < 0.01);
        if (band_pass) try testing.expect(left[1] / later[1] < 0.02) else try testing.expect(left[1] / later[1] > 0.98);
    };
    try testing.expect(all[0] > 100_000);
}

/// Events of the lamp and others, from a time on.
fn countLamp(words: []const u8, from_us: u64) ![2]f64 {
    var reader = try read(words);
    defer reader.deinit();
    var count: [2]f64 = @splat(0);
    for (reader.events.items) |event| {
        const x = event.x -% lamp.x;
        const y = event.y -% lamp.y;
        if (event.t >= from_us) count[@intFromBool(x >= lamp.side or y >= lamp.side)] += 1;
    }
    return count;
}
