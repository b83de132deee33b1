//! A decoder that is restored goes on as the saved one does: in every format, by every kernel, from any byte on.

const std = @import("std");
const abi = @import("../abi.zig");
const dispatch = @import("kernels/dispatch.zig");
const support = @import("testing/test_support.zig");
const Decoder = @import("decoder.zig").Decoder;
const Room = support.Room;

const gpa = std.testing.allocator;
const testing = std.testing;

/// Words as sensors send them, among them some that no sensor sends.
fn fill(format: abi.Format, random: std.Random, bytes: []align(8) u8) void {
    if (format == .evt3) {
        const words = std.mem.bytesAsSlice(u16, bytes);
        var grammar: support.Grammar = .init(random, .usual);
        return if (random.uintLessThan(u8, 5) == 0) support.randomWords(random, words) else grammar.fill(words);
    }
    var time: u34 = random.int(u34);
    const size: usize = if (format == .evt2 or format == .evt4) 4 else 8;
    var at: usize = 0;
    while (at < bytes.len) : (at += size) {
        time +%= random.uintLessThan(u8, 40);
        const low = @as(u32, @intCast(time & 63)) << 22;
        const upper: u32 = switch (random.uintLessThan(u8, 40)) {
            0...5 => 0x8000_0000 | @as(u32, @intCast(time >> 6)),
            6 => 0x8000_0000 | @as(u32, random.int(u28)),
            7 => 0xa000_0000 | low | @as(u32, random.int(u13)),
            8 => 0xe000_0014 | low,
            9 => 0xf000_0000 | @as(u32, random.int(u28)),
            10 => random.int(u32),
            else => @as(u32, random.int(u1)) << 28 | low | random.uintLessThan(u32, 1290) << 11 | random.uintLessThan(u32, 730),
        };
        const word = @as(u64, upper) << 32 | random.int(u32);
        switch (format) {
            .evt3 => unreachable,
            .evt2 => std.mem.writeInt(u32, bytes[at..][0..4], upper, .little),
            // TIME_HIGH, OTHER and events are those of EVT2 by other numbers; CONTINUED words are vectors.
            .evt4 => std.mem.writeInt(u32, bytes[at..][0..4], upper & 0xfff_ffff | @as(u32, switch (upper >> 28) {
                0, 1 => |on| 0xa + on,
                8 => 0xe,
                0xa => 9,
                0xe => 6,
                0xf => 0xc,
                else => |other| other,
            }) << 28, .little),
            .evt21 => std.mem.writeInt(u64, bytes[at..][0..8], word, .little),
            .evt21_legacy => std.mem.writeInt(u64, bytes[at..][0..8], word << 32 | word >> 32, .little),
        }
    }
}

fn checkRestored(kernel: *const dispatch.Kernel, format: abi.Format, random: std.Random, rooms: *[2]Room) !void {
    var bytes: [8 * 96]u8 align(8) = undefined;
    fill(format, random, &bytes);
    var saved: Decoder = .initKernel(kernel, format, 1280, 720);
    if (random.boolean()) saved.followJumps();
    for (0..bytes.len + 1) |cut| {
        var linear = saved;
        linear.reset();
        var first = linear;
        for (rooms) |*room| room.clear();
        // With little room some words wait, in EVT2.1 a part of one.
        rooms[0].output.polarity.capacity = random.uintAtMost(usize, 64);
        const consumed = rooms[0].decode(&first, bytes[0..cut]);
        rooms[0].output.polarity.capacity = event_room;
        var snapshot: [512]u8 = undefined;
        const length = first.snapshotLength();
        first.save(snapshot[0..length]);
        var second = saved;
        second.reset();
        _ = rooms[1].decode(&second, &.{ 1, 2, 3 }); // what it knew is forgotten
        rooms[1].clear();
        try testing.expect(second.restore(snapshot[0..length]));
        try testing.expectEqual(bytes.len - consumed, rooms[0].decode(&second, bytes[consumed..]));
        try testing.expectEqual(bytes.len, rooms[1].decode(&linear, &bytes));
        try testing.expect(rooms[0].equals(&rooms[1]));
        var totals: [2]abi.DecoderStatistics = undefined;
        linear.statistics(&totals[0]);
        second.statistics(&totals[1]);
        try testing.expectEqualSlices(u8, std.mem.asBytes(&totals[0]), std.mem.asBytes(&totals[1]));
    }
}

const event_room = 96 * 40;

test "a decoder that is restored goes on as the saved one does" {
    var rooms: [2]Room = .{ try .init(gpa, event_room, 512), try .init(gpa, event_room, 512) };
    defer for (&rooms) |*room| room.deinit();
    for (std.enums.values(abi.Format)) |format| {
        const kernels = if (format == .evt3) dispatch.available() else dispatch.available()[0..1];
        for (kernels) |*kernel| {
            for (0..20) |round| {
                const seed = testing.random_seed +% round;
                var prng: std.Random.DefaultPrng = .init(seed);
                errdefer std.debug.print("{t}, kernel {s}, seed {d}\n", .{ format, kernel.name, seed });
                try checkRestored(kernel, format, prng.random(), &rooms);
            }
        }
    }
}

test "a snapshot of another decoder, a damaged one and one of another length are refused, and nothing is changed" {
    for (std.enums.values(abi.Format)) |format| {
        var decoder: Decoder = .init(format, 1280, 720);
        decoder.decodeWithoutOutput(&.{ 0x01, 0x80, 0x01 });
        var bytes: [512]u8 = undefined;
        const snapshot = bytes[0..decoder.snapshotLength()];
        decoder.save(snapshot);
        for (std.enums.values(abi.Format)) |other_format| {
            if (other_format == format) continue;
            var other: Decoder = .init(other_format, 1280, 720);
            try testing.expect(!other.restore(snapshot));
        }
        var narrow: Decoder = .init(format, 640, 720);
        try testing.expect(!narrow.restore(snapshot));
        var of_file = decoder;
        of_file.followJumps();
        try testing.expect(!of_file.restore(snapshot));
        try testing.expect(!decoder.restore(snapshot[0 .. snapshot.len - 1]));
        const time = decoder.currentTime();
        for (0..snapshot.len) |index| {
            var copy = decoder;
            snapshot[index] ^= 0xff;
            defer snapshot[index] ^= 0xff;
            // Where it is taken, it is something that a decoder may know: decoding goes on.
            if (copy.restore(snapshot)) copy.decodeWithoutOutput(&(@as([64]u8, @splat(0x55)))) else {
                try testing.expect(std.math.isNan(time) or copy.currentTime() == time);
            }
        }
        try testing.expect(decoder.restore(snapshot));
    }
}
