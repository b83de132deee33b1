//! Locks on files that are written, which end with the process at the latest. A file system that knows none has none.

const std = @import("std");
const builtin = @import("builtin");
const input_file = @import("input_file.zig");
const OutputFile = @import("output_file.zig").OutputFile;

const is_windows = builtin.os.tag == .windows;

/// Locks a file until it is closed; false where another one has, of this process or of another. On Windows a file that
/// is written is locked: a second writer cannot open it.
pub fn lock(file: OutputFile) bool {
    return is_windows or posixLock(file.handle, exclusive);
}

/// Whether a file is locked.
pub fn isLocked(path: [*:0]const u8) bool {
    if (is_windows) {
        const generic_write = 0x4000_0000;
        const sharing_violation = 32;
        const handle = input_file.windows.open(path, generic_write) orelse
            return input_file.windows.GetLastError() == sharing_violation;
        _ = input_file.windows.CloseHandle(handle);
        return false;
    }
    const file = input_file.InputFile.open(path) orelse return false;
    defer file.close();
    return !posixLock(file.handle, shared);
}

const shared = 1;
const exclusive = 2;

fn posixLock(handle: std.c.fd_t, operation: c_int) bool {
    const no_wait = 4;
    return flock(handle, operation | no_wait) == 0 or std.c._errno().* != @as(c_int, @backingInt(std.c.E.AGAIN));
}

extern "c" fn flock(handle: c_int, operation: c_int) c_int;

const testing = std.testing;

test "a file is locked until it is closed, also for the process that has locked it" {
    if (!builtin.link_libc or is_windows) return error.SkipZigTest;
    var folder = testing.tmpDir(.{});
    defer folder.cleanup();
    var buffer: [256]u8 = undefined;
    const path = try std.fmt.bufPrintSentinel(&buffer, ".zig-cache/tmp/{s}/a", .{folder.sub_path}, 0);
    const file = OutputFile.create(path, false).file;
    try testing.expect(!isLocked(path));
    try testing.expect(lock(file));
    try testing.expect(isLocked(path));
    const other = OutputFile.create(path, true).file;
    try testing.expect(!lock(other));
    _ = file.close();
    try testing.expect(!isLocked(path));
    try testing.expect(lock(other));
    _ = other.close();
    try testing.expect(!isLocked("no such file"));
}
