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
    const base = Events.baseOf(events.x[index] & 0x7ff);
    const on: u1 = @truncate(events.on[index]);
    if (group.length < smallest or base + Events.group_columns > width) {
        for (index..index + group.length) |each| {
            out.put(columnWord(.address_x, events.x[each], on));
        }
        return State.none;
    }
    const column: words.Column = .{ .x = @intCast(base), .on = on };
    out.putIf(vector != @as(u12, @bitCast(column)), columnWord(.vector_base, base, on));
    out.put(words.Word.of(.vector_12, @truncate(group.pixels)));
    out.put(words.Word.of(.vector_12, @truncate(group.pixels >> 12)));
    out.put(words.Word.of(.vector_8, @intCast(group.pixels >> 24)));
    // The base goes on by the columns of the three. Behind the last ones it equals no base.
    return @as(i32, base + Events.group_columns) + (@as(i32, on) << 11);
}

inline fn columnWord(kind: words.Kind, x: u16, on: u1) u16 {
    return words.Word.of(kind, @bitCast(words.Column{ .x = @truncate(x), .on = on }));
}
