//! Tests of the board's command protocol.

const std = @import("std");
const firmware = @import("firmware.zig");
const Board = firmware.Board;
const maximum_reply = firmware.maximum_reply;

fn word(bytes: []const u8, index: usize) u32 {
    return std.mem.readInt(u32, bytes[4 * index ..][0..4], .little);
}

fn expectAnswer(board: *Board, request: []const u8, expected: []const u8) !void {
    var output: [maximum_reply]u8 = undefined;
    try std.testing.expectEqualSlices(u8, expected, board.answer(request, &output));
}

test "the serial is a 16-byte reply" {
    var board: Board = .{ .serial = 0x00050ABC };
    try expectAnswer(&board, "\x72\x00\x00\x00\x00\x00\x00\x00", "\x72\x00\x00\x00\x08\x00\x00\x00\xBC\x0A\x05\x00\x00\x00\x00\x00");
}

test "registers are read and written as drivers do, one or several" {
    var board: Board = .{ .serial = 1 };
    const head = "\x00\x00\x00\x00\x10\x10\x00\x00";
    try expectAnswer(
        &board,
        "\x02\x01\x01\x40\x0C\x00\x00\x00" ++ head ++ "\x66\x00\xA1\x11",
        "\x02\x01\x01\x40\x08\x00\x00\x00" ++ head,
    );
    try expectAnswer(
        &board,
        "\x02\x01\x01\x00\x0C\x00\x00\x00" ++ head ++ "\x01\x00\x00\x00",
        "\x02\x01\x01\x00\x0C\x00\x00\x00" ++ head ++ "\x66\x00\xA1\x11",
    );
    try expectAnswer(
        &board,
        "\x02\x01\x01\x40\x10\x00\x00\x00" ++ head ++ "\x01\x00\x00\x00\x02\x00\x00\x00",
        "\x02\x01\x01\x40\x08\x00\x00\x00" ++ head,
    );
    try expectAnswer(
        &board,
        "\x02\x01\x01\x00\x0C\x00\x00\x00" ++ head ++ "\x02\x00\x00\x00",
        "\x02\x01\x01\x00\x10\x00\x00\x00" ++ head ++ "\x01\x00\x00\x00\x02\x00\x00\x00",
    );
    try std.testing.expectEqual(3, board.sensor.written().count);
}

test "the requests of the bring-up have answers" {
    var board: Board = .{ .serial = 1 };
    var output: [maximum_reply]u8 = undefined;
    for ([_][]const u8{
        "\x79\x00\x00\x00\x00\x00\x00\x00",
        "\x7a\x00\x00\x00\x00\x00\x00\x00",
        "\x00\x00\x01\x00\x00\x00\x00\x00",
        "\x03\x00\x01\x00\x04\x00\x00\x00\x00\x00\x00\x00",
        "\x01\x00\x01\x00\x04\x00\x00\x00\x00\x00\x00\x00",
        "\x71\x00\x00\x00\x00\x00\x00\x00",
    }) |request| {
        const reply = board.answer(request, &output);
        try std.testing.expectEqual(word(request, 0), word(reply, 0));
        try std.testing.expectEqual(reply.len - 8, word(reply, 1));
        try std.testing.expect(reply.len > 8);
    }
}

test "release, name and compatible string are those of the firmware and the sensor" {
    var board: Board = .{
        .serial = 1,
        .version = .{ .major = 3, .minor = 12, .patch = 4 },
        .sensor = .of(.imx646, null),
    };
    try expectAnswer(&board, "\x79\x00\x00\x00\x00\x00\x00\x00", "\x79\x00\x00\x00\x04\x00\x00\x00\x04\x0C\x03\x00");
    const head = "\x00\x01\x00\x04\x00\x00\x00\x00\x00\x00\x00";
    try expectAnswer(
        &board,
        "\x03" ++ head,
        "\x03\x00\x01\x00\x16\x00\x00\x00\x00\x00\x00\x00psee,ccam5_imx646\x00",
    );
    try expectAnswer(
        &board,
        "\x01" ++ head,
        "\x01\x00\x01\x00\x24\x00\x00\x00\x00\x00\x00\x00CCam5 Imx646 Event-Based Camera\x00",
    );
    var evk3: Board = .{ .serial = 1, .sensor = .of(.gen41, null) };
    try expectAnswer(
        &evk3,
        "\x03" ++ head,
        "\x03\x00\x01\x00\x15\x00\x00\x00\x00\x00\x00\x00psee,ccam5_gen41\x00",
    );
    var cx3: Board = .{ .serial = 1, .sensor = .of(.genx320, null) };
    try expectAnswer(
        &cx3,
        "\x03" ++ head,
        "\x03\x00\x01\x00\x15\x00\x00\x00\x00\x00\x00\x00psee,cx3_genx320\x00",
    );
}

test "a board with a Gen3.1 has two devices, whose registers are apart" {
    var board: Board = .{ .serial = 1, .sensor = .of(.gen31, null) };
    try expectAnswer(
        &board,
        "\x00\x00\x01\x00\x00\x00\x00\x00",
        "\x00\x00\x01\x00\x04\x00\x00\x00\x02\x00\x00\x00",
    );
    try expectAnswer(
        &board,
        "\x03\x00\x01\x00\x04\x00\x00\x00\x01\x00\x00\x00",
        "\x03\x00\x01\x00\x0E\x00\x00\x00\x01\x00\x00\x00ti,tmp103\x00",
    );
    // 41 degrees C.
    const read_device_1 = "\x02\x01\x01\x00\x0C\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00";
    try expectAnswer(&board, read_device_1, read_device_1[0..4] ++ "\x0C\x00\x00\x00" ++ read_device_1[8..16] ++ "\x29\x00\x00\x00");
    // Device 0 has its reset value there.
    const read_device_0 = "\x02\x01\x01\x00\x0C\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00";
    try expectAnswer(&board, read_device_0, read_device_0[0..16] ++ "\x18\x81\x0D\x00");
    // neuromorphic-drivers writes by the older command.
    var output: [maximum_reply]u8 = undefined;
    _ = board.answer("\x56\x00\x00\x00\x08\x00\x00\x00\x00\x01\x00\x00", &output);
    try std.testing.expectEqual(0x100, board.sensor.read(0, 8));
    // The thermometer cannot be written, and there is no third device.
    try expectAnswer(
        &board,
        "\x02\x01\x01\x40\x0C\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00",
        "\x02\x01\x01\xC0\x0C\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x05\x00\x00\x00",
    );
    try expectAnswer(
        &board,
        "\x03\x00\x01\x00\x04\x00\x00\x00\x02\x00\x00\x00",
        "\x03\x00\x01\x80\x0C\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00\x13\x00\x00\x00",
    );
}

test "failures carry the flag, the device, the address and an error number" {
    var board: Board = .{ .serial = 1 };
    // An unknown command.
    try expectAnswer(&board, "\x99\x00\x00\x00\x00\x00\x00\x00", "\x00\x00\x00\x80\x00\x00\x00\x00");
    // A request that is too short for a header.
    try expectAnswer(&board, "\x72\x00", "\x00\x00\x00\x80\x00\x00\x00\x00");
    // A register that does not exist.
    try expectAnswer(
        &board,
        "\x02\x01\x01\x00\x0C\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x01\x00\x00\x00",
        "\x02\x01\x01\x80\x0C\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x05\x00\x00\x00",
    );
    // Another device.
    try expectAnswer(
        &board,
        "\x01\x00\x01\x00\x04\x00\x00\x00\x07\x00\x00\x00",
        "\x01\x00\x01\x80\x0C\x00\x00\x00\x07\x00\x00\x00\x00\x00\x00\x00\x13\x00\x00\x00",
    );
    // A size that is not that of the payload.
    try expectAnswer(
        &board,
        "\x72\x00\x00\x00\x04\x00\x00\x00",
        "\x72\x00\x00\x80\x0C\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x16\x00\x00\x00",
    );
}

test "no request, however mangled, writes beyond the reply" {
    var board: Board = .{ .serial = 1 };
    var random: std.Random.DefaultPrng = .init(1);
    var output: [maximum_reply]u8 = undefined;
    var request: [40]u8 = undefined;
    for (0..20_000) |_| {
        random.fill(&request);
        const length = random.random().uintAtMost(usize, request.len);
        // Mostly known properties with nearly right sizes, so that the inner checks are reached.
        const properties = [_]u32{ 0x55, 0x56, 0x72, 0x10001, 0x10010, 0x10102, 0x40010102, 0x10200, 0x40010200 };
        if (random.random().boolean()) {
            std.mem.writeInt(u32, request[0..4], properties[random.random().uintLessThan(usize, properties.len)], .little);
            std.mem.writeInt(u32, request[4..8], @intCast(length -| 8), .little);
            if (random.random().boolean()) @memset(request[8..12], 0);
            if (random.random().boolean()) @memset(request[17..20], 0);
        }
        const reply = board.answer(request[0..length], &output);
        try std.testing.expect(reply.len >= 8);
    }
}
