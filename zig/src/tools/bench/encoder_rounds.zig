//! Measures an encoder: the events of a stream, in packets as programs get them.

const std = @import("std");
const Decoder = @import("../../decoder/decoder.zig").Decoder;
const Packet = @import("../../decoder/packet.zig").Packet;
const packet_module = @import("../../decoder/packet.zig");
const encoder = @import("../../encoder/encoder.zig");
const Stream = @import("streams.zig").Stream;

const width = 1280;
const height = 720;
const capacities: packet_module.Capacities = .{ 65_536, 4096, 0, 0, 0 };

pub const Target = encoder.Format;

pub const Result = struct {
    events: u64 = 0,
    /// Of the words.
    bytes: u64 = 0,
    nanoseconds: u64 = 0,
};

pub fn run(io: std.Io, gpa: std.mem.Allocator, stream: Stream, format: Target, rounds: usize) !Result {
    const memory = try gpa.alignedAlloc(u8, .@"64", packet_module.byteLength(&capacities));
    defer gpa.free(memory);
    const output = try gpa.alignedAlloc(u8, .@"64", 2 << 20);
    defer gpa.free(output);
    @memset(output, 0);

    var decoder: Decoder = .init(stream.format, width, height);
    var state: encoder.State = .{ .width = width, .height = height };
    var result: Result = .{};
    var rest = stream.bytes;
    while (rest.len > 0) {
        var packet: Packet = .at(memory.ptr, &capacities);
        rest = rest[decoder.decode(rest, &packet)..];
        var after: encoder.State = undefined;
        var bytes: usize = 0;
        var shortest: i96 = std.math.maxInt(i96);
        for (0..rounds) |_| {
            after = state;
            const start = std.Io.Clock.cpu_thread.now(io).nanoseconds;
            bytes = encodePacket(format, &after, &packet, output);
            shortest = @min(shortest, std.Io.Clock.cpu_thread.now(io).nanoseconds - start);
        }
        state = after;
        result.nanoseconds += @intCast(@max(1, shortest));
        result.events += packet.events.polarity.count;
        result.bytes += bytes;
    }
    return result;
}

/// As `nd_encoder_encode` does it, called until all is written.
fn encodePacket(format: Target, state: *encoder.State, packet: *const Packet, output: []align(64) u8) usize {
    const events = &packet.events.polarity;
    const triggers = &packet.events.trigger;
    var columns: encoder.Columns = .{
        .events = .{ .t = events.t, .x = events.x, .y = events.y, .on = events.on, .count = events.count },
        .triggers = .{ .t = triggers.t, .id = triggers.id, .edge = triggers.edge, .count = triggers.count },
    };
    var bytes: usize = 0;
    if (encoder.findFault(format, state, &columns)) |found| std.debug.panic("{t} at {d}", .{ found.fault, found.index });
    while (columns.event < columns.events.count or columns.trigger < columns.triggers.count) {
        bytes += encoder.encode(format, state, &columns, output);
    }
    return bytes;
}
