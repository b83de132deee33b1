//! Short streams about the sensor's clock: `golden.zig` tells how to read them.

const Golden = @import("golden.zig").Golden;

pub const table = [_]Golden{
    .{
        .name = "first time high large",
        .reason = "The first TIME_HIGH may have any value; one far ahead must be confirmed by the next.",
        .words = &.{ 0x8bb8, 0x6007, 0x0064, 0x2805, 0x8bb9, 0x6009, 0x2806, 0x8fff, 0x2807, 0x8000, 0x6001, 0x2808, 0x8001, 0x6002, 0x2809 },
        .events = &.{
            .{ .t = 12288007, .x = 5, .y = 100, .on = 1 },
            .{ .t = 12292105, .x = 6, .y = 100, .on = 1 },
            .{ .t = 12292105, .x = 7, .y = 100, .on = 1 },
            .{ .t = 16777217, .x = 8, .y = 100, .on = 1 },
            .{ .t = 16781314, .x = 9, .y = 100, .on = 1 },
        },
    },
    .{
        .name = "first time high 2047",
        .words = &.{ 0x87ff, 0x6007, 0x0064, 0x2805 },
        .events = &.{
            .{ .t = 8384519, .x = 5, .y = 100, .on = 1 },
        },
    },
    .{
        .name = "first time high 2048",
        .reason = "The first TIME_HIGH may have any value.",
        .words = &.{ 0x8800, 0x6007, 0x0064, 0x2805 },
        .events = &.{
            .{ .t = 8388615, .x = 5, .y = 100, .on = 1 },
        },
    },
    .{
        .name = "wrap",
        .words = &.{ 0x8ffe, 0x6000, 0x0064, 0x2801, 0x8fff, 0x6fff, 0x2802, 0x8000, 0x2803, 0x6003, 0x2804, 0x80ff, 0x2805 },
        .events = &.{
            .{ .t = 16769024, .x = 1, .y = 100, .on = 1 },
            .{ .t = 16777215, .x = 2, .y = 100, .on = 1 },
            .{ .t = 16777216, .x = 3, .y = 100, .on = 1 },
            .{ .t = 16777219, .x = 4, .y = 100, .on = 1 },
            .{ .t = 17821696, .x = 5, .y = 100, .on = 1 },
        },
    },
    .{
        .name = "backwards small",
        .reason = "Time never goes back: it holds.",
        .words = &.{ 0x800a, 0x6064, 0x0064, 0x2801, 0x8009, 0x6032, 0x2802, 0x800a, 0x6078, 0x2803 },
        .events = &.{
            .{ .t = 41060, .x = 1, .y = 100, .on = 1, .run = 2 },
            .{ .t = 41080, .x = 3, .y = 100, .on = 1 },
        },
    },
    .{
        .name = "backwards 2048 exact",
        .reason = "Back by half the range is a wrap; so far ahead, the next TIME_HIGH must confirm it.",
        .words = &.{ 0x87ff, 0x6000, 0x8864, 0x6005, 0x0064, 0x2801, 0x8064, 0x6006, 0x2802, 0x8065, 0x6007, 0x2803 },
        .events = &.{
            .{ .t = 8798213, .x = 1, .y = 100, .on = 1, .run = 2 },
            .{ .t = 17190919, .x = 3, .y = 100, .on = 1 },
        },
        .discontinuities = 2,
    },
    .{
        .name = "backwards 2049",
        .reason = "So far ahead, the next TIME_HIGH must confirm it.",
        .words = &.{ 0x87ff, 0x6000, 0x8865, 0x6005, 0x0064, 0x2801, 0x8064, 0x6006, 0x2802, 0x8065, 0x6007, 0x2803 },
        .events = &.{
            .{ .t = 8802309, .x = 1, .y = 100, .on = 1, .run = 2 },
            .{ .t = 17190919, .x = 3, .y = 100, .on = 1 },
        },
        .discontinuities = 2,
    },
    .{
        .name = "forward 2047",
        .reason = "So far ahead, the next TIME_HIGH must confirm it.",
        .words = &.{ 0x8001, 0x6000, 0x0064, 0x2801, 0x8800, 0x2802, 0x8800, 0x2803, 0x8801, 0x2804 },
        .events = &.{
            .{ .t = 4096, .x = 1, .y = 100, .on = 1, .run = 3 },
            .{ .t = 8392704, .x = 4, .y = 100, .on = 1 },
        },
        .discontinuities = 1,
    },
    .{
        .name = "forward 2048",
        .reason = "A single TIME_HIGH far ahead moves nothing.",
        .words = &.{ 0x8001, 0x6000, 0x0064, 0x2801, 0x8801, 0x6003, 0x2802, 0x8002, 0x2803 },
        .events = &.{
            .{ .t = 4096, .x = 1, .y = 100, .on = 1, .run = 2 },
            .{ .t = 8192, .x = 3, .y = 100, .on = 1 },
        },
        .discontinuities = 1,
    },
    .{
        .name = "low resets on high",
        .words = &.{ 0x8005, 0x6fa0, 0x0064, 0x2801, 0x8006, 0x2802, 0x6001, 0x2803 },
        .events = &.{
            .{ .t = 24480, .x = 1, .y = 100, .on = 1 },
            .{ .t = 24576, .x = 2, .y = 100, .on = 1 },
            .{ .t = 24577, .x = 3, .y = 100, .on = 1 },
        },
    },
    .{
        .name = "low repeat high same",
        .words = &.{ 0x8005, 0x6fa0, 0x0064, 0x2801, 0x8005, 0x2802 },
        .events = &.{
            .{ .t = 24480, .x = 1, .y = 100, .on = 1, .run = 2 },
        },
    },
    .{
        .name = "low backwards",
        .reason = "Time never goes back: it holds.",
        .words = &.{ 0x8005, 0x6064, 0x0064, 0x2801, 0x6032, 0x2802, 0x603c, 0x2803, 0x6065, 0x2804 },
        .events = &.{
            .{ .t = 20580, .x = 1, .y = 100, .on = 1, .run = 3 },
            .{ .t = 20581, .x = 4, .y = 100, .on = 1 },
        },
    },
    .{
        .name = "low equal after high rejected",
        .reason = "Time never goes back: it holds.",
        .words = &.{ 0x800a, 0x6064, 0x8009, 0x6064, 0x0001, 0x2801 },
        .events = &.{
            .{ .t = 41060, .x = 1, .y = 1, .on = 1 },
        },
    },
    .{
        .name = "low back behind words that give no event",
        .reason = "No event has the later time: not without a row, beyond the sensor or without pixels.",
        .words = &.{
            0x8005, 0x6064, 0x2801, 0x6032, 0x0064, 0x2802, // no row
            0x6064, 0x2d00, 0x6033, 0x2803, // a column beyond the sensor
            0x6064, 0x3805, 0x4000, 0x6034, 0x2804, // a vector without pixels
            0x6064, 0x3d00, 0x4fff, 0x6035, 0x2805, // and one beyond the sensor
        },
        .events = &.{
            .{ .t = 20530, .x = 2, .y = 100, .on = 1 },
            .{ .t = 20531, .x = 3, .y = 100, .on = 1 },
            .{ .t = 20532, .x = 4, .y = 100, .on = 1 },
            .{ .t = 20533, .x = 5, .y = 100, .on = 1 },
        },
        .discontinuities = 0,
        .out_of_sensor = 13,
    },
    .{
        .name = "low while behind",
        .reason = "A TIME_LOW belongs to a TIME_HIGH: behind the time it says nothing, and is no step back either.",
        .words = &.{ 0x800a, 0x6064, 0x0064, 0x2801, 0x8009, 0x6070, 0x2802, 0x6032, 0x2803, 0x800a, 0x2804, 0x6066, 0x2805 },
        .events = &.{
            .{ .t = 41060, .x = 1, .y = 100, .on = 1, .run = 4 },
            .{ .t = 41062, .x = 5, .y = 100, .on = 1 },
        },
        .discontinuities = 1,
    },
    .{
        .name = "behind for several high",
        .reason = "One step back is one discontinuity, however many TIME_HIGHs it takes to come back from it.",
        .words = &.{
            0x800a, 0x6064, 0x0064, 0x2801, 0x8007, 0x8007, 0x8008, 0x2802, 0x8009, 0x800a, 0x2803, // a step back by three
            0x800b, 0x2804, 0x800a, 0x2805, 0x800b, 0x800c, 0x2806, // another by one
        },
        .events = &.{
            .{ .t = 41060, .x = 1, .y = 100, .on = 1, .run = 3 },
            .{ .t = 45056, .x = 4, .y = 100, .on = 1, .run = 2 },
            .{ .t = 49152, .x = 6, .y = 100, .on = 1 },
        },
        .discontinuities = 2,
    },
    .{
        .name = "forward within a second",
        .words = &.{ 0x8001, 0x6000, 0x0064, 0x2801, 0x8100, 0x2802, 0x81ff, 0x2803 },
        .events = &.{
            .{ .t = 4096, .x = 1, .y = 100, .on = 1 },
            .{ .t = 1048576, .x = 2, .y = 100, .on = 1 },
            .{ .t = 2093056, .x = 3, .y = 100, .on = 1 },
        },
        .discontinuities = 2,
    },
    .{
        .name = "one wrong high, ahead",
        .reason = "The old clock goes on.",
        .words = &.{ 0x8005, 0x0064, 0x2801, 0x8405, 0x2802, 0x8005, 0x2803, 0x8006, 0x2804, 0x8007, 0x2805 },
        .events = &.{
            .{ .t = 20480, .x = 1, .y = 100, .on = 1, .run = 3 },
            .{ .t = 24576, .x = 4, .y = 100, .on = 1 },
            .{ .t = 28672, .x = 5, .y = 100, .on = 1 },
        },
        .discontinuities = 1,
    },
    .{
        .name = "one wrong high, as of the wrap before",
        .reason = "The old clock goes on, and has not wrapped.",
        .words = &.{ 0x8005, 0x0064, 0x2801, 0x8fff, 0x2802, 0x8006, 0x2803, 0x8007, 0x2804 },
        .events = &.{
            .{ .t = 20480, .x = 1, .y = 100, .on = 1, .run = 2 },
            .{ .t = 24576, .x = 3, .y = 100, .on = 1 },
            .{ .t = 28672, .x = 4, .y = 100, .on = 1 },
        },
        .discontinuities = 1,
    },
    .{
        .name = "one wrong high, less than a second ahead",
        .reason = "A jump that the next TIME_HIGHs take back: time stands until they have passed it.",
        .words = &.{
            0x8005, 0x0064, 0x2801, 0x800b, 0x2802, 0x8006, 0x2803, 0x8007, 0x8008, 0x8009, 0x2804, 0x800a, 0x2805, // wrong: 0x800b
            0x800b, 0x6001, 0x2806, 0x800c, 0x2807,
        },
        .events = &.{
            .{ .t = 20480, .x = 1, .y = 100, .on = 1 },
            .{ .t = 45056, .x = 2, .y = 100, .on = 1, .run = 4 },
            .{ .t = 45057, .x = 6, .y = 100, .on = 1 },
            .{ .t = 49152, .x = 7, .y = 100, .on = 1 },
        },
        .discontinuities = 2,
    },
    .{
        .name = "a clock that starts again",
        .reason = "Three later TIME_HIGHs confirm it, and times go on from the last one.",
        .words = &.{
            0x8700, 0x6005, 0x0064, 0x2801, 0x8000, 0x6003, 0x2802, 0x8000, 0x8001, 0x2803, 0x8002, 0x2804, // not yet
            0x8003, 0x2805, 0x6007, 0x2806, 0x8004, 0x2807,
        },
        .events = &.{
            .{ .t = 0x700005, .x = 1, .y = 100, .on = 1, .run = 4 },
            .{ .t = 0x703000, .x = 5, .y = 100, .on = 1 },
            .{ .t = 0x703007, .x = 6, .y = 100, .on = 1 },
            .{ .t = 0x704000, .x = 7, .y = 100, .on = 1 },
        },
        .discontinuities = 1,
    },
    .{
        .name = "a clock that started again wraps",
        .reason = "The time counter and the time have no longer the same beginning.",
        .words = &.{ 0x8ffe, 0x8d00, 0x8d01, 0x8d02, 0x8d03, 0x8dff, 0x8efe, 0x8ffd, 0x80fc, 0x0064, 0x2801 },
        .events = &.{
            .{ .t = (0xffe + 0x3fc) << 12, .x = 1, .y = 100, .on = 1 },
        },
    },
    .{
        .name = "two clocks in turns",
        .reason = "Neither is confirmed, and the older one goes on.",
        .words = &.{ 0x8700, 0x0064, 0x8000, 0x8701, 0x2801, 0x8001, 0x8702, 0x2802, 0x8002, 0x8703, 0x2803, 0x8003, 0x8704, 0x2804 },
        .events = &.{
            .{ .t = 0x701000, .x = 1, .y = 100, .on = 1 },
            .{ .t = 0x702000, .x = 2, .y = 100, .on = 1 },
            .{ .t = 0x703000, .x = 3, .y = 100, .on = 1 },
            .{ .t = 0x704000, .x = 4, .y = 100, .on = 1 },
        },
        .discontinuities = 4,
    },
    .{
        .name = "far ahead again and again",
        .reason = "A file may leave out times without events; each second TIME_HIGH confirms the one before.",
        .words = &.{ 0x8001, 0x0064, 0x8301, 0x8601, 0x2801, 0x8901, 0x2802, 0x8c01, 0x2803 },
        .events = &.{
            .{ .t = 0x601000, .x = 1, .y = 100, .on = 1, .run = 2 },
            .{ .t = 0xc01000, .x = 3, .y = 100, .on = 1 },
        },
    },
};
