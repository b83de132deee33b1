//! What a format can hold, looked for before anything is written.

const std = @import("std");
const abi = @import("../abi.zig");
const columns_module = @import("columns.zig");
const Columns = columns_module.Columns;
const State = @import("state.zig").State;

const Fault = abi.EncoderFault;

pub const Limits = struct { time: i64, trigger_id: u8 };

/// `.none` where there is no fault.
pub const Found = extern struct { fault: Fault, index: usize };

const lanes = 8;

/// The first fault among the events, else among the triggers.
pub fn find(limits: Limits, state: *const State, columns: *const Columns) Found {
    return findEvent(limits, state, columns) orelse findTrigger(limits, state, columns) orelse
        .{ .fault = .none, .index = 0 };
}

fn findEvent(limits: Limits, state: *const State, columns: *const Columns) ?Found {
    const count = columns.events.count;
    var index = columns.event;
    while (index < count) {
        const fault = eventFault(limits, state, columns, index);
        if (fault != .none) return .{ .fault = fault, .index = index };
        index += 1;
        while (count - index >= lanes and areGood(limits, state, &columns.events, index)) index += lanes;
    }
    return null;
}

fn eventFault(limits: Limits, state: *const State, columns: *const Columns, index: usize) Fault {
    const events = &columns.events;
    const t = events.t[index];
    if (!isWhole(t)) return .event_time;
    if (t < if (index == columns.event) float(state.last_time) else events.t[index - 1]) return .event_order;
    if (t > float(limits.time)) return .event_range;
    if (events.x[index] >= state.width) return .event_x;
    if (events.y[index] >= state.height) return .event_y;
    return if (events.on[index] > 1) .event_on else .none;
}

/// Whether eight events, of which none is the first, have no fault.
inline fn areGood(limits: Limits, state: *const State, events: *const columns_module.Events, index: usize) bool {
    const Times = @Vector(lanes, f64);
    const Sides = @Vector(lanes, u16);
    const t: Times = events.t[index..][0..lanes].*;
    const before: Times = events.t[index - 1 ..][0..lanes].*;
    const x: Sides = events.x[index..][0..lanes].*;
    const y: Sides = events.y[index..][0..lanes].*;
    const on: @Vector(lanes, u8) = events.on[index..][0..lanes].*;
    const magic: Times = @splat(0x1p52);
    const good = (t >= before) & (t <= @as(Times, @splat(float(limits.time)))) & (t + magic - magic == t) &
        (x < @as(Sides, @splat(state.width))) & (y < @as(Sides, @splat(state.height))) &
        (on <= @as(@Vector(lanes, u8), @splat(1)));
    return @reduce(.And, good);
}

fn findTrigger(limits: Limits, state: *const State, columns: *const Columns) ?Found {
    var last = float(state.last_time);
    const triggers = &columns.triggers;
    for (columns.trigger..triggers.count) |index| {
        const fault = triggerFault(limits, last, triggers, index);
        if (fault != .none) return .{ .fault = fault, .index = index };
        last = triggers.t[index];
    }
    return null;
}

fn triggerFault(limits: Limits, last: f64, triggers: *const columns_module.Triggers, index: usize) Fault {
    const t = triggers.t[index];
    if (!isWhole(t)) return .trigger_time;
    if (t < last) return .trigger_order;
    if (t > float(limits.time)) return .trigger_range;
    if (triggers.id[index] > limits.trigger_id) return .trigger_id;
    return if (triggers.edge[index] > 1) .trigger_edge else .none;
}

fn isWhole(t: f64) bool {
    return t >= 0 and @floor(t) == t and t < std.math.inf(f64);
}

inline fn float(time: i64) f64 {
    return @floatFromInt(time);
}
