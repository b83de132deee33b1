//! Tests of the filter in the sensor's stream: settings that change while it runs, and the accounts of its bytes.

const std = @import("std");
const testing = std.testing;
const scene = @import("scene.zig");
const sensor_stream = @import("sensor_stream.zig");
const Crop = @import("crop.zig").Crop;
const Event = @import("testing/event_reader.zig").Event;
const EventReader = @import("testing/event_reader.zig").EventReader;
const SensorStream = sensor_stream.SensorStream;
const Settings = @import("filter_settings.zig").Settings;
const Subject = @import("testing/subject.zig").Subject;

const allocator = testing.allocator;
const ms = std.time.ns_per_ms;

/// Masks the left half.
fn leftMasked() Settings {
    var settings: Settings = .{};
    @memset(settings.masks.columns[0..20], 0xFFFFFFFF);
    return settings;
}

fn allMasked() Settings {
    var settings: Settings = .{};
    settings.masks.columns = @splat(0xFFFFFFFF);
    return settings;
}

test "masks that come and go at any word change exactly the events from then on, and break no group of vectors" {
    var random: std.Random.DefaultPrng = .init(11);
    var subject: Subject = try .init(scene.bus_limit_bytes_per_second, .{ .bytes_per_second = 100_000_000 });
    defer subject.deinit();
    var output: std.ArrayList(u8) = .empty;
    defer output.deinit(allocator);
    // How many events come before each change. The mask is on after every odd change.
    var changes: [200]usize = undefined;
    var now_ns: u64 = 0;
    for (&changes, 0..) |*count, index| {
        now_ns += random.random().uintLessThan(u64, ms / 10);
        try subject.drain(now_ns, &output);
        var before = try subject.eventsUpTo(subject.stream.position);
        count.* = before.events.items.len;
        before.deinit();
        subject.stream.setFilter(if (index % 2 == 0) leftMasked() else .none);
    }
    now_ns += ms;
    try subject.drain(now_ns, &output);
    try testing.expectEqual(output.items.len, subject.stream.bytes_sent);
    var all = try subject.eventsUpTo(subject.stream.position);
    defer all.deinit();
    var left: EventReader = .{ .allocator = allocator };
    defer left.deinit();
    try left.read(output.items);
    try testing.expectEqual(0, left.broken_groups);
    var change: usize = 0;
    var next: usize = 0;
    for (all.events.items, 0..) |event, index| {
        while (change < changes.len and index >= changes[change]) change += 1;
        if (change % 2 == 1 and event.x < 640) continue;
        try testing.expectEqual(event, left.events.items[next]);
        next += 1;
    }
    try testing.expectEqual(next, left.events.items.len);
}

/// The event as a window tells it; null where it lies outside.
fn told(window: Crop, event: Event) ?Event {
    if (window.within(event.x, event.y) & 1 == 0) return null;
    var moved = event;
    moved.x -= window.origin().x;
    moved.y -= window.origin().y;
    return moved;
}

fn inOneGroup(one: Event, other: Event) bool {
    return one.t == other.t and one.y == other.y and one.x / 32 == other.x / 32;
}

test "a crop that comes, moves and goes at any word is told as it is from the next group on, and breaks no group" {
    const windows = [_]Crop{
        .{},
        .{ .x1 = 320, .y1 = 100, .reset_origin = true },
        .{ .x1 = 640, .y1 = 200, .reset_origin = true },
        .{ .x1 = 640, .y1 = 200 },
    };
    var random: std.Random.DefaultPrng = .init(12);
    var subject: Subject = try .init(scene.bus_limit_bytes_per_second, .{ .bytes_per_second = 100_000_000 });
    defer subject.deinit();
    var output: std.ArrayList(u8) = .empty;
    defer output.deinit(allocator);
    var all: EventReader = .{ .allocator = allocator };
    defer all.deinit();
    // How many events came before each change.
    var changes: [200]usize = undefined;
    var now_ns: u64 = 0;
    for (&changes, 0..) |*count, index| {
        count.* = all.events.items.len;
        subject.stream.setFilter(.{ .crop = windows[index % windows.len] });
        const position = subject.stream.position;
        now_ns += random.random().uintLessThan(u64, ms / 10);
        try subject.drain(now_ns, &output);
        const words = try allocator.alloc(u8, @intCast(subject.stream.position - position));
        defer allocator.free(words);
        subject.loop.copy(position, true, words);
        try all.read(words);
    }
    var left: EventReader = .{ .allocator = allocator };
    defer left.deinit();
    try left.read(output.items);
    try testing.expectEqual(0, left.broken_groups);
    var change: usize = 0;
    var next: usize = 0;
    for (all.events.items, 0..) |event, index| {
        while (change + 1 < changes.len and index >= changes[change + 1]) change += 1;
        if (next == left.events.items.len) break;
        const found = left.events.items[next];
        const expected = told(windows[change % windows.len], event);
        if (expected) |moved| if (std.meta.eql(moved, found)) {
            next += 1;
            continue;
        };
        // A group in which the change came may be told in both ways.
        var divided = false;
        for (changes) |at| {
            if (at == 0 or at >= all.events.items.len) continue;
            for (all.events.items[at - 1 ..][0..2]) |near| divided = divided or inOneGroup(near, event);
        }
        if (!divided) try testing.expectEqual(null, expected) else for (windows) |window| {
            const moved = told(window, event) orelse continue;
            if (!std.meta.eql(moved, found)) continue;
            next += 1;
            break;
        }
    }
    try testing.expectEqual(next, left.events.items.len);
}

test "without masks the bytes are those of the loop, and the filter is inactive" {
    var subject: Subject = try .init(scene.default_bytes_per_second, .own);
    defer subject.deinit();
    subject.stream.setFilter(.none);
    var output: std.ArrayList(u8) = .empty;
    defer output.deinit(allocator);
    try subject.drain(20 * ms, &output);
    const expected = try allocator.alloc(u8, output.items.len);
    defer allocator.free(expected);
    subject.loop.copy(0, true, expected);
    try testing.expectEqualSlices(u8, expected, output.items);
    try testing.expectEqual(subject.stream.position, subject.stream.bytes_sent);
    try testing.expectEqual(null, subject.stream.filtered.?.filter.time_high); // it has read nothing
}

/// Fetches bytes as soon as they are ready, for a second. Returns how often it asked.
fn fetch(stream: *SensorStream, start_ns: u64) !usize {
    var buffer: [131072]u8 = undefined;
    var looks: usize = 0;
    var now_ns = start_ns;
    while (true) : (looks += 1) {
        now_ns = @max(now_ns + 1, stream.readyAt(buffer.len).?);
        if (now_ns > start_ns + 1000 * ms) return looks;
        stream.advance(now_ns, buffer.len);
        stream.pull(now_ns, buffer.len);
        const length = stream.ready(now_ns, buffer.len) orelse continue;
        try testing.expect(length > 0);
        stream.send(now_ns, buffer[0..length]);
    }
}

test "masked events take no bytes; the others come in time, without loss and without busy waiting" {
    var subject: Subject = try .init(scene.default_bytes_per_second, .own);
    defer subject.deinit();
    const stream = &subject.stream;
    var looks = try fetch(stream, 0);
    try testing.expectApproxEqRel(12e6, @as(f64, @floatFromInt(stream.bytes_sent)), 0.02);
    try testing.expect(looks < 1_100);
    const before = stream.bytes_sent;
    stream.setFilter(allMasked());
    looks = try fetch(stream, 1000 * ms);
    // TIME_HIGH each 16 µs.
    try testing.expectApproxEqRel(125e3, @as(f64, @floatFromInt(stream.bytes_sent - before)), 0.05);
    try testing.expect(looks < 3_000);
    try testing.expectEqual(0, stream.bytes_lost);
}

test "without a rate a transfer ends with the bytes that there are, also where nearly all events are masked" {
    var subject: Subject = try .init(scene.default_bytes_per_second, .unlimited);
    defer subject.deinit();
    const stream = &subject.stream;
    stream.setFilter(allMasked());
    var buffer: [1 << 20]u8 = undefined;
    for (0..3) |_| {
        stream.pull(0, buffer.len);
        const length = stream.ready(0, buffer.len).?;
        try testing.expect(length > 0);
        stream.send(0, buffer[0..length]);
    }
    try testing.expect(stream.position <= 3 << 20);
}

test "losses in the camera leave only events that the loop has" {
    var subject: Subject = try .init(scene.default_bytes_per_second, .own);
    defer subject.deinit();
    const stream = &subject.stream;
    stream.setFilter(leftMasked());
    var output: std.ArrayList(u8) = .empty;
    defer output.deinit(allocator);
    var now_ns: u64 = 0;
    for (0..10) |_| {
        now_ns += 7 * ms;
        try subject.drain(now_ns, &output);
        now_ns += 100 * ms; // too long
        stream.advance(now_ns, 0);
    }
    try testing.expect(stream.bytes_lost > 0);
    try testing.expectEqual(output.items.len, stream.bytes_sent);
    var all = try subject.eventsUpTo(stream.position);
    defer all.deinit();
    var left: EventReader = .{ .allocator = allocator };
    defer left.deinit();
    try left.read(output.items);
    var index: usize = 0;
    for (left.events.items) |event| {
        while (index < all.events.items.len and !std.meta.eql(event, all.events.items[index])) index += 1;
        try testing.expect(index < all.events.items.len);
        index += 1;
    }
}
