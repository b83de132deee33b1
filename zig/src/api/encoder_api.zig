//! The export about encoders. An encoder is a block of numbers that the caller keeps: there is nothing to free.

const std = @import("std");
const abi = @import("../abi.zig");
const encoder = @import("../encoder/encoder.zig");

const Status = abi.Status;

/// Largest width or height: columns and rows have eleven bits in every format.
const maximum_side = 2048;

/// The largest time of any format has 42 bits.
const maximum_time = (1 << 42) - 1;

/// Encodes events and triggers in the order of their times until they or the room are used up. Where a format cannot hold
/// one of them, nothing is written. A call that goes on with the same columns does not look at them again.
pub fn encode(
    block: ?*abi.Encoder,
    event_t: ?[*]align(1) const f64,
    event_x: ?[*]align(1) const u16,
    event_y: ?[*]align(1) const u16,
    event_on: ?[*]const u8,
    trigger_t: ?[*]align(1) const f64,
    trigger_id: ?[*]const u8,
    trigger_edge: ?[*]const u8,
    input: ?*const abi.EncoderInput,
    output: ?[*]align(8) u8,
    capacity: u32,
    report: ?*abi.Encoded,
) callconv(.c) i32 {
    const shared = block orelse return Status.invalid_argument.code();
    const counts = input orelse return Status.invalid_argument.code();
    const out = report orelse return Status.invalid_argument.code();
    const memory = output orelse return Status.invalid_argument.code();
    if (capacity < encoder.minimum_room) return Status.buffer_too_small.code();
    const format = formatOf(shared) orelse return Status.invalid_argument.code();
    var state = stateOf(shared) orelse return Status.invalid_argument.code();
    var columns: encoder.Columns = undefined;
    columns.events.count = count(counts.events) orelse return Status.invalid_argument.code();
    columns.triggers.count = count(counts.triggers) orelse return Status.invalid_argument.code();
    columns.event = abi.integer(usize, counts.first_event, columns.events.count) orelse
        return Status.invalid_argument.code();
    columns.trigger = abi.integer(usize, counts.first_trigger, columns.triggers.count) orelse
        return Status.invalid_argument.code();
    if (columns.events.count > 0) {
        columns.events.t = event_t orelse return Status.invalid_argument.code();
        columns.events.x = event_x orelse return Status.invalid_argument.code();
        columns.events.y = event_y orelse return Status.invalid_argument.code();
        columns.events.on = event_on orelse return Status.invalid_argument.code();
    }
    if (columns.triggers.count > 0) {
        columns.triggers.t = trigger_t orelse return Status.invalid_argument.code();
        columns.triggers.id = trigger_id orelse return Status.invalid_argument.code();
        columns.triggers.edge = trigger_edge orelse return Status.invalid_argument.code();
    }
    run(format, &state, &columns, memory[0..capacity], out);
    keep(&state, shared);
    return Status.ok.code();
}

fn run(format: encoder.Format, state: *encoder.State, columns: *encoder.Columns, output: []align(8) u8, out: *abi.Encoded) void {
    out.* = std.mem.zeroes(abi.Encoded);
    const goes_on = columns.event > 0 or columns.trigger > 0;
    if (if (goes_on) null else encoder.findFault(format, state, columns)) |found| {
        out.fault = @floatFromInt(@backingInt(found.fault));
        out.fault_index = @floatFromInt(found.index);
    } else out.bytes = @floatFromInt(encoder.encode(format, state, columns, output));
    out.next_event = @floatFromInt(columns.event);
    out.next_trigger = @floatFromInt(columns.trigger);
}

fn count(value: f64) ?usize {
    return abi.integer(usize, value, std.math.maxInt(u32));
}

fn formatOf(block: *const abi.Encoder) ?encoder.Format {
    const number = abi.integer(u32, block.format, std.math.maxInt(u32)) orelse return null;
    return std.enums.fromInt(encoder.Format, number);
}

/// Null where a number is out of its range.
fn stateOf(block: *const abi.Encoder) ?encoder.State {
    const width = abi.integer(u16, block.width, maximum_side) orelse return null;
    const height = abi.integer(u16, block.height, maximum_side) orelse return null;
    if (width == 0 or height == 0) return null;
    return .{
        .width = width,
        .height = height,
        .last_time = abi.integer(i64, block.last_time, maximum_time) orelse return null,
        .high = remembered(i64, block.time_high, maximum_time) orelse return null,
        .low = remembered(i32, block.time_low, 0xfff) orelse return null,
        .row = remembered(i32, block.row, 0x7ff) orelse return null,
        .vector = remembered(i32, block.vector, 0xffff) orelse return null,
    };
}

fn remembered(comptime Integer: type, value: f64, maximum: Integer) ?Integer {
    return if (std.math.isNan(value)) encoder.State.none else abi.integer(Integer, value, maximum);
}

fn keep(state: *const encoder.State, block: *abi.Encoder) void {
    block.last_time = @floatFromInt(state.last_time);
    block.time_high = kept(state.high);
    block.time_low = kept(state.low);
    block.row = kept(state.row);
    block.vector = kept(state.vector);
}

fn kept(value: i64) f64 {
    return if (value == encoder.State.none) std.math.nan(f64) else @floatFromInt(value);
}

const testing = std.testing;
const new: abi.Encoder = .{
    .format = 0,
    .width = 1280,
    .height = 720,
    .last_time = 0,
    .time_high = std.math.nan(f64),
    .time_low = std.math.nan(f64),
    .row = std.math.nan(f64),
    .vector = std.math.nan(f64),
};

const Call = struct {
    block: abi.Encoder = new,
    t: [3]f64 = .{ 20487, 20487, 20488 },
    x: [3]u16 = .{ 200, 201, 202 },
    y: [3]u16 = .{ 100, 100, 100 },
    on: [3]u8 = .{ 1, 0, 1 },
    input: abi.EncoderInput = .{ .first_event = 0, .events = 3, .first_trigger = 0, .triggers = 0 },
    output: [128]u8 align(8) = undefined,
    report: abi.Encoded = undefined,

    fn run(call: *Call) i32 {
        return encode(
            &call.block,
            &call.t,
            &call.x,
            &call.y,
            &call.on,
            null,
            null,
            null,
            &call.input,
            &call.output,
            call.output.len,
            &call.report,
        );
    }
};

test "events to words, and on from call to call" {
    var call: Call = .{};
    try testing.expectEqual(0, call.run());
    const words = [_]u16{ 0x8005, 0x6007, 0x0064, 0x28c8, 0x20c9, 0x6008, 0x28ca };
    try testing.expectEqual(14, call.report.bytes);
    try testing.expectEqualSlices(u8, std.mem.sliceAsBytes(&words), call.output[0..14]);
    try testing.expectEqual(3, call.report.next_event);
    call.t = .{ 20488, 20488, 20488 };
    call.input.first_event = 2;
    try testing.expectEqual(0, call.run());
    try testing.expectEqual(2, call.report.bytes); // the time and the row are told already
}

test "what a format cannot hold is a fault with its index, and changes nothing" {
    var call: Call = .{};
    call.x[2] = 1280;
    try testing.expectEqual(0, call.run());
    try testing.expectEqual(@as(f64, @backingInt(abi.EncoderFault.event_x)), call.report.fault);
    try testing.expectEqual(2, call.report.fault_index);
    try testing.expectEqual(0, call.report.bytes);
    try testing.expectEqual(0, call.report.next_event);
    try testing.expect(std.math.isNan(call.block.time_high));
}

test "a call that goes on with the same columns does not look at them again" {
    var call: Call = .{};
    call.input.events = 2;
    try testing.expectEqual(0, call.run());
    call.t[2] = 8;
    call.x[2] = 2048 + 5;
    call.input = .{ .first_event = 2, .events = 3, .first_trigger = 0, .triggers = 0 };
    try testing.expectEqual(0, call.run());
    try testing.expectEqual(0, call.report.fault);
    const words = [_]u16{ 0x6008, 0x2805 }; // cut to their bits
    try testing.expectEqual(4, call.report.bytes);
    try testing.expectEqualSlices(u8, std.mem.sliceAsBytes(&words), call.output[0..4]);
}

test "mistakes of the caller are statuses" {
    const invalid = Status.invalid_argument.code();
    inline for (.{ "format", "width", "height", "last_time", "time_high", "time_low", "row", "vector" }) |field| {
        for ([_]f64{ -1, 0.5, 0x1p60, std.math.inf(f64) }) |wrong| {
            var call: Call = .{};
            @field(call.block, field) = wrong;
            try testing.expectEqual(invalid, call.run());
        }
    }
    var read_only: Call = .{}; // there is no encoder of EVT4
    read_only.block.format = @backingInt(abi.Format.evt4);
    try testing.expectEqual(invalid, read_only.run());
    inline for (.{ .{ "events", -1 }, .{ "first_event", 4 }, .{ "triggers", 0.5 }, .{ "first_trigger", 1 }, .{ "triggers", 1 } }) |wrong| {
        var call: Call = .{};
        @field(call.input, wrong[0]) = wrong[1];
        try testing.expectEqual(invalid, call.run());
    }
    var call: Call = .{};
    const too_small = encode(&call.block, &call.t, &call.x, &call.y, &call.on, null, null, null, &call.input, &call.output, 127, &call.report);
    try testing.expectEqual(Status.buffer_too_small.code(), too_small);
}
