//! For tests: the events that the library's decoders find in EVT2.1 and EVT2.

const std = @import("std");
const evt2 = @import("../../../decoder/evt2/decode.zig");
const evt21 = @import("../../../decoder/evt21/decode.zig");
const size = @import("../size.zig");
const Event = @import("event_reader.zig").Event;
const Output = @import("../../../decoder/output.zig").Output;
const State = @import("../../../decoder/evt2/state.zig").State;

pub const Evt21Reader = Reader(u64, struct {
    fn decode(state: *State, words: []align(1) const u64, output: *Output) usize {
        return evt21.decode(.legacy, state, words, output);
    }
}.decode);

pub const Evt21LittleReader = Reader(u64, struct {
    fn decode(state: *State, words: []align(1) const u64, output: *Output) usize {
        return evt21.decode(.little, state, words, output);
    }
}.decode);

pub const Evt2Reader = Reader(u32, evt2.decode);

/// Its words are whole.
fn Reader(Word: type, comptime decode: fn (*State, []align(1) const Word, *Output) usize) type {
    return struct {
        allocator: std.mem.Allocator,
        events: std.ArrayList(Event) = .empty,
        triggers: usize = 0,
        state: State = .init(size.width, size.height),

        const Self = @This();

        pub fn deinit(reader: *Self) void {
            reader.events.deinit(reader.allocator);
        }

        pub fn read(reader: *Self, bytes: []const u8) !void {
            var t: [256]f64 = undefined;
            var x: [256]u16 = undefined;
            var y: [256]u16 = undefined;
            var on: [256]u8 = undefined;
            var trigger_t: [256]f64 = undefined;
            var id: [256]u8 = undefined;
            var edge: [256]u8 = undefined;
            var words = std.mem.bytesAsSlice(Word, bytes);
            while (words.len > 0) {
                var output: Output = .{
                    .polarity = .{ .t = &t, .x = &x, .y = &y, .on = &on, .count = 0, .capacity = t.len },
                    .trigger = .{ .t = &trigger_t, .id = &id, .edge = &edge, .count = 0, .capacity = id.len },
                };
                words = words[decode(&reader.state, words, &output)..];
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
}
