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
//! `decodePlainly` is the specification: every kernel gives its results. `decode`, the scalar kernel, has shortcuts
//! through the words of single events (singles.zig).

const std = @import("std");
const builtin = @import("builtin");
const singles = @import("singles.zig");
const words = @import("words.zig");
const State = @import("state.zig").State;
const Output = @import("../output.zig").Output;

/// Decodes words until they or the room are used up, or the clock has jumped, and returns how many.
pub fn decode(state: *State, input: []align(1) const u16, output: *Output) usize {
    var decoded: usize = 0;
    var mixed = true;
    while (decoded < input.len) {
        const before = state.*;
        const part = input[decoded..][0..@min(singles.chunk, input.len - decoded)];
        const length = if (mixed) decodeBy(.mixed, state, part, output) else decodeBy(.isolated, state, part, output);
        decoded += length;
        if (length < part.len or state.time.jumps != before.time.jumps) break;
        mixed = singles.areMixed(&before, state);
    }
    return decoded;
}

/// Of machine code. Where that of WebAssembly lies, the engine decides.
const cache_line = if (builtin.cpu.arch.isWasm()) 1 else 64;

/// It begins at a cache line, or else its speed would depend on the code before it.
noinline fn decodeBy(comptime shortcut: Shortcut, state: *State, input: []align(1) const u16, output: *Output) align(cache_line) usize {
    return run(.{ .writing = true, .shortcut = shortcut }, state, input, output);
}

/// Word by word. Tests compare all kernels with it, and kernels call it for the words that they leave. It begins at a
/// cache line, too.
pub noinline fn decodePlainly(state: *State, input: []align(1) const u16, output: *Output) align(cache_line) usize {
    return run(.{ .writing = true, .shortcut = .none }, state, input, output);
}

/// Changes the state as `decode` with unlimited room, but writes no events. The totals of events and triggers stay as
/// they are, since none were handed out.
pub fn decodeWithoutOutput(state: *State, input: []align(1) const u16) void {
    var nowhere: Output = undefined;
    const followed = run(.{ .writing = false, .shortcut = .none }, state, input, &nowhere);
    std.debug.assert(followed == input.len);
}

const Mode = struct { writing: bool, shortcut: Shortcut };
const Shortcut = enum { none, mixed, isolated };

inline fn run(comptime mode: Mode, shared_state: *State, available: []align(1) const u16, shared_output: *Output) usize {
    const writing = mode.writing;
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
                    if (mode.shortcut == .mixed and state.row == .inside and state.time.clock == .following) {
                        state.count(word.kind, 1);
                        index += 1;
                        index += singles.decode(&state, input[index..], epoch, &output);
                        t = epoch + @as(f64, @floatFromInt(state.time_low));
                        continue;
                    }
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
                    if (mode.shortcut == .isolated and singles.decodeIsolated(&state, input[index + 1 ..], t, &output)) {
                        index += 2;
                        reach = state.width;
                    }
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
