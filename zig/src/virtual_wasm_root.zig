//! The virtual camera as WebAssembly, for web pages: its exports stand in virtual/wasm/exports.zig.

const export_table = @import("system/export_table.zig");
const exports = @import("virtual/wasm/exports.zig");

comptime {
    export_table.exportAll(exports.functions);
}

/// Nobody reads a message: a safety check that fails ends the instance.
pub const panic = @import("std").debug.no_panic;
