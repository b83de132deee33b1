//! Reads files by the functions of C where it is linked: on Linux those of `std.Io` need a newer C library (`statx`).

const std = @import("std");
const builtin = @import("builtin");

pub const Error = error{ OutOfMemory, NotReadable, TooLarge };

/// The content of a file of fewer than `limit` bytes. The path is UTF-8 on Windows. The caller frees the content.
pub fn read(allocator: std.mem.Allocator, path: []const u8, limit: usize) Error![]u8 {
    if (!builtin.link_libc) return readWithoutC(allocator, path, limit);
    const file = try open(allocator, path);
    defer _ = std.c.fclose(file);
    var content: std.ArrayList(u8) = .empty;
    errdefer content.deinit(allocator);
    while (true) {
        try content.ensureUnusedCapacity(allocator, 1 << 16);
        const room = content.unusedCapacitySlice();
        const count = std.c.fread(room.ptr, 1, room.len, file);
        content.items.len += count;
        if (content.items.len >= limit) return error.TooLarge;
        if (count == room.len) continue;
        return if (ferror(file) == 0) content.toOwnedSlice(allocator) else error.NotReadable;
    }
}

fn open(allocator: std.mem.Allocator, path: []const u8) Error!*std.c.FILE {
    if (std.mem.findScalar(u8, path, 0) != null) return error.NotReadable; // C's path would end there
    const terminated = try allocator.dupeSentinel(u8, path, 0);
    defer allocator.free(terminated);
    return std.c.fopen(terminated, "rb") orelse error.NotReadable;
}

extern "c" fn ferror(file: *std.c.FILE) c_int;

fn readWithoutC(allocator: std.mem.Allocator, path: []const u8, limit: usize) Error![]u8 {
    return std.Io.Dir.cwd().readFileAlloc(io, path, allocator, .limited(limit)) catch |failure| switch (failure) {
        error.OutOfMemory => error.OutOfMemory,
        error.StreamTooLong => error.TooLarge,
        else => error.NotReadable,
    };
}

/// What `readFileAlloc` calls, and no more (see `clock.io`).
const io: std.Io = .{ .userdata = threaded.userdata, .vtable = &files };
const threaded = std.Io.Threaded.global_single_threaded.io();
const files: std.Io.VTable = table: {
    var table = std.Io.failing.vtable.*;
    for (.{ "dirOpenFile", "fileReadPositional", "fileClose" }) |name| @field(table, name) = @field(threaded.vtable, name);
    break :table table;
};

test "a file is read up to its limit" {
    const allocator = std.testing.allocator;
    var folder = std.testing.tmpDir(.{});
    defer folder.cleanup();
    // Longer than one turn of the loop, and with a letter beyond ASCII in its name.
    const content = try allocator.alloc(u8, 200_000);
    defer allocator.free(content);
    for (content, 0..) |*byte, index| byte.* = @truncate(index * 7);
    try folder.dir.writeFile(std.testing.io, .{ .sub_path = "Größe", .data = content });
    const path = try std.fmt.allocPrint(allocator, ".zig-cache/tmp/{s}/Größe", .{folder.sub_path});
    defer allocator.free(path);

    const same = try read(allocator, path, content.len + 1);
    defer allocator.free(same);
    try std.testing.expectEqualSlices(u8, content, same);
    try std.testing.expectError(error.TooLarge, read(allocator, path, content.len));
}

test "what is no file is not readable" {
    for ([_][]const u8{ "no such file", ".", "", "build.zig\x00" }) |path| {
        try std.testing.expectError(error.NotReadable, read(std.testing.allocator, path, 100_000));
    }
}
