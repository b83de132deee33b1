//! The streams of the benchmark: words as sensors send them, from a fixed seed.

const std = @import("std");
const Format = @import("../../abi.zig").Format;

pub const Stream = struct {
    format: Format,
    name: []const u8,
    /// Whole words.
    bytes: []const u8,

    pub fn words(stream: Stream) usize {
        return switch (stream.format) {
            inline else => |format| stream.bytes.len / @sizeOf(Shapes(format).Word),
        };
    }
};

fn Shapes(comptime format: Format) type {
    return switch (format) {
        .evt3 => @import("evt3_streams.zig"),
        .evt2 => @import("evt2_streams.zig"),
        .evt21, .evt21_legacy => @import("evt21_streams.zig"),
        .evt4 => @import("evt4_streams.zig"),
    };
}

/// Appends every shape of the format. The length, in bytes, is a multiple of eight.
pub fn append(arena: std.mem.Allocator, format: Format, length: usize, list: *std.ArrayList(Stream)) !void {
    switch (format) {
        inline else => |known| {
            const shapes = Shapes(known);
            for (std.enums.values(shapes.Shape)) |shape| {
                const words = try arena.alignedAlloc(shapes.Word, .@"64", length / @sizeOf(shapes.Word));
                shapes.fill(shape, words);
                if (known == .evt21_legacy) for (words) |*word| {
                    word.* = std.math.rotl(u64, word.*, 32);
                };
                try list.append(arena, .{
                    .format = format,
                    .name = @tagName(shape),
                    .bytes = std.mem.sliceAsBytes(words),
                });
            }
        },
    }
}

/// An EVT3 RAW file, repeated to at least this length in bytes.
pub fn recording(io: std.Io, arena: std.mem.Allocator, path: []const u8, length: usize) !Stream {
    const words = try repeated(arena, try recorded(io, arena, path), length / 2);
    return .{ .format = .evt3, .name = "recording", .bytes = std.mem.sliceAsBytes(words) };
}

/// Writes a stream of EVT3 as a RAW file, for JavaScript and the virtual camera.
pub fn write(io: std.Io, arena: std.mem.Allocator, folder: []const u8, stream: Stream) !void {
    const path = try std.fmt.allocPrint(arena, "{s}/{s}.raw", .{ folder, stream.name });
    const header = "% evt 3.0\n% geometry 1280x720\n% end\n";
    const content = try std.mem.concat(arena, u8, &.{ header, stream.bytes });
    try std.Io.Dir.cwd().writeFile(io, .{ .sub_path = path, .data = content });
}

/// The words of a RAW file, after its text header.
pub fn recorded(io: std.Io, arena: std.mem.Allocator, path: []const u8) ![]const u16 {
    const bytes = try std.Io.Dir.cwd().readFileAlloc(io, path, arena, .unlimited);
    var start: usize = 0;
    while (start < bytes.len and bytes[start] == '%') {
        start = 1 + (std.mem.indexOfScalarPos(u8, bytes, start, '\n') orelse return error.NoWords);
    }
    const words = try arena.alloc(u16, (bytes.len - start) / 2);
    if (words.len == 0) return error.NoWords;
    @memcpy(std.mem.sliceAsBytes(words), bytes[start..][0 .. 2 * words.len]);
    return words;
}

/// The words repeated to at least `length`. Time advances from copy to copy, or else all copies after the first would
/// lie in the past.
fn repeated(arena: std.mem.Allocator, original: []const u16, length: usize) ![]const u16 {
    var first: ?u16 = null;
    var last: u16 = 0;
    for (original) |word| {
        if (word >> 12 != 8) continue;
        last = word & 0xfff;
        if (first == null) first = last;
    }
    const period = last -% (first orelse return error.NoWords) +% 1;
    const copies: u16 = @intCast(1 + (length - 1) / original.len);
    const words = try arena.alignedAlloc(u16, .@"64", copies * original.len);
    for (0..copies) |copy| {
        const shift = @as(u16, @intCast(copy)) *% period;
        for (original, words[copy * original.len ..][0..original.len]) |word, *target| {
            target.* = if (word >> 12 == 8) 0x8000 | ((word +% shift) & 0xfff) else word;
        }
    }
    return words;
}
