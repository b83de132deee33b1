//! A packet that is being filled: the caller's columns of every kind of events, and how much of them is filled.

const std = @import("std");
const kinds = @import("../kinds.zig");
const Output = @import("output.zig").Output;

/// Room for each kind, by number.
pub const Capacities = [kinds.count]usize;

pub const Packet = struct {
    /// What decoders of EVT formats write.
    events: Output,
    imu: kinds.Imu,
    frame: kinds.Frame,
    pixel: kinds.Pixel,

    /// Over a buffer as long as the capacities need, which are multiples of 8.
    pub fn at(buffer: [*]align(8) u8, capacities: *const Capacities) Packet {
        var packet: Packet = undefined;
        packet.events.surface = null;
        var next: [*]align(8) u8 = buffer;
        inline for (comptime std.enums.values(kinds.Kind)) |kind| {
            const capacity = capacities[@backingInt(kind)];
            std.debug.assert(capacity % 8 == 0);
            packet.columns(kind).* = kinds.columnsAt(kinds.Columns(kind), next, capacity);
            next = @alignCast(next + kinds.bytesPerEvent(kinds.Columns(kind)) * capacity);
        }
        return packet;
    }

    /// With room for polarity events and triggers only.
    pub fn of(events: Output) Packet {
        const none: [*]align(8) u8 = @ptrCast(@alignCast(events.polarity.t));
        return .{
            .events = events,
            .imu = kinds.columnsAt(kinds.Imu, none, 0),
            .frame = kinds.columnsAt(kinds.Frame, none, 0),
            .pixel = kinds.columnsAt(kinds.Pixel, none, 0),
        };
    }

    pub fn columns(packet: *Packet, comptime kind: kinds.Kind) *kinds.Columns(kind) {
        return switch (kind) {
            .polarity => &packet.events.polarity,
            .trigger => &packet.events.trigger,
            .imu => &packet.imu,
            .frame => &packet.frame,
            .pixel => &packet.pixel,
        };
    }

    /// How many events of each kind there are, as reports tell it.
    pub fn counts(packet: *Packet) [kinds.count]f64 {
        var result: [kinds.count]f64 = undefined;
        inline for (comptime std.enums.values(kinds.Kind)) |kind| {
            result[@backingInt(kind)] = @floatFromInt(packet.columns(kind).count);
        }
        return result;
    }
};

/// Bytes of a buffer for the capacities.
pub fn byteLength(capacities: *const Capacities) usize {
    var bytes: usize = 0;
    inline for (comptime std.enums.values(kinds.Kind)) |kind| {
        bytes += kinds.bytesPerEvent(kinds.Columns(kind)) * capacities[@backingInt(kind)];
    }
    return bytes;
}

test "kinds lie one after the other, in a buffer of just their length" {
    const capacities: Capacities = .{ 16, 8, 24, 8, 40 };
    const length = comptime byteLength(&capacities);
    try std.testing.expectEqual(13 * 16 + 10 * 8 + 36 * 24 + 45 * 8 + 40, length);
    var buffer: [length]u8 align(8) = undefined;
    var packet: Packet = .at(&buffer, &capacities);
    try std.testing.expectEqual([_]f64{ 0, 0, 0, 0, 0 }, packet.counts());
    // Each kind's columns are filled with its own number, and none reaches into another's.
    inline for (comptime std.enums.values(kinds.Kind)) |kind| {
        const columns = packet.columns(kind);
        inline for (comptime kinds.columnNames(kinds.Columns(kind))) |name| {
            @memset(std.mem.sliceAsBytes(@field(columns, name)[0..columns.capacity]), @backingInt(kind));
        }
        columns.count = @as(usize, @backingInt(kind)) + 1;
    }
    try std.testing.expectEqual([_]f64{ 1, 2, 3, 4, 5 }, packet.counts());
    var next: usize = 0;
    inline for (comptime std.enums.values(kinds.Kind)) |kind| {
        const bytes = kinds.bytesPerEvent(kinds.Columns(kind)) * capacities[@backingInt(kind)];
        for (buffer[next..][0..bytes]) |byte| try std.testing.expectEqual(@backingInt(kind), byte);
        next += bytes;
    }
}
