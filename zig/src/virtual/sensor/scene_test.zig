//! Tests of the scene: its stream, read by a checker that shares no code with it.

const std = @import("std");
const lamp = @import("lamp.zig");
const scene = @import("scene.zig");
const EventReader = @import("testing/event_reader.zig").EventReader;
const LoopedStream = @import("looped_stream.zig").LoopedStream;

/// Refuses words that a scene must not have; testing/event_reader.zig, for other streams, takes any words.
const Checker = struct {
    time: u64 = 0,
    high: ?u64 = null,
    row: ?u16 = null,
    base: u16 = 0,
    base_on: u1 = 0,
    /// By polarity.
    events: [2]u64 = @splat(0),
    vectors: u64 = 0,
    wraps: u64 = 0,
    /// Rising edges.
    triggers: u64 = 0,

    fn read(checker: *Checker, bytes: []const u8) !void {
        var index: usize = 0;
        while (index < bytes.len) : (index += 2) {
            const word = std.mem.readInt(u16, bytes[index..][0..2], .little);
            const payload = word & 0xFFF;
            switch (word >> 12) {
                0x0 => {
                    try std.testing.expect(payload < 720);
                    checker.row = payload;
                },
                0x2 => try checker.event(payload & 0x7FF, @intCast(payload >> 11)),
                0x3 => {
                    checker.base = payload & 0x7FF;
                    try std.testing.expectEqual(0, checker.base % 32);
                    checker.base_on = @intCast(payload >> 11);
                },
                0x4, 0x5 => |kind| {
                    const length: u16 = if (kind == 4) 12 else 8;
                    for (0..length) |bit| {
                        if (payload >> @intCast(bit) & 1 == 0) continue;
                        try checker.event(checker.base + @as(u16, @intCast(bit)), checker.base_on);
                    }
                    checker.base += length;
                    checker.vectors += 1;
                },
                0x6 => try checker.advance(checker.high.? << 12 | payload),
                0x8 => {
                    const old = checker.high orelse payload;
                    const step = (payload -% old) & 0xFFF;
                    try std.testing.expect(step <= 1);
                    if (old & 0xFFF == 0xFFF and payload == 0) checker.wraps += 1;
                    checker.high = old + step;
                    try checker.advance(@max(checker.high.? << 12, checker.time));
                },
                0xA => checker.triggers += payload & 1,
                else => return error.UnexpectedWord,
            }
        }
    }

    fn event(checker: *Checker, x: u16, on: u1) !void {
        try std.testing.expect(checker.high != null and checker.row != null and x < 1280);
        checker.events[on] += 1;
    }

    fn advance(checker: *Checker, time: u64) !void {
        try std.testing.expect(time >= checker.time);
        checker.time = time;
    }
};

/// Reads rounds from one on, in pieces of an odd number of words.
fn readRounds(loop: *const LoopedStream, first_round: u64, rounds: u64) !Checker {
    var checker: Checker = .{};
    var position = first_round * loop.bytes.len;
    const end = (first_round + rounds) * loop.bytes.len;
    var buffer: [16382]u8 = undefined;
    while (position < end) {
        const length: usize = @intCast(@min(buffer.len, end - position));
        loop.copy(position, true, buffer[0..length]);
        try checker.read(buffer[0..length]);
        position += length;
    }
    return checker;
}

fn expectRate(loop: *const LoopedStream, wanted: f64) !void {
    const bytes: f64 = @floatFromInt(loop.bytes.len);
    const seconds = @as(f64, @floatFromInt(loop.period_us)) / std.time.us_per_s;
    try std.testing.expectApproxEqRel(wanted, bytes / seconds, 0.01);
}

test "the scene is a valid stream at every rate, with both polarities and a mix of words" {
    for ([_]u64{ scene.minimum_bytes_per_second, scene.default_bytes_per_second, scene.bus_limit_bytes_per_second }) |rate| {
        var loop = try scene.build(std.testing.allocator, .{ .bytes_per_second = rate });
        defer loop.deinit(std.testing.allocator);
        try expectRate(&loop, @floatFromInt(rate));
        try std.testing.expect(loop.bytes.len < 8 << 20);
        const checker = try readRounds(&loop, 0, 2);
        try std.testing.expect(checker.time < 2 * loop.period_us and checker.time >= 2 * loop.period_us - 4096);
        const all: f64 = @floatFromInt(checker.events[0] + checker.events[1]);
        try std.testing.expectApproxEqRel(0.5, @as(f64, @floatFromInt(checker.events[1])) / all, 0.05);
        if (rate == scene.default_bytes_per_second) {
            const seconds = @as(f64, @floatFromInt(2 * loop.period_us)) / std.time.us_per_s;
            try std.testing.expect(all / seconds > 2e6 and all / seconds < 3e6);
        }
        if (rate == scene.bus_limit_bytes_per_second) try std.testing.expect(checker.vectors > 100_000);
    }
}

test "time grows across rounds and the wrap of the sensor's counter" {
    var loop = try scene.build(std.testing.allocator, .{ .bytes_per_second = 200_000, .trigger_hz = 3 });
    defer loop.deinit(std.testing.allocator);
    const rounds_to_wrap = (1 << 24) / loop.period_us;
    const checker = try readRounds(&loop, rounds_to_wrap - 1, 4);
    try std.testing.expectEqual(1, checker.wraps);
    const seconds = @as(f64, @floatFromInt(4 * loop.period_us)) / std.time.us_per_s;
    try std.testing.expectApproxEqAbs(3 * seconds, @as(f64, @floatFromInt(checker.triggers)), 1.01);
}

test "a lamp blinks at its frequency in its corner, within the scene's rate" {
    const allocator = std.testing.allocator;
    const options: scene.Options = .{ .bytes_per_second = scene.default_bytes_per_second };
    var plain = try scene.build(allocator, options);
    defer plain.deinit(allocator);
    for ([_]u32{ 1, 100, 1000 }) |flicker_hz| {
        var with_lamp = options;
        with_lamp.flicker_hz = flicker_hz;
        var loop = try scene.build(allocator, with_lamp);
        defer loop.deinit(allocator);
        try expectRate(&loop, scene.default_bytes_per_second);
        try std.testing.expectEqual(plain.period_us, loop.period_us);
        _ = try readRounds(&loop, 0, 2);
        var reader: EventReader = .{ .allocator = allocator };
        defer reader.deinit();
        try reader.read(loop.bytes);
        const periods = lamp.periodsIn(loop.period_us, flicker_hz);
        const seconds = @as(f64, @floatFromInt(loop.period_us)) / std.time.us_per_s;
        try std.testing.expectApproxEqAbs(@as(f64, @floatFromInt(flicker_hz)) * seconds, @as(f64, @floatFromInt(periods)), 1);
        var lit: [2]u64 = @splat(0);
        for (reader.events.items) |event| {
            if (event.x >= lamp.x and event.x < lamp.x + 32 and event.y >= lamp.y and event.y < lamp.y + 32) lit[event.on] += 1;
        }
        for (lit) |count| try std.testing.expect(count >= periods * 1024 and count < periods * 1024 + 50); // and noise
    }
}

test "the same seed gives the same stream, another seed a different one" {
    var loops: [3]LoopedStream = undefined;
    for (&loops, [_]u64{ 1, 1, 2 }) |*loop, seed| {
        loop.* = try scene.build(std.testing.allocator, .{ .bytes_per_second = 100_000, .seed = seed });
    }
    defer for (&loops) |*loop| loop.deinit(std.testing.allocator);
    try std.testing.expectEqualSlices(u8, loops[0].bytes, loops[1].bytes);
    try std.testing.expect(!std.mem.eql(u8, loops[0].bytes, loops[2].bytes));
}
