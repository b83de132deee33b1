//! Tests of the writer of EVT2.1, which the library's decoder reads.

const std = @import("std");
const testing = std.testing;
const scene = @import("scene.zig");
const evt21_writer = @import("evt21_writer.zig");
const Event = @import("testing/event_reader.zig").Event;
const EventReader = @import("testing/event_reader.zig").EventReader;
const Evt21LittleReader = @import("testing/evt21_reader.zig").Evt21LittleReader;
const Evt21Reader = @import("testing/evt21_reader.zig").Evt21Reader;
const Evt2Reader = @import("testing/evt21_reader.zig").Evt2Reader;
const Evt21Writer = evt21_writer.Evt21Writer;
const anyWords = @import("testing/any_words.zig").anyWords;

const allocator = testing.allocator;

/// The writer's output for the words, fed in pieces of random lengths. The caller frees it.
fn written(layout: evt21_writer.Layout, words: []const u8, random: std.Random) ![]u8 {
    var writer: Evt21Writer = .{ .layout = layout };
    var output: std.ArrayList(u8) = .empty;
    defer output.deinit(allocator);
    var done: usize = 0;
    while (done < words.len) {
        const length = @min(words.len - done, 2 * (1 + random.uintLessThan(usize, 40)));
        try output.ensureUnusedCapacity(allocator, evt21_writer.maximumBytes(length / 2));
        output.items.len += writer.run(words[done..][0..length], output.unusedCapacitySlice());
        done += length;
    }
    return output.toOwnedSlice(allocator);
}

fn expectSame(words: []const u8, random: std.Random) !void {
    var expected: EventReader = .{ .allocator = allocator };
    defer expected.deinit();
    try expected.read(words);
    inline for (.{ .legacy, .little, .evt2 }, .{ Evt21Reader, Evt21LittleReader, Evt2Reader }) |layout, Reader| {
        const bytes = try written(layout, words, random);
        defer allocator.free(bytes);
        var decoded: Reader = .{ .allocator = allocator };
        defer decoded.deinit();
        try decoded.read(bytes);
        try testing.expectEqualSlices(Event, expected.events.items, decoded.events.items);
        try testing.expectEqual(expected.triggers, decoded.triggers);
        try testing.expectEqual(0, decoded.state.skipped_words);
    }
}

test "the decoders find the same events and triggers in EVT2.1 and EVT2 as in EVT3, at any rate" {
    var random: std.Random.DefaultPrng = .init(13);
    for ([_]u64{ 1_000_000, scene.bus_limit_bytes_per_second }) |rate| {
        var loop = try scene.build(allocator, .{ .bytes_per_second = rate, .trigger_hz = 100 });
        defer loop.deinit(allocator);
        const words = try allocator.alloc(u8, 2 * loop.bytes.len);
        defer allocator.free(words);
        loop.copy(0, true, words);
        try expectSame(words, random.random());
    }
}

test "random words have the same events in EVT2.1 and EVT2 as in EVT3, for any split" {
    var random: std.Random.DefaultPrng = .init(14);
    var words: [2000]u8 = undefined;
    for (0..500) |_| {
        anyWords(random.random(), &words);
        // After OTHERS, in EVT3 as in no sensor, the time may go back.
        for (0..words.len / 2) |index| if (words[2 * index + 1] >> 4 == 0xE) {
            words[2 * index + 1] ^= 0x50;
        };
        try expectSame(&words, random.random());
    }
}

fn expectWritten(begun_us: u64, comptime expected: []const u64, comptime words: []const u16) !void {
    var bytes: [2 * words.len]u8 = undefined;
    for (words, 0..) |word, index| std.mem.writeInt(u16, bytes[2 * index ..][0..2], word, .little);
    var writer: Evt21Writer = .{ .begun_us = begun_us };
    var output: [evt21_writer.maximumBytes(words.len)]u8 = undefined;
    const length = writer.run(&bytes, &output);
    try testing.expectEqual(8 * expected.len, length);
    for (expected, 0..) |word, index| {
        try testing.expectEqual(word >> 32, std.mem.readInt(u32, output[8 * index ..][0..4], .little));
        try testing.expectEqual(word & 0xFFFFFFFF, std.mem.readInt(u32, output[8 * index + 4 ..][0..4], .little));
    }
}

test "word by word: events, groups of vectors, triggers and counters" {
    const y = 0x65 << 32;
    try expectWritten(0, &.{
        0x80000040 << 32,
        0x1000_0000_0000_0000 | 6 << 54 | (32 << 43) | y | 1 << 1, // t = 4096 + 6: brighter
        0x80000041 << 32,
        0x0000_0000_0000_0000 | 1 << 54 | (96 << 43) | y | 0x84001001, // t = 4096 + 65
        0x0000_0000_0000_0000 | 1 << 54 | (128 << 43) | y | 0x00000001,
        0xA000_0000_0000_0000 | 1 << 54 | 3 << 40 | 1 << 32,
        0xE000_0000_0000_0000 | 1 << 54 | 0x014 << 32 | 0xF7456123,
    }, &.{
        0x8001, 0x6006, 0x0065, 0x2821, 0x6041, 0x3060, 0x4001, 0x4001, 0x5084, 0x4001, 0x4000, 0x5000,
        0xA301, 0xE014, 0xF123, 0xF456, 0x7007,
    });
}

test "time above 24 bits comes from where the stream begins, also where its first TIME_HIGH lies before that" {
    const wrap = 1 << 18; // 2^24 / 2^6
    const time_high = 0x8 << 60;
    try expectWritten(3 << 24, &.{ time_high | (3 * wrap) << 32, time_high | (3 * wrap + 64) << 32 }, &.{ 0x8000, 0x8001 });
    try expectWritten(3 << 24, &.{ time_high | (3 * wrap - 64) << 32, time_high | (3 * wrap) << 32 }, &.{ 0x8FFF, 0x8000 });
    try expectWritten(0, &.{time_high | (4095 * 64) << 32}, &.{0x8FFF});
}

test "in EVT2 each event has a word, and the payload of OTHERS one of its own" {
    const words = [_]u16{ 0x8001, 0x6006, 0x0065, 0x3820, 0x4003, 0x4000, 0x5080, 0xA301, 0xE014, 0xF123, 0xF456, 0x7007 };
    var writer: Evt21Writer = .{ .layout = .evt2 };
    var output: [evt21_writer.maximumBytes(words.len)]u8 = undefined;
    const length = writer.run(std.mem.sliceAsBytes(&words), &output);
    const expected = [_]u32{
        0x8000_0040,
        0x1000_0000 | 6 << 22 | 32 << 11 | 0x65,
        0x1000_0000 | 6 << 22 | 33 << 11 | 0x65,
        0x1000_0000 | 6 << 22 | 63 << 11 | 0x65,
        0xA000_0301 | 6 << 22,
        0xE000_0014 | 6 << 22,
        0xF745_6123,
    };
    try testing.expectEqualSlices(u8, std.mem.sliceAsBytes(&expected), output[0..length]);
}
