//! The encoders of all formats, compiled for one CPU level: look whether a format can hold what it is given, and hand
//! events and triggers in the order of their times to the encoder of the format.

const abi = @import("../abi.zig");
const check = @import("check.zig");
const Columns = @import("columns.zig").Columns;
const State = @import("state.zig").State;

/// What there are encoders for; the numbers are those of `abi.Format`.
pub const Format = enum(u32) {
    evt3 = @backingInt(abi.Format.evt3),
    evt2 = @backingInt(abi.Format.evt2),
    evt21 = @backingInt(abi.Format.evt21),
    evt21_legacy = @backingInt(abi.Format.evt21_legacy),
};

/// The first event or trigger that the format cannot hold.
pub const Find = fn (format: Format, state: *const State, columns: *const Columns) callconv(.c) check.Found;

/// Writes words until columns or room are used up, and returns how many bytes.
pub const Encode = fn (format: Format, state: *State, columns: *Columns, output: [*]align(8) u8, capacity: usize) callconv(.c) usize;

fn Encoder(comptime format: Format) type {
    return switch (format) {
        .evt3 => @import("evt3.zig"),
        .evt2 => @import("evt2.zig"),
        .evt21 => @import("evt21.zig").Encoder(.little),
        .evt21_legacy => @import("evt21.zig").Encoder(.legacy),
    };
}

pub fn find(format: Format, state: *const State, columns: *const Columns) callconv(.c) check.Found {
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

pub fn encode(format: Format, state: *State, columns: *Columns, output: [*]align(8) u8, capacity: usize) callconv(.c) usize {
    switch (format) {
        inline else => |known| return encodeBy(Encoder(known), state, columns, output[0..capacity]),
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
