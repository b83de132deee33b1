//! Large memory that takes physical pages only where it is touched.

const std = @import("std");
const builtin = @import("builtin");

pub const Memory = []align(std.heap.page_size_min) u8;

/// Reserves address space, which may be more than the memory of the system. Pages appear, zeroed, when they are first
/// touched.
pub fn reserve(length: usize) error{OutOfMemory}!Memory {
    if (is_windows) {
        // rawAlloc, because the safe interface would fill (and so commit) all of it in debug builds.
        const bytes = std.heap.page_allocator.rawAlloc(length, alignment, @returnAddress()) orelse
            return error.OutOfMemory;
        return @alignCast(bytes[0..length]);
    }
    const flags: std.posix.MAP = if (builtin.os.tag == .linux)
        // Without NORESERVE Linux refuses what memory and swap could never hold (overcommit_memory 0).
        .{ .TYPE = .PRIVATE, .ANONYMOUS = true, .NORESERVE = true }
    else
        .{ .TYPE = .PRIVATE, .ANONYMOUS = true };
    return std.posix.mmap(null, length, .{ .READ = true, .WRITE = true }, flags, -1, 0) catch error.OutOfMemory;
}

pub fn release(memory: Memory) void {
    if (is_windows) return std.heap.page_allocator.rawFree(memory, alignment, @returnAddress());
    std.posix.munmap(memory);
}

/// Gives the pages inside the range back to the system; the contents are lost, the addresses stay usable.
/// Does nothing on systems where this is not known to work.
pub fn decommit(memory: []u8) void {
    if (builtin.os.tag != .linux) return;
    const page = std.heap.pageSize();
    const start = std.mem.alignForward(usize, @intFromPtr(memory.ptr), page);
    const end = std.mem.alignBackward(usize, @intFromPtr(memory.ptr) + memory.len, page);
    if (end <= start) return;
    const dont_need = 4; // MADV_DONTNEED
    std.posix.madvise(@ptrFromInt(start), end - start, dont_need) catch {};
}

const is_windows = builtin.os.tag == .windows;
const alignment: std.mem.Alignment = .fromByteUnits(std.heap.page_size_min);

test "reserved memory reads as zero, and again after it was given back" {
    const memory = try reserve(1 << 20);
    defer release(memory);
    try std.testing.expectEqual(0, memory[12345]);
    memory[12345] = 7;
    decommit(memory);
    if (builtin.os.tag == .linux) try std.testing.expectEqual(0, memory[12345]);
}
