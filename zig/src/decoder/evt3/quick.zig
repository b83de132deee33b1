//! The loops of the scalar kernel through the words that a healthy stream consists of. What they change is kept in local
//! variables. They need a clock that follows the stream, and a row of the sensor.
//!
//! Rows, columns and times have a loop of their own, in two forms:
//!
//!     regular      Y X  Y X  T Y X  Y X   branches on the kind of each word, which are predicted well
//!     irregular    Y X X  T Y X  Y X X X  each of the three is done for each word, without a branch
//!
//! In the irregular loop the row and the time keep their old value where the word is of another kind. An event is written
//! after every word, and the next one overwrites it unless the word was a column.

const std = @import("std");
const kinds = @import("../../kinds.zig");
const words = @import("words.zig");
const Order = @import("order.zig").Order;
const State = @import("state.zig").State;
const Output = @import("../output.zig").Output;

/// Whether `decode` may be called.
pub fn takes(state: *const State) bool {
    return state.row == .inside and state.time.clock == .following and state.item.next == .nothing;
}

/// Decodes words until one comes that has no place here, the clock has jumped, or the room may not suffice for the next
/// one. Returns how many. Not inlined, so that the variables of its loops stay in registers.
pub noinline fn decode(comptime order: Order, state: *State, available: []align(1) const u16, output: *Output) usize {
    std.debug.assert(takes(state));
    const words_with_room = (output.room() -| Output.row_slack) / Output.most_of_row;
    const input = available[0..@min(available.len, words_with_room)];
    var run: Run = .begin(state, output);
    while (run.index < input.len) {
        switch (order) {
            .regular => run.decodeRegular(input),
            .irregular => run.decodeIrregular(input),
        }
        if (run.index == input.len or !run.decodeOther(state, input, output)) break;
    }
    run.end(state, output);
    return run.index;
}

/// The kind of TIME_LOW, as a word. Times are kept as such words, so that they need no masks.
const time_kind = 0x6000;
const time_end = 0x7000;

const Run = struct {
    index: usize = 0,
    columns: kinds.Polarity,
    /// Events in the columns.
    events: usize,
    width: i32,
    height: i32,
    y: i32,
    base_known: bool,
    base_on: u8,
    base_x: u16,
    /// Beginning of the current TIME_HIGH, less `time_kind`.
    epoch: f64,
    low: i32,
    /// TIME_LOW of the last event or trigger, when there were `events_at_used` events. That of a later event stands in
    /// its column.
    used: i32,
    events_at_used: usize,

    rows: usize = 0,
    times: usize = 0,
    /// Words that are not of these kinds, and no columns.
    others: usize = 0,
    /// Whole items of OTHERS.
    items: usize = 0,

    inline fn begin(state: *const State, output: *const Output) Run {
        var run: Run = .{
            .columns = output.polarity,
            .events = output.polarity.count,
            .width = state.width,
            .height = state.height,
            .y = state.y,
            .base_known = state.base_known,
            .base_on = state.base_on,
            .base_x = state.base_x,
            .epoch = undefined,
            .low = undefined,
            .used = undefined,
            .events_at_used = undefined,
        };
        run.loadTime(state);
        return run;
    }

    inline fn end(run: *Run, state: *State, output: *Output) void {
        run.storeTime(state);
        state.y = @intCast(run.y);
        state.base_known = run.base_known;
        state.base_on = run.base_on;
        state.base_x = run.base_x;
        state.count(.address_y, run.rows);
        state.count(.time_low, run.times);
        state.count(.address_x, run.index - run.rows - run.times - run.others);
        state.countItems(run.items);
        state.events += run.events - output.polarity.count;
        output.polarity.count = run.events;
    }

    inline fn loadTime(run: *Run, state: *const State) void {
        run.epoch = state.epoch() - time_kind;
        run.low = time_kind | @as(i32, state.time_low);
        run.used = time_kind | @as(i32, state.used_low);
        run.events_at_used = run.events;
    }

    inline fn storeTime(run: *const Run, state: *State) void {
        state.time_low = @intCast(run.low & 0xfff);
        state.used_low = @intCast(run.usedLow() & 0xfff);
    }

    inline fn time(run: *const Run) f64 {
        return run.epoch + @as(f64, @floatFromInt(run.low));
    }

    inline fn usedLow(run: *const Run) i32 {
        if (run.events == run.events_at_used) return run.used;
        return @intFromFloat(run.columns.t[run.events - 1] - run.epoch);
    }

    /// Decodes rows, columns and times until another word comes, a column beyond the sensor, or a time that goes back.
    inline fn decodeRegular(run: *Run, input: []align(1) const u16) void {
        const columns = run.columns;
        const width = run.width;
        const height = run.height;
        const epoch = run.epoch;
        var events = run.events;
        var low = run.low;
        var y = run.y;
        var t = run.time();
        var times: usize = 0;
        const rest = input[run.index..];
        const length = for (rest, 0..) |bits, index| {
            const word: i32 = bits;
            const x = columnOf(word);
            if (x < width) {
                write(&columns, events, t, x, y, word);
                events += 1;
            } else if (word < height) {
                y = word;
            } else if (word >= low and word < time_end) {
                low = word;
                t = epoch + @as(f64, @floatFromInt(low));
                times += 1;
            } else break index;
        } else rest.len;
        run.passSingles(length, events, times, low, y);
    }

    /// The same. Not inlined, because its loop needs all registers.
    noinline fn decodeIrregular(run: *Run, input: []align(1) const u16) void {
        const columns = run.columns;
        const width = run.width;
        const height = run.height;
        const epoch = run.epoch;
        var events = run.events;
        var low = run.low;
        var y = run.y;
        var times: usize = 0;
        const rest = input[run.index..];
        const length = for (rest, 0..) |bits, index| {
            const word: i32 = bits;
            const x = columnOf(word);
            // Each is negative where the word is of its kind: one branch asks for all three.
            const row = word - height;
            const column = x - width;
            const later = (low - 1 - word) & (word - time_end);
            if ((row | column | later) >= 0) break index;
            y = if (row < 0) word else y;
            low = @max(low, word); // Rows and columns are less than any time.
            times += isNegative(later);
            write(&columns, events, epoch + @as(f64, @floatFromInt(low)), x, y, word);
            events += isNegative(column);
        } else rest.len;
        run.passSingles(length, events, times, low, y);
    }

    /// Writes an event behind the others.
    inline fn write(columns: *const kinds.Polarity, index: usize, t: f64, x: i32, y: i32, word: i32) void {
        columns.t[index] = t;
        columns.x[index] = @intCast(x);
        columns.y[index] = @intCast(y);
        columns.on[index] = @intCast(word >> 11 & 1);
    }

    inline fn passSingles(run: *Run, length: usize, events: usize, times: usize, low: i32, y: i32) void {
        run.index += length;
        run.rows += length - times - (events - run.events);
        run.times += times;
        run.events = events;
        run.low = low;
        run.y = y;
    }

    /// Decodes the next word, which is not for those loops, and the words that belong to it. False where decoding has to
    /// end, before them or after them.
    inline fn decodeOther(run: *Run, state: *State, input: []align(1) const u16, output: *Output) bool {
        const word: words.Word = @bitCast(input[run.index]);
        switch (word.kind) {
            .address_y, .foreign_row => return false,
            .address_x => {
                state.out_of_sensor += 1;
                run.index += 1;
                return true;
            },
            .time_low => {
                run.goBack(state, input[run.index]);
                return true;
            },
            .vector_base => {
                run.setBase(@bitCast(word.payload));
                run.pass(state, .vector_base);
                run.decodeVectors(state, input);
                return true;
            },
            .vector_12, .vector_8 => {
                const before = run.index;
                if (run.base_known) run.decodeVectors(state, input);
                return run.index > before;
            },
            .time_high => if (word.payload != state.time.high) return run.followTimeHigh(state, word.payload),
            .trigger => if (!run.addTrigger(state, @bitCast(word.payload), output)) return false,
            .others => {
                const rest = input[run.index..];
                const is_whole = state.takeWholeItem(rest);
                const length = if (is_whole) 4 else takeIncompleteItem(state, rest);
                run.items += @intFromBool(is_whole);
                run.index += length;
                run.others += length;
                return state.item.next == .nothing;
            },
            .unused_9 => if (words.isPadding(word)) {
                state.padding_words += 1;
                run.index += 1;
                run.others += 1;
                return true;
            },
            .continued_12, .continued_4, .unused_b, .unused_c, .imu => {},
        }
        run.pass(state, word.kind);
        return true;
    }

    inline fn pass(run: *Run, state: *State, kind: words.Kind) void {
        state.count(kind, 1);
        run.index += 1;
        run.others += 1;
    }

    inline fn setBase(run: *Run, column: words.Column) void {
        run.base_known = true;
        run.base_on = column.on;
        run.base_x = column.x;
    }

    /// Follows a TIME_LOW below the last one.
    inline fn goBack(run: *Run, state: *State, word: i32) void {
        const used = run.usedLow();
        state.time.discontinuities += @intFromBool(word < used);
        run.low = @max(word, used);
        run.index += 1;
        run.times += 1;
    }

    /// Follows a TIME_HIGH. False where the clock has jumped, or is doubted now.
    inline fn followTimeHigh(run: *Run, state: *State, high: u16) bool {
        const jumps = state.time.jumps;
        run.storeTime(state);
        state.followTimeHigh(high);
        run.loadTime(state);
        run.pass(state, .time_high);
        return state.time.clock == .following and state.time.jumps == jumps;
    }

    inline fn addTrigger(run: *Run, state: *State, trigger: words.Trigger, output: *Output) bool {
        if (!output.addTrigger(run.time(), trigger.id, trigger.rising)) return false;
        state.triggers += 1;
        run.used = run.low;
        run.events_at_used = run.events;
        return true;
    }

    /// Decodes vectors until another word comes, or one that reaches beyond the sensor.
    inline fn decodeVectors(run: *Run, state: *State, input: []align(1) const u16) void {
        const columns = run.columns;
        const width: u32 = @intCast(run.width);
        const t = run.time();
        const y: u16 = @intCast(run.y);
        const on = run.base_on;
        var base_x: u32 = run.base_x;
        var events = run.events;
        var eights: usize = 0;
        const rest = input[run.index..];
        const length = for (rest, 0..) |word, index| {
            if ((word ^ 0x4000) >= 0x2000) break index;
            const is_eight = word >> 12 & 1;
            const size = 12 - 4 * is_eight;
            if (base_x + size > width) break index;
            const pixels: u12 = @truncate(word & (@as(u16, 0xfff) >> @intCast(4 * is_eight)));
            events += Output.writeRow(&columns, events, t, @intCast(base_x), y, on, pixels);
            base_x += size;
            eights += is_eight;
        } else rest.len;
        run.base_x = @intCast(base_x);
        run.events = events;
        run.index += length;
        run.others += length;
        state.count(.vector_12, length - eights);
        state.count(.vector_8, eights);
    }
};

/// Decodes an OTHERS with those of its CONTINUED words that come next, and counts them.
noinline fn takeIncompleteItem(state: *State, input: []align(1) const u16) usize {
    const first: words.Word = @bitCast(input[0]);
    state.count(.others, 1);
    state.item = .{ .next = .first_12, .sub_type = first.payload };
    return for (input[1..], 1..) |bits, index| {
        const word: words.Word = @bitCast(bits);
        if (!state.takeInItem(word)) break index;
    } else input.len;
}

/// The column of an ADDR_X, bit 11 taken out; for another word a number that no sensor has.
inline fn columnOf(word: i32) i32 {
    return (word & 0xf7ff) ^ 0x2000;
}

inline fn isNegative(number: i32) usize {
    return @as(u32, @bitCast(number)) >> 31;
}
