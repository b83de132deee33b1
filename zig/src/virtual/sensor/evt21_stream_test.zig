//! Tests of EVT2.1 in the sensor's stream: its start, its accounts, and the filter before it.

const std = @import("std");
const testing = std.testing;
const counting = @import("counting.zig");
const scene = @import("scene.zig");
const Event = @import("testing/event_reader.zig").Event;
const EventReader = @import("testing/event_reader.zig").EventReader;
const Evt21Reader = @import("testing/evt21_reader.zig").Evt21Reader;
const Settings = @import("filter_settings.zig").Settings;
const Subject = @import("testing/subject.zig").Subject;

const allocator = testing.allocator;
const ms = std.time.ns_per_ms;

const masked: Settings = .{ .masks = .{ .columns = @splat(0x0F0FF0F0) } };

test "a sequence has every event in EVT2.1, whatever registers say, and time goes on over losses of more than 2^24 us" {
    const interval_us = 64;
    var subject: Subject = try .start(try counting.build(allocator, interval_us, .{}), .own, .evt21);
    defer subject.deinit();
    const stream = &subject.stream;
    stream.filtered.?.keeps_events = true;
    stream.setFilter(masked);
    var output: std.ArrayList(u8) = .empty;
    defer output.deinit(allocator);
    try subject.drain(1500 * ms, &output);
    const before = output.items.len;
    const pause_ns = 100_000 * ms; // 6 wraps of EVT3
    stream.advance(pause_ns, 0);
    try testing.expect(stream.bytes_lost > 0);
    try subject.drain(pause_ns + 100 * ms, &output);
    try testing.expectEqual(output.items.len, stream.bytes_sent);
    var reader: Evt21Reader = .{ .allocator = allocator };
    defer reader.deinit();
    try reader.read(output.items[0..before]);
    reader.state.lose((pause_ns - 1500 * ms) / std.time.ns_per_us);
    try reader.read(output.items[before..]);
    try testing.expectEqual(0, reader.state.skipped_words);
    const round = counting.period_us / interval_us;
    var gaps: usize = 0;
    var last: ?u64 = null;
    for (reader.events.items) |event| {
        const number = event.t / interval_us % round;
        try testing.expectEqual(Event{
            .t = event.t,
            .x = @intCast(number % 1280),
            .y = @intCast(number % 720),
            .on = @intCast(number & 1),
        }, event);
        if (event.t != (last orelse 0) + interval_us) gaps += 1;
        last = event.t;
    }
    try testing.expectEqual(2, gaps); // the first event is at 0
    try testing.expectApproxEqAbs(100.1e6, @as(f64, @floatFromInt(last.?)), 1e4);
}

test "masks that come and go at any word leave the same events in EVT2.1 as in EVT3" {
    const Stream = struct { subject: Subject, output: std.ArrayList(u8) = .empty };
    var streams: [2]Stream = undefined;
    for (&streams, [_]@FieldType(@FieldType(Subject, "stream"), "format"){ .evt3, .evt21 }) |*stream, format| {
        const loop = try scene.build(allocator, .{ .bytes_per_second = scene.bus_limit_bytes_per_second, .trigger_hz = 100 });
        stream.* = .{ .subject = try .start(loop, .{ .bytes_per_second = 100_000_000 }, format) };
    }
    defer for (&streams) |*stream| {
        stream.subject.deinit();
        stream.output.deinit(allocator);
    };
    for (&streams) |*stream| {
        var random: std.Random.DefaultPrng = .init(15);
        var now_ns: u64 = 0;
        for (0..200) |index| {
            now_ns += random.random().uintLessThan(u64, ms / 10);
            try stream.subject.drain(now_ns, &stream.output);
            stream.subject.stream.setFilter(if (index % 2 == 0) masked else .none);
        }
        try testing.expectEqual(stream.output.items.len, stream.subject.stream.bytes_sent);
    }
    var expected: EventReader = .{ .allocator = allocator };
    defer expected.deinit();
    try expected.read(streams[0].output.items);
    var found: Evt21Reader = .{ .allocator = allocator };
    defer found.deinit();
    try found.read(streams[1].output.items);
    try testing.expectEqualSlices(Event, expected.events.items, found.events.items);
    try testing.expectEqual(expected.triggers, found.triggers);
}

test "after bytes that were dropped in the camera, time in EVT2.1 is that of the sensor" {
    var subject: Subject = try .start(try counting.build(allocator, 64, .{}), .own, .evt21);
    defer subject.deinit();
    const pause_ns = 100_000 * ms;
    subject.stream.drop(pause_ns);
    var output: std.ArrayList(u8) = .empty;
    defer output.deinit(allocator);
    try subject.drain(pause_ns + 100 * ms, &output);
    var reader: Evt21Reader = .{ .allocator = allocator };
    defer reader.deinit();
    try reader.read(output.items);
    try testing.expectApproxEqAbs(100e6, @as(f64, @floatFromInt(reader.events.items[0].t)), 5000);
    try testing.expectEqual(output.items.len, subject.stream.bytes_sent);
}

test "the format is taken over at a start, and transfers have whole words of it" {
    var subject: Subject = try .init(scene.default_bytes_per_second, .unlimited);
    defer subject.deinit();
    const stream = &subject.stream;
    var bytes: [1003]u8 = undefined;
    stream.format = .evt21;
    stream.pull(0, bytes.len);
    try testing.expectEqual(1002, stream.ready(0, bytes.len).?);
    stream.send(0, bytes[0..1002]);
    try testing.expectEqual(0x8000, std.mem.readInt(u16, bytes[0..2], .little));
    stream.stop();
    stream.resetClock(0);
    stream.start(0);
    stream.pull(0, bytes.len);
    try testing.expectEqual(1000, stream.ready(0, bytes.len).?);
    try testing.expectEqual(null, stream.ready(0, 7));
    stream.send(0, bytes[0..1000]);
    try testing.expectEqual(0x80000000, std.mem.readInt(u32, bytes[0..4], .little));
}
