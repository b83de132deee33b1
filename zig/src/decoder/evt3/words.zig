//! EVT3: a stream of 16-bit little-endian words, each a step of a small state machine.
//!
//!     bit  15   12 11  10                                0
//!         +-------+---+-----------------------------------+
//!     0x0 | 0000  | m |                 y                 |  ADDR_Y: the row of the next events (m: second sensor)
//!     0x2 | 0010  |on |                 x                 |  ADDR_X: one event in this row, now
//!     0x3 | 0011  |on |                 x                 |  VECT_BASE_X: where the vectors begin
//!     0x4 | 0100  |  pixel base + 11  ...  pixel base + 0 |  VECT_12: an event for each set bit; base += 12
//!     0x5 | 0101  | unused |  base + 7  ...  base + 0     |  VECT_8: an event for each set bit; base += 8
//!     0x6 | 0110  |             time 11:0                 |  TIME_LOW, µs
//!     0x8 | 1000  |             time 23:12                |  TIME_HIGH
//!     0xA | 1010  |  id   |      unused         | rising  |  EXT_TRIGGER (id: bits 11:8, rising: bit 0)
//!     0xE | 1110  |             sub-type                  |  OTHERS: its payload follows in
//!     0xF | 1111  |           payload 11:0                |  CONTINUED_12, twice, then
//!     0x7 | 0111  |         unused          | payload 3:0 |  CONTINUED_4
//!         +-------+---------------------------------------+
//!
//! Bit 11 of a column (on) is 1 where the pixel became brighter. Of the kinds that the diagram leaves out only 0x1
//! changes anything: it ends the row.
//!
//! An event is thus (time, row, column), where a word is only sent when its part has changed:
//!
//!     TIME_HIGH 5 · TIME_LOW 7 · ADDR_Y 100 · ADDR_X 200 on · ADDR_X 201 off
//!     =  (t 20487, x 200, y 100, on), (t 20487, x 201, y 100, off)
//!
//! A sensor repeats TIME_HIGH now and then, so that a reader can start anywhere, and sends vectors as
//! VECT_12, VECT_12, VECT_8: 32 pixels of a row.

const std = @import("std");

pub const Kind = enum(u4) {
    address_y = 0x0,
    /// Not a row of this kind of event: pixels are ignored until the next ADDR_Y.
    foreign_row = 0x1,
    address_x = 0x2,
    vector_base = 0x3,
    vector_12 = 0x4,
    vector_8 = 0x5,
    time_low = 0x6,
    continued_4 = 0x7,
    time_high = 0x8,
    unused_9 = 0x9,
    trigger = 0xa,
    unused_b = 0xb,
    unused_c = 0xc,
    /// Of an inertial sensor; cameras that this library knows have none.
    imu = 0xd,
    others = 0xe,
    continued_12 = 0xf,
};

pub const Word = packed struct(u16) {
    payload: u12,
    kind: Kind,

    pub fn of(kind: Kind, payload: u12) u16 {
        return @bitCast(Word{ .kind = kind, .payload = payload });
    }
};

/// Some sensors fill the stream with this word, between any two others.
pub const padding: u16 = 0x9999;

pub inline fn isPadding(word: Word) bool {
    return @as(u16, @bitCast(word)) == padding;
}

/// Payload of ADDR_X and VECT_BASE_X.
pub const Column = packed struct(u12) { x: u11, on: u1 };

/// Payload of EXT_TRIGGER.
pub const Trigger = packed struct(u12) { rising: u1, unused: u7 = 0, id: u4 };

/// Sub-types of OTHERS: events that entered and that left the sensor's event rate controller.
pub const rate_controller_input = 0x014;
pub const rate_controller_output = 0x016;

/// Words by kind, indexed by the kind's number.
pub const KindCounts = [16]u64;

test "words have their bits where the diagram says" {
    try std.testing.expectEqual(0x28c8, Word.of(.address_x, @bitCast(Column{ .x = 200, .on = 1 })));
    try std.testing.expectEqual(0xa601, Word.of(.trigger, @bitCast(Trigger{ .id = 6, .rising = 1 })));
}
