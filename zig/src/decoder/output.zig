//! Where decoders of EVT formats write: columns of the caller, and how much of them is filled. A packet has more
//! (`packet.zig`); this is kept small, because decoders copy it to the stack and back.

const kinds = @import("../kinds.zig");
const pixel_table = @import("pixel_table.zig");
const repeat = @import("repeat.zig");
const Surface = @import("surface.zig").Surface;

/// `extern`, because kernels compiled for other CPU levels fill the same columns.
pub const Output = extern struct {
    /// Decoders append from `count` on.
    polarity: kinds.Polarity,
    trigger: kinds.Trigger,
    /// A picture that kernels put events into, as long as it takes their times and the columns of polarity events are
    /// empty. The other events come into the columns, and later ones with them.
    surface: ?*Surface = null,

    /// For how many polarity events there is room.
    pub inline fn room(output: *const Output) usize {
        return output.polarity.capacity - output.polarity.count;
    }

    /// The columns of polarity events from the next one on.
    pub inline fn unfilled(output: *const Output) kinds.Polarity {
        const columns = &output.polarity;
        const count = columns.count;
        return .{
            .t = columns.t + count,
            .x = columns.x + count,
            .y = columns.y + count,
            .on = columns.on + count,
            .capacity = columns.capacity - count,
        };
    }

    /// The caller has checked that there is room.
    pub inline fn addEvent(output: *Output, t: f64, x: u16, y: u16, on: u8) void {
        const index = output.polarity.count;
        output.polarity.t[index] = t;
        output.polarity.x[index] = x;
        output.polarity.y[index] = y;
        output.polarity.on[index] = on;
        output.polarity.count = index + 1;
    }

    /// The most events of `addEventsOfRow`.
    pub const most_of_row = 12;
    /// The most events that `writeRow` writes.
    pub const row_slack = 16;

    /// Up to twelve events at one time in one row: bit i of `pixels` is one at column x + i.
    /// False, and nothing written, where they do not fit.
    pub inline fn addEventsOfRow(output: *Output, t: f64, x: u16, y: u16, on: u8, pixels: u12) bool {
        if (output.room() < row_slack) {
            if (output.room() < @popCount(pixels)) return false;
            var left = pixels;
            while (left != 0) : (left &= left - 1) output.addEvent(t, x + @as(u16, @ctz(left)), y, on);
            return true;
        }
        output.polarity.count += writeRow(&output.polarity, output.polarity.count, t, x, y, on, pixels);
        return true;
    }

    /// As `addEventsOfRow`, where there is room for `row_slack` events behind the first `index`. Returns how many there
    /// are; those behind them are undefined.
    pub inline fn writeRow(columns: *const kinds.Polarity, index: usize, t: f64, x: u16, y: u16, on: u8, pixels: u12) usize {
        // What all have in common is stored for all twelve, or more; what is too much is overwritten later.
        repeat.store(most_of_row, columns.t + index, t);
        repeat.store(comptime repeat.atLeast(most_of_row), columns.y + index, y);
        repeat.store(comptime repeat.atLeast(most_of_row), columns.on + index, on);
        pixel_table.storePixels(columns.x + index, x, pixels);
        return pixel_table.count(pixels);
    }

    /// From which TIME_LOW on events of the TIME_HIGH that begins at `epoch` have no place here.
    pub inline fn lowEnd(output: *const Output, epoch: f64) u16 {
        return if (output.surface) |surface| surface.lowEnd(epoch) else 0x1000;
    }

    pub inline fn takes(output: *const Output, t: f64) bool {
        return if (output.surface) |surface| surface.takes(t) else true;
    }

    /// False, and nothing written, where there is no room.
    pub inline fn addTrigger(output: *Output, t: f64, id: u8, edge: u8) bool {
        return kinds.append(&output.trigger, .{ .t = t, .id = id, .edge = edge });
    }
};
