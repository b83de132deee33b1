//! The heap. The libraries use the system's C library, but not on Windows, where Zig would have to compile mingw's from
//! 400 files. The program does without one, so that it runs on each Linux. WebAssembly has memory that grows.

const std = @import("std");
const builtin = @import("builtin");

pub const allocator: std.mem.Allocator = if (builtin.cpu.arch.isWasm())
    std.heap.wasm_allocator
else if (builtin.link_libc)
    std.heap.c_allocator
else
    std.heap.smp_allocator;

/// Frees what a program has allocated with `malloc`; on Windows, that of the system's C library.
pub fn freeOfC(memory: ?*anyopaque) void {
    if (builtin.link_libc) std.c.free(memory) else windows_heap.free(memory);
}

const windows_heap = struct {
    extern "api-ms-win-crt-heap-l1-1-0" fn free(memory: ?*anyopaque) callconv(.c) void;
};

test "memory of C is freed" {
    if (!builtin.link_libc) return error.SkipZigTest; // there is no malloc here
    freeOfC(std.c.malloc(100));
    freeOfC(null);
}
