//! Where decoders write: columns of the caller, and how much of them is filled.

const abi = @import("../abi.zig");
const pixel_table = @import("pixel_table.zig");

/// `extern`, because kernels compiled for other CPU levels fill the same columns.
pub const Output = extern struct {
    columns: abi.Columns,
    /// Events and triggers written so far; decoders append from here on.
    events: usize = 0,
    triggers: usize = 0,

    pub inline fn room(output: *const Output) usize {
        return output.columns.event_capacity - output.events;
    }

    /// The columns of events from the next one on.
    pub inline fn unfilled(output: *const Output) abi.Columns {
        var columns = output.columns;
        columns.t += output.events;
        columns.x += output.events;
        columns.y += output.events;
        columns.on += output.events;
        columns.event_capacity -= output.events;
        return columns;
    }

    /// The caller has checked that there is room.
    pub inline fn event(output: *Output, t: f64, x: u16, y: u16, on: u8) void {
        const index = output.events;
        output.columns.t[index] = t;
        output.columns.x[index] = x;
        output.columns.y[index] = y;
        output.columns.on[index] = on;
        output.events = index + 1;
    }

    /// Up to twelve events at one time in one row: bit i of `pixels` is one at column x + i.
    /// False, and nothing written, where they do not fit.
    pub inline fn eventsOfRow(output: *Output, t: f64, x: u16, y: u16, on: u8, pixels: u12) bool {
        const index = output.events;
        const count = @popCount(pixels);
        if (output.room() < 16) {
            if (output.room() < count) return false;
            var left = pixels;
            while (left != 0) : (left &= left - 1) output.event(t, x + @as(u16, @ctz(left)), y, on);
            return true;
        }
        // What all have in common is stored for all twelve; what is too much is overwritten later.
        output.columns.t[index..][0..12].* = @splat(t);
        output.columns.y[index..][0..12].* = @splat(y);
        output.columns.on[index..][0..12].* = @splat(on);
        pixel_table.storePixels(output.columns.x + index, x, pixels);
        output.events = index + count;
        return true;
    }

    /// False, and nothing written, where there is no room.
    pub inline fn trigger(output: *Output, t: f64, id: u8, rising: u8) bool {
        const index = output.triggers;
        if (index == output.columns.trigger_capacity) return false;
        output.columns.trigger_t[index] = t;
        output.columns.trigger_id[index] = id;
        output.columns.trigger_rising[index] = rising;
        output.triggers = index + 1;
        return true;
    }
};
