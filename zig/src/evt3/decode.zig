//! The decoder of EVT3 in plain steps. It is the specification: every kernel does what this does.

const std = @import("std");
const Columns = @import("../abi.zig").Columns;
const words = @import("words.zig");
const State = @import("state.zig").State;
const Output = @import("../kernels/output.zig").Output;

/// Decodes words until they or the room are used up, and returns how many.
pub fn decode(state: *State, input: []align(1) const u16, output: *Output) usize {
    const decoded = run(.{ .writing = true, .shortcut = true }, state, input, output);
    words.countKinds(input[0..decoded], &state.kinds);
    return decoded;
}

/// As `decode`, word by word without the shortcut: the specification itself, which tests compare all kernels with.
pub fn decodePlainly(state: *State, input: []align(1) const u16, output: *Output) usize {
    const decoded = run(.{ .writing = true, .shortcut = false }, state, input, output);
    words.countKinds(input[0..decoded], &state.kinds);
    return decoded;
}

/// Does to the state all that `decode` would do with unlimited room, but writes no events.
/// The totals of events and triggers stay as they are: none were handed out.
pub fn skim(state: *State, input: []align(1) const u16) void {
    var nowhere: Output = undefined;
    const followed = run(.{ .writing = false, .shortcut = false }, state, input, &nowhere);
    std.debug.assert(followed == input.len);
    words.countKinds(input, &state.kinds);
}

const Mode = struct { writing: bool, shortcut: bool };

inline fn run(comptime mode: Mode, shared_state: *State, input: []align(1) const u16, shared_output: *Output) usize {
    const writing = mode.writing;
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
                    if (mode.shortcut) index += singleEvents(&state, input[index + 1 ..], t, &output);
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
                    if (!mode.shortcut or !continues(input[index..])) break;
                    for (input[index..][0..3]) |part| _ = state.followItem(@bitCast(part));
                    index += 3;
                    continue;
                },
                .continued_12, .continued_4, .unused_9, .unused_b, .unused_c, .imu => {},
            }
            index += 1;
        }
    }
    return input.len;
}

/// True where CONTINUED words for a whole item come next, which so needs one guess and not four.
inline fn continues(input: []align(1) const u16) bool {
    if (input.len < 3) return false;
    return input[0] >= 0xf000 and input[1] >= 0xf000 and input[2] >> 12 == 7;
}

/// Decodes rows and columns within the sensor, as the switch would, up to the first word that is something else,
/// and returns how many. Which of the two comes next is anybody's guess, and a branch would be guessed wrong often. So
/// both are done for each word: an event is written after every one, and only a column keeps it.
inline fn singleEvents(state: *State, input: []align(1) const u16, t: f64, output: *Output) usize {
    if (state.row != .inside) return 0;
    const before = output.events;
    const count = @min(input.len, output.room());
    const decoded = storeSingles(input[0..count], state.width, state.height, &state.y, t, &output.columns, &output.events);
    if (output.events > before) state.useTime();
    return decoded;
}

/// A function of its own, so that all that it needs stays in registers.
noinline fn storeSingles(
    input: []align(1) const u16,
    width: u16,
    height: u16,
    row: *u16,
    t: f64,
    columns: *const Columns,
    count: *usize,
) usize {
    const column_t = columns.t;
    const column_x = columns.x;
    const column_y = columns.y;
    const column_on = columns.on;
    var y = row.*;
    var events = count.*;
    defer row.* = y;
    defer count.* = events;
    return for (input, 0..) |word, index| {
        const is_row = word < height;
        const is_column = (word & 0xf7ff) -% 0x2000 < width;
        if (!is_row and !is_column) break index;
        y = if (is_row) word else y;
        column_t[events] = t;
        column_x[events] = word & 0x7ff;
        column_y[events] = y;
        column_on[events] = @truncate(word >> 11 & 1);
        events += @intFromBool(is_column);
    } else input.len;
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
