//! The data side of the sensor: what has been produced by now, what of it still waits in the camera, and
//! what was lost there because nobody fetched it.
//!
//! Nothing here runs by itself. Production follows the clock that the caller brings, and is worked out when
//! somebody asks. Positions count bytes since the sensor's clock was started:
//!
//!     0 ──── position ───────── produced(now)
//!      sent    │   waiting in the camera   │   not produced yet
//!
//! At most what the host has queued room for, plus the camera's FIFO, can wait; beyond, the oldest is lost.

const std = @import("std");
const EventLoop = @import("event_loop.zig").EventLoop;

/// How long the camera can hold data that nobody fetches. Unknown for the real one.
pub const fifo_ns = 10 * std.time.ns_per_ms;

/// The FIFO holds at least this much, however low the rate is. Unknown for the real one.
pub const fifo_minimum_bytes = 512 << 10;

/// A transfer that is not full is ended, as a short packet, this long after the one before it when data
/// waits. Unknown for the real camera.
pub const flush_ns = std.time.ns_per_ms;

pub const Content = union(enum) {
    /// 64-bit little-endian numbers, each one more than the one before it, from 0.
    counter,
    loop: EventLoop,
};

pub const Pacing = union(enum) {
    /// A loop's own timing: the sensor's clock is the wall clock.
    own,
    bytes_per_second: u64,
    /// As fast as it is fetched. Nothing waits and nothing is lost.
    unlimited,
};

pub const SensorStream = struct {
    content: Content,
    pacing: Pacing,
    running: bool = false,
    triggers_enabled: bool = true,
    /// When the sensor's clock showed 0.
    zero_ns: u64 = 0,
    position: u64 = 0,
    /// When the last transfer was filled.
    sent_ns: u64 = 0,
    bytes_sent: u64 = 0,
    bytes_lost: u64 = 0,

    /// Starts the sensor's clock at 0.
    pub fn resetClock(stream: *SensorStream, now_ns: u64) void {
        stream.zero_ns = now_ns;
        stream.position = 0;
    }

    pub fn start(stream: *SensorStream, now_ns: u64) void {
        stream.running = true;
        stream.sent_ns = now_ns;
        // What would have been produced while the output was off has never been.
        if (stream.pacing != .unlimited) stream.position = stream.produced(now_ns);
    }

    pub fn stop(stream: *SensorStream) void {
        stream.running = false;
    }

    /// Loses what exceeds the FIFO and the room that the host has queued. To be called before the room changes.
    pub fn advance(stream: *SensorStream, now_ns: u64, room: u64) void {
        if (!stream.running or stream.pacing == .unlimited) return;
        const unsent = stream.produced(now_ns) -| stream.position;
        const limit = room + stream.fifoBytes();
        if (unsent <= limit) return;
        const surplus = std.mem.alignForward(u64, unsent - limit, stream.wordBytes());
        stream.position += surplus;
        stream.bytes_lost += surplus;
    }

    /// How many bytes a transfer with room for `length` ends with now; null when it has to wait.
    pub fn ready(stream: *const SensorStream, now_ns: u64, length: usize) ?usize {
        if (!stream.running) return null;
        const room = stream.wholeWords(length);
        const there = stream.waiting(now_ns, room);
        if (there == 0) return null;
        if (there == room) return room;
        return if (now_ns >= stream.sent_ns + flush_ns) there else null;
    }

    /// What is there for a transfer that ends for another reason.
    pub fn waiting(stream: *const SensorStream, now_ns: u64, length: usize) usize {
        if (!stream.running) return 0;
        const room = stream.wholeWords(length);
        if (stream.pacing == .unlimited) return room;
        return @intCast(@min(room, stream.produced(now_ns) -| stream.position));
    }

    /// When `ready` will say something else than null; null when not by the passing of time.
    pub fn readyAt(stream: *const SensorStream, length: usize) ?u64 {
        const room = stream.wholeWords(length);
        if (!stream.running or room == 0) return null;
        if (stream.pacing == .unlimited) return 0;
        const full_ns = stream.timeOf(stream.position + room);
        const flushed_ns = @max(stream.sent_ns + flush_ns, stream.timeOf(stream.position + stream.wordBytes()));
        return @min(full_ns, flushed_ns);
    }

    /// Hands over bytes that `ready` or `waiting` allowed.
    pub fn send(stream: *SensorStream, now_ns: u64, output: []u8) void {
        switch (stream.content) {
            .counter => count(stream.position / 8, output),
            .loop => |*loop| loop.copy(stream.position, stream.triggers_enabled, output),
        }
        stream.position += output.len;
        stream.bytes_sent += output.len;
        stream.sent_ns = now_ns;
    }

    fn produced(stream: *const SensorStream, now_ns: u64) u64 {
        const elapsed_ns = now_ns -| stream.zero_ns;
        const bytes: u64 = switch (stream.pacing) {
            .own => stream.content.loop.bytesAt(elapsed_ns / std.time.ns_per_us),
            .bytes_per_second => |rate| @intCast(@as(u128, elapsed_ns) * rate / std.time.ns_per_s),
            .unlimited => unreachable,
        };
        return std.mem.alignBackward(u64, bytes, stream.wordBytes());
    }

    /// When `produced` reaches a number of bytes.
    fn timeOf(stream: *const SensorStream, bytes: u64) u64 {
        return stream.zero_ns + switch (stream.pacing) {
            .own => stream.content.loop.timeOf(bytes) * std.time.ns_per_us,
            .bytes_per_second => |rate| ns: {
                break :ns @as(u64, @intCast((@as(u128, bytes) * std.time.ns_per_s + rate - 1) / rate));
            },
            .unlimited => unreachable,
        };
    }

    fn fifoBytes(stream: *const SensorStream) u64 {
        const rate: u64 = switch (stream.pacing) {
            .own => stream.content.loop.bytes.len * std.time.us_per_s / stream.content.loop.period_us,
            .bytes_per_second => |rate| rate,
            .unlimited => unreachable,
        };
        const bytes = @max(fifo_minimum_bytes, rate * (fifo_ns / std.time.ns_per_us) / std.time.us_per_s);
        return std.mem.alignBackward(u64, bytes, 8);
    }

    fn wholeWords(stream: *const SensorStream, length: usize) usize {
        return std.mem.alignBackward(usize, length, stream.wordBytes());
    }

    fn wordBytes(stream: *const SensorStream) usize {
        return switch (stream.content) {
            .counter => 8,
            .loop => 2,
        };
    }
};

fn count(first: u64, output: []u8) void {
    var number = first;
    const numbers = output.len / 8;
    const pairs: [*]align(1) u64 = @ptrCast(output.ptr);
    for (pairs[0..numbers]) |*entry| {
        entry.* = std.mem.nativeToLittle(u64, number);
        number += 1;
    }
}

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

test "what nobody fetches is lost beyond the FIFO and the queue, and counted" {
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
    // Sent, lost and waiting are together what was produced.
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
    var builder: @import("event_loop.zig").Builder = .{ .allocator = testing.allocator, .slot_us = 64 };
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
            // Not before its time; later at most by a slot, or by the flush after the transfer before it.
            try testing.expect(due_ns >= time_ns and due_ns <= time_ns + 64 * std.time.ns_per_us + flush_ns);
            const length = stream.ready(due_ns, room).?;
            stream.send(due_ns, bytes[0..length]);
            const time_word = std.mem.readInt(u16, bytes[0..2], .little);
            try testing.expectEqual(if (time_us == 0) 0x8000 | round else 0x6000 | time_us, time_word);
        }
    }
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
