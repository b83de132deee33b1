//! Where the sensor's clock jumps: what the camera itself has lost, and what a pause of the program has.

const std = @import("std");
const abi = @import("../abi.zig");
const fake = @import("testing/fake_libusb.zig");
const reader = @import("reader.zig");
const test_stream = @import("testing/test_stream.zig");
const Decoder = @import("../decoder/decoder.zig").Decoder;
const Packet = @import("../decoder/packet.zig").Packet;
const Stream = @import("stream.zig").Stream;
const Time = @import("../decoder/evt3/state.zig").State.Time;

const testing = std.testing;

/// A raw packet: TIME_HIGH, a row, an event. Before it nothing was received for `silence_us`, or `lost` transfers were.
const Raw = struct { high: u12, silence_us: u64 = 0, lost: u64 = 0 };

/// A pause of more than a wrap, in steps of TIME_HIGH: 25 s.
const pause = 6103;
const pause_us = pause << 12;

fn openStream(raws: []const Raw, script: []fake.Step, memory: [][6]u8) !*Stream {
    for (raws, script, memory) |raw, *step, *bytes| {
        bytes.* = @bitCast([3]u16{ 0x8000 | @as(u16, raw.high), 0x0064, 0x2805 });
        step.* = .{ .bytes = bytes };
    }
    const stream = try test_stream.prepare(test_stream.withSlots(64), script);
    test_stream.happen(raws.len);
    const filled = &stream.slots.filled;
    for (raws, 0..) |raw, place| {
        const entry = &stream.slots.entries[filled.items[filled.head + place]];
        entry.silence_ns = raw.silence_us * std.time.ns_per_us;
        entry.loss = .{ .transfers = raw.lost, .bytes = raw.lost };
    }
    return stream;
}

/// A jump in the n-th raw packet, and how much time is missing there.
const Jump = struct { raw: usize, us: f64 };

/// The event of each raw packet has its time of `steps`, in steps of TIME_HIGH.
fn expectTimes(raws: []const Raw, steps: []const u64, jumps: []const Jump) !void {
    var script: [40]fake.Step = undefined;
    var memory: [40][6]u8 = undefined;
    const stream = try openStream(raws, script[0..raws.len], memory[0..raws.len]);
    var decoder: Decoder = .init(.evt3, 1280, 720);
    var next: usize = 0;
    var next_jump: usize = 0;
    var bytes: f64 = 0;
    while (next < raws.len) {
        var columns: [13 * 64 + 10 * 8]u8 align(8) = undefined;
        var packet: Packet = .at(&columns, &.{ 64, 8, 0, 0, 0 });
        var report: abi.Report = undefined;
        try testing.expectEqual(.ok, reader.decode(stream, &decoder, &packet, 0, &report));
        for (report.gap[0..@intFromFloat(report.gaps)]) |gap| {
            const raw = next + @as(usize, @intFromFloat(gap.index[0]));
            const place: f64 = @floatFromInt(6 * raw);
            if (gap.transfers > 0) {
                try testing.expectEqual(raws[raw].lost, @as(u64, @intFromFloat(gap.transfers)));
                try testing.expectEqual(raws[raw].silence_us, @as(u64, @intFromFloat(gap.silence_us)));
                try testing.expectEqual([2]f64{ place, 0 }, .{ bytes + gap.byte_index, gap.jump_us });
            } else {
                try testing.expectEqual(jumps[next_jump], Jump{ .raw = raw, .us = gap.jump_us });
                // Behind the time word.
                try testing.expectEqual([3]f64{ place + 2, 0, 0 }, .{ bytes + gap.byte_index, gap.bytes, gap.silence_us });
                next_jump += 1;
            }
        }
        const count: usize = @intFromFloat(report.events[0]);
        for (packet.events.polarity.t[0..count], steps[next..][0..count]) |t, step| {
            try testing.expectEqual(@as(f64, @floatFromInt(step << 12)), t);
        }
        next += count;
        bytes += report.bytes;
    }
    try testing.expectEqual(jumps.len, next_jump);
    try test_stream.closePrepared(stream);
}

test "what the camera loses is a gap where its clock jumps" {
    try expectTimes(
        &.{ .{ .high = 5 }, .{ .high = 6 }, .{ .high = 9 }, .{ .high = 10 }, .{ .high = 110 } },
        &.{ 5, 6, 9, 10, 110 },
        &.{ .{ .raw = 2, .us = 2 * 4096 }, .{ .raw = 4, .us = 99 * 4096 } },
    );
}

test "of a jump of a second or more the gap is where it is confirmed" {
    try expectTimes(&.{ .{ .high = 5 }, .{ .high = 900 }, .{ .high = 901 } }, &.{ 5, 5, 901 }, &.{.{ .raw = 2, .us = 894 * 4096 }});
}

test "a clock that starts again is a gap in which no time is missing" {
    try expectTimes(
        &.{ .{ .high = 900 }, .{ .high = 0 }, .{ .high = 1 }, .{ .high = 2 }, .{ .high = 3 } },
        &.{ 900, 900, 900, 900, 903 },
        &.{.{ .raw = 4, .us = 0 }},
    );
}

test "a wrap, a wrong time word, and what a loss in the ring leaves out are no jumps" {
    try expectTimes(&.{ .{ .high = 4094 }, .{ .high = 4095 }, .{ .high = 0 } }, &.{ 4094, 4095, 4096 }, &.{});
    try expectTimes(&.{ .{ .high = 5 }, .{ .high = 900 }, .{ .high = 6 }, .{ .high = 4 }, .{ .high = 7 } }, &.{ 5, 5, 6, 6, 7 }, &.{});
    try expectTimes(&.{ .{ .high = 5 }, .{ .high = 9, .lost = 3, .silence_us = 16_000 }, .{ .high = 10 } }, &.{ 5, 9, 10 }, &.{});
    try expectTimes(
        &.{ .{ .high = 5 }, .{ .high = (5 + pause) % 4096, .lost = 3, .silence_us = pause_us } },
        &.{ 5, 5 + pause },
        &.{},
    );
}

test "more jumps than a report holds come in several reports" {
    var raws: [40]Raw = undefined;
    var steps: [40]u64 = undefined;
    var jumps: [39]Jump = undefined;
    for (&raws, &steps, 0..) |*raw, *step, index| {
        raw.* = .{ .high = @intCast(2 * index) };
        step.* = 2 * index;
        if (index > 0) jumps[index - 1] = .{ .raw = index, .us = 4096 };
    }
    try expectTimes(&raws, &steps, &jumps);
}

test "after a pause the host's clock tells how often the sensor's has wrapped, behind transfers from before it" {
    // Short of a wrap, by a little more and less than one, longer, by less and by more than half of the next.
    for ([_]u64{ 3000, 4090, 4100, 6103, 7324, 9766, 40_000 }) |steps| {
        errdefer std.debug.print("pause of {d} steps\n", .{steps});
        const after: u12 = @truncate(8 + steps);
        for ([_]i64{ -500_000, 0, 900_000 }) |error_us| { // the host's clock is not exact
            const silence_us: u64 = @intCast(@as(i64, @intCast(steps * 4096)) + error_us);
            try expectTimes(&.{
                .{ .high = 5 },          .{ .high = 6, .silence_us = silence_us }, .{ .high = 6 }, .{ .high = 7 }, .{ .high = after },
                .{ .high = after +% 1 },
            }, &.{ 5, 6, 6, 7, 8 + steps, 9 + steps }, &.{.{ .raw = 4, .us = @floatFromInt(steps * 4096) }});
        }
    }
}

test "transfers from before a pause may be few, lost, or have a jump among them" {
    const after = (20 + pause) % 4096;
    // None: the jump is at the pause.
    try expectTimes(
        &.{ .{ .high = 19 }, .{ .high = after, .silence_us = pause_us } },
        &.{ 19, 20 + pause },
        &.{.{ .raw = 1, .us = pause_us }},
    );
    try expectTimes(
        &.{ .{ .high = 5 }, .{ .high = 6, .silence_us = pause_us }, .{ .high = 19 }, .{ .high = after } },
        &.{ 5, 6, 19, 20 + pause },
        &.{ .{ .raw = 2, .us = 12 * 4096 }, .{ .raw = 3, .us = pause_us } },
    );
    // The ring was full when the program was stopped, and the first of them are lost there.
    try expectTimes(
        &.{ .{ .high = 5 }, .{ .high = 18, .lost = 2, .silence_us = pause_us }, .{ .high = 19 }, .{ .high = after } },
        &.{ 5, 18, 19, 20 + pause },
        &.{.{ .raw = 3, .us = pause_us }},
    );
    // The same in a short pause: the host's clock confirms the jump at once.
    try expectTimes(
        &.{ .{ .high = 5 }, .{ .high = 18, .lost = 2, .silence_us = 1000 << 12 }, .{ .high = 19 }, .{ .high = 1020 } },
        &.{ 5, 18, 19, 1020 },
        &.{.{ .raw = 3, .us = 1000 << 12 }},
    );
}

test "the jump after a pause ends it, also where the host's clock promised a later time" {
    const after = 7 + pause;
    try expectTimes(&.{
        .{ .high = 5 }, .{ .high = 6, .silence_us = pause_us + 900_000 },
        .{ .high = after % 4096 },       .{ .high = (after + 600) % 4096 }, // one wrong time word
        .{ .high = (after + 1) % 4096 },
    }, &.{ 5, 6, after, after, after + 1 }, &.{.{ .raw = 2, .us = pause_us }});
}

test "two pauses are one where no jump is between them" {
    try expectTimes(
        &.{ .{ .high = 5 }, .{ .high = 6, .silence_us = pause_us }, .{ .high = 7, .silence_us = pause_us }, .{ .high = (8 + 2 * pause) % 4096 } },
        &.{ 5, 6, 7, 8 + 2 * pause },
        &.{.{ .raw = 3, .us = 2 * pause_us }},
    );
}

test "a pause is told once, also where a loss before it fills the report" {
    var raws: [20]Raw = undefined;
    var steps: [20]u64 = undefined;
    var jumps: [16]Jump = undefined;
    for (0..16) |index| {
        raws[index] = .{ .high = @intCast(2 * index) };
        steps[index] = 2 * index;
        if (index > 0) jumps[index - 1] = .{ .raw = index, .us = 4096 };
    }
    raws[16..].* = .{ .{ .high = 31, .lost = 1, .silence_us = pause_us }, .{ .high = 32 }, .{ .high = (33 + pause) % 4096 }, .{ .high = (34 + pause) % 4096 } };
    steps[16..].* = .{ 31, 32, 33 + pause, 34 + pause };
    jumps[15] = .{ .raw = 18, .us = pause_us };
    try expectTimes(&raws, &steps, &jumps);
}

test "a pause after which the clock goes on is no gap, and is over after a minute of the sensor's time" {
    try expectTimes(
        &.{ .{ .high = 5 }, .{ .high = 6, .silence_us = pause_us }, .{ .high = 7 }, .{ .high = 8 } },
        &.{ 5, 6, 7, 8 },
        &.{},
    );
    // Half a second before its end, and one second after it: a jump by nearly half a wrap.
    for ([_]u64{ 16_000, 16_700 }, [_]u64{ 40 * 4096 + 1615 + 1, 16_699 + 2001 }) |passed, expected| {
        var time: Time = .{};
        time.pause(10 << 24); // before the first time word it means nothing
        for (0..passed) |step| {
            if (step == 1) time.pause(40 << 24);
            _ = time.follow(@intCast(step % 4096));
        }
        const high: u32 = @intCast((time.steps + 2000) % 4096);
        for ([_]u32{ high, high + 1 }) |later| _ = time.follow(later);
        try testing.expectEqual(expected, time.steps);
    }
}

test "in raw mode the first raw packet after a pause has a gap" {
    var script: [3]fake.Step = undefined;
    var memory: [3][6]u8 = undefined;
    const raws = [_]Raw{ .{ .high = 5 }, .{ .high = 6, .silence_us = 8_000_000 }, .{ .high = 7, .silence_us = 25_000_000 } };
    const stream = try openStream(&raws, &script, &memory);
    var bytes: [1024]u8 = undefined;
    var report: abi.Report = undefined;
    try testing.expectEqual(.ok, reader.copy(stream, &bytes, 0, &report));
    try testing.expectEqual(18, report.bytes);
    try testing.expectEqual(1, report.gaps);
    const gap = report.gap[0];
    try testing.expectEqual([5]f64{ 12, 0, 0, 25_000_000, 0 }, .{ gap.byte_index, gap.transfers, gap.bytes, gap.silence_us, gap.jump_us });
    try test_stream.closePrepared(stream);
}

test "a decoder that follows discarded raw packets is told of a pause" {
    var script: [3]fake.Step = undefined;
    var memory: [3][6]u8 = undefined;
    const raws = [_]Raw{ .{ .high = 5 }, .{ .high = 6, .silence_us = 6103 * 4096 }, .{ .high = @truncate(7 + 6103) } };
    const stream = try openStream(&raws, &script, &memory);
    var decoder: Decoder = .init(.evt3, 1280, 720);
    var report: abi.Report = undefined;
    try testing.expectEqual(.ok, reader.discard(stream, &decoder, 0, &report));
    try testing.expectEqual((7 + 6103) << 12, report.current_time);
    try test_stream.closePrepared(stream);
}
