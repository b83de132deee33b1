//! The baseline that decoders are measured against: a decoder as it is usually written. For each format it is a switch
//! over the kind of each word, which appends events to an array. It follows valid streams and counts nothing.

const std = @import("std");
const Format = @import("../../abi.zig").Format;

pub const Event = extern struct { t: u64, x: u16, y: u16, on: u8 };

pub const Baseline = union(Format) {
    evt3: @import("evt3_baseline.zig").Baseline,
    evt2: @import("evt2_baseline.zig").Baseline,
    evt21: @import("evt21_baseline.zig").Baseline(.little),
    evt21_legacy: @import("evt21_baseline.zig").Baseline(.legacy),
    evt4: @import("evt4_baseline.zig").Baseline,

    pub fn init(format: Format, width: u16, height: u16) Baseline {
        return switch (format) {
            inline else => |known| @unionInit(Baseline, @tagName(known), .{ .width = width, .height = height }),
        };
    }

    /// Returns how many events there are; the input consists of whole words.
    pub fn decode(baseline: *Baseline, input: []const u8, events: []Event) usize {
        return switch (baseline.*) {
            inline else => |*plain| plain.decode(std.mem.bytesAsSlice(@TypeOf(plain.*).Word, input), events, 0),
        };
    }
};
