//! Tests of the filter: the events that pass, and the stream that it writes.

const std = @import("std");
const testing = std.testing;
const event_filter = @import("event_filter.zig");
const scene = @import("scene.zig");
const settings_module = @import("filter_settings.zig");
const Crop = @import("crop.zig").Crop;
const Event = @import("testing/event_reader.zig").Event;
const EventReader = @import("testing/event_reader.zig").EventReader;
const Filter = event_filter.Filter;
const anyWords = @import("testing/any_words.zig").anyWords;
const Settings = settings_module.Settings;

const allocator = testing.allocator;

/// Columns 100 to 739, rows below 100, and a pixel in the middle.
fn testMasks() Settings {
    var settings: Settings = .{};
    for (100..740) |x| settings.masks.columns[x / 32] |= @as(u32, 1) << @intCast(x % 32);
    for (0..100) |y| settings.masks.rows[y / 32] |= @as(u32, 1) << @intCast(y % 32);
    settings.pixels[63] = 1 << 31 | 360 << 16 | 50;
    return settings;
}

fn isMasked(settings: *const Settings, event: Event) bool {
    const column = event.x >= 100 and event.x < 740;
    const row = event.y < 100;
    if (event.x == 50 and event.y == 360) return true;
    return if (settings.intersection_only) column and row else column or row;
}

/// A window of 640 by 360 that is told from its own corner.
const cropped: Settings = .{ .crop = .{ .x1 = 352, .y1 = 181, .x2 = 991, .y2 = 540, .reset_origin = true } };

/// Leaves the events within the window, as they are told from its corner.
fn crop(window: Crop, events: *std.ArrayList(Event)) void {
    var left: usize = 0;
    for (events.items) |event| {
        if (event.x < window.x1 or event.x > window.x2 or event.y < window.y1 or event.y > window.y2) continue;
        events.items[left] = event;
        events.items[left].x -= window.origin().x;
        events.items[left].y -= window.origin().y;
        left += 1;
    }
    events.items.len = left;
}

/// The filter's output for the words, fed in pieces of random lengths. The caller frees it.
fn filtered(settings: Settings, words: []const u8, random: std.Random) ![]u8 {
    var filter: Filter = .{};
    filter.configure(settings);
    var output: std.ArrayList(u8) = .empty;
    defer output.deinit(allocator);
    var done: usize = 0;
    while (done < words.len) {
        const length = @min(words.len - done, 2 * (1 + random.uintLessThan(usize, 40)));
        try output.ensureUnusedCapacity(allocator, 2 * event_filter.maximumWords(length / 2));
        const room = output.unusedCapacitySlice();
        output.items.len += filter.run(words[done..][0..length], room);
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

fn expectUnmasked(settings: *const Settings, all: []const Event, left: []const Event) !void {
    var index: usize = 0;
    for (all) |event| {
        if (isMasked(settings, event)) continue;
        if (index == left.len) return error.Missing;
        try testing.expectEqual(event, left[index]);
        index += 1;
    }
    try testing.expectEqual(index, left.len);
}

test "masks leave exactly the scene's events of other pixels, in whole groups of vectors and fewer bytes" {
    var random: std.Random.DefaultPrng = .init(5);
    for ([_]u64{ 1_000_000, scene.bus_limit_bytes_per_second }) |rate| {
        var loop = try scene.build(allocator, .{ .bytes_per_second = rate, .trigger_hz = 100 });
        defer loop.deinit(allocator);
        var all = try read(loop.bytes);
        defer all.deinit();
        for ([_]bool{ false, true }) |intersection_only| {
            var settings = testMasks();
            settings.intersection_only = intersection_only;
            const words = try filtered(settings, loop.bytes, random.random());
            defer allocator.free(words);
            var left = try read(words);
            defer left.deinit();
            try testing.expect(left.events.items.len < all.events.items.len);
            try expectUnmasked(&settings, all.events.items, left.events.items);
            try testing.expectEqual(all.triggers, left.triggers);
            try testing.expectEqual(0, left.broken_groups);
            try testing.expect(words.len < loop.bytes.len);
        }
    }
}

test "the crop leaves exactly the events of its window, with coordinates from its corner if it is told so" {
    var random: std.Random.DefaultPrng = .init(10);
    var loop = try scene.build(allocator, .{ .bytes_per_second = scene.bus_limit_bytes_per_second, .trigger_hz = 100 });
    defer loop.deinit(allocator);
    for ([_]u16{ 352, 361 }) |x1| for ([_]bool{ false, true }) |reset_origin| {
        var settings = cropped;
        settings.crop.x1 = x1;
        settings.crop.reset_origin = reset_origin;
        const words = try filtered(settings, loop.bytes, random.random());
        defer allocator.free(words);
        var expected = try read(loop.bytes);
        defer expected.deinit();
        crop(settings.crop, &expected.events);
        var left = try read(words);
        defer left.deinit();
        try testing.expectEqualSlices(Event, expected.events.items, left.events.items);
        try testing.expectEqual(expected.triggers, left.triggers);
        try testing.expectEqual(0, left.broken_groups);
    };
}

test "everything masked leaves TIME_HIGH and nothing else" {
    var loop = try scene.build(allocator, .{ .bytes_per_second = 1_000_000 });
    defer loop.deinit(allocator);
    var settings: Settings = .{};
    settings.masks.rows = @splat(0xFFFFFFFF);
    var random: std.Random.DefaultPrng = .init(6);
    const words = try filtered(settings, loop.bytes, random.random());
    defer allocator.free(words);
    try testing.expectEqual(2 * loop.time_highs.len, words.len);
    for (0..words.len / 2) |index| try testing.expectEqual(0x8, words[2 * index + 1] >> 4);
}

test "random words keep all events but those masked or outside the crop, for any split" {
    var random: std.Random.DefaultPrng = .init(7);
    var words: [2000]u8 = undefined;
    for (0..500) |round| {
        anyWords(random.random(), &words);
        var all = try read(&words);
        defer all.deinit();
        var settings = testMasks();
        settings.intersection_only = round % 2 == 1;
        const output = try filtered(settings, &words, random.random());
        defer allocator.free(output);
        var left = try read(output);
        defer left.deinit();
        try expectUnmasked(&settings, all.events.items, left.events.items);
        crop(cropped.crop, &all.events);
        const window = try filtered(cropped, &words, random.random());
        defer allocator.free(window);
        var inside = try read(window);
        defer inside.deinit();
        try testing.expectEqualSlices(Event, all.events.items, inside.events.items);
    }
}

test "thresholds drop their share of a polarity: always the same events, and with higher ones those and more" {
    var random: std.Random.DefaultPrng = .init(8);
    var loop = try scene.build(allocator, .{ .bytes_per_second = 1_000_000 });
    defer loop.deinit(allocator);
    var last = try read(loop.bytes);
    defer last.deinit();
    const all = countOf(last.events.items);
    for ([_]settings_module.Share{ 50_000, 30_000, 10_000, 0 }) |share| {
        const words = try filtered(.{ .kept = .{ settings_module.whole, share } }, loop.bytes, random.random());
        defer allocator.free(words);
        const left = try read(words);
        const count = countOf(left.events.items);
        try testing.expectEqual(all[0], count[0]);
        const expected = @as(f64, @floatFromInt(all[1])) * @as(f64, @floatFromInt(share)) / settings_module.whole;
        try testing.expectApproxEqAbs(expected, @as(f64, @floatFromInt(count[1])), 0.01 * @as(f64, @floatFromInt(all[1])));
        var index: usize = 0;
        for (last.events.items) |event| {
            if (index < left.events.items.len and std.meta.eql(event, left.events.items[index])) index += 1;
        }
        try testing.expectEqual(left.events.items.len, index);
        last.deinit();
        last = left;
    }
}

/// OFF, ON.
fn countOf(events: []const Event) [2]u64 {
    var count: [2]u64 = @splat(0);
    for (events) |event| count[event.on] += 1;
    return count;
}

test "the limiter lets the first events of each period pass" {
    var random: std.Random.DefaultPrng = .init(9);
    const period_us = 200;
    const most = 20;
    var loop = try scene.build(allocator, .{ .bytes_per_second = 1_000_000 });
    defer loop.deinit(allocator);
    const words = try filtered(.{ .period_us = period_us, .events_per_period = most }, loop.bytes, random.random());
    defer allocator.free(words);
    var all = try read(loop.bytes);
    defer all.deinit();
    var left = try read(words);
    defer left.deinit();
    var index: usize = 0;
    var period: u64 = 0;
    var in_period: usize = 0;
    for (all.events.items) |event| {
        if (event.t / period_us != period) in_period = 0;
        period = event.t / period_us;
        in_period += 1;
        if (in_period > most) continue;
        try testing.expectEqual(event, left.events.items[index]);
        index += 1;
    }
    try testing.expectEqual(index, left.events.items.len);
    try testing.expect(index < all.events.items.len);
}

fn bytesOf(comptime words: []const u16) [2 * words.len]u8 {
    var bytes: [2 * words.len]u8 = undefined;
    for (words, 0..) |word, index| std.mem.writeInt(u16, bytes[2 * index ..][0..2], word, .little);
    return bytes;
}

fn expectFiltered(settings: Settings, comptime expected: []const u16, comptime words: []const u16) !void {
    var filter: Filter = .{};
    filter.configure(settings);
    var output: [200]u8 = undefined;
    const length = filter.run(&bytesOf(words), &output);
    try testing.expectEqualSlices(u8, &bytesOf(expected), output[0..length]);
}

test "word by word: words that wait, words that are repeated, and the counters of the rate controller" {
    // A row's address waits for its first event, and only the last of the times before it is written.
    try expectFiltered(
        testMasks(),
        &.{ 0x8001, 0x6009, 0x0065, 0x2001, 0x8002, 0x8002, 0x6003, 0xA001 },
        &.{ 0x8001, 0x6007, 0x0005, 0x2001, 0x6009, 0x0065, 0x2064, 0x2001, 0x6010, 0x0005, 0x8002, 0x6003, 0x8002, 0xA001 },
    );
    // A time that goes back is followed as far as no event, masked or not, has a later one.
    try expectFiltered(
        testMasks(),
        &.{ 0x8001, 0x6044, 0x0065, 0x2001, 0x6084, 0x2001 },
        &.{ 0x8001, 0x6049, 0x6044, 0x0065, 0x2001, 0x6084, 0x2064, 0x6082, 0x2001 },
    );
    // A group without a bit is left out, and the next one gets a base; a vector loses the bits of masked columns.
    try expectFiltered(
        testMasks(),
        &.{ 0x8001, 0x0065, 0x3860, 0x400F, 0x4000, 0x5000, 0x3AE0, 0x4FF0, 0x4000, 0x5000 },
        &.{ 0x8001, 0x0065, 0x3860, 0x4FFF, 0x4001, 0x5001, 0x4FFF, 0x4FFF, 0x50FF, 0x3AE0, 0x4FFF, 0x4000, 0x5000, 0x0066 },
    );
    try expectFiltered(
        .{ .period_us = 100, .events_per_period = 2 },
        &.{ 0x8001, 0x0065, 0x2001, 0x2002, 0xE014, 0xF003, 0xF000, 0x7000, 0xE016, 0xF002, 0xF000, 0x7000, 0xE019, 0xF001, 0x7001 },
        &.{ 0x8001, 0x0065, 0x2001, 0x2002, 0x2003, 0xE014, 0xF123, 0xF456, 0x7007, 0xE016, 0xF001, 0xF000, 0x7000, 0xE019, 0xF001, 0x7001 },
    );
    // A period begins with the time of an event, and not with a time without one (from 4200 µs on: 0x68).
    try expectFiltered(
        .{ .period_us = 100, .events_per_period = 1 },
        &.{ 0x8001, 0x6063, 0x0065, 0x2001, 0x6069, 0x2004 },
        &.{ 0x8001, 0x0065, 0x6063, 0x2001, 0x2002, 0x606A, 0x6065, 0x2003, 0x6069, 0x2004 },
    );
}
