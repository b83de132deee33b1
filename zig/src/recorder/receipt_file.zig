//! The receipt's file: lines are appended when the bytes that they tell of are written.
//!
//! A full disk must not take the last lines. So some room is reserved ahead of them, where the system can (Linux).

const std = @import("std");
const output_file = @import("../system/output_file.zig");
const Lines = @import("receipt_lines.zig").Lines;

/// Room ahead: the lines of a chunk, of the last block and the end.
const reserve_length = 64 << 10;

pub const Receipt = struct {
    file: output_file.OutputFile,
    lines: Lines = .{},
    /// Bytes written, and those of them that are whole lines.
    position: u64 = 0,
    whole: u64 = 0,
    reserved: u64 = 0,

    /// Writes the first line.
    pub fn begin(receipt: *Receipt, start_line: []const u8) output_file.OutputFile.Written {
        const written = receipt.file.write(start_line);
        receipt.position = written.length;
        receipt.whole = written.length;
        receipt.reserveAhead();
        return written;
    }

    /// Writes the lines that wait.
    pub fn flush(receipt: *Receipt) output_file.Error {
        const pending = receipt.lines.pending();
        if (pending.len == 0) return .{ .failure = .none, .code = 0 };
        const written = receipt.file.write(pending);
        const last = std.mem.lastIndexOfScalar(u8, pending[0..written.length], '\n');
        if (last) |index| receipt.whole = receipt.position + index + 1;
        receipt.position += written.length;
        receipt.lines.drop(written.length);
        receipt.reserveAhead();
        return written.failed;
    }

    /// Writes what is left, leaves no torn line, and closes the file.
    pub fn finish(receipt: *Receipt) output_file.Error {
        const failed = receipt.flush();
        receipt.file.cut(receipt.whole); // lets go of the reserve, too
        const closed = receipt.file.close();
        return if (failed.failure != .none) failed else closed;
    }

    fn reserveAhead(receipt: *Receipt) void {
        if (receipt.position + reserve_length / 2 <= receipt.reserved) return;
        receipt.file.reserve(receipt.position, reserve_length);
        receipt.reserved = receipt.position + reserve_length;
    }
};
