//! When waiting threads are woken. The stream has no reader thread, so that time passes only as the tests say.

const std = @import("std");
const abi = @import("../abi.zig");
const fake = @import("testing/fake_libusb.zig");
const reader = @import("reader.zig");
const test_stream = @import("testing/test_stream.zig");
const waiting = @import("waiting.zig");
const Stream = @import("stream.zig").Stream;

const testing = std.testing;
const happen = test_stream.happen;
const closeStream = test_stream.closePrepared;

/// Four raw packets may be held back: a quarter of the slots that are not with libusb.
const ring_length = 18;
const held_limit = 4;

const time = [_]u8{ 0x00, 0x80, 0x10, 0x60 };
const event = time ++ [_]u8{ 0x05, 0x00, 0x07, 0x28 };

fn openStream(script: []const fake.Step) !*Stream {
    return test_stream.prepare(test_stream.withSlots(ring_length), script);
}

fn readAll(stream: *Stream) f64 {
    var buffer: [ring_length * 1024]u8 = undefined;
    var report: abi.Report = undefined;
    _ = reader.copy(stream, &buffer, 0, &report);
    return report.bytes;
}

test "idle packets wake no thread, an event does at once, and a read gets all of them" {
    const stream = try openStream(&.{ .{ .bytes = &time }, .{ .bytes = &time }, .{ .bytes = &event }, .{ .bytes = &time } });
    happen(2);
    try testing.expectEqual(.timeout, stream.wait(0));
    try testing.expectEqual(2, stream.backlog());
    happen(1);
    try testing.expectEqual(.ready, stream.wait(0));
    happen(1); // the idle packet after it is not held back
    try testing.expectEqual(.ready, stream.wait(0));
    try testing.expectEqual(3 * time.len + event.len, readAll(stream));
    try testing.expectEqual(.timeout, stream.wait(0));
    try closeStream(stream);
}

test "a read without a wait gets the idle packets that are held back" {
    const stream = try openStream(&.{ .{ .bytes = &time }, .{ .bytes = &time } });
    happen(1);
    try testing.expectEqual(time.len, readAll(stream));
    try testing.expectEqual(0, readAll(stream));
    happen(1);
    try testing.expectEqual(.timeout, stream.wait(0));
    try closeStream(stream);
}

test "idle packets wake after the longest hold, and the next ones are held back anew" {
    const stream = try openStream(&@as([3]fake.Step, @splat(.{ .bytes = &time })));
    happen(1);
    const first_ns = 1_000;
    for ([_]u64{ 0, waiting.hold_ns - 1 }) |passed_ns| {
        try testing.expect(stream.step(first_ns + passed_ns));
        try testing.expectEqual(.timeout, stream.wait(0));
    }
    try testing.expect(stream.step(first_ns + waiting.hold_ns));
    try testing.expectEqual(.ready, stream.wait(0));
    happen(1);
    try testing.expectEqual(.ready, stream.wait(0));
    try testing.expectEqual(2 * time.len, readAll(stream));
    happen(1);
    try testing.expect(stream.step(first_ns + waiting.hold_ns));
    try testing.expect(stream.step(first_ns + 2 * waiting.hold_ns - 1));
    try testing.expectEqual(.timeout, stream.wait(0));
    try testing.expect(stream.step(first_ns + 2 * waiting.hold_ns));
    try testing.expectEqual(.ready, stream.wait(0));
    try closeStream(stream);
}

test "no more idle packets are held back than a share of the ring" {
    const stream = try openStream(&@as([held_limit + 1]fake.Step, @splat(.{ .bytes = &time })));
    happen(held_limit);
    try testing.expectEqual(.timeout, stream.wait(0));
    happen(1);
    try testing.expectEqual(.ready, stream.wait(0));
    try closeStream(stream);
}

test "the end of the stream wakes for idle packets" {
    const stream = try openStream(&.{ .{ .bytes = &time }, .{ .all = .no_device } });
    happen(2);
    try testing.expectEqual(.timeout, stream.wait(0));
    try testing.expect(!stream.step(1));
    stream.finish();
    try testing.expectEqual(.ready, stream.wait(0));
    try testing.expectEqual(time.len, readAll(stream));
    try testing.expectEqual(.ended, stream.wait(0));
    try closeStream(stream);
}

test "a packet is as old as its first raw packet with an event, not as the idle ones before it" {
    const stream = try openStream(&.{ .{ .bytes = &time }, .{ .bytes = &event }, .{ .bytes = &event }, .{ .bytes = &time } });
    happen(4);
    // As if they had come one after the other.
    for (0..4) |place| stream.slots.entries[stream.slots.filled.items[place]].received_ns = place;
    var report: abi.Report = undefined;
    var batch: reader.Batch = .begin(stream, 0, &report);
    for ([_]u64{ 0, 1, 1, 1 }) |received_ns| {
        const bytes = batch.next().?;
        batch.consume(bytes.len);
        try testing.expectEqual(received_ns, batch.received_ns.?);
    }
    try closeStream(stream);
}

test "a raw packet that is not read yet does not change the reported delay" {
    const full: [1024]u8 = event ++ @as([1024 - event.len]u8, @splat(0x60));
    const stream = try openStream(&.{ .{ .bytes = &time }, .{ .bytes = &time }, .{ .bytes = &full } });
    happen(3);
    const filled = &stream.slots.filled;
    stream.slots.entries[filled.items[filled.head]].received_ns -= 5 * std.time.ns_per_s;
    var buffer: [1024]u8 = undefined;
    for ([_]struct { f64, bool }{ .{ 2 * time.len, true }, .{ full.len, false } }) |case| {
        const length, const late = case;
        var report: abi.Report = undefined;
        try testing.expectEqual(.ok, reader.copy(stream, &buffer, 0, &report));
        try testing.expectEqual(length, report.bytes);
        try testing.expectEqual(late, report.delay_ms >= 5000);
        try testing.expectApproxEqAbs(report.consumed_ms - report.delay_ms, report.received_ms, 1);
    }
    try closeStream(stream);
}
