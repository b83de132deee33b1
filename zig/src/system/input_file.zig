//! Files that are read at any place while another handle writes them. By the functions of C, or of Windows, as
//! `output_file.zig`.

const std = @import("std");
const builtin = @import("builtin");

const is_windows = builtin.os.tag == .windows;

pub const InputFile = struct {
    handle: Handle,

    const Handle = if (is_windows) *anyopaque else std.c.fd_t;

    /// Null where there is none that can be read. A pipe is none: reading would take its bytes from its reader. The path
    /// is UTF-8.
    pub fn open(path: [*:0]const u8) ?InputFile {
        return .{ .handle = (if (is_windows) windows.open(path, windows.generic_read) else posix.open(path)) orelse return null };
    }

    /// Reads from a position on until the bytes are full or the file ends, and returns how many. Null where it fails.
    pub fn readAt(file: InputFile, position: u64, bytes: []u8) ?usize {
        var length: usize = 0;
        while (length < bytes.len) {
            const count = (if (is_windows) windows.readAt(file.handle, position + length, bytes[length..]) else //
                posix.readAt(file.handle, position + length, bytes[length..])) orelse return null;
            if (count == 0) break;
            length += count;
        }
        return length;
    }

    /// Lets go of the file, while another thread may still read: it then reads nothing. Its handle stays until `close`, so
    /// that it never becomes that of another file. On Windows others may remove the file, and it stays open.
    pub fn release(file: InputFile) void {
        if (!is_windows) posix.release(file.handle);
    }

    pub fn close(file: InputFile) void {
        if (is_windows) _ = windows.CloseHandle(file.handle) else _ = std.c.close(file.handle);
    }
};

const posix = struct {
    extern "c" fn pread(handle: c_int, bytes: [*]u8, length: usize, offset: i64) isize;

    fn open(path: [*:0]const u8) ?std.c.fd_t {
        const handle = std.c.open(path, .{ .ACCMODE = .RDONLY, .CLOEXEC = true, .NONBLOCK = true }, @as(c_uint, 0));
        return if (handle >= 0) handle else null;
    }

    fn release(handle: std.c.fd_t) void {
        var ends: [2]std.c.fd_t = undefined;
        if (std.c.pipe(&ends) != 0) return;
        _ = std.c.dup2(ends[0], handle);
        _ = std.c.fcntl(handle, std.c.F.SETFD, @as(c_int, std.c.FD_CLOEXEC));
        for (ends) |end| _ = std.c.close(end);
    }

    fn readAt(handle: std.c.fd_t, position: u64, bytes: []u8) ?usize {
        while (true) {
            const count = pread(handle, bytes.ptr, bytes.len, @intCast(position));
            if (count >= 0) return @intCast(count);
            if (std.c._errno().* != @as(c_int, @backingInt(std.c.E.INTR))) return null;
        }
    }
};

pub const windows = struct {
    const Handle = *anyopaque;
    const Overlapped = extern struct { internal: [2]usize = .{ 0, 0 }, offset: u64, event: ?*anyopaque = null };

    extern "kernel32" fn CreateFileW(
        name: [*:0]const u16,
        access: u32,
        share: u32,
        security: ?*anyopaque,
        disposition: u32,
        flags: u32,
        template: ?*anyopaque,
    ) callconv(.winapi) ?*anyopaque;
    extern "kernel32" fn ReadFile(
        file: Handle,
        bytes: [*]u8,
        length: u32,
        read: *u32,
        overlapped: ?*Overlapped,
    ) callconv(.winapi) i32;
    pub extern "kernel32" fn CloseHandle(file: Handle) callconv(.winapi) i32;
    pub extern "kernel32" fn GetLastError() callconv(.winapi) u32;

    const longest_path = 32_767;
    const end_of_file = 38;
    const generic_read = 0x8000_0000;

    /// Opens a file that exists. Another handle may write it.
    pub fn open(path: [*:0]const u8, access: u32) ?Handle {
        const text = std.mem.span(path);
        var name: [longest_path + 1]u16 = undefined;
        if ((std.unicode.calcWtf16LeLen(text) catch return null) > longest_path) return null;
        const length = std.unicode.wtf8ToWtf16Le(&name, text) catch return null;
        name[length] = 0;
        const share_all = 1 | 2 | 4;
        const open_existing = 3;
        const handle = CreateFileW(name[0..length :0], access, share_all, null, open_existing, 0x80, null);
        const invalid: usize = std.math.maxInt(usize);
        return if (handle != null and @intFromPtr(handle.?) != invalid) handle else null;
    }

    fn readAt(handle: Handle, position: u64, bytes: []u8) ?usize {
        var count: u32 = 0;
        var place: Overlapped = .{ .offset = position };
        const length: u32 = @intCast(@min(bytes.len, 1 << 30));
        if (ReadFile(handle, bytes.ptr, length, &count, &place) != 0) return count;
        return if (GetLastError() == end_of_file) 0 else null;
    }
};

test "a file is read at any place, also while it grows" {
    if (!builtin.link_libc) return error.SkipZigTest;
    const testing = std.testing;
    var folder = testing.tmpDir(.{});
    defer folder.cleanup();
    var buffer: [256]u8 = undefined;
    const path = try std.fmt.bufPrintSentinel(&buffer, ".zig-cache/tmp/{s}/Größe", .{folder.sub_path}, 0);
    try testing.expectEqual(null, InputFile.open(path));
    const OutputFile = @import("output_file.zig").OutputFile;
    const output = OutputFile.create(path, false).file;
    defer _ = output.close();
    const input = InputFile.open(path).?;
    defer input.close();
    var bytes: [4]u8 = undefined;
    try testing.expectEqual(0, input.readAt(0, &bytes));
    _ = output.write("abcdef");
    try testing.expectEqual(4, input.readAt(1, &bytes));
    try testing.expectEqualStrings("bcde", &bytes);
    try testing.expectEqual(1, input.readAt(5, &bytes));
    input.release();
    if (!is_windows) try testing.expectEqual(null, input.readAt(0, &bytes));
    // A folder is opened, and cannot be read.
    const opened = InputFile.open(".") orelse return;
    defer opened.close();
    try testing.expectEqual(null, opened.readAt(0, &bytes));
}
