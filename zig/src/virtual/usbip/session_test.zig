//! A session by its bytes, without a kernel and without a socket.

const std = @import("std");
const testing = std.testing;
const client_module = @import("testing/client.zig");
const register_writes = @import("../evk4/testing/register_writes.zig");
const test_camera = @import("../evk4/testing/test_camera.zig");
const Camera = @import("../camera/camera.zig").Camera;
const Client = client_module.Client;
const MadeUpCamera = @import("../camera/testing/made_up_camera.zig").MadeUpCamera;
const Session = @import("session.zig").Session;
const SyncLine = @import("../camera/sync_line.zig").SyncLine;
const get_product_string = client_module.get_product_string;

const ms = std.time.ns_per_ms;

const serial_request = "\x72\x00\x00\x00\x00\x00\x00\x00";

test "commands may be cut anywhere" {
    var whole: [48 * 4 + 10 + 16]u8 = undefined;
    for ([_]usize{ 4096, 1, 7, 47, 48, 49 }) |piece| {
        var evk4 = test_camera.evk4(&.{});
        var session: Session = .init(testing.allocator, &evk4.camera);
        defer session.deinit();
        var client: Client = .{};
        try client.sendSubmit(.{ .sequence = 1, .endpoint = 0x83, .length = 16 });
        try client.sendSubmit(.{ .sequence = 2, .endpoint = 0, .length = 255, .setup = get_product_string });
        try client.sendSubmit(.{ .sequence = 3, .endpoint = 0x82, .length = 1024 });
        try client.sendSubmit(.{ .sequence = 4, .endpoint = 0x02, .data = serial_request });
        try client.flush(&session, 0, piece);
        try testing.expectEqual(whole.len, session.output.items.len);
        if (piece == 4096) @memcpy(&whole, session.output.items);
        try testing.expectEqualSlices(u8, &whole, session.output.items);
    }
}

test "replies carry the camera's answers, and transfers to missing endpoints stall" {
    var evk4 = test_camera.evk4(&.{});
    var session: Session = .init(testing.allocator, &evk4.camera);
    defer session.deinit();
    var client: Client = .{};
    try client.sendSubmit(.{ .sequence = 1, .endpoint = 0, .length = 255, .setup = get_product_string });
    try client.flush(&session, 0, 4096);
    try client.expectReply(&session, 3, 1, .ok, 10);
    try testing.expectEqualSlices(u8, "\x0A\x03E\x00V\x00K\x004\x00", client.takeData(&session, 10));
    try client.sendSubmit(.{ .sequence = 2, .endpoint = 0x82, .length = 1024 });
    try client.flush(&session, 0, 4096);
    try client.expectNoMore(&session); // no request was sent yet
    try client.sendSubmit(.{ .sequence = 3, .endpoint = 0x02, .data = serial_request });
    try client.flush(&session, 0, 4096);
    try client.expectReply(&session, 3, 3, .ok, 8);
    try client.expectReply(&session, 3, 2, .ok, 16);
    try testing.expectEqualSlices(u8, "\xBC\x0A\x05\x00", client.takeData(&session, 16)[8..12]);
    try client.sendSubmit(.{ .sequence = 4, .endpoint = 0x83, .length = 16 });
    try client.flush(&session, 0, 4096);
    try client.expectReply(&session, 3, 4, .stall, 0);
    try client.expectNoMore(&session);
}

fn startSensor(camera: *Camera, now_ns: u64) !void {
    for (register_writes.start) |write| {
        var reply: [1024]u8 = undefined;
        try testing.expect(camera.write(now_ns, .commands, &register_writes.command(write)) == .done);
        try testing.expect(camera.read(now_ns, .replies, &reply) == .done);
    }
}

test "a request waits for the reply before it to be read, and blocks no other endpoint; an unlinked one is gone" {
    var evk4 = test_camera.evk4(&.{});
    var session: Session = .init(testing.allocator, &evk4.camera);
    defer session.deinit();
    var client: Client = .{};
    try client.sendSubmit(.{ .sequence = 1, .endpoint = 0x02, .data = serial_request });
    try client.sendSubmit(.{ .sequence = 2, .endpoint = 0x02, .data = serial_request });
    try client.sendSubmit(.{ .sequence = 3, .endpoint = 0, .length = 255, .setup = get_product_string });
    try client.flush(&session, 0, 4096);
    try client.expectReply(&session, 3, 3, .ok, 10);
    _ = client.takeData(&session, 10);
    try client.expectReply(&session, 3, 1, .ok, 8);
    try client.expectNoMore(&session);
    try client.sendUnlink(4, 2);
    try client.flush(&session, 0, 4096);
    try client.expectReply(&session, 4, 4, .connection_reset, 0);
    // The next program selects the alternate setting, and finds no reply.
    try client.sendSubmit(.{ .sequence = 5, .endpoint = 0, .setup = "\x01\x0B\x00\x00\x00\x00\x00\x00".* });
    try client.sendSubmit(.{ .sequence = 6, .endpoint = 0x02, .data = serial_request });
    try client.flush(&session, 0, 4096);
    try client.expectReply(&session, 3, 5, .ok, 0);
    try client.expectReply(&session, 3, 6, .ok, 8);
    try client.expectNoMore(&session);
}

test "requests replace replies that were not read, but none that a queued transfer waits for" {
    var evk4 = test_camera.evk4(&.{});
    evk4.exchange.unread = .replace;
    var session: Session = .init(testing.allocator, &evk4.camera);
    defer session.deinit();
    var client: Client = .{};
    const release_request = "\x79\x00\x00\x00\x00\x00\x00\x00";
    try client.sendSubmit(.{ .sequence = 1, .endpoint = 0x82, .length = 1024 });
    for (2..4) |sequence| {
        try client.sendSubmit(.{ .sequence = @intCast(sequence), .endpoint = 0x02, .data = serial_request });
    }
    try client.sendSubmit(.{ .sequence = 4, .endpoint = 0x02, .data = release_request });
    try client.flush(&session, 0, 4096);
    try client.expectReply(&session, 3, 2, .ok, 8);
    try client.expectReply(&session, 3, 1, .ok, 16);
    try testing.expectEqual(0x72, client.takeData(&session, 16)[0]);
    for (3..5) |sequence| try client.expectReply(&session, 3, @intCast(sequence), .ok, 8);
    try client.sendSubmit(.{ .sequence = 5, .endpoint = 0x82, .length = 1024 });
    try client.flush(&session, 0, 4096);
    try client.expectReply(&session, 3, 5, .ok, 12);
    try testing.expectEqual(0x79, client.takeData(&session, 12)[0]);
    try client.expectNoMore(&session);
}

test "a secondary looks for its primary, which another connection has" {
    var line: SyncLine = .{};
    var evk4 = test_camera.evk4(&.{});
    evk4.camera.sync_line = &line;
    var session: Session = .init(testing.allocator, &evk4.camera);
    defer session.deinit();
    try startSensor(&evk4.camera, 0);
    try testing.expect(evk4.camera.write(0, .commands, &register_writes.command(.{ 0x9008, 0x64B })) == .done);
    var client: Client = .{};
    try client.sendSubmit(.{ .sequence = 1, .endpoint = 0x81, .length = 4096 });
    try client.flush(&session, 0, 4096);
    for (0..3) |round| {
        try testing.expectEqual((round + 1) * ms, session.nextProgress());
        try testing.expect(!try session.progress((round + 1) * ms));
    }
    line.begin(3 * ms + 500);
    try testing.expect(try session.progress(4 * ms));
    try client.expectReply(&session, 3, 1, .ok, 4096);
}

test "events end transfers in order; an unlinked one keeps its bytes" {
    var evk4 = test_camera.evk4(&.{});
    var session: Session = .init(testing.allocator, &evk4.camera);
    defer session.deinit();
    try startSensor(&evk4.camera, 0);
    var client: Client = .{};
    for (1..4) |sequence| try client.sendSubmit(.{ .sequence = @intCast(sequence), .endpoint = 0x81, .length = 4096 });
    try client.flush(&session, 0, 4096);
    try client.expectNoMore(&session);
    try testing.expectEqual(40_960, session.nextProgress()); // 4096 bytes at 100 MB/s
    try testing.expect(try session.progress(50_000));
    try testing.expect(!try session.progress(50_000)); // 904 bytes are no full transfer, and the flush is not due
    try client.expectReply(&session, 3, 1, .ok, 4096);
    for (0..512) |number| {
        try testing.expectEqual(number, std.mem.readInt(u64, client.takeData(&session, 8)[0..8], .little));
    }
    try client.sendUnlink(10, 3); // not the head: nothing yet
    try client.sendUnlink(11, 2);
    try client.sendUnlink(12, 1); // ended before
    try client.flush(&session, 50_000, 4096);
    try client.expectReply(&session, 4, 10, .connection_reset, 0);
    try client.expectReply(&session, 3, 2, .ok, 904);
    try testing.expectEqual(512, std.mem.readInt(u64, client.takeData(&session, 904)[0..8], .little));
    try client.expectReply(&session, 4, 11, .ok, 0);
    try client.expectReply(&session, 4, 12, .ok, 0);
    try client.expectNoMore(&session);
    try testing.expectEqual(0, session.event_room_bytes);
}

test "faults have Linux's numbers, and an unplugged camera ends the session" {
    var evk4 = test_camera.evk4(&.{
        .{ .kind = .protocol_error, .place = .{ .endpoint = .events } },
        .{ .kind = .overflow, .place = .{ .endpoint = .events }, .after = 1, .length = 16 },
        .{ .kind = .stall, .place = .{ .endpoint = .events }, .after = 2 },
        .{ .kind = .unplug, .place = .{ .endpoint = .control }, .after = 0 },
    });
    var session: Session = .init(testing.allocator, &evk4.camera);
    defer session.deinit();
    try startSensor(&evk4.camera, 0);
    var client: Client = .{};
    for (1..5) |sequence| try client.sendSubmit(.{ .sequence = @intCast(sequence), .endpoint = 0x81, .length = 1024 });
    try client.flush(&session, ms, 4096);
    try client.expectReply(&session, 3, 1, .protocol_error, 0);
    try client.expectReply(&session, 3, 2, .overflow, 16);
    _ = client.takeData(&session, 16);
    try client.expectReply(&session, 3, 3, .stall, 0);
    try client.expectReply(&session, 3, 4, .stall, 0); // halted until it is cleared
    try client.expectNoMore(&session);
    try client.sendSubmit(.{ .sequence = 5, .endpoint = 0, .length = 255, .setup = get_product_string });
    try testing.expectError(error.Unplugged, client.flush(&session, ms, 4096));
    // Plugged in again, it is as after power-on.
    var next: Session = .init(testing.allocator, &evk4.camera);
    defer next.deinit();
    try testing.expect(evk4.camera.present and !evk4.stream.running and !evk4.camera.halted.contains(.events));
}

test "a camera with other endpoints is served the same" {
    var other: MadeUpCamera = .{};
    var session: Session = .init(testing.allocator, &other.camera);
    defer session.deinit();
    var client: Client = .{};
    try client.sendSubmit(.{ .sequence = 1, .endpoint = 0x81, .length = 16 });
    try client.sendSubmit(.{ .sequence = 2, .endpoint = 0x82, .length = 4 });
    try client.flush(&session, 0, 4096);
    try client.expectReply(&session, 3, 1, .stall, 0);
    try client.expectNoMore(&session);
    try client.sendSubmit(.{ .sequence = 3, .endpoint = 0, .setup = .{ 0x40, 1, 0, 0, 0, 0, 0, 0 } });
    try client.flush(&session, 0, 4096);
    try client.expectReply(&session, 3, 3, .ok, 0);
    try client.expectReply(&session, 3, 2, .ok, 4);
    try testing.expectEqualSlices(u8, "\x00\x01\x02\x03", client.takeData(&session, 4));
    try client.expectNoMore(&session);
}

test "only bytes that the camera wrote are sent" {
    var evk4 = test_camera.evk4(&.{
        .{ .kind = .short, .place = .{ .endpoint = .control }, .length = 4 },
        .{ .kind = .overflow, .place = .{ .endpoint = .events }, .length = 24 },
    });
    var session: Session = .init(testing.allocator, &evk4.camera);
    defer session.deinit();
    try startSensor(&evk4.camera, 0);
    // What the camera does not write stays so.
    try session.output.ensureTotalCapacity(testing.allocator, 64 << 10);
    @memset(session.output.allocatedSlice(), 0xAA);
    var client: Client = .{};
    var sequence: u32 = 0;
    for ([_][8]u8{
        get_product_string,
        .{ 0x80, 0, 0, 0, 0, 0, 2, 0 }, // the status
        .{ 0x00, 9, 1, 0, 0, 0, 64, 0 }, // set the configuration, with data that it does not have
        .{ 0x02, 1, 0, 0, 0x81, 0, 0, 0 }, // clear a halt
        .{ 0xC0, 0x72, 0, 0, 0, 0, 64, 0 }, // the vendor's
        .{ 0x40, 0xFF, 0, 0, 0, 0, 64, 0 }, // of no meaning
    }) |setup| for ([_]bool{ false, true }) |direction_in| {
        sequence += 1;
        const data: [64]u8 = @splat(0);
        const length: u32 = if (direction_in) 64 else 0;
        try client.sendSubmit(.{
            .sequence = sequence,
            .endpoint = 0,
            .setup = setup,
            .length = length,
            .data = if (direction_in) "" else &data,
            .direction_in = direction_in,
        });
    };
    try client.flush(&session, 0, 4096); // before there are events, which the halt would drop
    try client.sendSubmit(.{ .sequence = 20, .endpoint = 0x82, .length = 1024 });
    try client.sendSubmit(.{ .sequence = 21, .endpoint = 0x02, .data = serial_request });
    // An overflow, a full one, one that ends early, and one that is unlinked before its first byte.
    for (22..26) |number| try client.sendSubmit(.{ .sequence = @intCast(number), .endpoint = 0x81, .length = 512 });
    try client.flush(&session, 8 * std.time.ns_per_us, 4096);
    try client.sendUnlink(26, 24);
    try client.sendUnlink(27, 25);
    try client.flush(&session, 8 * std.time.ns_per_us, 4096);
    try testing.expectEqual(null, std.mem.findScalar(u8, session.output.items, 0xAA));
    try testing.expectEqual(0, session.urbs);
}

test "a client that queues too many transfers is let go; ended ones count no more" {
    var evk4 = test_camera.evk4(&.{});
    var session: Session = .init(testing.allocator, &evk4.camera);
    defer session.deinit();
    session.limits.urbs = 2;
    var client: Client = .{};
    for (0..3) |round| {
        const sequence: u32 = @intCast(round);
        try client.sendSubmit(.{ .sequence = 10 + sequence, .endpoint = 0x82, .length = 16 });
        try client.sendSubmit(.{ .sequence = 20 + sequence, .endpoint = 0x81, .length = 16 });
        try client.sendUnlink(30, 10 + sequence);
        try client.sendUnlink(31, 20 + sequence);
        try client.flush(&session, 0, 4096);
    }
    for (0..3) |sequence| try client.sendSubmit(.{ .sequence = @intCast(sequence), .endpoint = 0x81, .length = 16 });
    try testing.expectError(error.LimitExceeded, client.flush(&session, 0, 4096));
}

test "a client that queues too much data is let go, before the data has arrived" {
    var evk4 = test_camera.evk4(&.{});
    var session: Session = .init(testing.allocator, &evk4.camera);
    defer session.deinit();
    session.limits.data_bytes = 30;
    var client: Client = .{};
    // The first one is answered, so the others wait until the answer is fetched.
    for (0..3) |sequence| try client.sendSubmit(.{ .sequence = @intCast(sequence), .endpoint = 0x02, .data = serial_request });
    try client.flush(&session, 0, 4096);
    try testing.expectEqual(16, session.data_bytes);
    for (3..5) |sequence| try client.sendSubmit(.{ .sequence = @intCast(sequence), .endpoint = 0x82, .length = 16 });
    try client.flush(&session, 0, 4096);
    try testing.expectEqual(0, session.data_bytes);
    for (5..7) |sequence| try client.sendSubmit(.{ .sequence = @intCast(sequence), .endpoint = 0x02, .data = serial_request });
    try client.flush(&session, 0, 4096);
    try client.sendSubmit(.{ .sequence = 7, .endpoint = 0x02, .data = &@as([15]u8, @splat(0)) });
    client.length -= 15;
    try testing.expectError(error.LimitExceeded, client.flush(&session, 0, 4096));
}

test "commands and ends of transfers wait while there is much output" {
    var evk4 = test_camera.evk4(&.{});
    var session: Session = .init(testing.allocator, &evk4.camera);
    defer session.deinit();
    session.limits.output_bytes = 100;
    try startSensor(&evk4.camera, 0);
    var client: Client = .{};
    for (0..10) |sequence| {
        try client.sendSubmit(.{ .sequence = @intCast(sequence), .endpoint = 0, .length = 255, .setup = get_product_string });
    }
    for (10..20) |sequence| {
        try client.sendSubmit(.{ .sequence = @intCast(sequence), .endpoint = 0x81, .length = 64 });
        try client.sendUnlink(@intCast(10 + sequence), @intCast(sequence));
    }
    try session.receive(client.buffer[0..client.length]);
    var sent: usize = 0;
    while (try session.progress(ms) or session.has_commands) {
        // One reply beyond, and one to an unlink.
        try testing.expect(session.output.items.len < 100 + 48 + 64 + 48);
        sent += session.output.items.len;
        session.output.clearRetainingCapacity();
    }
    try testing.expectEqual(10 * (48 + 10) + 10 * (48 + 64 + 48), sent);
    try testing.expectEqual(0, session.input.items.len);
}
