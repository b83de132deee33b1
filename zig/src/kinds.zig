//! The kinds of events and the columns of each: the one table from which the layout of a packet, the entries of reports
//! and the description for TypeScript come. `src/packets/kinds.ts` is its twin.
//!
//! A kind is a struct. Its many-item pointers are its columns, in the order in which they lie in the buffer of the caller:
//! kind after kind, each with its columns one after the other. As capacities are multiples of 8, every column begins at a
//! multiple of 8 bytes:
//!
//!     t f64 x P | x u16 x P | y u16 x P | on u8 x P | trigger t f64 x T | id u8 x T | edge u8 x T | ...

const std = @import("std");

pub const Kind = enum(u8) { polarity, trigger, imu, frame, pixel };

pub const count = std.enums.values(Kind).len;

/// Pixel changes.
pub const Polarity = extern struct {
    t: [*]f64,
    x: [*]u16,
    y: [*]u16,
    on: [*]u8,
    /// How many events there is room for, and how many there are. The same in the other kinds.
    capacity: usize,
    count: usize = 0,
};

/// What trigger inputs saw.
pub const Trigger = extern struct {
    t: [*]f64,
    id: [*]u8,
    /// 0 = falling, 1 = rising, 2 = a whole pulse.
    edge: [*]u8,
    capacity: usize,
    count: usize = 0,
};

/// Samples of an inertial measurement unit: m/s^2, rad/s and degrees Celsius; NaN where a part is absent.
pub const Imu = extern struct {
    t: [*]f64,
    accelerometer_x: [*]f32,
    accelerometer_y: [*]f32,
    accelerometer_z: [*]f32,
    gyroscope_x: [*]f32,
    gyroscope_y: [*]f32,
    gyroscope_z: [*]f32,
    temperature: [*]f32,
    capacity: usize,
    count: usize = 0,
};

/// Pictures. Times are those of the whole frame's end and start, and of its exposure (NaN where unknown).
pub const Frame = extern struct {
    t: [*]f64,
    start_t: [*]f64,
    exposure_start_t: [*]f64,
    exposure_end_t: [*]f64,
    /// Where in the bytes of `Pixel` the frame's pixels begin, row by row: a multiple of 8.
    pixel_offset: [*]u32,
    x: [*]u16,
    y: [*]u16,
    width: [*]u16,
    height: [*]u16,
    /// A `FrameFormat`.
    format: [*]u8,
    capacity: usize,
    count: usize = 0,
};

/// Not events, but the bytes of the frames' pixels: how many there are differs from frame to frame, so they have room of
/// their own.
pub const Pixel = extern struct {
    byte: [*]u8,
    capacity: usize,
    count: usize = 0,
};

pub const FrameFormat = enum(u8) { gray8 = 0, gray16 = 1 };

/// The struct of a kind.
pub fn Columns(comptime kind: Kind) type {
    return switch (kind) {
        .polarity => Polarity,
        .trigger => Trigger,
        .imu => Imu,
        .frame => Frame,
        .pixel => Pixel,
    };
}

/// Names of the columns of a kind's struct, in order; to be called when compiling.
pub fn columnNames(comptime Struct: type) []const []const u8 {
    var names: []const []const u8 = &.{};
    for (std.meta.fieldNames(Struct)) |name| {
        if (@typeInfo(@FieldType(Struct, name)) == .pointer) names = names ++ .{name};
    }
    return names;
}

/// The type of a column's elements.
pub fn Element(comptime Struct: type, comptime column: []const u8) type {
    return @typeInfo(@FieldType(Struct, column)).pointer.child;
}

/// Bytes of one event in all columns.
pub fn bytesPerEvent(comptime Struct: type) usize {
    comptime var bytes: usize = 0;
    inline for (comptime columnNames(Struct)) |column| bytes += @sizeOf(Element(Struct, column));
    return bytes;
}

/// The columns of a kind that begin at `buffer`. The capacity is a multiple of 8.
pub fn columnsAt(comptime Struct: type, buffer: [*]align(8) u8, capacity: usize) Struct {
    var columns: Struct = undefined;
    var next: [*]align(8) u8 = buffer;
    inline for (comptime columnNames(Struct)) |column| {
        @field(columns, column) = @ptrCast(next);
        next = @alignCast(next + @sizeOf(Element(Struct, column)) * capacity);
    }
    columns.capacity = capacity;
    columns.count = 0;
    return columns;
}

/// Appends an event, given as a struct with a field for each column. False, and nothing written, where there is no room.
pub fn append(columns: anytype, event: anytype) bool {
    const Struct = @TypeOf(columns.*);
    if (columns.count == columns.capacity) return false;
    inline for (comptime columnNames(Struct)) |column| @field(columns, column)[columns.count] = @field(event, column);
    columns.count += 1;
    return true;
}

test "columns lie one after the other, each aligned" {
    var buffer: [8 * 50]u8 align(8) = undefined;
    const frames = columnsAt(Frame, &buffer, 8);
    const start = @intFromPtr(&buffer);
    try std.testing.expectEqual(45, bytesPerEvent(Frame));
    try std.testing.expectEqual(start, @intFromPtr(frames.t));
    try std.testing.expectEqual(start + 8 * 32, @intFromPtr(frames.pixel_offset));
    try std.testing.expectEqual(start + 8 * 44, @intFromPtr(frames.format));
    try std.testing.expectEqual(8, frames.capacity);
}

test "what is appended stands in every column until the room is used up" {
    var buffer: [8 * 10]u8 align(8) = undefined;
    var triggers = columnsAt(Trigger, &buffer, 8);
    for (0..8) |index| {
        try std.testing.expect(append(&triggers, .{ .t = @as(f64, @floatFromInt(index)), .id = 3, .edge = 2 }));
    }
    try std.testing.expect(!append(&triggers, .{ .t = 8, .id = 3, .edge = 2 }));
    try std.testing.expectEqual(8, triggers.count);
    try std.testing.expectEqualSlices(f64, &.{ 0, 1, 2, 3, 4, 5, 6, 7 }, triggers.t[0..8]);
    try std.testing.expectEqual(@as([8]u8, @splat(3)), buffer[64..72].*);
    try std.testing.expectEqual(@as([8]u8, @splat(2)), buffer[72..80].*);
}
