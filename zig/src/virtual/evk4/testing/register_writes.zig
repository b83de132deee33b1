//! For tests: the register writes that start and stop the sensor, and the command for one.

const std = @import("std");
const protocol = @import("../firmware.zig");

/// Address and value.
pub const Write = [2]u32;

/// The last writes of a bring-up, after which events leave the sensor.
pub const start = [_]Write{
    .{ 0xB000, 0x2F9 }, .{ 0x9028, 0 }, .{ 0x9008, 0x645 }, .{ 0x002C, 0x0022C724 }, .{ 0x0004, 0xF0005442 },
};

pub const stop = [_]Write{
    .{ 0x0004, 0xF0005042 }, .{ 0x002C, 0x0022C324 }, .{ 0x9028, 2 }, .{ 0x9008, 0x644 }, .{ 0xB000, 0x2F8 },
};

pub const reply_length = 16;

pub fn command(write: Write) [20]u8 {
    var request: [20]u8 = undefined;
    for ([_]u32{ protocol.Property.registers | protocol.write_flag, 12, 0, write[0], write[1] }, 0..) |word, index| {
        std.mem.writeInt(u32, request[4 * index ..][0..4], word, .little);
    }
    return request;
}
