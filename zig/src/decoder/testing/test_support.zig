//! Shared by the tests of decoders: columns with canaries around them, and streams to decode.

const std = @import("std");
const kinds = @import("../../kinds.zig");
const Decoder = @import("../decoder.zig").Decoder;
const Output = @import("../output.zig").Output;
const Packet = @import("../packet.zig").Packet;
const encode = @import("encode.zig");

pub const Grammar = @import("grammar.zig").Grammar;
pub const Sensor = @import("grammar.zig").Sensor;

/// Columns in separate memory, between canaries: bytes that no decoder may touch.
pub const Room = struct {
    gpa: std.mem.Allocator,
    output: Output,

    const canary = 64;
    const canary_byte = 0xc5;

    pub fn init(gpa: std.mem.Allocator, event_capacity: usize, trigger_capacity: usize) !Room {
        return .{ .gpa = gpa, .output = .{
            .polarity = try guarded(gpa, kinds.Polarity, event_capacity),
            .trigger = try guarded(gpa, kinds.Trigger, trigger_capacity),
        } };
    }

    pub fn deinit(room: *Room) void {
        inline for (column_names) |name| room.gpa.free(room.whole(name));
    }

    /// Lets a decoder append what it decodes; returns how many bytes it consumed.
    pub fn decode(room: *Room, decoder: *Decoder, bytes: []const u8) usize {
        var packet: Packet = .of(room.output);
        defer room.output = packet.events;
        return decoder.decode(bytes, &packet);
    }

    /// Starts anew; what was written stays in memory.
    pub fn clear(room: *Room) void {
        room.output.polarity.count = 0;
        room.output.trigger.count = 0;
    }

    pub fn checkCanaries(room: *const Room) !void {
        inline for (column_names) |name| {
            const memory = room.whole(name);
            for (memory[0..canary]) |byte| try std.testing.expectEqual(canary_byte, byte);
            for (memory[memory.len - canary ..]) |byte| try std.testing.expectEqual(canary_byte, byte);
        }
        try std.testing.expect(room.output.polarity.count <= room.output.polarity.capacity);
        try std.testing.expect(room.output.trigger.count <= room.output.trigger.capacity);
    }

    /// The next events and triggers begin at these. Overwrites the memory of `count` of them, so that leftovers of an
    /// earlier decoder do not count as written.
    pub fn startAt(room: *Room, first_event: usize, first_trigger: usize, count: usize) void {
        room.output.polarity.count = first_event;
        room.output.trigger.count = first_trigger;
        inline for (column_names) |name| {
            const columns = &@field(room.output, name[0]);
            const end = @min(columns.count + count, columns.capacity);
            @memset(std.mem.sliceAsBytes(@field(columns, name[1])[columns.count..end]), canary_byte);
        }
    }

    /// True when both hold the same events and triggers.
    pub fn equals(a: *const Room, b: *const Room) bool {
        return a.equalsFrom(b, 0, 0);
    }

    /// As `equals`, for events and triggers from the given ones on.
    pub fn equalsFrom(a: *const Room, b: *const Room, first_event: usize, first_trigger: usize) bool {
        inline for (column_names) |name| {
            const left = &@field(a.output, name[0]);
            const right = &@field(b.output, name[0]);
            if (left.count != right.count) return false;
            const first = if (@TypeOf(left) == *const kinds.Trigger) first_trigger else first_event;
            const left_bytes = std.mem.sliceAsBytes(@field(left, name[1])[first..left.count]);
            const right_bytes = std.mem.sliceAsBytes(@field(right, name[1])[first..right.count]);
            if (!std.mem.eql(u8, left_bytes, right_bytes)) return false;
        }
        return true;
    }

    /// Field of the output, and column in it.
    const column_names = names: {
        var names: []const [2][]const u8 = &.{};
        for ([_][]const u8{ "polarity", "trigger" }) |field| {
            for (kinds.columnNames(@FieldType(Output, field))) |column| names = names ++ .{.{ field, column }};
        }
        break :names names[0..names.len].*;
    };

    fn guarded(gpa: std.mem.Allocator, comptime Columns: type, capacity: usize) !Columns {
        var columns: Columns = undefined;
        columns.capacity = capacity;
        columns.count = 0;
        inline for (comptime kinds.columnNames(Columns)) |name| {
            const Element = kinds.Element(Columns, name);
            const memory = try gpa.alignedAlloc(u8, .of(f64), capacity * @sizeOf(Element) + 2 * canary);
            @memset(memory, canary_byte);
            @field(columns, name) = @ptrCast(@alignCast(memory.ptr + canary));
        }
        return columns;
    }

    fn whole(room: *const Room, comptime name: [2][]const u8) []align(8) u8 {
        const columns = &@field(room.output, name[0]);
        const element_bytes = @sizeOf(kinds.Element(@TypeOf(columns.*), name[1]));
        const start: [*]align(8) u8 = @ptrFromInt(@intFromPtr(@field(columns, name[1])) - canary);
        return start[0 .. columns.capacity * element_bytes + 2 * canary];
    }
};

/// Random words.
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
