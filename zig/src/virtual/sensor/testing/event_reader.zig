//! For tests: reads the events of a stream word by word. Shares no code with the filter or the decoders.

const std = @import("std");
const size = @import("../size.zig");

pub const Event = struct { t: u64, x: u16, y: u16, on: u1 };

pub const EventReader = struct {
    allocator: std.mem.Allocator,
    events: std.ArrayList(Event) = .empty,
    triggers: usize = 0,
    /// TIME_HIGH with its wraps.
    high: ?u64 = null,
    low: u12 = 0,
    /// TIME_LOW at the last word of pixels or trigger: it does not fall below that.
    used_low: u12 = 0,
    row: ?u16 = null,
    base: ?u16 = null,
    base_on: u1 = 0,
    /// Vectors since the last complete group of 12, 12 and 8 pixels.
    in_group: usize = 0,
    /// Incomplete groups.
    broken_groups: usize = 0,

    pub fn deinit(reader: *EventReader) void {
        reader.events.deinit(reader.allocator);
    }

    pub fn read(reader: *EventReader, bytes: []const u8) !void {
        for (0..bytes.len / 2) |index| try reader.readWord(std.mem.readInt(u16, bytes[2 * index ..][0..2], .little));
    }

    fn readWord(reader: *EventReader, word: u16) !void {
        const payload: u12 = @truncate(word);
        reader.followGroup(word);
        defer switch (word >> 12) {
            0x2, 0x4, 0x5, 0xA => reader.used_low = reader.low,
            else => {},
        };
        switch (word >> 12) {
            0x0 => reader.row = payload,
            0x1 => reader.row = 0xFFF,
            0x2 => try reader.add(payload & 0x7FF, @intCast(payload >> 11)),
            0x3 => {
                reader.base = payload & 0x7FF;
                reader.base_on = @intCast(payload >> 11);
            },
            0x4, 0x5 => |kind| {
                const base = reader.base orelse return;
                const length: u16 = if (kind == 4) 12 else 8;
                for (0..length) |bit| {
                    if (payload >> @intCast(bit) & 1 != 0) try reader.add(base + @as(u16, @intCast(bit)), reader.base_on);
                }
                reader.base = base + length;
            },
            0x6 => reader.low = @max(payload, reader.used_low),
            0x8 => {
                const old = reader.high orelse payload;
                const step = payload -% @as(u12, @truncate(old));
                if (step > 0) {
                    reader.low = 0;
                    reader.used_low = 0;
                }
                reader.high = old + step;
            },
            0xA => reader.triggers += 1,
            else => {},
        }
    }

    fn followGroup(reader: *EventReader, word: u16) void {
        const kind = word >> 12;
        const expected: u16 = if (reader.in_group == 2) 0x5 else 0x4;
        if (kind == expected) {
            reader.in_group = (reader.in_group + 1) % 3;
            return;
        }
        if (reader.in_group > 0 or kind == 0x5) reader.broken_groups += 1;
        reader.in_group = if (kind == 0x4) 1 else 0;
    }

    fn add(reader: *EventReader, x: u16, on: u1) !void {
        const y = reader.row orelse return;
        const high = reader.high orelse return;
        if (x >= size.width or y >= size.height) return;
        try reader.events.append(reader.allocator, .{ .t = high << 12 | reader.low, .x = x, .y = y, .on = on });
    }
};
