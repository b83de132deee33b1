//! Short streams and the events they must give, for a sensor of 1280 x 720.
//!
//! Without a reason, two decoders in wide use agree on the result. A reason tells what this library does where they
//! differ.

const clock = @import("golden_clock.zig");

pub const Expected = struct { t: f64, x: u16, y: u16, on: u8, run: u16 = 1 };
pub const ExpectedTrigger = struct { t: f64, id: u8, rising: u8 };

pub const Golden = struct {
    name: []const u8,
    reason: ?[]const u8 = null,
    words: []const u16,
    /// The input comes in two parts, the first of this many bytes.
    cut: ?usize = null,
    /// An entry stands for `run` events in neighbouring columns.
    events: []const Expected,
    triggers: []const ExpectedTrigger = &.{},
    /// The rate controller's counters.
    events_in: ?f64 = null,
    events_out: ?f64 = null,
    discontinuities: ?f64 = null,
    out_of_sensor: ?f64 = null,
    padding: ?f64 = null,
    unknown: ?f64 = null,
    skipped: ?f64 = null,
};

pub const table = others ++ clock.table;

const others = [_]Golden{
    .{
        .name = "basic",
        .words = &.{ 0x8005, 0x6007, 0x0064, 0x28c8, 0x20c9 },
        .events = &.{
            .{ .t = 20487, .x = 200, .y = 100, .on = 1 },
            .{ .t = 20487, .x = 201, .y = 100, .on = 0 },
        },
    },
    .{
        .name = "vector triplet",
        .words = &.{ 0x8005, 0x6007, 0x0064, 0x3a80, 0x4005, 0x4800, 0x5080 },
        .events = &.{
            .{ .t = 20487, .x = 640, .y = 100, .on = 1 },
            .{ .t = 20487, .x = 642, .y = 100, .on = 1 },
            .{ .t = 20487, .x = 663, .y = 100, .on = 1 },
            .{ .t = 20487, .x = 671, .y = 100, .on = 1 },
        },
    },
    .{
        .name = "two triplets",
        .words = &.{ 0x8005, 0x6007, 0x0064, 0x3280, 0x4001, 0x4001, 0x5001, 0x4001, 0x4001, 0x5001 },
        .events = &.{
            .{ .t = 20487, .x = 640, .y = 100, .on = 0 },
            .{ .t = 20487, .x = 652, .y = 100, .on = 0 },
            .{ .t = 20487, .x = 664, .y = 100, .on = 0 },
            .{ .t = 20487, .x = 672, .y = 100, .on = 0 },
            .{ .t = 20487, .x = 684, .y = 100, .on = 0 },
            .{ .t = 20487, .x = 696, .y = 100, .on = 0 },
        },
    },
    .{
        .name = "v12 alone",
        .reason = "A vector word stands for itself: the next words are not part of it.",
        .words = &.{ 0x8005, 0x6007, 0x0064, 0x3a80, 0x4001, 0x0065, 0x2805, 0x2806, 0x2807 },
        .events = &.{
            .{ .t = 20487, .x = 640, .y = 100, .on = 1 },
            .{ .t = 20487, .x = 5, .y = 101, .on = 1, .run = 3 },
        },
    },
    .{
        .name = "v8 alone",
        .reason = "A vector word stands for itself, also a single VECT_8.",
        .words = &.{ 0x8005, 0x6007, 0x0064, 0x3a80, 0x5001, 0x5001, 0x2809 },
        .events = &.{
            .{ .t = 20487, .x = 640, .y = 100, .on = 1 },
            .{ .t = 20487, .x = 648, .y = 100, .on = 1 },
            .{ .t = 20487, .x = 9, .y = 100, .on = 1 },
        },
    },
    .{
        .name = "v12 v12 then other",
        .reason = "A vector word stands for itself: no third one is swallowed.",
        .words = &.{ 0x8005, 0x6007, 0x0064, 0x3a80, 0x4001, 0x4002, 0x2809, 0x280a },
        .events = &.{
            .{ .t = 20487, .x = 640, .y = 100, .on = 1 },
            .{ .t = 20487, .x = 653, .y = 100, .on = 1 },
            .{ .t = 20487, .x = 9, .y = 100, .on = 1, .run = 2 },
        },
    },
    .{
        .name = "addr x between base and vect",
        .reason = "Only VECT_BASE_X sets the base.",
        .words = &.{ 0x8005, 0x6007, 0x0064, 0x3a80, 0x2011, 0x4001, 0x4000, 0x5000 },
        .events = &.{
            .{ .t = 20487, .x = 17, .y = 100, .on = 0 },
            .{ .t = 20487, .x = 640, .y = 100, .on = 1 },
        },
    },
    .{
        .name = "vect no base",
        .reason = "Vectors before any base mean nothing.",
        .words = &.{ 0x8005, 0x6007, 0x0064, 0x4001, 0x4000, 0x5000, 0x2803 },
        .events = &.{
            .{ .t = 20487, .x = 3, .y = 100, .on = 1 },
        },
    },
    .{
        .name = "vect base 1248",
        .words = &.{ 0x8005, 0x6007, 0x0064, 0x3ce0, 0x4fff, 0x4fff, 0x50ff },
        .events = &.{
            .{ .t = 20487, .x = 1248, .y = 100, .on = 1, .run = 32 },
        },
    },
    .{
        .name = "vect cross width 1249",
        .reason = "Pixels beyond the edge are dropped one by one.",
        .words = &.{ 0x8005, 0x6007, 0x0064, 0x3ce1, 0x4fff, 0x4fff, 0x50ff, 0x3800, 0x4001, 0x4000, 0x5000 },
        .events = &.{
            .{ .t = 20487, .x = 1249, .y = 100, .on = 1, .run = 31 },
            .{ .t = 20487, .x = 0, .y = 100, .on = 1 },
        },
        .out_of_sensor = 1,
    },
    .{
        .name = "x out of range",
        .reason = "No event lies beyond the sensor.",
        .words = &.{ 0x8005, 0x6007, 0x0064, 0x2d00, 0x2fff, 0x2cff },
        .events = &.{
            .{ .t = 20487, .x = 1279, .y = 100, .on = 1 },
        },
    },
    .{
        .name = "y out of range",
        .reason = "An ADDR_X does not move the base, and a vector moves it in a dropped row, too.",
        .words = &.{ 0x8005, 0x6007, 0x02d0, 0x2805, 0x3a80, 0x4001, 0x4001, 0x5001, 0x02cf, 0x2806, 0x4001, 0x4001, 0x5001 },
        .events = &.{
            .{ .t = 20487, .x = 6, .y = 719, .on = 1 },
            .{ .t = 20487, .x = 672, .y = 719, .on = 1 },
            .{ .t = 20487, .x = 684, .y = 719, .on = 1 },
            .{ .t = 20487, .x = 696, .y = 719, .on = 1 },
        },
    },
    .{
        .name = "orig bit set",
        .reason = "Bit 11 marks another sensor's row.",
        .words = &.{ 0x8005, 0x6007, 0x0864, 0x2805, 0x0064, 0x2806 },
        .events = &.{
            .{ .t = 20487, .x = 6, .y = 100, .on = 1 },
        },
    },
    .{
        .name = "type1 word",
        .reason = "Type 0x1 ends the row of pixels.",
        .words = &.{ 0x8005, 0x6007, 0x0064, 0x1032, 0x2805, 0x0065, 0x2806 },
        .events = &.{
            .{ .t = 20487, .x = 6, .y = 101, .on = 1 },
        },
    },
    .{
        .name = "no y yet",
        .reason = "No pixel before the first ADDR_Y.",
        .words = &.{ 0x8005, 0x6007, 0x2805, 0x0003, 0x2806 },
        .events = &.{
            .{ .t = 20487, .x = 6, .y = 3, .on = 1 },
        },
    },
    .{
        .name = "before time high",
        .reason = "Nothing before the first TIME_HIGH, not even a row.",
        .words = &.{ 0x6009, 0x0064, 0x2805, 0xa001, 0x8005, 0x2806, 0x6007, 0x2807, 0x0001, 0x2808 },
        .events = &.{
            .{ .t = 20487, .x = 8, .y = 1, .on = 1 },
        },
    },
    .{
        .name = "trigger",
        .words = &.{ 0x8005, 0x6007, 0xa001, 0x6009, 0xa000, 0xa601 },
        .events = &.{},
        .triggers = &.{
            .{ .t = 20487, .id = 0, .rising = 1 },
            .{ .t = 20489, .id = 0, .rising = 0 },
            .{ .t = 20489, .id = 6, .rising = 1 },
        },
    },
    .{
        .name = "erc counters",
        .events_in = 121_987_363,
        .events_out = 1,
        .words = &.{ 0x8005, 0x6007, 0xe014, 0xf123, 0xf456, 0x7007, 0xe016, 0xf001, 0xf000, 0x7000, 0x0001, 0x2801 },
        .events = &.{
            .{ .t = 20487, .x = 1, .y = 1, .on = 1 },
        },
    },
    .{
        .name = "others no continued",
        .words = &.{ 0x8005, 0x6007, 0xe014, 0x0001, 0x2801, 0x2802, 0x2803 },
        .events = &.{
            .{ .t = 20487, .x = 1, .y = 1, .on = 1, .run = 3 },
        },
    },
    .{
        .name = "others blacklisted",
        .words = &.{ 0x8005, 0x6007, 0xe005, 0xf001, 0xf002, 0x7003, 0x0001, 0x2801 },
        .events = &.{
            .{ .t = 20487, .x = 1, .y = 1, .on = 1 },
        },
    },
    .{
        .name = "others other subtype",
        .words = &.{ 0x8005, 0x6007, 0xe019, 0xf001, 0xf002, 0x7003, 0x0001, 0x2801 },
        .events = &.{
            .{ .t = 20487, .x = 1, .y = 1, .on = 1 },
        },
    },
    .{
        .name = "continued partial",
        .reason = "An incomplete item is dropped, and the words after it are not.",
        .words = &.{ 0x8005, 0x6007, 0xe014, 0xf001, 0x0001, 0x2801, 0x2802 },
        .events = &.{
            .{ .t = 20487, .x = 1, .y = 1, .on = 1, .run = 2 },
        },
    },
    .{
        .name = "split triplet",
        .words = &.{ 0x8005, 0x6007, 0x0064, 0x3a80, 0x4001, 0x4001, 0x5001, 0x2803 },
        .cut = 10,
        .events = &.{
            .{ .t = 20487, .x = 640, .y = 100, .on = 1 },
            .{ .t = 20487, .x = 652, .y = 100, .on = 1 },
            .{ .t = 20487, .x = 664, .y = 100, .on = 1 },
            .{ .t = 20487, .x = 3, .y = 100, .on = 1 },
        },
    },
    .{
        .name = "split odd byte",
        .reason = "Two calls may share a word.",
        .words = &.{ 0x8005, 0x6007, 0x0064, 0x2805, 0x2806, 0x2807 },
        .cut = 7,
        .events = &.{
            .{ .t = 20487, .x = 5, .y = 100, .on = 1, .run = 3 },
        },
    },
    .{
        .name = "unused types",
        .words = &.{ 0x8005, 0x6007, 0x0064, 0x9001, 0xb001, 0xc001, 0xd001, 0x2805 },
        .events = &.{
            .{ .t = 20487, .x = 5, .y = 100, .on = 1 },
        },
    },
    .{
        .name = "base overflow polarity",
        .words = &.{ 0x8005, 0x6007, 0x0064, 0x37f0, 0x4001, 0x4000, 0x5000, 0x4001, 0x4000, 0x5000 },
        .events = &.{},
    },
    .{
        .name = "padding",
        .reason = "It means nothing, wherever it stands.",
        .words = &.{
            0x9999, 0x8005, 0x9999, 0x6007, 0x0064, 0x9999, 0x3a80, 0x9999, 0x4001, 0x9999, 0x5001, 0x2805, //
            0xe014, 0x9999, 0xf123, 0x9999, 0x9999, 0xf456, 0x9999, 0x7007, 0xe016, 0x9998, 0xf001, 0xf000,
            0x7000,
        },
        .events = &.{
            .{ .t = 20487, .x = 640, .y = 100, .on = 1 },
            .{ .t = 20487, .x = 652, .y = 100, .on = 1 },
            .{ .t = 20487, .x = 5, .y = 100, .on = 1 },
        },
        .events_in = 121_987_363,
        .padding = 9,
        .unknown = 1,
        .skipped = 0,
    },
    .{
        .name = "vectors without end",
        .reason = "A run of vectors that has left the sensor does not come back into it, however long it is.",
        // 5400 times 12 columns are more than 16 bits can hold.
        .words = &([_]u16{ 0x8005, 0x6007, 0x0064, 0x3fff } ++ @as([5400]u16, @splat(0x4fff)) ++ [_]u16{ 0x5001, 0x3805, 0x5001 }),
        .events = &.{
            .{ .t = 20487, .x = 5, .y = 100, .on = 1 },
        },
        .out_of_sensor = 64801,
    },
    .{
        .name = "vectors in a foreign row",
        .reason = "Events of another kind's row are counted one by one, and move the base as others do.",
        .words = &.{ 0x8005, 0x6007, 0x0064, 0x1032, 0x3a80, 0x4007, 0x5081, 0x2805, 0x0065, 0x5003 },
        .events = &.{
            .{ .t = 20487, .x = 660, .y = 101, .on = 1, .run = 2 },
        },
        .out_of_sensor = 6,
    },
    .{
        .name = "vector 8 unused bits",
        .reason = "A VECT_8 has eight pixels: the four bits above them are none, inside the sensor and beyond it.",
        .words = &.{ 0x8005, 0x6007, 0x0064, 0x3a80, 0x5f01, 0x5f00, 0x1000, 0x5f03 },
        .events = &.{
            .{ .t = 20487, .x = 640, .y = 100, .on = 1 },
        },
        .out_of_sensor = 2,
    },
};
