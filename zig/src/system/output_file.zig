//! Files that grow: made anew, appended to, cut. By the functions of C, or of Windows: on Linux those of `std.Io` need a
//! newer C library (`statx`).

const std = @import("std");
const builtin = @import("builtin");

const is_windows = builtin.os.tag == .windows;

/// Why an operation failed.
pub const Failure = enum(u8) {
    none = 0,
    /// There is a file of this name, and it was not to be overwritten.
    exists = 1,
    /// A folder of the path does not exist.
    not_found = 2,
    /// The system does not let this user.
    denied = 3,
    /// The path is a folder's, or a part of it is a file's.
    folder = 4,
    /// The disk is full, or a quota or a limit of size is reached.
    no_space = 5,
    /// Anything else: the system's own code says what.
    io = 6,
    /// Another recorder writes it.
    in_use = 7,
    /// What is written cannot be read back.
    unreadable = 8,
};

pub const Error = struct {
    failure: Failure,
    /// The system's own code.
    code: u32,
};

pub const OutputFile = struct {
    handle: Handle,
    /// There was such a file before, or another thing of this name, as a pipe. It has its bytes until it is cut.
    existed: bool = false,

    const Handle = if (is_windows) *anyopaque else std.c.fd_t;

    pub const Created = union(enum) { file: OutputFile, failed: Error };

    /// Makes a file. One that exists is refused, or opened as it is where `overwrite` is set. The path is UTF-8.
    pub fn create(path: [*:0]const u8, overwrite: bool) Created {
        const system = if (is_windows) windows else posix;
        const made = system.create(path, false);
        if (!overwrite or made == .file or made.failed.failure != .exists) return made;
        var opened = system.create(path, true);
        if (opened == .file) opened.file.existed = true;
        return opened;
    }

    pub const Written = struct {
        /// How many bytes were written: all, where nothing failed.
        length: usize,
        failed: Error = .{ .failure = .none, .code = 0 },
    };

    /// Appends bytes.
    pub fn write(file: OutputFile, bytes: []const u8) Written {
        var length: usize = 0;
        while (length < bytes.len) {
            const part = bytes[length..][0..@min(bytes.len - length, 1 << 30)];
            const written = if (is_windows) windows.write(file.handle, part) else posix.write(file.handle, part);
            length += written.length;
            if (written.failed.failure != .none) return .{ .length = length, .failed = written.failed };
        }
        return .{ .length = length };
    }

    /// Cuts the file to a length, and lets go of reserved room. What is no file on a disk, as a pipe, stays as it is.
    pub fn cut(file: OutputFile, length: u64) void {
        if (is_windows) windows.cut(file.handle, length) else _ = std.c.ftruncate(file.handle, @intCast(length));
    }

    /// Whether it has places, as a file on a disk. A pipe has none.
    pub fn isSeekable(file: OutputFile) bool {
        return if (is_windows) windows.GetFileType(file.handle) == 1 else std.c.lseek(file.handle, 0, std.c.SEEK.CUR) >= 0;
    }

    /// Asks the system to keep room for bytes from a position on. A disk that gets full then still has room for them.
    pub fn reserve(file: OutputFile, position: u64, length: u64) void {
        if (builtin.os.tag != .linux) return;
        const keep_size = 1; // FALLOC_FL_KEEP_SIZE
        _ = std.os.linux.fallocate(file.handle, keep_size, @intCast(position), @intCast(length));
    }

    /// Closes it. A file system of the network may tell only here that it has not taken all bytes.
    pub fn close(file: OutputFile) Error {
        return if (is_windows) windows.close(file.handle) else posix.close(file.handle);
    }

    /// Closes a file that was made for nothing, and removes it if it was not there before.
    pub fn discard(file: OutputFile, path: [*:0]const u8) void {
        _ = file.close();
        if (file.existed) return;
        if (is_windows) windows.remove(path) else _ = std.c.unlink(path);
    }
};

/// Lets a write fail on this thread, where a limit of size or a pipe without a reader would otherwise end the process.
pub fn ignoreSignalsOfWrites() void {
    if (is_windows) return;
    var set: std.c.sigset_t = undefined;
    var before: std.c.sigset_t = undefined;
    _ = std.c.sigemptyset(&set);
    _ = std.c.sigaddset(&set, .PIPE);
    _ = std.c.sigaddset(&set, .XFSZ);
    _ = std.c.pthread_sigmask(std.c.SIG.BLOCK, &set, &before);
}

const posix = struct {
    fn create(path: [*:0]const u8, overwrite: bool) OutputFile.Created {
        var flags: std.c.O = .{ .ACCMODE = .WRONLY, .CREAT = true, .CLOEXEC = true };
        // A pipe without a reader shall fail and not wait.
        flags.NONBLOCK = true;
        flags.EXCL = !overwrite;
        const permissions: c_uint = 0o666;
        while (true) {
            const handle = std.c.open(path, flags, permissions);
            if (handle >= 0) {
                _ = std.c.fcntl(handle, std.c.F.SETFL, @as(c_int, 0)); // blocking
                return .{ .file = .{ .handle = handle } };
            }
            const number = std.c._errno().*;
            if (errnoOf(number) == .EXIST and isFolder(path)) return .{ .failed = errorOf(@backingInt(std.c.E.ISDIR)) };
            if (errnoOf(number) != .INTR) return .{ .failed = errorOf(number) };
        }
    }

    fn isFolder(path: [*:0]const u8) bool {
        const handle = std.c.open(path, .{ .DIRECTORY = true, .CLOEXEC = true });
        if (handle >= 0) _ = std.c.close(handle);
        return handle >= 0;
    }

    fn write(handle: std.c.fd_t, bytes: []const u8) OutputFile.Written {
        while (true) {
            const count = std.c.write(handle, bytes.ptr, bytes.len);
            if (count > 0) return .{ .length = @intCast(count) };
            const number = if (count == 0) @backingInt(std.c.E.NOSPC) else std.c._errno().*;
            if (errnoOf(number) != .INTR) return .{ .length = 0, .failed = errorOf(number) };
        }
    }

    fn close(handle: std.c.fd_t) Error {
        const is_closed = std.c.close(handle) == 0;
        // Linux and macOS have closed it, too, where they were interrupted.
        if (is_closed or errnoOf(std.c._errno().*) == .INTR) return .{ .failure = .none, .code = 0 };
        return errorOf(std.c._errno().*);
    }

    fn errnoOf(number: c_int) std.c.E {
        return @fromBackingInt(@intCast(number));
    }

    fn errorOf(number: c_int) Error {
        return .{ .code = @intCast(number), .failure = switch (errnoOf(number)) {
            .EXIST => .exists,
            .NOENT => .not_found,
            .ACCES, .PERM, .ROFS => .denied,
            .ISDIR, .NOTDIR => .folder,
            .NOSPC, .FBIG, .DQUOT => .no_space,
            else => .io,
        } };
    }
};

const windows = struct {
    const Handle = *anyopaque;

    extern "kernel32" fn CreateFileW(
        name: [*:0]const u16,
        access: u32,
        share: u32,
        security: ?*anyopaque,
        disposition: u32,
        flags: u32,
        template: ?*anyopaque,
    ) callconv(.winapi) ?*anyopaque;
    extern "kernel32" fn WriteFile(
        file: Handle,
        bytes: [*]const u8,
        length: u32,
        written: *u32,
        overlapped: ?*anyopaque,
    ) callconv(.winapi) i32;
    extern "kernel32" fn SetFilePointerEx(file: Handle, distance: i64, position: ?*i64, method: u32) callconv(.winapi) i32;
    extern "kernel32" fn SetEndOfFile(file: Handle) callconv(.winapi) i32;
    extern "kernel32" fn CloseHandle(file: Handle) callconv(.winapi) i32;
    extern "kernel32" fn DeleteFileW(name: [*:0]const u16) callconv(.winapi) i32;
    extern "kernel32" fn GetFileAttributesW(name: [*:0]const u16) callconv(.winapi) u32;
    extern "kernel32" fn GetFileType(file: Handle) callconv(.winapi) u32;
    extern "kernel32" fn GetLastError() callconv(.winapi) u32;

    const longest_path = 32_767;

    fn create(path: [*:0]const u8, overwrite: bool) OutputFile.Created {
        var buffer: [longest_path + 1]u16 = undefined;
        const name = wide(path, &buffer) orelse return .{ .failed = .{ .failure = .not_found, .code = 0 } };
        const generic_write = 0x4000_0000;
        const share_read_and_delete = 1 | 4;
        const disposition: u32 = if (overwrite) 4 else 1; // OPEN_ALWAYS, CREATE_NEW
        const normal = 0x80;
        const handle = CreateFileW(name, generic_write, share_read_and_delete, null, disposition, normal, null);
        const invalid: usize = std.math.maxInt(usize);
        if (handle != null and @intFromPtr(handle.?) != invalid) return .{ .file = .{ .handle = handle.? } };
        const code = GetLastError();
        // A folder is "access denied" here.
        const attributes = GetFileAttributesW(name);
        const is_folder = attributes != std.math.maxInt(u32) and attributes & 0x10 != 0;
        return .{ .failed = if (is_folder) .{ .failure = .folder, .code = code } else errorOf(code) };
    }

    fn write(handle: Handle, bytes: []const u8) OutputFile.Written {
        var written: u32 = 0;
        if (WriteFile(handle, bytes.ptr, @intCast(bytes.len), &written, null) == 0) {
            return .{ .length = 0, .failed = errorOf(GetLastError()) };
        }
        return .{ .length = written };
    }

    fn close(handle: Handle) Error {
        return if (CloseHandle(handle) != 0) .{ .failure = .none, .code = 0 } else errorOf(GetLastError());
    }

    fn cut(handle: Handle, length: u64) void {
        if (SetFilePointerEx(handle, @intCast(length), null, 0) != 0) _ = SetEndOfFile(handle);
    }

    fn remove(path: [*:0]const u8) void {
        var buffer: [longest_path + 1]u16 = undefined;
        _ = DeleteFileW(wide(path, &buffer) orelse return);
    }

    fn wide(path: [*:0]const u8, buffer: *[longest_path + 1]u16) ?[*:0]const u16 {
        const text = std.mem.span(path);
        if ((std.unicode.calcWtf16LeLen(text) catch return null) > longest_path) return null;
        const length = std.unicode.wtf8ToWtf16Le(buffer, text) catch return null;
        buffer[length] = 0;
        return buffer[0..length :0];
    }

    fn errorOf(code: u32) Error {
        return .{
            .code = code,
            .failure = switch (code) {
                80, 183 => .exists, // FILE_EXISTS, ALREADY_EXISTS
                2, 3, 15, 123 => .not_found, // FILE, PATH, DRIVE not found, INVALID_NAME
                5, 19 => .denied, // ACCESS_DENIED, WRITE_PROTECT
                32 => .in_use, // SHARING_VIOLATION
                39, 112, 1295 => .no_space, // HANDLE_DISK_FULL, DISK_FULL, DISK_QUOTA_EXCEEDED
                else => .io,
            },
        };
    }
};

const testing = std.testing;

fn pathIn(folder: *const testing.TmpDir, name: []const u8, buffer: *[256]u8) [*:0]const u8 {
    return (std.fmt.bufPrintSentinel(buffer, ".zig-cache/tmp/{s}/{s}", .{ folder.sub_path, name }, 0) catch unreachable).ptr;
}

test "a file is made, appended to and cut; one that exists is refused, or keeps its bytes until it is cut" {
    if (!builtin.link_libc) return error.SkipZigTest;
    var folder = testing.tmpDir(.{});
    defer folder.cleanup();
    var buffer: [256]u8 = undefined;
    const path = pathIn(&folder, "Größe", &buffer);
    const file = OutputFile.create(path, false).file;
    try testing.expectEqual(6, file.write("abcdef").length);
    file.reserve(6, 4096);
    file.cut(4);
    try testing.expectEqual(.none, file.close().failure);
    var content: [16]u8 = undefined;
    try testing.expectEqualStrings("abcd", try folder.dir.readFile(testing.io, "Größe", &content));
    try testing.expectEqual(.exists, OutputFile.create(path, false).failed.failure);
    OutputFile.create(path, true).file.discard(path);
    try testing.expectEqualStrings("abcd", try folder.dir.readFile(testing.io, "Größe", &content));
    const again = OutputFile.create(path, true).file;
    again.cut(0);
    try testing.expectEqual(2, again.write("xy").length);
    _ = again.close();
    try testing.expectEqualStrings("xy", try folder.dir.readFile(testing.io, "Größe", &content));
    const new = pathIn(&folder, "new", &buffer);
    OutputFile.create(new, true).file.discard(new);
    try testing.expectError(error.FileNotFound, folder.dir.readFile(testing.io, "new", &content));
    try testing.expectEqual(.not_found, OutputFile.create(pathIn(&folder, "no/file", &buffer), false).failed.failure);
    try testing.expectEqual(.folder, OutputFile.create(pathIn(&folder, "", &buffer), true).failed.failure);
    if (is_windows) return;
    try testing.expectEqual(.folder, OutputFile.create(pathIn(&folder, "", &buffer), false).failed.failure);
}

test "a full disk and a pipe without a reader fail, and end nothing" {
    if (builtin.os.tag != .linux) return error.SkipZigTest;
    const full = switch (OutputFile.create("/dev/full", true)) {
        .file => |file| file,
        .failed => return error.SkipZigTest, // a container without it
    };
    defer _ = full.close();
    const written = full.write("abc");
    try testing.expectEqual(0, written.length);
    try testing.expectEqual(.no_space, written.failed.failure);
    const Thread = struct {
        fn run() void {
            ignoreSignalsOfWrites();
            var ends: [2]std.c.fd_t = undefined;
            std.debug.assert(std.c.pipe(&ends) == 0);
            _ = std.c.close(ends[0]);
            const pipe: OutputFile = .{ .handle = ends[1] };
            defer _ = pipe.close();
            std.debug.assert(pipe.write("abc").failed.failure == .io);
        }
    };
    (try std.Thread.spawn(.{}, Thread.run, .{})).join();
}

test "a file that the system cannot close tells why" {
    if (builtin.os.tag != .linux) return error.SkipZigTest;
    const none: OutputFile = .{ .handle = std.math.maxInt(std.c.fd_t) };
    try testing.expectEqual(Error{ .failure = .io, .code = @backingInt(std.c.E.BADF) }, none.close());
}
