//! The heap. The libraries use the system's C library, but not on Windows, where Zig would have to compile mingw's from
//! 400 files. The program does without one, so that it runs on each Linux. WebAssembly has memory that grows.

const std = @import("std");
const builtin = @import("builtin");

pub const allocator: std.mem.Allocator = if (builtin.cpu.arch.isWasm())
    std.heap.wasm_allocator
else if (builtin.link_libc)
    .{ .ptr = undefined, .vtable = &by_size }
else
    std.heap.smp_allocator;

/// Blocks of this size come from the system, and go back to it when they are freed. glibc keeps what was freed: after
/// the scene was built, which takes 20 MB for a tenth of a second, they would stay resident.
const large_bytes = 128 << 10;

const by_size: std.mem.Allocator.VTable = .{
    .alloc = allocBySize,
    .resize = resizeBySize,
    .remap = remapBySize,
    .free = freeBySize,
};

fn ofSize(length: usize) std.mem.Allocator {
    return if (length >= large_bytes) std.heap.page_allocator else std.heap.c_allocator;
}

fn allocBySize(_: *anyopaque, length: usize, alignment: std.mem.Alignment, return_address: usize) ?[*]u8 {
    return ofSize(length).rawAlloc(length, alignment, return_address);
}

/// A block that would change its side is copied by the caller.
fn staysWhereItIs(memory: []u8, new_length: usize) bool {
    return (memory.len >= large_bytes) == (new_length >= large_bytes);
}

fn resizeBySize(_: *anyopaque, memory: []u8, alignment: std.mem.Alignment, new_length: usize, return_address: usize) bool {
    return staysWhereItIs(memory, new_length) and
        ofSize(new_length).rawResize(memory, alignment, new_length, return_address);
}

fn remapBySize(_: *anyopaque, memory: []u8, alignment: std.mem.Alignment, new_length: usize, return_address: usize) ?[*]u8 {
    if (!staysWhereItIs(memory, new_length)) return null;
    return ofSize(new_length).rawRemap(memory, alignment, new_length, return_address);
}

fn freeBySize(_: *anyopaque, memory: []u8, alignment: std.mem.Alignment, return_address: usize) void {
    ofSize(memory.len).rawFree(memory, alignment, return_address);
}

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

test "blocks keep their content as they grow and shrink past the size of large ones" {
    var block = try allocator.alloc(u8, 1);
    defer allocator.free(block);
    block[0] = 1;
    for ([_]usize{ large_bytes - 1, large_bytes, 3 * large_bytes, large_bytes, 100, 2 * large_bytes, 1 }) |length| {
        const filled = @min(block.len, length);
        block = try allocator.realloc(block, length);
        for (block[0..filled], 0..) |byte, index| try std.testing.expectEqual(@as(u8, @truncate(index +% 1)), byte);
        for (block, 0..) |*byte, index| byte.* = @truncate(index +% 1);
    }
}
