//! Events and triggers for the tests of encoders.

const std = @import("std");
const dispatch = @import("../dispatch.zig");
const encoder = @import("../encoder.zig");

pub const Sensor = struct { width: u16, height: u16 };

/// Columns that grow.
pub const List = struct {
    gpa: std.mem.Allocator,
    t: std.ArrayList(f64) = .empty,
    x: std.ArrayList(u16) = .empty,
    y: std.ArrayList(u16) = .empty,
    on: std.ArrayList(u8) = .empty,
    trigger_t: std.ArrayList(f64) = .empty,
    id: std.ArrayList(u8) = .empty,
    edge: std.ArrayList(u8) = .empty,

    pub fn init(gpa: std.mem.Allocator) List {
        return .{ .gpa = gpa };
    }

    pub fn deinit(list: *List) void {
        inline for (.{ "t", "x", "y", "on", "trigger_t", "id", "edge" }) |name| @field(list, name).deinit(list.gpa);
    }

    pub fn event(list: *List, t: i64, x: u16, y: u16, on: u8) !void {
        try list.t.append(list.gpa, @floatFromInt(t));
        try list.x.append(list.gpa, x);
        try list.y.append(list.gpa, y);
        try list.on.append(list.gpa, on);
    }

    pub fn trigger(list: *List, t: i64, id: u8, edge: u8) !void {
        try list.trigger_t.append(list.gpa, @floatFromInt(t));
        try list.id.append(list.gpa, id);
        try list.edge.append(list.gpa, edge);
    }

    pub fn events(list: *List, all: []const struct { i64, u16, u16, u8 }) !void {
        for (all) |each| try list.event(each[0], each[1], each[2], each[3]);
    }

    pub fn triggers(list: *List, all: []const struct { i64, u8, u8 }) !void {
        for (all) |each| try list.trigger(each[0], each[1], each[2]);
    }

    pub fn columns(list: *const List) encoder.Columns {
        return .{
            .events = .{
                .t = list.t.items.ptr,
                .x = list.x.items.ptr,
                .y = list.y.items.ptr,
                .on = list.on.items.ptr,
                .count = list.t.items.len,
            },
            .triggers = .{
                .t = list.trigger_t.items.ptr,
                .id = list.id.items.ptr,
                .edge = list.edge.items.ptr,
                .count = list.trigger_t.items.len,
            },
        };
    }
};

/// The words of all events and triggers, made with this much room in each call.
pub fn encoded(gpa: std.mem.Allocator, format: encoder.Format, sensor: Sensor, list: *const List, room: usize) ![]align(8) u8 {
    return encodedBy(dispatch.selected(), gpa, format, sensor, list, room);
}

/// The same by the code for a CPU level.
pub fn encodedBy(
    level: dispatch.Level,
    gpa: std.mem.Allocator,
    format: encoder.Format,
    sensor: Sensor,
    list: *const List,
    room: usize,
) ![]align(8) u8 {
    var state: encoder.State = .{ .width = sensor.width, .height = sensor.height };
    var columns = list.columns();
    try std.testing.expectEqual(.none, level.find(format, &state, &columns).fault);
    const fence: [64]u8 = @splat(0xa5);
    const memory = try gpa.alignedAlloc(u8, .@"8", room + fence.len);
    defer gpa.free(memory);
    memory[room..][0..fence.len].* = fence;
    var bytes: std.array_list.Aligned(u8, .@"8") = .empty;
    errdefer bytes.deinit(gpa);
    while (true) {
        const length = level.encode(format, &state, &columns, memory.ptr, room);
        try std.testing.expectEqualSlices(u8, &fence, memory[room..]);
        try bytes.appendSlice(gpa, memory[0..length]);
        if (columns.event == columns.events.count and columns.trigger == columns.triggers.count) break;
        try std.testing.expect(length > 0);
    }
    return bytes.toOwnedSlice(gpa);
}

/// Scenes of all kinds, with pauses up to what the format holds.
pub fn random(gpa: std.mem.Allocator, source: std.Random, format: encoder.Format, sensor: Sensor) !List {
    const pauses = [_]u6{ 4, 12, 16, 20, 22, 24, 26, 28, if (format == .evt3) 38 else 32 };
    var list: List = .init(gpa);
    errdefer list.deinit();
    const end: i64 = if (format == .evt3) 1 << 42 else 1 << 34;
    const density = source.uintLessThan(u8, 100);
    const long_pauses = source.uintLessThan(u8, 4);
    var t: i64 = if (source.boolean()) source.int(u12) else if (format == .evt3) source.int(u28) else source.int(u34);
    while (list.t.items.len < 3000) {
        const pause: u64 = switch (source.int(u8)) {
            0...40 => 0,
            41...250 => source.uintLessThan(u8, 40),
            251 => source.int(u12),
            else => |kind| if (kind - 252 < long_pauses)
                source.uintLessThan(u64, @as(u64, 1) << pauses[source.uintLessThan(usize, pauses.len)])
            else
                0,
        };
        t += @intCast(pause);
        if (t >= end) break;
        if (source.uintLessThan(u8, 30) == 0) {
            try list.trigger(t, source.uintAtMost(u8, if (format == .evt3) 15 else 31), source.int(u1));
        }
        var x = source.uintLessThan(u16, sensor.width);
        const y = source.uintLessThan(u16, sensor.height);
        const on = source.int(u1);
        try list.event(t, x, y, on);
        while (source.uintLessThan(u8, 100) < density) {
            x += source.intRangeAtMost(u16, @intFromBool(density % 5 != 0), 3);
            if (x >= sensor.width) break;
            try list.event(t, x, y, on);
        }
    }
    return list;
}
