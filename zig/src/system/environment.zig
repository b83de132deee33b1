//! The environment's variables.

const std = @import("std");
const builtin = @import("builtin");

/// The value, which is the caller's to free; null where it is not set. Windows keeps at most 32,767 characters.
pub fn get(allocator: std.mem.Allocator, name: [*:0]const u8) error{OutOfMemory}!?[]u8 {
    if (builtin.os.tag != .windows) {
        const value = std.c.getenv(name) orelse return null;
        return try allocator.dupe(u8, std.mem.span(value));
    }
    const size = GetEnvironmentVariableA(name, null, 0);
    if (size == 0) return null;
    const buffer = try allocator.alloc(u8, size);
    errdefer allocator.free(buffer);
    const length = GetEnvironmentVariableA(name, buffer.ptr, size);
    return try allocator.realloc(buffer, @min(length, size));
}

extern "kernel32" fn GetEnvironmentVariableA(name: [*:0]const u8, buffer: ?[*]u8, size: u32) callconv(.winapi) u32;

test "a variable that is set, and one that is not" {
    if (!builtin.link_libc) return error.SkipZigTest;
    const value = (try get(std.testing.allocator, "PATH")) orelse return error.SkipZigTest; // a bare environment
    defer std.testing.allocator.free(value);
    try std.testing.expectEqualStrings(std.mem.span(std.c.getenv("PATH").?), value);
    try std.testing.expectEqual(null, try get(std.testing.allocator, "NEUROMORPHIC_DRIVERS_NO_SUCH_VARIABLE"));
}
