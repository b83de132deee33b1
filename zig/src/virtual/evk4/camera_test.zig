//! Tests of the device model, without any bus.

const std = @import("std");
const testing = std.testing;
const model = @import("descriptors.zig");
const register_writes = @import("testing/register_writes.zig");
const faults = @import("faults.zig");
const Camera = @import("camera.zig").Camera;
const EventReader = @import("../sensor/testing/event_reader.zig").EventReader;
const Filtered = @import("../sensor/filtered.zig").Filtered;
const Outcome = @import("camera.zig").Outcome;

const ms = std.time.ns_per_ms;

fn testCamera(list: []const faults.Fault) Camera {
    return .{
        .model = model.byName("evk4").?,
        .board = .{ .serial = 0x00050ABC },
        .stream = .{ .content = .counter, .pacing = .{ .bytes_per_second = 100_000_000 } },
        .faults = .{ .list = list },
    };
}

fn write(camera: *Camera, now_ns: u64, address: u32, value: u32) !void {
    const request = register_writes.command(.{ address, value });
    try testing.expectEqual(Outcome{ .done = request.len }, camera.sendCommand(now_ns, &request));
    var reply: [1024]u8 = undefined;
    try testing.expectEqual(Outcome{ .done = register_writes.reply_length }, camera.readReply(now_ns, &reply));
    try testing.expectEqualSlices(u8, request[0..4], reply[0..4]);
}

fn start(camera: *Camera, now_ns: u64) !void {
    for (register_writes.start) |pair| try write(camera, now_ns, pair[0], pair[1]);
}

fn stop(camera: *Camera, now_ns: u64) !void {
    for (register_writes.stop) |pair| try write(camera, now_ns, pair[0], pair[1]);
}

test "events come between start and stop only, and count from 0 at each start" {
    var camera = testCamera(&.{});
    var buffer: [131072]u8 = undefined;
    try testing.expectEqual(Outcome.pending, camera.readEvents(0, &buffer));
    for (0..2) |round| {
        const start_ns = round * 1000 * ms;
        try start(&camera, start_ns);
        try testing.expectEqual(Outcome.pending, camera.readEvents(start_ns, &buffer));
        try testing.expectEqual(Outcome{ .done = 100_000 }, camera.readEvents(start_ns + ms, &buffer));
        try testing.expectEqual(0, std.mem.readInt(u64, buffer[0..8], .little));
        try stop(&camera, start_ns + 2 * ms);
        try testing.expectEqual(Outcome.pending, camera.readEvents(start_ns + 3 * ms, &buffer));
        try testing.expectEqual(null, camera.readyAt(.events, buffer.len));
    }
    try testing.expectEqual(2, camera.transfers);
    try testing.expectEqual(20, camera.commands);
}

test "one request, one reply: the second request and a second reply wait" {
    var camera = testCamera(&.{});
    const serial = "\x72\x00\x00\x00\x00\x00\x00\x00";
    var reply: [16]u8 = undefined;
    try testing.expectEqual(Outcome.pending, camera.readReply(0, &reply));
    try testing.expectEqual(Outcome{ .done = 8 }, camera.sendCommand(0, serial));
    try testing.expectEqual(Outcome.pending, camera.sendCommand(0, serial));
    try testing.expectEqual(Outcome{ .done = 16 }, camera.readReply(0, &reply));
    try testing.expectEqual(Outcome.pending, camera.readReply(0, &reply));
    try testing.expectEqual(Outcome{ .done = 8 }, camera.sendCommand(0, serial));
    try testing.expectEqual(Outcome{ .overflow = 0 }, camera.readReply(0, reply[0..15]));
}

test "control requests: what is known is answered, anything else stalls and leaves no halt" {
    var camera = testCamera(&.{});
    var data: [255]u8 = undefined;
    const type_of_board = camera.control(.{ .request_type = 0xC0, .request = 0x72, .value = 0, .index = 0, .length = 2 }, data[0..2]);
    try testing.expectEqual(Outcome{ .done = 2 }, type_of_board);
    try testing.expectEqual(0x31, data[0]);
    const cut = camera.control(.{ .request_type = 0x80, .request = 6, .value = 0x0302, .index = 0x409, .length = 4 }, data[0..4]);
    try testing.expectEqual(Outcome{ .done = 4 }, cut);
    const unknown = camera.control(.{ .request_type = 0xC0, .request = 0x55, .value = 0, .index = 0, .length = 2 }, data[0..2]);
    try testing.expectEqual(Outcome{ .stall = 0 }, unknown);
    const again = camera.control(.{ .request_type = 0xC0, .request = 0x72, .value = 0, .index = 0, .length = 2 }, data[0..2]);
    try testing.expectEqual(Outcome{ .done = 2 }, again);
}

test "control requests: empty and short answers" {
    const control: faults.Place = .{ .endpoint = .control };
    var camera = testCamera(&.{
        .{ .kind = .zero_length, .place = control },
        .{ .kind = .short, .place = control, .after = 1, .length = 1 },
    });
    var data: [2]u8 = undefined;
    for ([_]usize{ 0, 1, 2 }) |length| {
        const outcome = camera.control(.{ .request_type = 0xC0, .request = 0x72, .value = 0, .index = 0, .length = 2 }, &data);
        try testing.expectEqual(Outcome{ .done = length }, outcome);
    }
}

test "faults of the event endpoint" {
    const events: faults.Place = .{ .endpoint = .events };
    var camera = testCamera(&.{
        .{ .kind = .short, .place = events, .after = 1, .length = 1640 },
        .{ .kind = .zero_length, .place = events, .after = 2 },
        .{ .kind = .stall, .place = events, .after = 3 },
        .{ .kind = .protocol_error, .place = events, .after = 4 },
        .{ .kind = .overflow, .place = events, .after = 5, .length = 24 },
        .{ .kind = .short, .place = events, .after = 7, .length = 7 },
        .{ .kind = .hang, .place = events, .after = 8 },
    });
    var buffer: [4096]u8 = undefined;
    try start(&camera, 0);
    const now_ns = 10 * ms;
    try testing.expectEqual(Outcome{ .done = 4096 }, camera.readEvents(now_ns, &buffer));
    try testing.expectEqual(Outcome{ .done = 1640 }, camera.readEvents(now_ns, &buffer));
    try testing.expectEqual(Outcome{ .done = 0 }, camera.readEvents(now_ns, &buffer));
    for (0..3) |_| try testing.expectEqual(Outcome{ .stall = 0 }, camera.readEvents(now_ns, &buffer));
    camera.clearHalt(.events);
    try testing.expectEqual(Outcome{ .protocol_error = 0 }, camera.readEvents(now_ns, &buffer));
    try testing.expectEqual(Outcome{ .overflow = 24 }, camera.readEvents(now_ns, &buffer));
    try testing.expectEqual(24, camera.bytes_failed);
    try testing.expectEqual(Outcome{ .done = 4096 }, camera.readEvents(now_ns, &buffer));
    // None of the faults lost or repeated a byte.
    try testing.expectEqual((4096 + 1640 + 24) / 8, std.mem.readInt(u64, buffer[0..8], .little));
    // Shorter than a word: nothing at all.
    try testing.expectEqual(Outcome{ .done = 0 }, camera.readEvents(now_ns, &buffer));
    for (0..3) |_| try testing.expectEqual(Outcome.pending, camera.readEvents(now_ns, &buffer));
}

test "faults of the replies" {
    const replies: faults.Place = .{ .endpoint = .replies };
    var camera = testCamera(&.{
        .{ .kind = .short, .place = replies, .length = 3 },
        .{ .kind = .wrong_command, .place = replies, .after = 1 },
        .{ .kind = .failure_flag, .place = replies, .after = 2 },
        .{ .kind = .delay, .place = replies, .after = 3, .milliseconds = 5 },
        .{ .kind = .unplug, .place = replies, .after = 4 },
    });
    const request = "\x79\x00\x00\x00\x00\x00\x00\x00";
    var reply: [1024]u8 = undefined;
    _ = camera.sendCommand(0, request);
    try testing.expectEqual(Outcome{ .done = 3 }, camera.readReply(0, &reply));
    _ = camera.sendCommand(0, request);
    try testing.expectEqual(Outcome{ .done = 12 }, camera.readReply(0, &reply));
    try testing.expect(reply[0] != 0x79);
    _ = camera.sendCommand(0, request);
    try testing.expectEqual(Outcome{ .done = 12 }, camera.readReply(0, &reply));
    try testing.expectEqualSlices(u8, &.{ 0x79, 0, 0, 0x80 }, reply[0..4]);
    _ = camera.sendCommand(0, request);
    try testing.expectEqual(Outcome.pending, camera.readReply(4 * ms, &reply));
    try testing.expectEqual(5 * ms, camera.readyAt(.replies, reply.len).?);
    try testing.expectEqual(Outcome{ .done = 12 }, camera.readReply(5 * ms, &reply));
    _ = camera.sendCommand(0, request);
    try testing.expectEqual(Outcome.gone, camera.readReply(0, &reply));
    try testing.expectEqual(Outcome.gone, camera.sendCommand(0, request));
    try testing.expectEqual(Outcome.gone, camera.readEvents(0, &reply));
}

test "the registers of masks, biases and the rate limiter change a loop, and a new power-on ends that" {
    const period_us = @import("../sensor/counting.zig").period_us;
    const filtered = try Filtered.create(testing.allocator);
    var camera = testCamera(&.{});
    camera.stream.content = .{ .loop = try @import("../sensor/counting.zig").build(testing.allocator, 16) };
    camera.stream.filtered = filtered;
    camera.stream.pacing = .unlimited;
    defer camera.deinit(testing.allocator);
    const last_row_word = 0x4000 + 4 * 22;
    const cases = [_]struct { registers: []const [2]u32, share: f64 }{
        .{ .registers = &.{.{ last_row_word, 0x00FF0000 }}, .share = 1 },
        .{ .registers = &.{.{ 0x2000, 0xFFFFFFFF }}, .share = 1248.0 / 1280.0 },
        .{ .registers = &.{ .{ 0x2000, 0 }, .{ last_row_word, 0x00FFFFFF } }, .share = 704.0 / 720.0 },
        .{ .registers = &.{ .{ last_row_word, 0x00FF0000 }, .{ 0x1010, 0x11A10086 } }, .share = 0.75 },
        .{ .registers = &.{ .{ 0x1010, 0x11A10066 }, .{ 0x6000, 1 }, .{ 0x6008, 512 }, .{ 0x600C, 8 }, .{ 0x6028, 3 }, .{ 0x6050, 1 } }, .share = 0.25 },
        .{ .registers = &.{.{ 0x6050, 0 }}, .share = 1 },
    };
    try start(&camera, 0);
    for (cases) |case| {
        for (case.registers) |pair| try write(&camera, 0, pair[0], pair[1]);
        try write(&camera, 0, 0x0004, 0xF0005462);
        try testing.expectEqual(case.share < 1, filtered.active);
        var reader: EventReader = .{ .allocator = testing.allocator };
        defer reader.deinit();
        var buffer: [16384]u8 = undefined;
        while ((reader.high orelse 0) < period_us / 4096 * 3) {
            const outcome = camera.readEvents(0, &buffer);
            try reader.read(buffer[0..outcome.done]);
        }
        const first = reader.events.items[0].t;
        const elapsed: f64 = @floatFromInt(reader.events.getLast().t - first);
        const expected = case.share * elapsed / 16;
        try testing.expectApproxEqRel(expected, @as(f64, @floatFromInt(reader.events.items.len)), 0.01);
        camera.stream.stop();
        camera.stream.resetClock(0);
        camera.stream.start(0);
    }
    try write(&camera, 0, 0x9100, 1 << 31);
    try testing.expect(filtered.active);
    camera.powerOn();
    try testing.expect(!filtered.active);
}
