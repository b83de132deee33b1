//! Writes to the standard streams, without what `std.debug.print` brings into a library: its functions for files need a
//! newer C library on Linux (`statx`).

const std = @import("std");
const builtin = @import("builtin");

pub const Stream = enum(u8) { output = 1, failure = 2 };

/// What cannot be written is left out.
pub fn write(stream: Stream, text: []const u8) void {
    switch (builtin.os.tag) {
        .windows => {
            const handle = GetStdHandle(switch (stream) {
                .output => 0xFFFF_FFF5,
                .failure => 0xFFFF_FFF4,
            });
            var written: u32 = 0;
            _ = WriteFile(handle, text.ptr, @intCast(text.len), &written, null);
        },
        .linux => _ = std.os.linux.write(@backingInt(stream), text.ptr, text.len),
        else => _ = std.c.write(@backingInt(stream), text.ptr, text.len),
    }
}

extern "kernel32" fn GetStdHandle(which: u32) callconv(.winapi) ?*anyopaque;
extern "kernel32" fn WriteFile(
    file: ?*anyopaque,
    bytes: [*]const u8,
    length: u32,
    written: *u32,
    overlapped: ?*anyopaque,
) callconv(.winapi) i32;
