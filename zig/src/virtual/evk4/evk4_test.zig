//! Tests of the EVK4's device model, without a bus.

const std = @import("std");
const testing = std.testing;
const register_writes = @import("testing/register_writes.zig");
const faults = @import("../camera/faults.zig");
const test_camera = @import("testing/test_camera.zig");
const camera_module = @import("../camera/camera.zig");
const Camera = camera_module.Camera;
const EventReader = @import("../sensor/testing/event_reader.zig").EventReader;
const Filtered = @import("../sensor/filtered.zig").Filtered;
const Outcome = camera_module.Outcome;
const SyncLine = @import("../camera/sync_line.zig").SyncLine;

const ms = std.time.ns_per_ms;

fn write(camera: *Camera, now_ns: u64, address: u32, value: u32) !void {
    const request = register_writes.command(.{ address, value });
    try testing.expectEqual(Outcome{ .done = request.len }, camera.write(now_ns, .commands, &request));
    var reply: [1024]u8 = undefined;
    try testing.expectEqual(Outcome{ .done = register_writes.reply_length }, camera.read(now_ns, .replies, &reply));
    try testing.expectEqualSlices(u8, request[0..4], reply[0..4]);
}

fn start(camera: *Camera, now_ns: u64) !void {
    for (register_writes.start) |pair| try write(camera, now_ns, pair[0], pair[1]);
}

fn stop(camera: *Camera, now_ns: u64) !void {
    for (register_writes.stop) |pair| try write(camera, now_ns, pair[0], pair[1]);
}

test "events come between start and stop only, and count from 0 at each start" {
    var evk4 = test_camera.evk4(&.{});
    const camera = &evk4.camera;
    var buffer: [131072]u8 = undefined;
    try testing.expectEqual(Outcome.pending, camera.read(0, .events, &buffer));
    for (0..2) |round| {
        const start_ns = round * 1000 * ms;
        try start(camera, start_ns);
        try testing.expectEqual(Outcome.pending, camera.read(start_ns, .events, &buffer));
        // 200,000 bytes come before the packet period ends.
        try testing.expectEqual(Outcome{ .done = buffer.len }, camera.read(start_ns + 2 * ms, .events, &buffer));
        try testing.expectEqual(0, std.mem.readInt(u64, buffer[0..8], .little));
        try stop(camera, start_ns + 3 * ms);
        try testing.expectEqual(Outcome.pending, camera.read(start_ns + 4 * ms, .events, &buffer));
        try testing.expectEqual(null, camera.readyAt(.events, buffer.len));
    }
    try testing.expectEqual(2, camera.transfers);
    try testing.expectEqual(20, camera.commands);
}

test "a camera without a scene keeps its content, asked for another or not" {
    var evk4 = test_camera.evk4(&.{});
    const camera = &evk4.camera;
    try camera.makeContent();
    camera.installContent(0);
    try start(camera, 0);
    var buffer: [4096]u8 = undefined;
    try testing.expectEqual(Outcome{ .done = buffer.len }, camera.read(ms, .events, &buffer));
    for (0..buffer.len / 8) |number| {
        try testing.expectEqual(number, std.mem.readInt(u64, buffer[8 * number ..][0..8], .little));
    }
}

const serial = "\x72\x00\x00\x00\x00\x00\x00\x00";

test "a request whose predecessor's reply was not read replaces the reply, where the camera is one of that kind" {
    var evk4 = test_camera.evk4(&.{});
    evk4.exchange.unread = .replace;
    const camera = &evk4.camera;
    var reply: [1024]u8 = undefined;
    const release = "\x79\x00\x00\x00\x00\x00\x00\x00";
    for ([_][]const u8{ serial, serial, release }) |request| {
        try testing.expectEqual(Outcome{ .done = 8 }, camera.write(0, .commands, request));
    }
    try testing.expectEqual(Outcome{ .done = 12 }, camera.read(0, .replies, &reply));
    try testing.expectEqual(0x79, reply[0]);
    try testing.expectEqual(Outcome.pending, camera.read(0, .replies, &reply));
}

test "clearing the halt of either endpoint, and selecting the alternate setting, drop a reply that was not read" {
    const Request = camera_module.Setup;
    for ([_]Request{
        .{ .request_type = 0x02, .request = 1, .value = 0, .index = 0x82, .length = 0 },
        .{ .request_type = 0x02, .request = 1, .value = 0, .index = 0x02, .length = 0 },
        .{ .request_type = 0x01, .request = 11, .value = 0, .index = 0, .length = 0 },
    }) |request| {
        var evk4 = test_camera.evk4(&.{});
        const camera = &evk4.camera;
        try testing.expectEqual(Outcome{ .done = 8 }, camera.write(0, .commands, serial));
        try testing.expectEqual(Outcome.pending, camera.write(0, .commands, serial));
        try testing.expectEqual(Outcome{ .done = 0 }, camera.control(0, request, &.{}));
        try testing.expectEqual(Outcome{ .done = 8 }, camera.write(0, .commands, serial));
        var other = request;
        other.index = 1; // no such endpoint or interface
        try testing.expectEqual(Outcome{ .stall = 0 }, camera.control(0, other, &.{}));
    }
}

test "one request, one reply: the second request and a second reply wait" {
    var evk4 = test_camera.evk4(&.{});
    const camera = &evk4.camera;
    var reply: [16]u8 = undefined;
    try testing.expectEqual(Outcome.pending, camera.read(0, .replies, &reply));
    try testing.expectEqual(Outcome{ .done = 8 }, camera.write(0, .commands, serial));
    try testing.expectEqual(Outcome.pending, camera.write(0, .commands, serial));
    try testing.expectEqual(Outcome{ .done = 16 }, camera.read(0, .replies, &reply));
    try testing.expectEqual(Outcome.pending, camera.read(0, .replies, &reply));
    try testing.expectEqual(Outcome{ .done = 8 }, camera.write(0, .commands, serial));
    try testing.expectEqual(Outcome{ .overflow = 0 }, camera.read(0, .replies, reply[0..15]));
}

test "control requests: known ones are answered, others stall and leave no halt" {
    var evk4 = test_camera.evk4(&.{});
    const camera = &evk4.camera;
    var data: [255]u8 = undefined;
    const type_of_board = camera.control(0, .{ .request_type = 0xC0, .request = 0x72, .value = 0, .index = 0, .length = 2 }, data[0..2]);
    try testing.expectEqual(Outcome{ .done = 2 }, type_of_board);
    try testing.expectEqual(0x31, data[0]);
    const cut = camera.control(0, .{ .request_type = 0x80, .request = 6, .value = 0x0302, .index = 0x409, .length = 4 }, data[0..4]);
    try testing.expectEqual(Outcome{ .done = 4 }, cut);
    const unknown = camera.control(0, .{ .request_type = 0xC0, .request = 0x55, .value = 0, .index = 0, .length = 2 }, data[0..2]);
    try testing.expectEqual(Outcome{ .stall = 0 }, unknown);
    const again = camera.control(0, .{ .request_type = 0xC0, .request = 0x72, .value = 0, .index = 0, .length = 2 }, data[0..2]);
    try testing.expectEqual(Outcome{ .done = 2 }, again);
}

test "control requests: empty and short answers" {
    const control: faults.Place = .{ .endpoint = .control };
    var evk4 = test_camera.evk4(&.{
        .{ .kind = .zero_length, .place = control },
        .{ .kind = .short, .place = control, .after = 1, .length = 1 },
    });
    const camera = &evk4.camera;
    var data: [2]u8 = undefined;
    for ([_]usize{ 0, 1, 2 }) |length| {
        const outcome = camera.control(0, .{ .request_type = 0xC0, .request = 0x72, .value = 0, .index = 0, .length = 2 }, &data);
        try testing.expectEqual(Outcome{ .done = length }, outcome);
    }
}

test "faults of the event endpoint" {
    const events: faults.Place = .{ .endpoint = .events };
    var evk4 = test_camera.evk4(&.{
        .{ .kind = .short, .place = events, .after = 1, .length = 1640 },
        .{ .kind = .zero_length, .place = events, .after = 2 },
        .{ .kind = .stall, .place = events, .after = 3 },
        .{ .kind = .protocol_error, .place = events, .after = 4 },
        .{ .kind = .overflow, .place = events, .after = 5, .length = 24 },
        .{ .kind = .short, .place = events, .after = 7, .length = 7 },
        .{ .kind = .hang, .place = events, .after = 8 },
    });
    const camera = &evk4.camera;
    var buffer: [4096]u8 = undefined;
    try start(camera, 0);
    const now_ns = 10 * ms;
    try testing.expectEqual(Outcome{ .done = 4096 }, camera.read(now_ns, .events, &buffer));
    try testing.expectEqual(Outcome{ .done = 1640 }, camera.read(now_ns, .events, &buffer));
    try testing.expectEqual(Outcome{ .done = 0 }, camera.read(now_ns, .events, &buffer));
    for (0..3) |_| try testing.expectEqual(Outcome{ .stall = 0 }, camera.read(now_ns, .events, &buffer));
    // What waits is lost with the halt.
    camera.clearHalt(now_ns, .events);
    try testing.expectEqual(1_000_000 - 4096 - 1640, camera.account().bytes_lost);
    const later_ns = now_ns + ms;
    try testing.expectEqual(Outcome{ .protocol_error = 0 }, camera.read(later_ns, .events, &buffer));
    try testing.expectEqual(Outcome{ .overflow = 24 }, camera.read(later_ns, .events, &buffer));
    try testing.expectEqual(24, camera.bytes_failed);
    try testing.expectEqual(Outcome{ .done = 4096 }, camera.read(later_ns, .events, &buffer));
    // No other fault has lost or repeated a byte.
    try testing.expectEqual((1_000_000 + 24) / 8, std.mem.readInt(u64, buffer[0..8], .little));
    // Shorter than a word: no bytes.
    try testing.expectEqual(Outcome{ .done = 0 }, camera.read(later_ns, .events, &buffer));
    for (0..3) |_| try testing.expectEqual(Outcome.pending, camera.read(later_ns, .events, &buffer));
}

test "the register of the packet period decides when a transfer that is not full ends" {
    var evk4 = test_camera.evk4(&.{});
    const camera = &evk4.camera;
    const transfer = 1 << 20;
    try start(camera, 0);
    try testing.expectEqual(2 * ms, camera.readyAt(.events, transfer)); // as after a reset
    for ([_]struct { u32, u64 }{ .{ 0xFA0, 4000 }, .{ 0x3FF, 1008 }, .{ 0, 16 } }) |case| {
        try write(camera, 0, 0xB028, case[0]);
        try testing.expectEqual(case[1] * std.time.ns_per_us, camera.readyAt(.events, transfer));
    }
}

test "a recording's reports come while 0x7004 lets them through" {
    var evk4 = test_camera.evk4(&.{});
    const camera = &evk4.camera;
    const file = "% evt 3.0\n\x00\x80\x14\xE0\x01\x28";
    evk4.stream.content = .{ .loop = try @import("../sensor/recording.zig").parse(testing.allocator, file) };
    defer evk4.deinit();
    for ([_]u32{ 0xC5FF, 0x85FF }, [_]u16{ 0xE014, 0x8000 }) |value, expected| {
        try write(camera, 0, 0x7004, value);
        try start(camera, 0);
        var buffer: [1024]u8 = undefined;
        try testing.expectEqual(Outcome{ .done = buffer.len }, camera.read(ms, .events, &buffer));
        try testing.expectEqual(expected, std.mem.readInt(u16, buffer[2..4], .little));
        try stop(camera, ms);
    }
}

test "a secondary is silent until a primary runs, and has its clock" {
    var line: SyncLine = .{};
    var primary = test_camera.evk4(&.{});
    var secondary = test_camera.evk4(&.{});
    primary.camera.sync_line = &line;
    secondary.camera.sync_line = &line;
    var buffer: [4096]u8 = undefined;
    for (0..2) |round| {
        const begin_ns = (1 + 100 * round) * ms;
        try start(&secondary.camera, begin_ns);
        try write(&secondary.camera, begin_ns, 0x9008, 0x64A);
        try write(&secondary.camera, begin_ns, 0x9008, 0x64B);
        secondary.camera.advance(begin_ns + 9 * ms, buffer.len);
        try testing.expectEqual(Outcome.pending, secondary.camera.read(begin_ns + 9 * ms, .events, &buffer));
        try testing.expectEqual(begin_ns + 10 * ms, secondary.camera.readyAt(.events, buffer.len).?);
        try write(&primary.camera, begin_ns, 0x9008, 0x64E);
        try start(&primary.camera, begin_ns);
        try write(&primary.camera, begin_ns, 0x9008, 0x64F); // the pad is an input still: it drives nothing
        secondary.camera.advance(begin_ns + 10 * ms, buffer.len);
        try testing.expectEqual(Outcome.pending, secondary.camera.read(begin_ns + 10 * ms, .events, &buffer));
        try write(&primary.camera, begin_ns + 10 * ms, 0x0044, 0xCCFCFCCF);
        secondary.camera.advance(begin_ns + 14 * ms, buffer.len);
        try testing.expectEqual(Outcome{ .done = 4096 }, secondary.camera.read(begin_ns + 14 * ms, .events, &buffer));
        try testing.expectEqual(0, std.mem.readInt(u64, buffer[0..8], .little));
        // At the end of the primary, by its register or because its host has let go.
        if (round == 0) try write(&primary.camera, begin_ns + 20 * ms, 0x9008, 0x64E) else primary.camera.powerOff();
        secondary.camera.advance(begin_ns + 21 * ms, buffer.len);
        try testing.expectEqual(Outcome.pending, secondary.camera.read(begin_ns + 30 * ms, .events, &buffer));
        try write(&primary.camera, begin_ns + 40 * ms, 0x0044, 0xCCFFFCCF);
        try stop(&secondary.camera, begin_ns + 50 * ms);
    }
}

test "faults of the replies" {
    const replies: faults.Place = .{ .endpoint = .replies };
    var evk4 = test_camera.evk4(&.{
        .{ .kind = .short, .place = replies, .length = 3 },
        .{ .kind = .wrong_command, .place = replies, .after = 1 },
        .{ .kind = .failure_flag, .place = replies, .after = 2 },
        .{ .kind = .delay, .place = replies, .after = 3, .milliseconds = 5 },
        .{ .kind = .unplug, .place = replies, .after = 4 },
    });
    const camera = &evk4.camera;
    const request = "\x79\x00\x00\x00\x00\x00\x00\x00";
    var reply: [1024]u8 = undefined;
    _ = camera.write(0, .commands, request);
    try testing.expectEqual(Outcome{ .done = 3 }, camera.read(0, .replies, &reply));
    _ = camera.write(0, .commands, request);
    try testing.expectEqual(Outcome{ .done = 12 }, camera.read(0, .replies, &reply));
    try testing.expect(reply[0] != 0x79);
    _ = camera.write(0, .commands, request);
    try testing.expectEqual(Outcome{ .done = 12 }, camera.read(0, .replies, &reply));
    try testing.expectEqualSlices(u8, &.{ 0x79, 0, 0, 0x80 }, reply[0..4]);
    _ = camera.write(0, .commands, request);
    try testing.expectEqual(Outcome.pending, camera.read(4 * ms, .replies, &reply));
    try testing.expectEqual(5 * ms, camera.readyAt(.replies, reply.len).?);
    try testing.expectEqual(Outcome{ .done = 12 }, camera.read(5 * ms, .replies, &reply));
    _ = camera.write(0, .commands, request);
    try testing.expectEqual(Outcome.gone, camera.read(0, .replies, &reply));
    try testing.expectEqual(Outcome.gone, camera.write(0, .commands, request));
    try testing.expectEqual(Outcome.gone, camera.read(0, .events, &reply));
}

test "registers for masks, biases and the rate limiter change a loop, until a new power-on" {
    const period_us = @import("../sensor/counting.zig").period_us;
    const filtered = try Filtered.create(testing.allocator);
    var evk4 = test_camera.evk4(&.{});
    const camera = &evk4.camera;
    evk4.stream.content = .{ .loop = try @import("../sensor/counting.zig").build(testing.allocator, 16, .{}) };
    evk4.stream.filtered = filtered;
    evk4.stream.pacing = .unlimited;
    defer evk4.deinit();
    const last_row_word = 0x4000 + 4 * 22;
    const cases = [_]struct { registers: []const [2]u32, share: f64 }{
        .{ .registers = &.{.{ last_row_word, 0x00FF0000 }}, .share = 1 },
        .{ .registers = &.{.{ 0x2000, 0xFFFFFFFF }}, .share = 1248.0 / 1280.0 },
        .{ .registers = &.{ .{ 0x2000, 0 }, .{ last_row_word, 0x00FFFFFF } }, .share = 704.0 / 720.0 },
        .{ .registers = &.{ .{ last_row_word, 0x00FF0000 }, .{ 0x1010, 0x11A10086 } }, .share = 0.75 },
        .{ .registers = &.{ .{ 0x1010, 0x11A10066 }, .{ 0x6000, 1 }, .{ 0x6008, 512 }, .{ 0x600C, 8 }, .{ 0x6028, 3 }, .{ 0x6050, 1 } }, .share = 0.25 },
        .{ .registers = &.{.{ 0x6050, 0 }}, .share = 1 },
    };
    try start(camera, 0);
    for (cases) |case| {
        for (case.registers) |pair| try write(camera, 0, pair[0], pair[1]);
        try write(camera, 0, 0x0004, 0xF0005462);
        try testing.expectEqual(case.share < 1, filtered.active);
        var reader: EventReader = .{ .allocator = testing.allocator };
        defer reader.deinit();
        var buffer: [16384]u8 = undefined;
        while ((reader.high orelse 0) < period_us / 4096 * 3) {
            const outcome = camera.read(0, .events, &buffer);
            try reader.read(buffer[0..outcome.done]);
        }
        const first = reader.events.items[0].t;
        const elapsed: f64 = @floatFromInt(reader.events.getLast().t - first);
        const expected = case.share * elapsed / 16;
        try testing.expectApproxEqRel(expected, @as(f64, @floatFromInt(reader.events.items.len)), 0.01);
        evk4.stream.stop();
        evk4.stream.resetClock(0);
        evk4.stream.start(0);
    }
    try write(camera, 0, 0x9100, 1 << 31);
    try testing.expect(filtered.active);
    camera.powerOn();
    try testing.expect(!filtered.active);
}
