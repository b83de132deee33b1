//! A group of pixels as words of EVT3: whole vectors, or single words where those are shorter or the vectors would reach
//! beyond the sensor.

const words = @import("../decoder/evt3/words.zig");
const Events = @import("columns.zig").Events;
const State = @import("state.zig").State;
const Words = @import("words.zig").Words(u16);

/// A base and three vectors take as much as four single words.
pub const smallest = 4;
/// The most words of a group: single ones.
pub const longest = Events.group_columns;

/// Writes the events of a group at their time, in their row. Takes and returns what a base would say that the words
/// before say already.
pub inline fn put(vector: i32, width: u16, events: *const Events, index: usize, group: Events.Group, out: *Words) i32 {
    if (group.length < smallest or Events.baseOf(events.x[index] & 0x7ff) + Events.group_columns > width) {
        const on: u1 = @truncate(events.on[index]);
        for (events.x[index..][0..group.length]) |x| out.put(columnWord(.address_x, x, on));
        return State.none;
    }
    return putWhole(vector, events.x[index], events.on[index], group.pixels, out);
}

/// The same for a group that vectors hold, of which these are the first column and the polarity.
pub inline fn putWhole(vector: i32, x: u16, on: u8, pixels: u32, out: *Words) i32 {
    const base = Events.baseOf(x & 0x7ff);
    const column: words.Column = .{ .x = @intCast(base), .on = @truncate(on) };
    out.putIf(vector != @as(u12, @bitCast(column)), words.Word.of(.vector_base, @bitCast(column)));
    const three = [4]u16{
        words.Word.of(.vector_12, @truncate(pixels)),
        words.Word.of(.vector_12, @truncate(pixels >> 12)),
        words.Word.of(.vector_8, @intCast(pixels >> 24)),
        0,
    };
    out.putSome(@bitCast(three), 3);
    // The base goes on by the columns of the three. Behind the last ones it equals no base.
    return @as(i32, base + Events.group_columns) + (@as(i32, column.on) << 11);
}

inline fn columnWord(kind: words.Kind, x: u16, on: u1) u16 {
    return words.Word.of(kind, @bitCast(words.Column{ .x = @truncate(x), .on = on }));
}
