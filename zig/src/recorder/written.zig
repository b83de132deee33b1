//! What is in the file and not in the receipt yet, in its order.

const std = @import("std");
const Chunk = @import("byte_queue.zig").Chunk;

pub const Written = struct {
    parts: []Part,
    head: usize = 0,
    count: usize = 0,

    pub const Part = struct {
        /// Has the words in its memory.
        chunk: Chunk,
        words: []const u8,
    };

    /// As long as there are chunks: each is in one place.
    pub fn init(allocator: std.mem.Allocator, chunks: usize) error{OutOfMemory}!Written {
        return .{ .parts = try allocator.alloc(Part, chunks) };
    }

    pub fn deinit(written: Written, allocator: std.mem.Allocator) void {
        allocator.free(written.parts);
    }

    pub fn isEmpty(written: *const Written) bool {
        return written.count == 0;
    }

    pub fn push(written: *Written, part: Part) void {
        std.debug.assert(written.count < written.parts.len);
        written.parts[(written.head + written.count) % written.parts.len] = part;
        written.count += 1;
    }

    pub fn pop(written: *Written) ?Part {
        if (written.count == 0) return null;
        const part = written.parts[written.head];
        written.head = (written.head + 1) % written.parts.len;
        written.count -= 1;
        return part;
    }
};
