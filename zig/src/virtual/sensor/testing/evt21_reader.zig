//! For tests: the events that the library's decoder finds in EVT2.1.

const std = @import("std");
const decoder = @import("../../../decoder/evt21/decode.zig");
const size = @import("../size.zig");
const Event = @import("event_reader.zig").Event;
const Output = @import("../../../decoder/output.zig").Output;
const State = @import("../../../decoder/evt2/state.zig").State;

/// Its words are whole.
pub const Evt21Reader = struct {
    allocator: std.mem.Allocator,
    events: std.ArrayList(Event) = .empty,
    triggers: usize = 0,
    state: State = .init(size.width, size.height),

    pub fn deinit(reader: *Evt21Reader) void {
        reader.events.deinit(reader.allocator);
    }

    pub fn read(reader: *Evt21Reader, bytes: []const u8) !void {
        var t: [256]f64 = undefined;
        var x: [256]u16 = undefined;
        var y: [256]u16 = undefined;
        var on: [256]u8 = undefined;
        var trigger_t: [256]f64 = undefined;
        var id: [256]u8 = undefined;
        var edge: [256]u8 = undefined;
        var words = std.mem.bytesAsSlice(u64, bytes);
        while (words.len > 0) {
            var output: Output = .{
                .polarity = .{ .t = &t, .x = &x, .y = &y, .on = &on, .count = 0, .capacity = t.len },
                .trigger = .{ .t = &trigger_t, .id = &id, .edge = &edge, .count = 0, .capacity = id.len },
            };
            words = words[decoder.decode(.legacy, &reader.state, words, &output)..];
            for (0..output.polarity.count) |index| try reader.events.append(reader.allocator, .{
                .t = @intFromFloat(t[index]),
                .x = x[index],
                .y = y[index],
                .on = @intCast(on[index]),
            });
            reader.triggers += output.trigger.count;
        }
    }
};
