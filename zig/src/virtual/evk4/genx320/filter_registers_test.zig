//! Tests of a GenX320's registers as settings of the event filter, and of the stream that they make.

const std = @import("std");
const testing = std.testing;
const counting = @import("../../sensor/counting.zig");
const filter_settings = @import("../../sensor/filter_settings.zig");
const identity = @import("../identity.zig");
const readers = @import("../../sensor/testing/evt21_reader.zig");
const register_writes = @import("../testing/register_writes.zig");
const scene = @import("../../sensor/scene.zig");
const Crop = @import("../../sensor/crop.zig").Crop;
const Event = @import("../../sensor/testing/event_reader.zig").Event;
const Evk4 = @import("../evk4.zig").Evk4;
const Filtered = @import("../../sensor/filtered.zig").Filtered;
const FlickerSettings = @import("../../sensor/anti_flicker.zig").Settings;
const LoopedStream = @import("../../sensor/looped_stream.zig").LoopedStream;
const Registers = @import("registers.zig").Registers;
const Settings = filter_settings.Settings;
const Share = filter_settings.Share;
const TrailSettings = @import("../../sensor/trail_filter.zig").Settings;
const size = @import("registers.zig").size;
const whole = filter_settings.whole;

const allocator = testing.allocator;

fn written(pairs: []const [2]u32) Settings {
    var registers: Registers = .of(.production);
    for (pairs) |pair| _ = registers.write(pair[0], pair[1]);
    return registers.settings(); // without a matrix, which would point into the registers
}

const production_biases = [_][2]u32{
    .{ 0x1004, 0x03010022 }, .{ 0x1100, 0x03010028 }, .{ 0x1104, 0x01010019 }, .{ 0x1108, 0x01010033 },
    .{ 0x110C, 0x0101001C }, .{ 0x1114, 0x0309000A },
};

test "reset values and OpenEB's initialisation leave out no event" {
    try testing.expect(written(&.{}).isNone());
    try testing.expect(written(&production_biases).isNone());
    var early: Registers = .of(.early);
    for ([_][2]u32{
        .{ 0x1004, 0x0301001D }, .{ 0x1100, 0x03010000 }, .{ 0x1104, 0x01010028 }, .{ 0x1108, 0x01010033 },
        .{ 0x110C, 0x01010028 }, .{ 0x1114, 0x03010052 }, .{ 0xE000, 5 },          .{ 0xC000, 5 },
        .{ 0xD000, 5 },          .{ 0x6000, 5 },          .{ 0x900C, 4 },
    }) |pair| _ = early.write(pair[0], pair[1]);
    try testing.expect(early.settings().isNone());
}

test "32 codes from those of the initialisation halve the events, of one polarity for a threshold" {
    const half = whole / 2;
    for ([_]struct { [2]u32, [2]Share }{
        .{ .{ 0x1104, 25 + 32 }, .{ whole, half } },
        .{ .{ 0x110C, 28 + 32 }, .{ half, whole } },
        .{ .{ 0x110C, 0 }, .{ whole, whole } },
        .{ .{ 0x1004, 34 - 32 }, .{ half, half } },
        .{ .{ 0x1100, 40 + 32 }, .{ half, half } },
        .{ .{ 0x1108, 0 }, .{ whole, whole } }, // the reference
        .{ .{ 0x1128, 127 }, .{ whole, whole } }, // the second bank
    }) |case| try testing.expectEqual(case[1], written(&(production_biases ++ .{case[0]})).kept);
}

test "the crop is on with its enable and its removal, and both corners lie within it" {
    const corners = [_][2]u32{ .{ 0x9010, 0x00140020 }, .{ 0x9014, 0x007700BF } };
    const expected: Crop = .{ .x1 = 32, .y1 = 20, .x2 = 191, .y2 = 119 };
    try testing.expect(written(&(corners ++ .{.{ 0x900C, 4 }})).isNone());
    try testing.expect(written(&(corners ++ .{.{ 0x900C, 1 }})).isNone());
    try testing.expectEqual(expected, written(&(corners ++ .{.{ 0x900C, 5 }})).crop);
    try testing.expect(written(&(corners ++ .{.{ 0x900C, 0x15 }})).crop.reset_origin);
}

test "the rate controller limits and counts, in the words that OpenEB writes" {
    const words = [_][2]u32{
        .{ 0x6014, 0x2014 },  .{ 0x602C, 100 },    .{ 0x6000, 0 },      .{ 0x6000, 5 }, .{ 0x6020, 0x10064 },
        .{ 0x6024, 0x1001C }, .{ 0x6034, 0x0206 }, .{ 0x6014, 0x2004 }, .{ 0x60B4, 0 }, .{ 0x6000, 1 },
    };
    const settings = written(&words);
    try testing.expectEqual([2]u32{ 100, 100 }, .{ settings.period_us, settings.events_per_period });
    try testing.expect(settings.reports);
    try testing.expect(!written(&(words ++ .{.{ 0x6034, 0x0202 }})).reports);
    try testing.expect(!written(&(words ++ .{.{ 0x7040, 0x85FF }})).reports);
    for ([_][2]u32{ .{ 0x6014, 0x2000 }, .{ 0x6000, 5 }, .{ 0x6020, 0x10000 } }) |off| {
        try testing.expect(written(&(words ++ .{off})).isNone());
    }
}

test "anti-flicker and trail filter, in the words that OpenEB writes" {
    const flicker: FlickerSettings = .{ .shortest = 0x3C, .longest = 0x61, .band_pass = true, .start = 6, .stop = 4 };
    const flicker_words = [_][2]u32{ .{ 0xC00C, 0x0008613C }, .{ 0xC008, 0x74 } };
    try testing.expect(written(&(flicker_words ++ .{.{ 0xC000, 5 }})).isNone());
    try testing.expectEqual(flicker, written(&(flicker_words ++ .{.{ 0xC000, 1 }})).flicker);
    const on: [2]u32 = .{ 0xD000, 1 };
    for ([_]struct { [2][2]u32, TrailSettings }{
        .{ .{ .{ 0xD008, 0x01004E20 }, .{ 0xD00C, 0x00004E21 } }, .{ .kind = .trail, .threshold_us = 10_000 } },
        .{ .{ .{ 0xD008, 0x01004E21 }, .{ 0xD00C, 0x00030D40 } }, .{ .kind = .keep, .threshold_us = 10_000 } },
        .{ .{ .{ 0xD008, 0x000007D1 }, .{ 0xD00C, 0x00030D40 } }, .{ .kind = .cut, .threshold_us = 1_000 } },
    }) |case| {
        try testing.expect(written(&(case[0] ++ .{.{ 0xD000, 5 }})).isNone());
        try testing.expectEqual(case[1], written(&(case[0] ++ .{on})).trail);
    }
}

const Camera = struct {
    evk4: Evk4,

    /// Takes the loop over, and sends it as fast as it is fetched.
    fn init(loop: LoopedStream) !Camera {
        var camera: Camera = .{ .evk4 = .init(allocator, identity.named("evk3-genx320"), .{
            .serial = 1,
            .speed = .super,
            .faults = &.{},
            .source = .{ .content = .{ .loop = loop }, .pacing = .unlimited, .filtered = null },
        }) };
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

    fn start(camera: *Camera) !void {
        try camera.write(&.{
            .{ 0x0000, 0x802 },       .{ 0x9028, 2 },          .{ 0x9008, 0x194 }, .{ 0xB000, 0x10008803 }, .{ 0x9028, 0 },
            .{ 0x9008, 0x0000_0195 }, .{ 0x002C, 0x0022C724 }, .{ 0x0000, 0xC02 },
        });
    }

    fn read(camera: *Camera, reader: anytype) !void {
        var buffer: [16384]u8 = undefined;
        for (0..30) |_| try reader.read(buffer[0..camera.evk4.camera.read(0, .events, &buffer).done]);
    }
};

test "each event comes in EVT2.1 with the lower half first, and in EVT2" {
    var camera: Camera = try .init(try counting.build(allocator, 16, size));
    defer camera.evk4.deinit();
    camera.evk4.stream.filtered.?.keeps_events = true;
    inline for (.{ readers.Evt21LittleReader, readers.Evt2Reader }, .{ 2, 0 }) |Reader, format| {
        try camera.write(&.{.{ 0x7044, format }});
        try camera.start();
        var reader: Reader = .{ .allocator = allocator };
        defer reader.deinit();
        try camera.read(&reader);
        try testing.expect(reader.events.items.len > 10_000);
        for (reader.events.items, 0..) |event, index| {
            const number = index % (counting.period_us / 16);
            const expected: Event = .{
                .t = 16 * index,
                .x = @intCast(number % 320),
                .y = @intCast(number % 320),
                .on = @intCast(number & 1),
            };
            try testing.expectEqual(expected, event);
        }
        try testing.expectEqual(0, reader.state.skipped_words);
    }
}

test "latches and windows take effect in the stream, and a power cycle opens all of them" {
    var camera: Camera = try .init(try scene.build(allocator, .{ .bytes_per_second = 1_000_000, .size = size }));
    defer camera.evk4.deinit();
    const Reader = readers.Evt21LittleReader;
    try camera.start();
    try camera.write(&.{
        .{ 0x0400, 160 << 16 | 40 }, .{ 0x0404, 320 << 16 | 0 }, .{ 0x0000, 0x402 }, .{ 0x0034, 1 << 3 | 3 },
    });
    var inside: Reader = .{ .allocator = allocator };
    defer inside.deinit();
    try camera.read(&inside);
    try testing.expect(inside.events.items.len > 1_000);
    for (inside.events.items) |event| try testing.expect(event.x >= 40 and event.x < 160);
    // Another window: the matrix stays in its place, and its version tells the change.
    try camera.write(&.{ .{ 0x0400, 320 << 16 | 160 }, .{ 0x0034, 1 << 3 | 3 } });
    try camera.start();
    var right: Reader = .{ .allocator = allocator };
    defer right.deinit();
    try camera.read(&right);
    try testing.expect(right.events.items.len > 1_000);
    for (right.events.items) |event| try testing.expect(event.x >= 160);
    camera.evk4.camera.functions.powerOn(&camera.evk4.camera);
    try testing.expect(!camera.evk4.stream.filtered.?.active);
}
