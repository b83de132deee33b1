//! The decoder of EVT3 in plain steps. It is the specification: every kernel does what this does.

const std = @import("std");
const words = @import("words.zig");
const State = @import("state.zig").State;
const Output = @import("../kernels/output.zig").Output;

/// Decodes words until they or the room are used up, and returns how many.
pub fn decode(state: *State, input: []align(1) const u16, output: *Output) usize {
    const decoded = decodeUncounted(state, input, output);
    words.countKinds(input[0..decoded], &state.kinds);
    return decoded;
}

/// As `decode`, but leaves it to the caller to count the words by kind.
pub fn decodeUncounted(state: *State, input: []align(1) const u16, output: *Output) usize {
    return run(true, state, input, output);
}

/// Does to the state all that `decode` would do with unlimited room, but writes no events.
/// The totals of events and triggers stay as they are: none were handed out.
pub fn skim(state: *State, input: []align(1) const u16) void {
    var nowhere: Output = undefined;
    const followed = run(false, state, input, &nowhere);
    std.debug.assert(followed == input.len);
    words.countKinds(input, &state.kinds);
}

inline fn run(comptime writing: bool, shared_state: *State, input: []align(1) const u16, shared_output: *Output) usize {
    // Copies, because the compiler must assume that every store into a column may change what a pointer names.
    var state = shared_state.*;
    var output = shared_output.*;
    defer shared_state.* = state;
    defer if (writing) {
        state.events += output.events - shared_output.events;
        state.triggers += output.triggers - shared_output.triggers;
        shared_output.* = output;
    };

    var epoch = state.epoch();
    var t = state.t();
    var index: usize = 0;
    while (index < input.len) {
        if (!state.clock.running()) {
            const skipped = untilTimeHigh(input[index..]);
            state.skipped_words += skipped;
            index += skipped;
            if (index == input.len) break;
        }
        if (state.item.next != .nothing and state.followItem(@bitCast(input[index]))) {
            index += 1;
            continue;
        }
        while (index < input.len) {
            const word: words.Word = @bitCast(input[index]);
            switch (word.kind) {
                .address_x => {
                    if (writing and output.room() == 0) return index;
                    const column: words.Column = @bitCast(word.payload);
                    state.useTime();
                    if (state.row == .inside and column.x < state.width) {
                        if (writing) output.event(t, column.x, state.y, column.on);
                    } else if (state.row == .none) state.skipped_words += 1 else state.out_of_sensor += 1;
                },
                .address_y => {
                    state.y = word.payload;
                    state.row = if (word.payload < state.height) .inside else .outside;
                },
                .foreign_row => state.row = .outside,
                .vector_base => {
                    const column: words.Column = @bitCast(word.payload);
                    state.base_known = true;
                    state.base_x = column.x;
                    state.base_on = column.on;
                },
                .vector_12 => if (!vector(writing, &state, word.payload, 12, t, &output)) return index,
                .vector_8 => if (!vector(writing, &state, word.payload & 0xff, 8, t, &output)) return index,
                .time_low => {
                    state.followTimeLow(word.payload);
                    t = epoch + @as(f64, @floatFromInt(state.time_low));
                },
                .time_high => {
                    state.followTimeHigh(word.payload);
                    epoch = state.epoch();
                    t = state.t();
                },
                .trigger => {
                    const trigger: words.Trigger = @bitCast(word.payload);
                    if (writing and !output.trigger(t, trigger.id, trigger.rising)) return index;
                    state.useTime();
                },
                .others => {
                    state.item = .{ .next = .first_12, .sub_type = word.payload };
                    index += 1;
                    break;
                },
                .continued_12, .continued_4, .unused_9, .unused_b, .unused_c, .imu => {},
            }
            index += 1;
        }
    }
    return input.len;
}

fn untilTimeHigh(input: []align(1) const u16) usize {
    for (input, 0..) |bits, index| {
        if (@as(words.Word, @bitCast(bits)).kind == .time_high) return index;
    }
    return input.len;
}

/// False, and nothing changed, where the events do not fit.
inline fn vector(
    comptime writing: bool,
    state: *State,
    pixels: u12,
    comptime advance: u16,
    t: f64,
    output: *Output,
) bool {
    if (!state.base_known) {
        state.skipped_words += 1;
    } else if (state.row == .inside) {
        const inside = clip(pixels, state.base_x, state.width);
        if (writing and !output.eventsOfRow(t, state.base_x, state.y, state.base_on, inside)) return false;
        state.out_of_sensor += @popCount(pixels ^ inside);
    } else if (state.row == .none) {
        state.skipped_words += 1;
    } else {
        state.out_of_sensor += @popCount(pixels);
    }
    state.useTime();
    if (state.base_known) state.base_x +|= advance;
    return true;
}

/// The pixels of a vector that lie left of the sensor's right edge.
inline fn clip(pixels: u12, base_x: u16, width: u16) u12 {
    const columns = width -| base_x;
    return if (columns >= 12) pixels else pixels & ((@as(u12, 1) << @intCast(columns)) - 1);
}
