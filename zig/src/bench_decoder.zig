//! `zig build bench-decoder`: every kernel on every stream, beside a straightforward scalar decoder
//! (bench/yardstick.zig), a memset of the same output and a memcpy of the same input.
//! `deno task bench:decoder` runs it, and measures the way through JavaScript beside it.
//!
//!     --recording FILE   an EVT3 RAW file to measure with, too, repeated to the others' length
//!     --only NAME        only the stream of that name ("recording", too)
//!     --rounds N         how often each is measured (default 15)
//!     --words N          length of each stream (default 2,621,440)
//!     --json FILE        nanoseconds as JSON into a file instead of lines to read
//!     --write FOLDER     only writes the streams, as RAW files

const std = @import("std");
const dispatch = @import("kernels/dispatch.zig");
const rounds_module = @import("bench/rounds.zig");
const streams = @import("bench/streams.zig");

const Options = struct {
    recording: ?[]const u8 = null,
    only: ?[]const u8 = null,
    rounds: usize = 15,
    words: usize = 40 * rounds_module.words_per_part,
    json: ?[]const u8 = null,
    write: ?[]const u8 = null,
};

pub fn main(init: std.process.Init) !void {
    const arena = init.arena.allocator();
    const options = try parse(try init.minimal.args.toSlice(arena));
    const all = try chosen(options.only, try streams.all(init.io, arena, options.words, options.recording));
    if (options.write) |folder| {
        for (all) |stream| try streams.write(init.io, arena, folder, stream);
        return;
    }
    var rounds: rounds_module.Rounds = try .init(init.io, init.gpa, options.rounds);
    defer rounds.deinit();
    var buffer: [4096]u8 = undefined;
    const path = options.json orelse {
        var stdout = std.Io.File.stdout().writerStreaming(init.io, &buffer);
        for (all) |stream| {
            try writeText(&stdout.interface, stream, &try rounds.run(stream.words));
            try stdout.interface.flush();
        }
        return;
    };
    const file = try std.Io.Dir.cwd().createFile(init.io, path, .{});
    defer file.close(init.io);
    var writer = file.writer(init.io, &buffer);
    for (all, 0..) |stream, index| {
        try writer.interface.writeAll(if (index == 0) "[" else ",\n");
        try writeJson(&writer.interface, stream, &try rounds.run(stream.words));
    }
    try writer.interface.writeAll("]\n");
    try writer.interface.flush();
}

fn chosen(name: ?[]const u8, all: []const streams.Stream) ![]const streams.Stream {
    const wanted = name orelse return all;
    for (all, 0..) |stream, index| if (std.mem.eql(u8, stream.name, wanted)) return all[index..][0..1];
    return error.NoStream;
}

fn writeJson(out: *std.Io.Writer, stream: streams.Stream, result: *const rounds_module.Result) !void {
    try out.print("{{\"stream\":\"{s}\",\"words\":{d},\"events\":{d}", .{ stream.name, stream.words.len, result.events });
    for (std.enums.values(rounds_module.Reference), result.references) |reference, nanoseconds| {
        try out.print(",\"{t}\":{d}", .{ reference, nanoseconds });
    }
    try out.writeAll(",\"kernels\":{");
    for (dispatch.available(), 0..) |kernel, index| {
        try out.print("{s}\"{s}\":{d}", .{ if (index > 0) "," else "", kernel.name, result.kernels[index] });
    }
    try out.writeAll("}}");
}

fn writeText(out: *std.Io.Writer, stream: streams.Stream, result: *const rounds_module.Result) !void {
    try out.print("{s}: {d:.2} events a word\n", .{ stream.name, ratio(result.events, stream.words.len) });
    const plain = result.references[@backingInt(rounds_module.Reference.yardstick)];
    for (std.enums.values(rounds_module.Reference), result.references) |reference, nanoseconds| {
        try writeLine(out, @tagName(reference), stream.words.len, result, nanoseconds, plain);
    }
    for (dispatch.available(), 0..) |kernel, index| {
        try writeLine(out, kernel.name, stream.words.len, result, result.kernels[index], plain);
    }
}

fn writeLine(
    out: *std.Io.Writer,
    name: []const u8,
    words: usize,
    result: *const rounds_module.Result,
    nanoseconds: u64,
    plain: u64,
) !void {
    const memset = result.references[@backingInt(rounds_module.Reference.memset)];
    try out.print("  {s:<10} {d:>7.0} Mev/s {d:>6.0} MB/s {d:>6.2} ns/word {d:>6.2} x yardstick {d:>4.0} % of memset\n", .{
        name,
        1000 * ratio(result.events, nanoseconds),
        2000 * ratio(words, nanoseconds),
        ratio(nanoseconds, words),
        ratio(plain, nanoseconds),
        100 * ratio(memset, nanoseconds),
    });
}

fn ratio(part: u64, whole: u64) f64 {
    return @as(f64, @floatFromInt(part)) / @as(f64, @floatFromInt(whole));
}

fn parse(args: []const []const u8) !Options {
    var options: Options = .{};
    var index: usize = 1;
    while (index < args.len) : (index += 2) {
        if (index + 1 == args.len) return error.UnknownOption;
        const value = args[index + 1];
        if (std.mem.eql(u8, args[index], "--recording")) {
            options.recording = value;
        } else if (std.mem.eql(u8, args[index], "--only")) {
            options.only = value;
        } else if (std.mem.eql(u8, args[index], "--json")) {
            options.json = value;
        } else if (std.mem.eql(u8, args[index], "--write")) {
            options.write = value;
        } else if (std.mem.eql(u8, args[index], "--rounds")) {
            options.rounds = @max(1, try std.fmt.parseUnsigned(usize, value, 10));
        } else if (std.mem.eql(u8, args[index], "--words")) {
            options.words = @max(1, try std.fmt.parseUnsigned(usize, value, 10));
        } else return error.UnknownOption;
    }
    return options;
}
