//! `zig build bench-encoder`: events to words, for every format. The events are those of the decoders' benchmark and, with
//! `--recording FILE`, of an EVT3 RAW file. Beside the speed stands how long the words are, compared with those that the
//! events came from.
//!
//!     --recording FILE   only an EVT3 RAW file's events
//!     --rounds N         how often each is measured (default 15); the shortest CPU time counts
//!     --bytes N          length of each stream, a multiple of 8 (default 5,242,880)

const std = @import("std");
const Format = @import("abi.zig").Format;
const encoder_rounds = @import("tools/bench/encoder_rounds.zig");
const streams = @import("tools/bench/streams.zig");

pub fn main(init: std.process.Init) !void {
    const arena = init.arena.allocator();
    var recording: ?[]const u8 = null;
    var rounds: usize = 15;
    var bytes: usize = 5 << 20;
    const args = try init.minimal.args.toSlice(arena);
    var index: usize = 1;
    while (index + 1 < args.len) : (index += 2) {
        const value = args[index + 1];
        if (std.mem.eql(u8, args[index], "--recording")) {
            recording = value;
        } else if (std.mem.eql(u8, args[index], "--rounds")) {
            rounds = @max(1, try std.fmt.parseUnsigned(usize, value, 10));
        } else if (std.mem.eql(u8, args[index], "--bytes")) {
            bytes = try std.fmt.parseUnsigned(usize, value, 10);
            if (bytes == 0 or bytes % 8 != 0) return error.NoWholeWords;
        } else return error.UnknownOption;
    }
    if (index < args.len) return error.UnknownOption;

    var list: std.ArrayList(streams.Stream) = .empty;
    if (recording) |path| {
        try list.append(arena, try streams.recording(init.io, arena, path, bytes));
    } else for (std.enums.values(Format)) |format| try streams.append(arena, format, bytes, &list);

    var buffer: [4096]u8 = undefined;
    var stdout = std.Io.File.stdout().writerStreaming(init.io, &buffer);
    for (list.items) |stream| {
        for (std.enums.values(encoder_rounds.Target)) |format| {
            const is_same = @backingInt(format) == @backingInt(stream.format);
            if (!is_same and recording == null) continue;
            const result = try encoder_rounds.run(init.io, init.gpa, stream, format, rounds);
            try stdout.interface.print("{t} {s:<12} {d:>6.0} Mev/s {d:>6.0} MB/s {d:>6.2} bytes an event", .{
                format,
                stream.name,
                1000 * ratio(result.events, result.nanoseconds),
                1000 * ratio(result.bytes, result.nanoseconds),
                ratio(result.bytes, result.events),
            });
            if (is_same) {
                try stdout.interface.print(" {d:>4.0} % of the stream's", .{100 * ratio(result.bytes, stream.bytes.len)});
            }
            try stdout.interface.writeAll("\n");
            try stdout.interface.flush();
        }
    }
}

fn ratio(part: u64, whole: u64) f64 {
    return @as(f64, @floatFromInt(part)) / @as(f64, @floatFromInt(whole));
}
