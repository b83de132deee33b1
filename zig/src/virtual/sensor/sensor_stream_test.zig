//! Tests of the sensor's stream.

const std = @import("std");
const Builder = @import("looped_stream.zig").Builder;
const SensorStream = @import("sensor_stream.zig").SensorStream;
const testing = std.testing;
const ms = std.time.ns_per_ms;

test "at a rate, the bytes of a second take a second, and none is lost while they are fetched" {
    var stream: SensorStream = .{ .content = .counter, .pacing = .{ .bytes_per_second = 100_000_000 } };
    const start_ns = 5 * std.time.ns_per_s + 17;
    stream.resetClock(start_ns);
    stream.start(start_ns);
    var buffer: [131072]u8 = undefined;
    var now_ns: u64 = start_ns;
    var expected: u64 = 0;
    while (true) {
        now_ns = @max(now_ns, stream.readyAt(buffer.len).?);
        if (now_ns > start_ns + std.time.ns_per_s) break;
        stream.advance(now_ns, 32 * buffer.len);
        const length = stream.ready(now_ns, buffer.len).?;
        // 1 ms at this rate is less than a buffer: every transfer is a short one.
        try testing.expectApproxEqAbs(100_000, @as(f64, @floatFromInt(length)), 16);
        stream.send(now_ns, buffer[0..length]);
        for (0..length / 8) |index| {
            try testing.expectEqual(expected, std.mem.readInt(u64, buffer[8 * index ..][0..8], .little));
            expected += 1;
        }
    }
    try testing.expectApproxEqAbs(100_000_000, @as(f64, @floatFromInt(stream.bytes_sent)), 100_000);
    try testing.expectEqual(0, stream.bytes_lost);
}

test "bytes that are not fetched are lost beyond the FIFO and the queue, and counted" {
    var stream: SensorStream = .{ .content = .counter, .pacing = .{ .bytes_per_second = 100_000_000 } };
    stream.resetClock(0);
    stream.start(0);
    const queue = 1 << 20;
    stream.advance(20 * ms, queue); // 2,000,000 bytes: there is room for 1 MiB and for 1,000,000
    try testing.expectEqual(0, stream.bytes_lost);
    stream.advance(1000 * ms, queue);
    const room = queue + 1_000_000;
    try testing.expectEqual(100_000_000 - room, stream.bytes_lost);
    var buffer: [4096]u8 = undefined;
    stream.send(1000 * ms, &buffer);
    try testing.expectEqual(stream.bytes_lost / 8, std.mem.readInt(u64, buffer[0..8], .little));
    // Sent, lost and waiting bytes together are the produced ones.
    const waiting = stream.waiting(1000 * ms, 1 << 30);
    try testing.expectEqual(100_000_000, stream.bytes_sent + stream.bytes_lost + waiting);
}

test "a pause produces nothing, and a new start of the clock counts from 0" {
    var stream: SensorStream = .{ .content = .counter, .pacing = .{ .bytes_per_second = 8_000_000 } };
    var buffer: [8]u8 = undefined;
    stream.resetClock(0);
    stream.start(0);
    stream.stop();
    try testing.expectEqual(null, stream.ready(500 * ms, buffer.len));
    try testing.expectEqual(null, stream.readyAt(buffer.len));
    stream.start(500 * ms);
    stream.advance(501 * ms, 0);
    stream.send(501 * ms, &buffer);
    try testing.expectEqual(500_000, std.mem.readInt(u64, &buffer, .little));
    try testing.expectEqual(0, stream.bytes_lost);
    stream.stop();
    stream.resetClock(600 * ms);
    stream.start(600 * ms);
    stream.send(601 * ms, &buffer);
    try testing.expectEqual(0, std.mem.readInt(u64, &buffer, .little));
}

test "with its own timing, a loop's clock is the wall clock" {
    var builder: Builder = .{ .allocator = testing.allocator, .slot_us = 64 };
    defer builder.deinit();
    try builder.addTimeHigh(0);
    try builder.addTimeLow(1000);
    try builder.add(0x2801);
    var loop = try builder.finish(4096, 0);
    defer loop.deinit(testing.allocator);
    var stream: SensorStream = .{ .content = .{ .loop = loop }, .pacing = .own };
    stream.resetClock(0);
    stream.start(0);
    const room = 131072;
    var bytes: [64]u8 = undefined;
    for (0..50) |round| {
        for ([_]u64{ 0, 1000 }) |time_us| {
            const due_ns = stream.readyAt(room).?;
            const time_ns = (round * 4096 + time_us) * std.time.ns_per_us;
            // Not before its time; late by at most a slot, or by the packet period after the previous transfer.
            try testing.expect(due_ns >= time_ns and due_ns <= time_ns + 64 * std.time.ns_per_us + stream.packet_period_ns);
            const length = stream.ready(due_ns, room).?;
            stream.send(due_ns, bytes[0..length]);
            const time_word = std.mem.readInt(u16, bytes[0..2], .little);
            try testing.expectEqual(if (time_us == 0) 0x8000 | round else 0x6000 | time_us, time_word);
        }
    }
}

test "the packet period decides how long a transfer that is not full stays open" {
    for ([_]u64{ 4 * ms, ms, 16 * std.time.ns_per_us }) |period_ns| {
        var stream: SensorStream = .{ .content = .counter, .pacing = .{ .bytes_per_second = 8_000_000 } };
        stream.packet_period_ns = period_ns;
        stream.resetClock(0);
        stream.start(0);
        var buffer: [131072]u8 = undefined;
        for (1..4) |packet| {
            const due_ns = packet * period_ns;
            try testing.expectEqual(due_ns, stream.readyAt(buffer.len));
            try testing.expectEqual(null, stream.ready(due_ns - 1, buffer.len));
            const length = stream.ready(due_ns, buffer.len).?;
            try testing.expectEqual(period_ns * 8 / 1000, length);
            stream.send(due_ns, buffer[0..length]);
        }
    }
}

test "what is dropped is lost and counted, and the next bytes are those that come after it" {
    var stream: SensorStream = .{ .content = .counter, .pacing = .{ .bytes_per_second = 8_000_000 } };
    stream.resetClock(0);
    stream.start(0);
    stream.drop(3 * ms);
    try testing.expectEqual(24_000, stream.bytes_lost);
    try testing.expectEqual(0, stream.waiting(3 * ms, 64));
    var buffer: [8]u8 = undefined;
    stream.send(4 * ms, &buffer);
    try testing.expectEqual(3_000, std.mem.readInt(u64, &buffer, .little));
    stream.stop();
    stream.drop(5 * ms);
    try testing.expectEqual(24_000, stream.bytes_lost);
}

test "unlimited: always ready, never lost" {
    var stream: SensorStream = .{ .content = .counter, .pacing = .unlimited };
    stream.resetClock(0);
    stream.start(0);
    stream.advance(1000 * ms, 0);
    try testing.expectEqual(null, stream.ready(0, 7)); // no room for a word
    try testing.expectEqual(null, stream.readyAt(7));
    try testing.expectEqual(4096, stream.ready(0, 4099).?);
    try testing.expectEqual(0, stream.bytes_lost);
}
