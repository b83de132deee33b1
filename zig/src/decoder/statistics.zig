//! The totals of a decoder, from the counts that the state of each format keeps.

const std = @import("std");
const abi = @import("../abi.zig");
const Evt2 = @import("evt2/state.zig").State;
const Evt3 = @import("evt3/state.zig").State;
const Evt4 = @import("evt4/state.zig").State;

pub fn ofEvt3(state: *const Evt3, out: *abi.DecoderStatistics) void {
    const kinds = &state.kinds;
    var total: u64 = 0;
    for (kinds) |count| total += count;
    total += state.padding_words;
    out.* = .{
        .words = float(total),
        .events = .{ float(state.events), float(state.triggers), 0, 0, 0 },
        .address_y_words = float(kinds[0x0]),
        .address_x_words = float(kinds[0x2]),
        .vector_base_words = float(kinds[0x3]),
        .vector_words = float(kinds[0x4] + kinds[0x5]),
        .time_low_words = float(kinds[0x6]),
        .time_high_words = float(kinds[0x8]),
        .trigger_words = float(kinds[0xa]),
        .others_words = float(kinds[0xe]),
        .continued_words = float(kinds[0x7] + kinds[0xf]),
        .unknown_words = float(kinds[0x1] + kinds[0x9] + kinds[0xb] + kinds[0xc] + kinds[0xd]),
        .padding_words = float(state.padding_words),
        .out_of_sensor = float(state.out_of_sensor),
        .skipped_words = float(state.skipped_words),
        .time_discontinuities = float(state.time.discontinuities),
        .time_wraps = float(state.time.wraps),
        .rate_controller_input = counter(state.events_in),
        .rate_controller_output = counter(state.events_out),
    };
}

pub fn float(count: u64) f64 {
    return @floatFromInt(count);
}

/// EVT2 and EVT2.1. Words with events are counted under the given name.
pub fn ofEvt2(state: *const Evt2, event_words: *f64, out: *abi.DecoderStatistics) void {
    const kinds = &state.kinds;
    var total: u64 = 0;
    for (kinds) |count| total += count;
    const known = kinds[0x0] + kinds[0x1] + kinds[0x8] + kinds[0xa] + kinds[0xe] + kinds[0xf];
    out.* = std.mem.zeroes(abi.DecoderStatistics);
    out.words = float(total);
    out.events = .{ float(state.events), float(state.triggers), 0, 0, 0 };
    event_words.* = float(kinds[0x0] + kinds[0x1]);
    out.time_high_words = float(kinds[0x8]);
    out.trigger_words = float(kinds[0xa]);
    out.others_words = float(kinds[0xe]);
    out.continued_words = float(kinds[0xf]);
    out.unknown_words = float(total - known);
    out.out_of_sensor = float(state.out_of_sensor);
    out.skipped_words = float(state.skipped_words);
    out.time_discontinuities = float(state.time.discontinuities);
    out.time_wraps = float(state.time.wraps);
    out.rate_controller_input = counter(state.events_in);
    out.rate_controller_output = counter(state.events_out);
}

pub fn ofEvt4(state: *const Evt4, out: *abi.DecoderStatistics) void {
    const kinds = &state.kinds;
    var total = state.masks;
    for (kinds) |count| total += count;
    out.* = std.mem.zeroes(abi.DecoderStatistics);
    out.words = float(total);
    out.events = .{ float(state.events), float(state.triggers), 0, 0, 0 };
    out.address_x_words = float(kinds[0xa] + kinds[0xb]);
    out.vector_base_words = float(kinds[0xc] + kinds[0xd]);
    out.vector_words = float(state.masks);
    out.time_high_words = float(kinds[0xe]);
    out.trigger_words = float(kinds[0x9]);
    out.others_words = float(kinds[0x6]);
    out.continued_words = float(kinds[0x7]);
    out.padding_words = float(kinds[0xf]);
    for (kinds[0..6]) |count| out.unknown_words += float(count);
    out.unknown_words += float(kinds[0x8]);
    out.out_of_sensor = float(state.out_of_sensor);
    out.skipped_words = float(state.skipped_words);
    out.time_discontinuities = float(state.time.discontinuities);
    out.time_wraps = float(state.time.wraps);
    out.rate_controller_input = counter(state.events_in);
    out.rate_controller_output = counter(state.events_out);
}

/// NaN before the first count.
pub fn counter(value: i64) f64 {
    return if (value < 0) std.math.nan(f64) else @floatFromInt(value);
}
