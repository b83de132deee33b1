//! The decoder of EVT3 in plain steps: what each word changes in the state (state.zig), and what it writes.
//!
//! - Words of time, row, base and item change the state.
//! - ADDR_X, VECT_12 and VECT_8 write events at the current time, in the current row. Events beyond the sensor are
//!   dropped and counted; words without a row or base are skipped and counted.
//! - EXT_TRIGGER writes a trigger at the current time.
//! - After a TIME_HIGH with which the clock has jumped (`../sensor_time.zig`) decoding stops, too: the place is marked.
//! - Padding changes nothing, not even within an item.
//! - A word whose events do not fit changes nothing: decoding stops before it, and the next call continues there.
//!
//! `decodePlainly` is the specification: every kernel gives its results. `decode`, the scalar kernel, has quicker loops
//! for nearly all words of a healthy stream (quick.zig), and gives it the others.

const std = @import("std");
const builtin = @import("builtin");
const quick = @import("quick.zig");
const words = @import("words.zig");
const Order = @import("order.zig").Order;
const State = @import("state.zig").State;
const Output = @import("../output.zig").Output;

/// Decodes words until they or the room are used up, or the clock has jumped, and returns how many.
pub fn decode(state: *State, input: []align(1) const u16, output: *Output) usize {
    const jumps = state.time.jumps;
    var order: Order = .irregular;
    var kinds = state.kinds;
    var ordered_at: usize = 0;
    var slow: usize = 1;
    var index: usize = 0;
    while (index < input.len) {
        var length: usize = 0;
        if (quick.takes(state)) {
            const part = input[index..][0..@min(chunk, input.len - index)];
            length = switch (order) {
                inline else => |known| quick.decode(known, state, part, output),
            };
            index += length;
            if (state.time.jumps != jumps) break;
            if (index - ordered_at >= chunk) {
                order = .between(&kinds, &state.kinds);
                kinds = state.kinds;
                ordered_at = index;
            }
            if (length == part.len) continue;
        }
        slow = if (length >= worthwhile) shortest_slow else std.math.clamp(2 * slow, shortest_slow, longest_slow);
        const part = input[index..][0..@min(slow, input.len - index)];
        length = decodePlainly(state, part, output);
        index += length;
        if (length < part.len or state.time.jumps != jumps) break;
    }
    return index;
}

/// After this number of words the quick loop is chosen anew.
const chunk = 1024;
/// Where the quick loops take fewer words than this, more and more are decoded word by word.
const worthwhile = 64;
const shortest_slow = 8;
const longest_slow = 512;

/// Of machine code. Where that of WebAssembly lies, the engine decides.
const cache_line = if (builtin.cpu.arch.isWasm()) 1 else 64;

/// Word by word. Tests compare all kernels with it, and kernels call it for the words that they leave. It begins at a
/// cache line, or else its speed would depend on the code before it.
pub noinline fn decodePlainly(state: *State, input: []align(1) const u16, output: *Output) align(cache_line) usize {
    return run(true, state, input, output);
}

/// Changes the state as `decode` with unlimited room, but writes no events. The totals of events and triggers stay as
/// they are, since none were handed out.
pub fn decodeWithoutOutput(state: *State, input: []align(1) const u16) void {
    var nowhere: Output = undefined;
    const followed = run(false, state, input, &nowhere);
    std.debug.assert(followed == input.len);
}

inline fn run(comptime writing: bool, shared_state: *State, available: []align(1) const u16, shared_output: *Output) usize {
    var input = available;
    // Copies, because the compiler must assume that every store into a column may change memory behind a pointer.
    var state = shared_state.*;
    var output = shared_output.*;
    defer shared_state.* = state;
    defer if (writing) {
        state.events += output.polarity.count - shared_output.polarity.count;
        state.triggers += output.trigger.count - shared_output.trigger.count;
        shared_output.* = output;
    };

    var epoch = state.epoch();
    var t = state.t();
    var reach = reachOf(&state);
    var index: usize = 0;
    while (index < input.len) {
        if (!state.time.clock.running()) {
            index += skipToTimeHigh(&state, input[index..]);
            if (index == input.len) break;
        }
        const first: words.Word = @bitCast(input[index]);
        if (state.item.next != .nothing and state.takeInItem(first)) {
            index += 1;
            continue;
        }
        while (index < input.len) {
            const word: words.Word = @bitCast(input[index]);
            switch (word.kind) {
                .address_x => if (!pixel(writing, &state, reach, word.payload, t, &output)) return index,
                .address_y => {
                    state.y = word.payload;
                    state.row = if (word.payload < state.height) .inside else .outside;
                    reach = reachOf(&state);
                },
                .foreign_row => {
                    state.row = .outside;
                    reach = 0;
                },
                .vector_base => state.setBase(@bitCast(word.payload)),
                .vector_12 => if (!vector(writing, &state, word.payload, 12, t, &output)) return index,
                .vector_8 => if (!vector(writing, &state, word.payload & 0xff, 8, t, &output)) return index,
                .time_low => {
                    state.followTimeLow(word.payload);
                    t = epoch + @as(f64, @floatFromInt(state.time_low));
                },
                .time_high => if (word.payload != state.time.high or state.time.clock != .following) {
                    state.followTimeHigh(word.payload);
                    // This word is the last.
                    if (writing and state.time.jumps != shared_state.time.jumps) input = input[0 .. index + 1];
                    epoch = state.epoch();
                    t = epoch + @as(f64, @floatFromInt(state.time_low));
                },
                .trigger => {
                    const trigger: words.Trigger = @bitCast(word.payload);
                    if (writing and !output.addTrigger(t, trigger.id, trigger.rising)) return index;
                    state.useTime();
                },
                .others => {
                    state.item = .{ .next = .first_12, .sub_type = word.payload };
                    state.count(word.kind, 1);
                    index += 1;
                    break; // Its payload comes next.
                },
                .unused_9 => if (words.isPadding(word)) {
                    state.padding_words += 1;
                    index += 1;
                    continue;
                },
                .continued_12, .continued_4, .unused_b, .unused_c, .imu => {},
            }
            state.count(word.kind, 1);
            index += 1;
        }
    }
    return input.len;
}

/// Counts and skips all words before the next TIME_HIGH, without which nothing has a time.
noinline fn skipToTimeHigh(state: *State, input: []align(1) const u16) usize {
    return for (input, 0..) |bits, index| {
        const word: words.Word = @bitCast(bits);
        if (word.kind == .time_high) break index;
        state.countWord(word);
        state.skipped_words += @intFromBool(!words.isPadding(word));
    } else input.len;
}

/// How many columns the row has.
inline fn reachOf(state: *const State) u16 {
    return if (state.row == .inside) state.width else 0;
}

/// False, and nothing changed, where the event does not fit.
inline fn pixel(comptime writing: bool, state: *State, reach: u16, payload: u12, t: f64, output: *Output) bool {
    if (writing and output.room() == 0) return false;
    const column: words.Column = @bitCast(payload);
    if (column.x < reach) {
        if (writing) output.addEvent(t, column.x, state.y, column.on);
        state.useTime();
    } else if (state.row == .none) state.skipped_words += 1 else state.out_of_sensor += 1;
    return true;
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
        if (writing and !output.addEventsOfRow(t, state.base_x, state.y, state.base_on, inside)) return false;
        state.useTimeIfAny(inside);
        state.out_of_sensor += @popCount(pixels ^ inside);
    } else if (state.row == .none) {
        state.skipped_words += 1;
    } else {
        state.out_of_sensor += @popCount(pixels);
    }
    if (state.base_known) state.base_x +|= advance;
    return true;
}

/// The pixels of a vector that lie left of the sensor's right edge.
inline fn clip(pixels: u12, base_x: u16, width: u16) u12 {
    const columns = width -| base_x;
    return if (columns >= 12) pixels else pixels & ((@as(u12, 1) << @intCast(columns)) - 1);
}
