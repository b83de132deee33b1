//! Where decoding stops because the sensor's time jumps, in every format and by every kernel.

const std = @import("std");
const abi = @import("../abi.zig");
const dispatch = @import("kernels/dispatch.zig");
const Decoder = @import("decoder.zig").Decoder;
const Packet = @import("decoder.zig").Packet;

const testing = std.testing;

/// TIME_HIGHs with some events behind each. `marks`: before which of them decoding stops, and how many are missing there.
const Case = struct { highs: []const u28, marks: []const Mark = &.{} };
const Mark = struct { index: usize, missing: u64 };

/// In EVT3 a sensor sends each TIME_HIGH.
const cases_of_evt3 = [_]Case{
    .{ .highs = &.{ 4094, 4095, 0, 1 } },
    .{ .highs = &.{ 5, 7 }, .marks = &.{.{ .index = 1, .missing = 1 }} },
    .{ .highs = &.{ 5, 6, 9, 10, 10, 12 }, .marks = &.{ .{ .index = 2, .missing = 2 }, .{ .index = 5, .missing = 1 } } },
    .{ .highs = &.{ 5, 900, 900, 901, 902 }, .marks = &.{.{ .index = 3, .missing = 894 }} },
    .{ .highs = &.{ 5, 900, 903 }, .marks = &.{.{ .index = 2, .missing = 896 }} },
    .{ .highs = &.{ 900, 0, 1, 2, 3, 4 }, .marks = &.{.{ .index = 4, .missing = 0 }} },
    .{ .highs = &.{ 5, 900, 6, 4, 7 } },
};

/// In EVT2 and EVT2.1 files may leave out some.
const cases_of_evt2 = [_]Case{
    .{ .highs = &.{ 0xfff_fffe, 0xfff_ffff, 0, 1 } },
    .{ .highs = &.{ 5, 6, 90, 16_400 } },
    .{ .highs = &.{ 5, 6, 60_000, 60_001 }, .marks = &.{.{ .index = 3, .missing = 59_993 }} },
    .{ .highs = &.{ 5, 60_000, 60_000, 60_001, 60_002 }, .marks = &.{.{ .index = 3, .missing = 59_994 }} },
    .{ .highs = &.{ 60_000, 0, 1, 2, 3, 4 }, .marks = &.{.{ .index = 4, .missing = 0 }} },
    .{ .highs = &.{ 5, 60_000, 6, 4, 7 } },
};

fn append(bytes: *std.ArrayList(u8), format: abi.Format, high: u28, events: usize) void {
    if (format == .evt3) {
        appendBytes(bytes, u16, 0x8000 | @as(u16, @intCast(high)));
        appendBytes(bytes, u16, 0x0064);
        for (0..events) |_| appendBytes(bytes, u16, 0x2805);
        return;
    }
    for (0..1 + events) |index| {
        const word: u32 = if (index == 0) 0x8000_0000 | @as(u32, high) else 0x1000_2864;
        switch (format) {
            .evt2 => appendBytes(bytes, u32, word),
            .evt4 => appendBytes(bytes, u32, word & 0xfff_ffff | @as(u32, if (index == 0) 0xe else 0xb) << 28),
            .evt21 => appendBytes(bytes, u64, @as(u64, word) << 32 | 1),
            .evt21_legacy => appendBytes(bytes, u64, @as(u64, 1) << 32 | word),
            .evt3 => unreachable,
        }
    }
}

fn appendBytes(bytes: *std.ArrayList(u8), comptime Word: type, word: Word) void {
    bytes.appendSliceAssumeCapacity(&@as([@sizeOf(Word)]u8, @bitCast(word)));
}

fn check(kernel: *const dispatch.Kernel, format: abi.Format, case: Case, events: usize, part_length: usize) !void {
    errdefer std.debug.print("{t}, kernel {s}, {any}, {d} events each, {d} bytes at a time\n", .{ format, kernel.name, case, events, part_length });
    var memory: [8 * 8 * 1024]u8 = undefined;
    var bytes: std.ArrayList(u8) = .initBuffer(&memory);
    var ends: [8]usize = undefined;
    for (case.highs, 0..) |high, index| {
        const start = bytes.items.len;
        append(&bytes, format, high, events);
        const words = events + if (format == .evt3) @as(usize, 2) else 1;
        ends[index] = start + (bytes.items.len - start) / words; // of the TIME_HIGH
    }
    var decoder: Decoder = .initKernel(kernel, format, 1280, 720);
    var columns: [13 * 8 * 1024 + 10 * 8]u8 align(8) = undefined;
    var packet: Packet = .at(&columns, &.{ 8 * 1024, 8, 0, 0, 0 });
    var position: usize = 0;
    var part_end: usize = 0;
    var mark: usize = 0;
    while (position < bytes.items.len) {
        if (position == part_end) part_end = @min(position + part_length, bytes.items.len);
        const part = decoder.decodeUntilJump(bytes.items[position..part_end], &packet);
        position += part.consumed;
        if (part.jump_us) |jump_us| {
            try testing.expect(mark < case.marks.len);
            const expected = case.marks[mark];
            try testing.expectEqual(expected.missing << if (format == .evt3) 12 else 6, jump_us);
            try testing.expectEqual(ends[expected.index], position);
            try testing.expectEqual(expected.index * events, packet.events.polarity.count);
            mark += 1;
        } else try testing.expectEqual(part_end, position);
    }
    try testing.expectEqual(case.marks.len, mark);
    try testing.expectEqual(case.highs.len * events, packet.events.polarity.count);
}

test "decoding stops behind the time word with which the time jumps, however the words are cut" {
    for (std.enums.values(abi.Format)) |format| {
        const cases: []const Case = if (format == .evt3) &cases_of_evt3 else &cases_of_evt2;
        const kernels = if (format == .evt3) dispatch.available() else dispatch.available()[0..1];
        for (kernels) |*kernel| {
            for (cases) |case| {
                // Many for the loops in blocks; with 6, 30 and 1021 a jump is the last word before such a loop begins.
                for ([_]usize{ 1, 6, 30, 40, 1000, 1021 }) |events| {
                    for ([_]usize{ 1, 7, 13, 1 << 20 }) |part_length| try check(kernel, format, case, events, part_length);
                }
            }
        }
    }
}

const FileCase = struct { format: abi.Format, highs: []const u28, steps: []const u64 };

test "in a file jumps ahead are followed at once, and one that was wrong is found" {
    const wrap_of_evt3 = 1 << 12;
    const wrap_of_evt2 = 1 << 28;
    for ([_]FileCase{
        .{ .format = .evt3, .highs = &.{ 5, 900, 3000 }, .steps = &.{ 5, 900, 3000 } },
        .{ .format = .evt3, .highs = &.{ 4000, 10, 11 }, .steps = &.{ 4000, wrap_of_evt3 + 10, wrap_of_evt3 + 11 } },
        .{ .format = .evt3, .highs = &.{ 3000, 900, 901 }, .steps = &.{ 3000, wrap_of_evt3 + 900, wrap_of_evt3 + 901 } },
        .{ .format = .evt3, .highs = &.{ 5, 900, 6, 7 }, .steps = &.{ 5, 900, 900, 900 } },
        .{ .format = .evt3, .highs = &.{ 900, 0, 1, 2, 3 }, .steps = &.{ 900, 900, 900, 900, 903 } },
        .{ .format = .evt2, .highs = &.{ 5, 2_812_500 }, .steps = &.{ 5, 2_812_500 } },
        .{ .format = .evt2, .highs = &.{ 0xe00_0000, 16 }, .steps = &.{ 0xe00_0000, wrap_of_evt2 + 16 } },
        .{ .format = .evt2, .highs = &.{ 0x800_0000, 0, 1, 2, 3 }, .steps = &.{ 0x800_0000, 0x800_0000, 0x800_0000, 0x800_0000, 0x800_0003 } },
    }) |case| {
        var decoder: Decoder = .init(case.format, 1280, 720);
        decoder.followJumps();
        decoder.reset(); // forgets the time, and not that the bytes are a file's
        for (case.highs, case.steps) |high, steps| {
            errdefer std.debug.print("{any}, after {d}\n", .{ case, high });
            var memory: [64]u8 = undefined;
            var bytes: std.ArrayList(u8) = .initBuffer(&memory);
            append(&bytes, case.format, high, 0);
            decoder.decodeWithoutOutput(bytes.items);
            const us: f64 = @floatFromInt(steps << if (case.format == .evt3) 12 else 6);
            try testing.expectEqual(us, decoder.currentTime());
        }
    }
}

test "whole input is decoded through jumps, with output and without" {
    for (std.enums.values(abi.Format)) |format| {
        var memory: [8 * 64]u8 = undefined;
        var bytes: std.ArrayList(u8) = .initBuffer(&memory);
        const far: u28 = if (format == .evt3) 900 else 60_000;
        for ([_]u28{ 5, far, far + 1, 0, 1, 2, 3 }) |high| append(&bytes, format, high, 1);
        bytes.appendAssumeCapacity(0); // of a word that is not whole
        var columns: [13 * 64 + 10 * 8]u8 align(8) = undefined;
        var packet: Packet = .at(&columns, &.{ 64, 8, 0, 0, 0 });
        var decoders: [2]Decoder = @splat(.init(format, 1280, 720));
        // What a call is asked for means nothing for the next.
        for (&decoders) |*decoder| _ = decoder.decodeUntilJump(&.{}, &packet);
        try testing.expectEqual(bytes.items.len, decoders[0].decode(bytes.items, &packet));
        decoders[1].decodeWithoutOutput(bytes.items);
        try testing.expectEqual(7, packet.events.polarity.count);
        for (decoders) |decoder| {
            try testing.expectEqual(1, decoder.partial_length);
            const step: f64 = if (format == .evt3) 4096 else 64;
            try testing.expectEqual(@as(f64, @floatFromInt(far + 1 + 3)) * step, decoder.currentTime());
        }
    }
}
