//! The WebAssembly module: the exports that need no thread, no file and no USB, by the names and signatures of the native
//! library. Pointers are offsets into the exported memory `memory`. `src/web/wasm/` calls it.
//!
//! One instance serves one thread. A module is compiled for one set of features, since an engine refuses a whole module
//! where it lacks one: `build.zig` makes one module with 128-bit vectors, and one without.

const std = @import("std");
const export_table = @import("system/export_table.zig");
const exports = @import("api/exports.zig");
const heap = @import("system/heap.zig");

/// Columns in it are aligned for any element, and for vectors.
const alignment: std.mem.Alignment = .@"64";

/// Memory for arguments and results; 0 where there is none left. It may grow the module's memory: JavaScript's views of
/// it are detached then.
fn allocate(length: usize) callconv(.c) usize {
    const bytes = heap.allocator.alignedAlloc(u8, alignment, length) catch return 0;
    return @intFromPtr(bytes.ptr);
}

/// Gives back what `allocate` gave for this length.
fn free(address: usize, length: usize) callconv(.c) void {
    const bytes: [*]align(alignment.toByteUnits()) u8 = @ptrFromInt(address);
    heap.allocator.free(bytes[0..length]);
}

test {
    _ = @import("api/encoder_api.zig");
    _ = @import("decoder/snapshot_test.zig");
    _ = @import("decoder/time_jumps_test.zig");
    _ = @import("decoder/evt2/evt2_test.zig");
    _ = @import("decoder/evt3/evt3_test.zig");
    _ = @import("decoder/evt4/evt4_test.zig");
    _ = @import("encoder/encoder_test.zig");
}

comptime {
    export_table.exportAll(exports.portable);
    export_table.exportAll(.{ .nd_memory_allocate = &allocate, .nd_memory_free = &free });
}
