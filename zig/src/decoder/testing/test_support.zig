//! What the tests of decoders share: columns with canaries around them, and streams to decode.

const std = @import("std");
const Output = @import("../output.zig").Output;
const encode = @import("encode.zig");

pub const Grammar = @import("grammar.zig").Grammar;
pub const Sensor = @import("grammar.zig").Sensor;

/// Columns of their own memory each, between bytes that nobody may touch.
pub const Room = struct {
    gpa: std.mem.Allocator,
    output: Output,

    const canary = 64;
    const canary_byte = 0xc5;

    pub fn init(gpa: std.mem.Allocator, event_capacity: usize, trigger_capacity: usize) !Room {
        return .{ .gpa = gpa, .output = .{ .columns = .{
            .t = try guarded(gpa, f64, event_capacity),
            .x = try guarded(gpa, u16, event_capacity),
            .y = try guarded(gpa, u16, event_capacity),
            .on = try guarded(gpa, u8, event_capacity),
            .trigger_t = try guarded(gpa, f64, trigger_capacity),
            .trigger_id = try guarded(gpa, u8, trigger_capacity),
            .trigger_rising = try guarded(gpa, u8, trigger_capacity),
            .event_capacity = event_capacity,
            .trigger_capacity = trigger_capacity,
        } } };
    }

    pub fn deinit(room: *Room) void {
        inline for (column_names) |name| room.gpa.free(room.whole(name));
    }

    /// Starts anew; what was written stays in memory.
    pub fn clear(room: *Room) void {
        room.output.events = 0;
        room.output.triggers = 0;
    }

    pub fn checkCanaries(room: *const Room) !void {
        inline for (column_names) |name| {
            const memory = room.whole(name);
            for (memory[0..canary]) |byte| try std.testing.expectEqual(canary_byte, byte);
            for (memory[memory.len - canary ..]) |byte| try std.testing.expectEqual(canary_byte, byte);
        }
        try std.testing.expect(room.output.events <= room.output.columns.event_capacity);
        try std.testing.expect(room.output.triggers <= room.output.columns.trigger_capacity);
    }

    /// Events and triggers are to come from these on. Overwrites what an earlier decoder may have written for so many,
    /// so that nothing seems written that was not.
    pub fn startAt(room: *Room, first_event: usize, first_trigger: usize, count: usize) void {
        room.output.events = first_event;
        room.output.triggers = first_trigger;
        inline for (column_names) |name| {
            const trigger = comptime std.mem.startsWith(u8, name, "trigger");
            const columns = &room.output.columns;
            const first = if (trigger) first_trigger else first_event;
            const end = @min(first + count, if (trigger) columns.trigger_capacity else columns.event_capacity);
            @memset(std.mem.sliceAsBytes(@field(columns, name)[first..end]), canary_byte);
        }
    }

    /// True when both hold the same events and triggers.
    pub fn equals(a: *const Room, b: *const Room) bool {
        return a.equalsFrom(b, 0, 0);
    }

    /// As `equals`, for events and triggers from the given ones on.
    pub fn equalsFrom(a: *const Room, b: *const Room, first_event: usize, first_trigger: usize) bool {
        if (a.output.events != b.output.events or a.output.triggers != b.output.triggers) return false;
        inline for (column_names) |name| {
            const trigger = comptime std.mem.startsWith(u8, name, "trigger");
            const length = if (trigger) a.output.triggers else a.output.events;
            const first = if (trigger) first_trigger else first_event;
            const left = @field(a.output.columns, name)[first..length];
            const right = @field(b.output.columns, name)[first..length];
            if (!std.mem.eql(u8, std.mem.sliceAsBytes(left), std.mem.sliceAsBytes(right))) return false;
        }
        return true;
    }

    const column_names = .{ "t", "x", "y", "on", "trigger_t", "trigger_id", "trigger_rising" };

    fn guarded(gpa: std.mem.Allocator, comptime T: type, length: usize) ![*]T {
        const memory = try gpa.alignedAlloc(u8, .of(f64), length * @sizeOf(T) + 2 * canary);
        @memset(memory, canary_byte);
        return @ptrCast(@alignCast(memory.ptr + canary));
    }

    fn whole(room: *const Room, comptime name: []const u8) []align(8) u8 {
        const columns = &room.output.columns;
        const trigger = comptime std.mem.startsWith(u8, name, "trigger");
        const length = if (trigger) columns.trigger_capacity else columns.event_capacity;
        const pointer = @field(columns, name);
        const start: [*]align(8) u8 = @ptrFromInt(@intFromPtr(pointer) - canary);
        return start[0 .. length * @sizeOf(@typeInfo(@TypeOf(pointer)).pointer.child) + 2 * canary];
    }
};

/// Any words at all.
pub fn randomWords(random: std.Random, words: []u16) void {
    random.bytes(std.mem.sliceAsBytes(words));
}

/// Events in order of time, some of them neighbours, for round trips through the encoder.
pub fn randomEvents(random: std.Random, events: []encode.Event, width: u16, height: u16) void {
    var t: u64 = random.int(u24);
    for (events, 0..) |*event, index| {
        switch (random.uintLessThan(u8, 200)) {
            0...49 => {},
            50...197 => t += random.uintLessThan(u8, 30),
            198 => t += random.uintLessThan(u32, 50_000),
            else => t += if (random.uintLessThan(u8, 20) == 0) 1 << 23 else 0,
        }
        event.* = .{
            .t = t,
            .x = random.uintLessThan(u16, width),
            .y = random.uintLessThan(u16, height),
            .on = random.int(u1),
        };
        if (index > 0 and random.boolean()) {
            const previous = events[index - 1];
            const x = previous.x + random.intRangeAtMost(u16, 1, 5);
            if (x < width) event.* = .{ .t = previous.t, .x = x, .y = previous.y, .on = previous.on };
            t = event.t;
        }
    }
}
