//! The shortcuts of the scalar kernel through words of single events: rows, columns and times.
//!
//! Where the three are mixed irregularly, a branch on the kind would often be mispredicted. So all three are done for
//! each word. Each keeps its old value where the word is of another kind. An event is written after every word, and the
//! next one overwrites it unless the word was a column. The only branch left is for words of other kinds.
//!
//! In dark scenes each event is isolated: it has its own time and row. There the three words are taken at once.

const std = @import("std");
const words = @import("words.zig");
const State = @import("state.zig").State;
const Output = @import("../output.zig").Output;

/// After a chunk of this many words the shortcut is chosen anew.
pub const chunk = 1024;

/// Whether the words between two states were mixed irregularly. They are regular where each event has its own time, or
/// where other words are frequent: there branches predict well.
pub fn areMixed(before: *const State, after: *const State) bool {
    var since: words.KindCounts = undefined;
    for (&since, before.kinds, after.kinds) |*count, from, to| count.* = to - from;
    const pixels = since[0x2] + since[0x4] + since[0x5];
    const whole_items = @min(since[0xe], since[0xf] / 2, since[0x7]);
    const beyond = after.out_of_sensor - before.out_of_sensor;
    var others = since[0x1] + since[0x8] + beyond + since[0xe] + since[0xf] + since[0x7] - 4 * whole_items;
    for (0x9..0xe) |kind| others += since[kind];
    others += after.padding_words - before.padding_words;
    return 3 * since[0x6] < pixels and 16 * others < chunk;
}

/// Decodes, as the switch in decode.zig does, rows and columns within the sensor, times that do not go back, and whole
/// items of OTHERS. Ends before the first other word, and returns how many words. The row before must be inside, too,
/// and the clock following. Not inlined, so that the variables of its loop stay in registers.
pub noinline fn decode(state: *State, available: []align(1) const u16, epoch: f64, output: *Output) usize {
    std.debug.assert(state.row == .inside and state.time.clock == .following);
    const input = available[0..@min(available.len, output.room())];
    const columns = output.polarity;
    const width: i32 = state.width;
    const height: i32 = state.height;
    // Times are kept as words of TIME_LOW, so that they need no masks.
    const epoch_of_words = epoch - 0x6000;
    var low: i32 = 0x6000 | @as(i32, state.time_low);
    var used: i32 = 0x6000 | @as(i32, state.used_low);
    var y: i32 = state.y;
    var events = output.polarity.count;
    var times: usize = 0;
    var items: usize = 0;
    var index: usize = 0;
    while (true) {
        while (index < input.len) : (index += 1) {
            const bits = input[index];
            const word: i32 = bits;
            const x = (word & 0xf7ff) ^ 0x2000;
            // Each is negative where the word is of its kind, so that signs select without branches.
            const row = word - height;
            const column = x - width;
            const time = (word ^ 0x6000) - 0x1000;
            const next_low = choose(time, word, low);
            if ((row | column | time) >= 0 or next_low < used) break;
            low = next_low;
            y = choose(row, word, y);
            used = choose(column, low, used);
            times += one(time);
            columns.t[events] = epoch_of_words + @as(f64, @floatFromInt(low));
            columns.x[events] = @intCast(x);
            columns.y[events] = @intCast(y);
            columns.on[events] = @truncate(bits >> 11 & 1);
            events += one(column);
        }
        if (!state.takeWholeItem(input[index..])) break;
        items += 1;
        index += 4;
    }
    state.y = @intCast(y);
    state.time_low = @intCast(low & 0xfff);
    state.used_low = @intCast(used & 0xfff);
    const singles = events - output.polarity.count;
    output.polarity.count = events;
    state.count(.address_x, singles);
    state.count(.time_low, times);
    state.count(.address_y, index - singles - times - 4 * items);
    state.countItems(items);
    return index;
}

/// Decodes the two words after a TIME_LOW, if they are a row and a column within the sensor and there is room.
pub inline fn decodeIsolated(state: *State, input: []align(1) const u16, t: f64, output: *Output) bool {
    if (input.len < 2 or output.room() == 0) return false;
    const row, const column = input[0..2].*;
    const x = (column & 0xf7ff) ^ 0x2000;
    if (row >= state.height or x >= state.width) return false;
    state.y = row;
    state.row = .inside;
    state.useTime();
    state.count(.address_y, 1);
    state.count(.address_x, 1);
    output.addEvent(t, x, row, @intCast(column >> 11 & 1));
    return true;
}

inline fn choose(sign: i32, negative: i32, other: i32) i32 {
    return other ^ ((other ^ negative) & (sign >> 31));
}

inline fn one(sign: i32) usize {
    return @as(u32, @bitCast(sign)) >> 31;
}
