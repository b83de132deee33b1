//! Tests of the camera's stream: what registers of the blocks behind the pixels make of a sequence of events.

const std = @import("std");
const testing = std.testing;
const counting = @import("../sensor/counting.zig");
const register_writes = @import("testing/register_writes.zig");
const test_camera = @import("testing/test_camera.zig");
const Event = @import("../sensor/testing/event_reader.zig").Event;
const EventReader = @import("../sensor/testing/event_reader.zig").EventReader;
const Evk4 = @import("evk4.zig").Evk4;
const Evt21Reader = @import("../sensor/testing/evt21_reader.zig").Evt21Reader;
const Filtered = @import("../sensor/filtered.zig").Filtered;
const LoopedStream = @import("../sensor/looped_stream.zig").LoopedStream;

const allocator = testing.allocator;

const Camera = struct {
    evk4: Evk4,

    /// Takes the loop over, and sends it as fast as it is fetched.
    fn init(loop: LoopedStream) !Camera {
        var camera: Camera = .{ .evk4 = test_camera.evk4(&.{}) };
        camera.evk4.stream.content = .{ .loop = loop };
        camera.evk4.stream.pacing = .unlimited;
        camera.evk4.stream.filtered = try Filtered.create(allocator);
        return camera;
    }

    fn write(camera: *Camera, pairs: []const [2]u32) !void {
        for (pairs) |pair| {
            const request = register_writes.command(pair);
            _ = camera.evk4.camera.write(0, .commands, &request);
            var reply: [register_writes.reply_length]u8 = undefined;
            try testing.expectEqual(reply.len, camera.evk4.camera.read(0, .replies, &reply).done);
        }
    }

    /// Events come from the beginning of the loop on.
    fn restart(camera: *Camera) !void {
        try camera.write(&register_writes.stop);
        try camera.write(&register_writes.start);
    }

    fn fetch(camera: *Camera, buffer: []u8) []u8 {
        return buffer[0..camera.evk4.camera.read(0, .events, buffer).done];
    }

    fn events(camera: *Camera, transfers: usize) !EventReader {
        try camera.restart();
        return camera.nextEvents(transfers);
    }

    fn nextEvents(camera: *Camera, transfers: usize) !EventReader {
        var reader: EventReader = .{ .allocator = allocator };
        errdefer reader.deinit();
        var buffer: [16384]u8 = undefined;
        for (0..transfers) |_| try reader.read(camera.fetch(&buffer));
        return reader;
    }
};

test "the crop's registers take effect without a mask" {
    var camera: Camera = try .init(try counting.build(allocator, 16, .{}));
    defer camera.evk4.deinit();
    try camera.write(&.{ .{ 0x9010, 100 << 16 | 64 }, .{ 0x9014, 299 << 16 | 703 }, .{ 0x900C, 0x15 } });
    var reader = try camera.events(100);
    defer reader.deinit();
    try testing.expect(reader.events.items.len > 10_000);
    for (reader.events.items) |event| {
        const number = event.t / 16 % (counting.period_us / 16);
        try testing.expectEqual(number % 1280 - 64, event.x);
        try testing.expectEqual(number % 720 - 100, event.y);
        try testing.expect(event.x < 640 and event.y < 200);
    }
    try camera.write(&.{.{ 0x900C, 0 }});
    try testing.expect(!camera.evk4.stream.filtered.?.active);
}

test "the trail filter's registers take effect unless it is bypassed, and a start begins anew" {
    var camera: Camera = try .init(try counting.build(allocator, 1, .{}));
    defer camera.evk4.deinit();
    // A pixel has an event of the same polarity each 11,520 µs.
    try camera.write(&.{ .{ 0xD004, 0x4E20 }, .{ 0xD008, 20_000 << 1 | 1 }, .{ 0xD000, 1 } });
    var first = try camera.events(30);
    defer first.deinit();
    try testing.expectEqual(11_520, first.events.items.len);
    try camera.write(&.{ .{ 0x9028, 2 }, .{ 0x9028, 0 } }); // the clock goes on
    var again = try camera.nextEvents(30);
    defer again.deinit();
    try testing.expectEqual(11_520, again.events.items.len);
    try camera.write(&.{.{ 0xD000, 5 }});
    try testing.expect(!camera.evk4.stream.filtered.?.active);
    var all = try camera.events(30);
    defer all.deinit();
    try testing.expect(all.events.items.len > 50_000);
    try camera.write(&.{ .{ 0xD004, 20_000 << 1 | 1 }, .{ 0xD008, 0x30D40 }, .{ 0xD000, 1 } });
    var second = try camera.events(30);
    defer second.deinit();
    try testing.expectEqual(11_520, second.events.items.len);
    try testing.expectEqual(11_520, second.events.items[0].t);
}

test "anti-flicker's registers take effect unless it is bypassed" {
    const scene = @import("../sensor/scene.zig");
    var camera: Camera = try .init(try scene.build(allocator, .{ .bytes_per_second = 1_000_000, .flicker_hz = 200 }));
    defer camera.evk4.deinit();
    var counts: [3]usize = undefined;
    for (&counts, [_]u32{ 5, 1, 1 }, [_]u32{ 0x34, 0x34, 0x74 }) |*count, control, param| {
        try camera.write(&.{ .{ 0xC000, 5 }, .{ 0xC004, param }, .{ 0xC000, control } });
        var reader = try camera.events(60);
        defer reader.deinit();
        count.* = reader.events.items.len;
    }
    try testing.expect(counts[1] < counts[0] * 3 / 4);
    try testing.expect(counts[1] > 1000 and counts[2] > 1000);
}

test "EVT2.1 comes from the start behind its registers on" {
    var camera: Camera = try .init(try counting.build(allocator, 16, .{}));
    defer camera.evk4.deinit();
    camera.evk4.stream.filtered.?.keeps_events = true;
    try camera.write(&.{ .{ 0x7000, 0x70003 }, .{ 0x8000, 0x1E005 } });
    try camera.restart();
    var reader: Evt21Reader = .{ .allocator = allocator };
    defer reader.deinit();
    var buffer: [16384]u8 = undefined;
    for (0..100) |_| try reader.read(camera.fetch(&buffer));
    try testing.expect(reader.events.items.len > 100_000);
    for (reader.events.items, 0..) |event, index| {
        const number = index % (counting.period_us / 16);
        const expected: Event = .{
            .t = 16 * index,
            .x = @intCast(number % 1280),
            .y = @intCast(number % 720),
            .on = @intCast(number & 1),
        };
        try testing.expectEqual(expected, event);
    }
    try camera.write(&.{ .{ 0x7000, 0x70001 }, .{ 0x8000, 0x1E085 } });
    var evt3 = try camera.events(1);
    defer evt3.deinit();
    try testing.expectEqual(Event{ .t = 16, .x = 1, .y = 1, .on = 1 }, evt3.events.items[1]);
}
