//! What the tests of decoders share: columns with canaries around them, and streams to decode.

const std = @import("std");
const Output = @import("../kernels/output.zig").Output;
const encode = @import("encode.zig");

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

    /// Overwrites what an earlier decoder may have written there, so that nothing seems written that was not.
    pub fn refresh(room: *Room, first_event: usize, count: usize) void {
        const columns = &room.output.columns;
        const end = @min(first_event + count, columns.event_capacity);
        inline for (.{ "t", "x", "y", "on" }) |name| {
            @memset(std.mem.sliceAsBytes(@field(columns, name)[first_event..end]), canary_byte);
        }
    }

    /// True when both hold the same events and triggers.
    pub fn equals(a: *const Room, b: *const Room) bool {
        return a.equalsFrom(b, 0);
    }

    /// As `equals`, for events from the given one on.
    pub fn equalsFrom(a: *const Room, b: *const Room, first_event: usize) bool {
        if (a.output.events != b.output.events or a.output.triggers != b.output.triggers) return false;
        inline for (column_names) |name| {
            const trigger = comptime std.mem.startsWith(u8, name, "trigger");
            const length = if (trigger) a.output.triggers else a.output.events;
            const first = if (trigger) 0 else first_event;
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

/// Words as sensors send them: pixels and rows, a clock that goes on, and a fault now and then; from quiet scenes to
/// flashes.
pub const Grammar = struct {
    random: std.Random,
    time: u32,
    /// Out of 256 words: how many begin a vector, how many are faults.
    vectors: u8,
    faults: u8,
    /// A stream may begin in the middle of a row, and a damaged one have a row that the sensor does not.
    rows: enum { inside, beyond, none },
    /// Hardly anything else, and no vector.
    bases_only: bool,
    /// Vectors, most of which have all of their pixels, between rows and times, and hardly anything else.
    flash: bool,

    pub fn init(random: std.Random) Grammar {
        const bases_only = random.uintLessThan(u8, 8) == 0;
        const flash = random.uintLessThan(u8, 8) == 0;
        return .{
            .random = random,
            .time = random.int(u24),
            .vectors = if (bases_only) 0xfe else if (flash) 0x80 else if (random.boolean()) random.int(u8) else 0,
            .faults = if (random.boolean()) random.int(u8) / 32 else 0,
            .rows = switch (random.uintLessThan(u8, 8)) {
                0 => .beyond,
                1 => .none,
                else => .inside,
            },
            .bases_only = bases_only,
            .flash = flash,
        };
    }

    pub fn fill(grammar: *Grammar, words: []u16) void {
        var index: usize = 0;
        while (index < words.len) {
            var item: [longest_item]u16 = undefined;
            const length = @min(grammar.next(&item), words.len - index);
            @memcpy(words[index..][0..length], item[0..length]);
            index += length;
        }
    }

    const most_groups = 8;
    const longest_item = 1 + 3 * most_groups;

    fn next(grammar: *Grammar, item: *[longest_item]u16) usize {
        const random = grammar.random;
        if (random.int(u8) < grammar.faults) {
            item[0] = random.int(u16);
            return 1;
        }
        if (random.int(u8) < grammar.vectors) return grammar.base(item);
        const rows_and_times = grammar.flash and random.uintLessThan(u8, 64) > 0;
        switch (if (rows_and_times) random.intRangeAtMost(u8, 60, 97) else random.uintLessThan(u8, 100)) {
            0...59 => item[0] = 0x2000 | @as(u16, random.int(u1)) << 11 | random.uintLessThan(u16, 1280),
            60...84 => item[0] = grammar.row() orelse return 0,
            85...94 => {
                const high = grammar.time >> 12;
                grammar.time +%= random.uintLessThan(u32, 64);
                if (high != grammar.time >> 12) {
                    item[0] = @intCast(0x8000 | (grammar.time >> 12 & 0xfff));
                    return 1;
                }
                item[0] = @intCast(0x6000 | (grammar.time & 0xfff));
            },
            95...97 => item[0] = @intCast(0x8000 | (grammar.time >> 12 & 0xfff)),
            98 => item[0] = 0xa000 | (random.int(u16) & 0xf01),
            else => {
                const sub_types = [_]u16{ 0x014, 0x016, 0x005, 0x100 };
                item[0] = 0xe000 | sub_types[random.uintLessThan(usize, 4)];
                item[1] = 0xf000 | @as(u16, random.int(u12));
                item[2] = 0xf000 | @as(u16, random.int(u12));
                item[3] = 0x7000 | @as(u16, random.int(u4));
                return random.intRangeAtMost(usize, 3, 4);
            },
        }
        return 1;
    }

    fn row(grammar: *Grammar) ?u16 {
        return switch (grammar.rows) {
            .inside => grammar.random.uintLessThan(u16, 720),
            .beyond => grammar.random.intRangeLessThan(u16, 720, 2048),
            .none => null,
        };
    }

    /// VECT_BASE_X and groups of vectors, the last one cut; few of their pixels are set, or half of them, or all.
    fn base(grammar: *Grammar, item: *[longest_item]u16) usize {
        const random = grammar.random;
        item[0] = 0x3000 | @as(u16, random.int(u1)) << 11 | random.uintLessThan(u16, if (grammar.flash) 34 else 40) * 32;
        if (grammar.bases_only) return 1;
        const length = if (grammar.flash)
            random.intRangeAtMost(usize, longest_item / 2, longest_item)
        else
            random.intRangeAtMost(usize, 1, if (random.boolean()) 4 else longest_item);
        const density = if (grammar.flash and random.uintLessThan(u8, 16) > 0) 2 else random.uintLessThan(u8, 3);
        for (item[1..length], 0..) |*word, index| {
            const kind: u16, const all: u16 = if (index % 3 < 2) .{ 0x4000, 0xfff } else .{ 0x5000, 0xff };
            word.* = kind | all & switch (density) {
                0 => random.int(u16) & random.int(u16) & random.int(u16),
                1 => random.int(u16),
                else => 0xffff,
            };
        }
        return length;
    }
};

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
