//! For tests: a sensor's stream with a filter, whose bytes are fetched.

const std = @import("std");
const scene = @import("../scene.zig");
const sensor_stream = @import("../sensor_stream.zig");
const EventReader = @import("event_reader.zig").EventReader;
const Filtered = @import("../filtered.zig").Filtered;
const LoopedStream = @import("../looped_stream.zig").LoopedStream;
const SensorStream = sensor_stream.SensorStream;

const allocator = std.testing.allocator;

pub const Subject = struct {
    loop: LoopedStream,
    stream: SensorStream,

    pub fn init(rate: u64, pacing: sensor_stream.Pacing) !Subject {
        return start(try scene.build(allocator, .{ .bytes_per_second = rate }), pacing, .evt3);
    }

    /// Takes the loop over.
    pub fn start(loop_: LoopedStream, pacing: sensor_stream.Pacing, format: sensor_stream.Format) !Subject {
        var loop = loop_;
        errdefer loop.deinit(allocator);
        var stream: SensorStream = .{ .content = .{ .loop = loop }, .pacing = pacing };
        stream.filtered = try Filtered.create(allocator);
        stream.format = format;
        stream.resetClock(0);
        stream.start(0);
        return .{ .loop = loop, .stream = stream };
    }

    pub fn deinit(subject: *Subject) void {
        subject.stream.filtered.?.destroy();
        subject.loop.deinit(allocator);
    }

    /// All bytes that were produced by now, as a cancelled transfer gets them.
    pub fn drain(subject: *Subject, now_ns: u64, output: *std.ArrayList(u8)) !void {
        const stream = &subject.stream;
        var buffer: [16384]u8 = undefined;
        while (true) {
            stream.pull(now_ns, buffer.len);
            const length = stream.waiting(now_ns, buffer.len);
            if (length == 0) return;
            stream.send(now_ns, buffer[0..length]);
            try output.appendSlice(allocator, buffer[0..length]);
        }
    }

    pub fn eventsUpTo(subject: *Subject, position: u64) !EventReader {
        const words = try allocator.alloc(u8, @intCast(position));
        defer allocator.free(words);
        subject.loop.copy(0, true, words);
        var reader: EventReader = .{ .allocator = allocator };
        errdefer reader.deinit();
        try reader.read(words);
        return reader;
    }
};
