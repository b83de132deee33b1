//! One encoder for all formats, as it runs best on this CPU.

const dispatch = @import("dispatch.zig");

pub const Columns = @import("columns.zig").Columns;
pub const Events = @import("columns.zig").Events;
pub const Format = @import("formats.zig").Format;
pub const Found = @import("check.zig").Found;
pub const State = @import("state.zig").State;
pub const Triggers = @import("columns.zig").Triggers;

/// With this much room, in bytes, each call makes progress.
pub const minimum_room = 128;

/// The first event or trigger that the format cannot hold; null where it holds all.
pub fn findFault(format: Format, state: *const State, columns: *const Columns) ?Found {
    const found = dispatch.selected().find(format, state, columns);
    return if (found.fault == .none) null else found;
}

/// Writes words until columns or room are used up, and returns how many bytes. The next call goes on with the same
/// columns, or with others.
pub fn encode(format: Format, state: *State, columns: *Columns, output: []align(8) u8) usize {
    return dispatch.selected().encode(format, state, columns, output.ptr, output.len);
}
