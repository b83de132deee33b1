//! Tests of what the bus's JSON says of a camera: who it is, and its chip.

const std = @import("std");
const testing = std.testing;
const bus_json = @import("bus_json.zig");
const Answer = @import("../camera/camera.zig").Answer;
const Bus = @import("bus.zig").Bus;
const Evk4 = @import("../evk4/evk4.zig").Evk4;
const Setup = @import("../camera/camera.zig").Setup;

fn expectString(expected: []const u8, evk4: *Evk4, index: u16) !void {
    var answer: Answer = undefined;
    const descriptor = evk4.camera.descriptor(0x0300 | index, &answer).?;
    var units: [126]u16 = undefined;
    var text: [400]u8 = undefined;
    const count = (descriptor.len - 2) / 2;
    @memcpy(std.mem.sliceAsBytes(units[0..count]), descriptor[2..]);
    const length = try std.unicode.utf16LeToUtf8(&text, units[0..count]);
    try testing.expectEqualStrings(expected, text[0..length]);
}

test "strings, firmware and bias codes are those of the JSON, also after a new power-on" {
    var bus: Bus = .{ .allocator = testing.allocator };
    defer bus.deinit();
    var message: [200]u8 = undefined;
    try bus_json.apply(&bus,
        \\{"cameras":[{"model":"silkyevcam-hd-lite","product":"Ünheard of","manufacturer":"","firmware":"3.7.1",
        \\ "bias_codes":[117,96,5,110,84,66,93,31,133,129,150,112,78]},{"model":"ueye-xlse"}]}
    , &message);
    const evk4: *Evk4 = .of(bus.ports.items[0].camera);
    for (0..2) |_| {
        try expectString("", evk4, 1);
        try expectString("Ünheard of", evk4, 2);
        try testing.expectEqual(0x0307, evk4.camera.deviceDescriptor().bcdDevice);
        var reply: [1024]u8 = undefined;
        try testing.expectEqualSlices(u8, "\x01\x07\x03\x00", evk4.board.answer("\x79\x00\x00\x00\x00\x00\x00\x00", &reply)[8..]);
        const asks_for_system: Setup = .{ .request_type = 0xC0, .request = 0x72, .value = 0, .index = 0, .length = 2 };
        var system: [2]u8 = undefined;
        _ = evk4.camera.control(0, asks_for_system, &system);
        try testing.expectEqual([2]u8{ 0x35, 0 }, system);
        try testing.expectEqual(110, evk4.board.sensor.read(0, 0x1010).? & 0xFF);
        _ = evk4.board.sensor.write(0, 0x1010, 0);
        evk4.camera.powerOn();
    }
    try expectString("UE-39B2XLS", .of(bus.ports.items[1].camera), 2);
}

test "a wrong identity or chip is refused with its name" {
    inline for (.{
        .{ "\"product\":\"" ++ @as([127]u8, @splat('x')) ++ "\"", "product: at most 126 characters expected" },
        .{ "\"manufacturer\":5", "manufacturer: a string expected" },
        .{ "\"firmware\":\"3.9\"", "firmware: three numbers up to 99 expected, as 3.9.0" },
        .{ "\"bias_codes\":[1,2]", "bias_codes: 13 codes expected" },
        .{ "\"bias_codes\":[1,2,3,4,5,6,7,8,9,10,11,12,256]", "bias_codes: codes from 0 to 255 expected" },
        .{ "\"unread_reply\":\"drop\"", "unread_reply: unknown: \"drop\"" },
        .{ "\"model\":\"evk5\"", "model: unknown model \"evk5\"" },
    }) |case| {
        var bus: Bus = .{ .allocator = testing.allocator };
        defer bus.deinit();
        var message: [200]u8 = undefined;
        try testing.expectError(error.Invalid, bus_json.apply(&bus, "{\"cameras\":[{" ++ case[0] ++ "}]}", &message));
        try testing.expectEqualStrings("cameras[0]." ++ case[1], std.mem.sliceTo(&message, 0));
    }
}
