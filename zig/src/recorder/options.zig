//! What a recorder is made with.

const abi = @import("../abi.zig");
const output_file = @import("../system/output_file.zig");

pub const Options = struct {
    path: [*:0]const u8,
    receipt_path: [*:0]const u8,
    /// The first bytes of the file, and the first line of the receipt.
    header: []const u8,
    start_line: []const u8,
    overwrite: bool,
    format: abi.Format,
    width: u32,
    height: u32,
    /// Of the queue.
    buffer_length: usize,
    /// Of the file; 0 = no limit.
    maximum_bytes: u64,
    /// 0 = no limit.
    maximum_ns: u64,
};

/// Which file could not be made, and why.
pub const Refused = struct { is_receipt: bool, failed: output_file.Error };
