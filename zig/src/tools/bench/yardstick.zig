//! What decoders are measured against: a decoder as it is usually written, for each format a switch over the kind of
//! each word that appends events to an array. It follows valid streams and counts nothing.

const std = @import("std");
const Format = @import("../../abi.zig").Format;

pub const Event = extern struct { t: u64, x: u16, y: u16, on: u8 };

pub const Yardstick = union(Format) {
    evt3: @import("evt3_yardstick.zig").Yardstick,
    evt2: @import("evt2_yardstick.zig").Yardstick,
    evt21: @import("evt21_yardstick.zig").Yardstick(.little),
    evt21_legacy: @import("evt21_yardstick.zig").Yardstick(.legacy),

    pub fn init(format: Format, width: u16, height: u16) Yardstick {
        return switch (format) {
            inline else => |known| @unionInit(Yardstick, @tagName(known), .{ .width = width, .height = height }),
        };
    }

    /// Returns how many events there are; the input consists of whole words.
    pub fn decode(yardstick: *Yardstick, input: []const u8, events: []Event) usize {
        return switch (yardstick.*) {
            inline else => |*plain| plain.decode(std.mem.bytesAsSlice(@TypeOf(plain.*).Word, input), events, 0),
        };
    }
};
