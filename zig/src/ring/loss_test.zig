//! What a decoder and a report are told of bytes that the ring has lost.

const std = @import("std");
const abi = @import("../abi.zig");
const fake = @import("testing/fake_libusb.zig");
const reader = @import("reader.zig");
const test_stream = @import("testing/test_stream.zig");
const Decoder = @import("../decoder/decoder.zig").Decoder;
const Packet = @import("../decoder/decoder.zig").Packet;
const Stream = @import("stream.zig").Stream;

const testing = std.testing;
const happen = test_stream.happen;
const closeStream = test_stream.closePrepared;

/// TIME_HIGH 5, row 100, two events and a trigger.
const before = std.mem.sliceAsBytes(&[_]u16{ 0x8005, 0x0064, 0x2805, 0x2806, 0xa001 });
/// The time goes on by one step.
const soon_after = std.mem.sliceAsBytes(&[_]u16{ 0x8006, 0x0064, 0x2807, 0xa000 });
/// The time goes on by a hundred steps, or by as many and some wraps.
const long_after = std.mem.sliceAsBytes(&[_]u16{ 0x8069, 0x0064, 0x2807, 0xa000 });

/// The sensor's time counter wraps after it.
const wrap_us = 1 << 24;

/// A stream without a thread, of which four slots are full of `before`, and which has lost the fifth.
fn openFullStream(steps: *[6]fake.Step, after: []const u8) !*Stream {
    steps.* = @splat(.{ .bytes = before });
    steps[5] = .{ .bytes = after };
    const stream = try test_stream.prepare(test_stream.small, steps);
    happen(5);
    return stream;
}

const Room = struct {
    columns: [13 * 16 + 10 * 8]u8 align(8) = undefined,

    fn decode(room: *Room, stream: *Stream, decoder: *Decoder, maximum: u32, report: *abi.Report) !Packet {
        var packet: Packet = .at(&room.columns, &.{ 16, 8, 0, 0, 0 });
        try testing.expectEqual(.ok, reader.decode(stream, decoder, &packet, maximum, report));
        return packet;
    }
};

test "a gap tells the next event of each kind" {
    var steps: [6]fake.Step = undefined;
    const stream = try openFullStream(&steps, soon_after);
    var decoder: Decoder = .init(.evt3, 1280, 720);
    var room: Room = .{};
    var report: abi.Report = undefined;
    _ = try room.decode(stream, &decoder, 1, &report);
    try testing.expectEqual(0, report.gaps);
    happen(1);
    const packet = try room.decode(stream, &decoder, 0, &report);
    try testing.expectEqual([_]f64{ 7, 4, 0, 0, 0 }, report.events);
    try testing.expectEqual(1, report.gaps);
    try testing.expectEqual([_]f64{ 6, 3, 0, 0, 0 }, report.gap[0].index);
    try testing.expectEqual(7, packet.events.polarity.x[6]);
    try testing.expectEqual(0, packet.events.trigger.edge[3]);
    try closeStream(stream);
}

test "the decoder and the gap are told of the time that a loss has taken" {
    for ([_]bool{ false, true }) |discards| {
        var steps: [6]fake.Step = undefined;
        const stream = try openFullStream(&steps, long_after);
        var decoder: Decoder = .init(.evt3, 1280, 720);
        var room: Room = .{};
        var report: abi.Report = undefined;
        _ = try room.decode(stream, &decoder, 0, &report);
        stream.slots.last_filled_ns.? -= wrap_us * std.time.ns_per_us;
        happen(1);
        const filled = &stream.slots.filled;
        const silence_ns = stream.slots.entries[filled.items[filled.head]].silence_ns;
        const silence_us: f64 = @floatFromInt(silence_ns / std.time.ns_per_us);
        // One, and another one for each that the machine stood still.
        const wraps = @round(silence_us / wrap_us);
        try testing.expect(wraps >= 1);
        const steps_after = wraps * 4096 + 0x69;
        if (discards) {
            try testing.expectEqual(.ok, reader.discard(stream, &decoder, 0, &report));
        } else {
            const packet = try room.decode(stream, &decoder, 0, &report);
            try testing.expectEqual(silence_us, report.gap[0].silence_us);
            try testing.expectEqual(steps_after * 4096, packet.events.polarity.t[0]);
        }
        try testing.expectEqual(steps_after * 4096, report.current_time);
        try testing.expectEqual(1, report.time_discontinuities);
        try closeStream(stream);
    }
}
