//! The state of an EVT3 decoder from word to word, and the rules of its clock.
//!
//!     t [µs]  =  steps of TIME_HIGH << 12  |  time_low
//!
//! - How TIME_HIGH is followed, `../sensor_time.zig` tells. Where it goes on, the low part becomes 0.
//! - `t` of events and triggers never goes back: a TIME_LOW below the last event's is not followed, and counts as a
//!   discontinuity.

const std = @import("std");
const words = @import("words.zig");
const SensorTime = @import("../sensor_time.zig").SensorTime;

/// `extern`, because kernels compiled for other CPU levels work on the same state.
pub const State = extern struct {
    /// Of the sensor, in pixels.
    width: u16,
    height: u16,

    time: Time = .{},
    /// TIME_LOW of `t`.
    time_low: u16 = 0,
    /// TIME_LOW of the last event or trigger since TIME_HIGH went on.
    used_low: u16 = 0,

    row: Row = .none,
    y: u16 = 0,

    base_known: bool = false,
    base_on: u8 = 0,
    /// Column of the next vector's bit 0. Saturates, so that no run of vectors wraps around into the sensor.
    base_x: u16 = 0,

    item: Item = .{},

    kinds: words.KindCounts = @splat(0),
    events: u64 = 0,
    triggers: u64 = 0,
    out_of_sensor: u64 = 0,
    skipped_words: u64 = 0,
    /// Words that only fill the stream; `kinds` does not have them.
    padding_words: u64 = 0,
    /// The rate controller's counts; negative before the first.
    events_in: i64 = -1,
    events_out: i64 = -1,

    pub const Time = SensorTime(.{ .bits = 12, .low_bits = 12, .complete = true, .half_is_wrap = true });

    pub fn init(width: u16, height: u16) State {
        return .{ .width = width, .height = height };
    }

    /// Beginning of the current TIME_HIGH, µs. Exact: 2^53 µs are 285 years.
    pub inline fn epoch(state: *const State) f64 {
        // From a signed integer, because that conversion is one instruction on all processors.
        return @floatFromInt(@as(i64, @intCast(state.time.us())));
    }

    /// The sensor's clock, µs. The times of events and triggers never go back.
    pub inline fn t(state: *const State) f64 {
        return state.epoch() + @as(f64, @floatFromInt(state.time_low));
    }

    pub inline fn followTimeHigh(state: *State, value: u16) void {
        if (!state.time.follow(value)) return;
        state.time_low = 0;
        state.used_low = 0;
    }

    /// Follows a TIME_LOW. Once a millisecond a Gen4.1 sensor sends the time to the µs, and then goes back by some µs
    /// to the coarser time of the next events (in a recording; whether the IMX636 does is unknown). So `t` may go back,
    /// but not below the time of an event or a trigger.
    pub inline fn followTimeLow(state: *State, value: u16) void {
        if (state.time.clock == .doubting) return;
        if (value >= state.used_low) state.time_low = value else {
            state.time_low = state.used_low;
            state.time.discontinuities += 1;
        }
    }

    /// An event or a trigger has the current time.
    pub inline fn useTime(state: *State) void {
        state.used_low = state.time_low;
    }

    /// As `useTime` if there are pixels. Without a branch, which would often be mispredicted.
    pub inline fn useTimeIfAny(state: *State, pixels: u12) void {
        const any = (@as(u16, pixels) + 0xfff) >> 12;
        state.used_low ^= (state.used_low ^ state.time_low) & (0 -% any);
    }

    pub inline fn setBase(state: *State, column: words.Column) void {
        state.base_known = true;
        state.base_x = column.x;
        state.base_on = column.on;
    }

    /// Follows and counts a word after an OTHERS, if it belongs to the item. Padding may come within one.
    pub inline fn takeInItem(state: *State, word: words.Word) bool {
        if (!words.isPadding(word) and !state.followItem(word)) return false;
        state.countWord(word);
        return true;
    }

    inline fn followItem(state: *State, word: words.Word) bool {
        const part: u32 = word.payload;
        switch (state.item.next) {
            .first_12 => if (word.kind == .continued_12) {
                state.item.payload = part;
                state.item.next = .second_12;
                return true;
            },
            .second_12 => if (word.kind == .continued_12) {
                state.item.payload |= part << 12;
                state.item.next = .last_4;
                return true;
            },
            .last_4 => if (word.kind == .continued_4) {
                state.takeItem(state.item.sub_type, state.item.payload | (part & 0xf) << 24);
                state.item = .{};
                return true;
            },
            .nothing => {},
        }
        state.item = .{};
        return false;
    }

    /// Counts a word of any kind.
    pub inline fn countWord(state: *State, word: words.Word) void {
        if (words.isPadding(word)) state.padding_words += 1 else state.count(word.kind, 1);
    }

    pub inline fn count(state: *State, kind: words.Kind, number: u64) void {
        state.kinds[@backingInt(kind)] += number;
    }

    /// Follows the next word if it is a TIME_HIGH, which needs nothing else. The clock must be following.
    pub fn takeTimeHigh(state: *State, input: []align(1) const u16) bool {
        std.debug.assert(state.time.clock == .following and state.item.next == .nothing);
        if (input.len == 0 or input[0] >> 12 != 0x8) return false;
        state.followTimeHigh(input[0] & 0xfff);
        state.count(.time_high, 1);
        return true;
    }

    /// Counts whole items of OTHERS.
    pub inline fn countItems(state: *State, number: u64) void {
        state.count(.others, number);
        state.count(.continued_12, 2 * number);
        state.count(.continued_4, number);
    }

    /// Takes an OTHERS and its three CONTINUED words, if all four come next: one branch to predict, not four. Does not
    /// count them.
    pub inline fn takeWholeItem(state: *State, input: []align(1) const u16) bool {
        if (input.len < 4) return false;
        const four: u64 = @bitCast(input[0..4].*);
        if (four & 0xf000_f000_f000_f000 != 0x7000_f000_f000_e000) return false;
        const payload = (four >> 16 & 0xfff) | (four >> 20 & 0xff_f000) | (four >> 24 & 0xf00_0000);
        state.takeItem(@intCast(four & 0xfff), @intCast(payload));
        return true;
    }

    inline fn takeItem(state: *State, sub_type: u16, payload: u32) void {
        if (sub_type == words.rate_controller_input) state.events_in = payload;
        if (sub_type == words.rate_controller_output) state.events_out = payload;
    }

    /// Bytes are missing before the next word: row, base and item may have changed, and time has passed. The clock's
    /// state stays, so that wraps during the loss are found: `elapsed_us` have passed on the host's clock since the
    /// bytes before the loss.
    pub fn lose(state: *State, elapsed_us: u64) void {
        state.time.lose(elapsed_us);
        state.row = .none;
        state.y = 0;
        state.base_known = false;
        state.base_on = 0;
        state.base_x = 0;
        state.item = .{};
    }
};

pub const Row = enum(u8) {
    /// No ADDR_Y yet: pixel words are skipped.
    none,
    inside,
    /// Beyond the sensor, or not a row of pixels: events are dropped and counted.
    outside,
};

/// An incomplete item of OTHERS.
pub const Item = extern struct {
    next: Next = .nothing,
    sub_type: u16 = 0,
    payload: u32 = 0,

    pub const Next = enum(u8) { nothing, first_12, second_12, last_4 };
};
