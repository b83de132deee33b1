//! `zig build bench-decoder`: the decoders of every format, for EVT3 every kernel, on every stream, beside the baseline
//! (tools/bench/baseline.zig), a memset of the same output and a memcpy of the same input.
//! `deno task bench:decoder` runs it, and measures EVT3's way through JavaScript beside it.
//!
//!     --formats LIST     only of evt3, evt2, evt21, evt21_legacy, evt4
//!     --recording FILE   an EVT3 RAW file to measure with, too, repeated to the others' length
//!     --only NAME        only the streams of that name ("recording", too)
//!     --rounds N         how often each is measured (default 15)
//!     --bytes N          length of each stream, a multiple of 8 (default 5,242,880)
//!     --json FILE        nanoseconds as JSON into a file instead of lines to read
//!     --write FOLDER     only writes the streams of EVT3, as RAW files
//!     --passes N         only decodes each stream so often, and measures nothing: another program counts instructions
//!     --kernel NAME      the kernel of `--passes` (default: the best)

const std = @import("std");
const dispatch = @import("decoder/kernels/dispatch.zig");
const Format = @import("abi.zig").Format;
const rounds_module = @import("tools/bench/rounds.zig");
const streams = @import("tools/bench/streams.zig");

const Options = struct {
    formats: std.EnumSet(Format) = .full,
    recording: ?[]const u8 = null,
    only: ?[]const u8 = null,
    rounds: usize = 15,
    bytes: usize = 40 * rounds_module.part_length,
    json: ?[]const u8 = null,
    write: ?[]const u8 = null,
    passes: ?usize = null,
    kernel: ?[]const u8 = null,
};

pub fn main(init: std.process.Init) !void {
    const arena = init.arena.allocator();
    const options = try parse(try init.minimal.args.toSlice(arena));
    const all = try chosen(init.io, arena, options);
    if (options.write) |folder| {
        for (all) |stream| if (stream.format == .evt3) try streams.write(init.io, arena, folder, stream);
        return;
    }
    var rounds: rounds_module.Rounds = try .init(init.io, init.gpa, options.rounds);
    defer rounds.deinit();
    if (options.passes) |passes| {
        for (all) |stream| for (0..passes) |_| rounds.decodeOnly(try kernelOf(options.kernel, stream.format), stream);
        return;
    }
    var buffer: [4096]u8 = undefined;
    const path = options.json orelse {
        var stdout = std.Io.File.stdout().writerStreaming(init.io, &buffer);
        for (all) |stream| {
            try writeText(&stdout.interface, stream, &try rounds.run(stream));
            try stdout.interface.flush();
        }
        return;
    };
    const file = try std.Io.Dir.cwd().createFile(init.io, path, .{});
    defer file.close(init.io);
    var writer = file.writer(init.io, &buffer);
    for (all, 0..) |stream, index| {
        try writer.interface.writeAll(if (index == 0) "[" else ",\n");
        try writeJson(&writer.interface, stream, &try rounds.run(stream));
    }
    try writer.interface.writeAll("]\n");
    try writer.interface.flush();
}

fn kernelOf(name: ?[]const u8, format: Format) !*const dispatch.Kernel {
    const kernels = rounds_module.decodersOf(format);
    const wanted = name orelse return &kernels[0];
    return for (kernels) |*kernel| {
        if (std.mem.eql(u8, kernel.name, wanted)) break kernel;
    } else error.NoKernel;
}

fn chosen(io: std.Io, arena: std.mem.Allocator, options: Options) ![]const streams.Stream {
    var list: std.ArrayList(streams.Stream) = .empty;
    for (std.enums.values(Format)) |format| {
        if (!options.formats.contains(format)) continue;
        try streams.append(arena, format, options.bytes, &list);
        if (format != .evt3) continue;
        if (options.recording) |path| try list.append(arena, try streams.recording(io, arena, path, options.bytes));
    }
    const wanted = options.only orelse return list.items;
    var count: usize = 0;
    for (list.items) |stream| if (std.mem.eql(u8, stream.name, wanted)) {
        list.items[count] = stream;
        count += 1;
    };
    return if (count > 0) list.items[0..count] else error.NoStream;
}

fn writeJson(out: *std.Io.Writer, stream: streams.Stream, result: *const rounds_module.Result) !void {
    try out.print("{{\"format\":\"{t}\",\"stream\":\"{s}\",\"words\":{d},\"bytes\":{d},\"events\":{d}", .{
        stream.format, stream.name, stream.words(), stream.bytes.len, result.events,
    });
    for (std.enums.values(rounds_module.Reference), result.references) |reference, nanoseconds| {
        try out.print(",\"{t}\":{d}", .{ reference, nanoseconds });
    }
    try out.writeAll(",\"decoders\":{");
    for (rounds_module.decodersOf(stream.format), 0..) |decoder, index| {
        try out.print("{s}\"{s}\":{d}", .{ if (index > 0) "," else "", decoder.name, result.decoders[index] });
    }
    try out.writeAll("}}");
}

fn writeText(out: *std.Io.Writer, stream: streams.Stream, result: *const rounds_module.Result) !void {
    try out.print("{t} {s}: {d:.2} events a word\n", .{ stream.format, stream.name, ratio(result.events, stream.words()) });
    for (std.enums.values(rounds_module.Reference), result.references) |reference, nanoseconds| {
        try writeLine(out, @tagName(reference), stream, result, nanoseconds);
    }
    for (rounds_module.decodersOf(stream.format), 0..) |decoder, index| {
        try writeLine(out, decoder.name, stream, result, result.decoders[index]);
    }
}

fn writeLine(
    out: *std.Io.Writer,
    name: []const u8,
    stream: streams.Stream,
    result: *const rounds_module.Result,
    nanoseconds: u64,
) !void {
    const plain = result.references[@backingInt(rounds_module.Reference.baseline)];
    const memset = result.references[@backingInt(rounds_module.Reference.memset)];
    try out.print("  {s:<10} {d:>7.0} Mev/s {d:>6.0} MB/s {d:>6.2} ns/word {d:>6.2} x baseline {d:>4.0} % of memset\n", .{
        name,
        1000 * ratio(result.events, nanoseconds),
        1000 * ratio(stream.bytes.len, nanoseconds),
        ratio(nanoseconds, stream.words()),
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
        if (std.mem.eql(u8, args[index], "--formats")) {
            options.formats = try parseFormats(value);
        } else if (std.mem.eql(u8, args[index], "--recording")) {
            options.recording = value;
        } else if (std.mem.eql(u8, args[index], "--only")) {
            options.only = value;
        } else if (std.mem.eql(u8, args[index], "--json")) {
            options.json = value;
        } else if (std.mem.eql(u8, args[index], "--write")) {
            options.write = value;
        } else if (std.mem.eql(u8, args[index], "--kernel")) {
            options.kernel = value;
        } else if (std.mem.eql(u8, args[index], "--passes")) {
            options.passes = try std.fmt.parseUnsigned(usize, value, 10);
        } else if (std.mem.eql(u8, args[index], "--rounds")) {
            options.rounds = @max(1, try std.fmt.parseUnsigned(usize, value, 10));
        } else if (std.mem.eql(u8, args[index], "--bytes")) {
            options.bytes = try std.fmt.parseUnsigned(usize, value, 10);
            if (options.bytes == 0 or options.bytes % 8 != 0) return error.NoWholeWords;
        } else return error.UnknownOption;
    }
    return options;
}

fn parseFormats(list: []const u8) !std.EnumSet(Format) {
    var formats: std.EnumSet(Format) = .empty;
    var names = std.mem.splitScalar(u8, list, ',');
    while (names.next()) |name| formats.insert(std.meta.stringToEnum(Format, name) orelse return error.UnknownFormat);
    return formats;
}
