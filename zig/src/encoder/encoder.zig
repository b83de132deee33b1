//! One encoder for all formats: looks whether the format can hold what it is given, and hands events and triggers in the
//! order of their times to the encoder of the format.

const std = @import("std");
const abi = @import("../abi.zig");
const check = @import("check.zig");

pub const Columns = @import("columns.zig").Columns;
pub const Events = @import("columns.zig").Events;
pub const Found = check.Found;
pub const State = @import("state.zig").State;
pub const Triggers = @import("columns.zig").Triggers;

/// What there are encoders for; the numbers are those of `abi.Format`.
pub const Format = enum(u32) {
    evt3 = @backingInt(abi.Format.evt3),
    evt2 = @backingInt(abi.Format.evt2),
    evt21 = @backingInt(abi.Format.evt21),
    evt21_legacy = @backingInt(abi.Format.evt21_legacy),
};

/// With this much room, in bytes, each call makes progress.
pub const minimum_room = 128;

fn Encoder(comptime format: Format) type {
    return switch (format) {
        .evt3 => @import("evt3.zig"),
        .evt2 => @import("evt2.zig"),
        .evt21 => @import("evt21.zig").Encoder(.little),
        .evt21_legacy => @import("evt21.zig").Encoder(.legacy),
    };
}

/// The first event or trigger that the format cannot hold; null where it holds all.
pub fn findFault(format: Format, state: *const State, columns: *const Columns) ?Found {
    switch (format) {
        inline else => |known| {
            const limits: check.Limits = .{
                .time = Encoder(known).maximum_time,
                .trigger_id = Encoder(known).maximum_trigger_id,
            };
            return check.find(limits, state, columns);
        },
    }
}

/// Writes words until columns or room are used up, and returns how many bytes. The next call goes on with the same
/// columns, or with others.
pub fn encode(format: Format, state: *State, columns: *Columns, output: []align(8) u8) usize {
    switch (format) {
        inline else => |known| return encodeBy(Encoder(known), state, columns, output),
    }
}

fn encodeBy(comptime Chosen: type, state: *State, columns: *Columns, output: []align(8) u8) usize {
    var words: Chosen.Words = .over(output);
    const triggers = &columns.triggers;
    while (true) {
        const until = columns.eventsBeforeTrigger();
        columns.event = Chosen.encodeEvents(state, &columns.events, columns.event, until, &words);
        const trigger = columns.trigger;
        if (columns.event < until or trigger == triggers.count) break;
        if (!Chosen.encodeTrigger(state, triggers.time(trigger), triggers.id[trigger], triggers.edge[trigger], &words)) break;
        columns.trigger += 1;
    }
    return words.count * @sizeOf(Chosen.Words.Element);
}
