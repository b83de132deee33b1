//! What other threads see of a recording, and tell it.

const std = @import("std");
const abi = @import("../abi.zig");
const clock = @import("../system/clock.zig");
const output_file = @import("../system/output_file.zig");
const Counted = @import("counter.zig").Counted;
const End = @import("receipt_lines.zig").End;

const io = clock.io;

pub const Progress = struct {
    mutex: std.Io.Mutex = .init,
    changed: std.Io.Condition = .init,
    started_ns: u64,
    /// When the last byte was in the file, and that was closed.
    written_ns: ?u64 = null,
    told_end: End = .running,
    written: Written = .{},
    /// What the recording has become, once its receipt is complete.
    end: End = .running,

    /// What the writer thread knows.
    pub const Written = struct {
        /// Of the file.
        bytes: u64 = 0,
        skipped_bytes: u64 = 0,
        failed: output_file.Error = .{ .failure = .none, .code = 0 },
    };

    /// The first reason stays.
    pub fn tellEnd(progress: *Progress, reason: End) void {
        progress.mutex.lockUncancelable(io);
        defer progress.mutex.unlock(io);
        if (progress.told_end == .running) progress.told_end = reason;
    }

    pub fn toldEnd(progress: *Progress) End {
        progress.mutex.lockUncancelable(io);
        defer progress.mutex.unlock(io);
        return progress.told_end;
    }

    pub fn publish(progress: *Progress, written: Written) void {
        progress.mutex.lockUncancelable(io);
        defer progress.mutex.unlock(io);
        progress.written = written;
    }

    /// The file is complete and closed. What is left is counting.
    pub fn tellWritten(progress: *Progress) void {
        progress.mutex.lockUncancelable(io);
        defer progress.mutex.unlock(io);
        progress.written_ns = clock.monotonicNs();
    }

    /// The receipt is complete, too.
    pub fn finish(progress: *Progress, written: Written, end: End) void {
        progress.mutex.lockUncancelable(io);
        defer progress.mutex.unlock(io);
        progress.written = written;
        progress.end = end;
        progress.changed.broadcast(io);
    }

    /// False where file and receipt were not complete in time.
    pub fn wait(progress: *Progress, timeout_ms: u32) bool {
        const deadline = clock.timeoutMs(timeout_ms).toDeadline(io);
        progress.mutex.lockUncancelable(io);
        defer progress.mutex.unlock(io);
        while (progress.end == .running) {
            progress.changed.waitTimeout(io, &progress.mutex, deadline) catch return progress.end != .running;
        }
        return true;
    }

    pub fn statistics(progress: *Progress, counted: Counted) abi.RecorderStatistics {
        progress.mutex.lockUncancelable(io);
        defer progress.mutex.unlock(io);
        const until_ns = progress.written_ns orelse clock.monotonicNs();
        const written = &progress.written;
        return .{
            .end = @floatFromInt(@backingInt(progress.end)),
            .is_written = @floatFromInt(@intFromBool(progress.written_ns != null)),
            .failure = @floatFromInt(@backingInt(written.failed.failure)),
            .system_error = @floatFromInt(written.failed.code),
            .bytes = @floatFromInt(written.bytes),
            .counted_bytes = @floatFromInt(counted.position),
            .polarity_events = @floatFromInt(counted.polarity_events),
            .trigger_events = @floatFromInt(counted.trigger_events),
            .gaps = @floatFromInt(counted.gaps),
            .dropped_transfers = @floatFromInt(counted.dropped_transfers),
            .dropped_bytes = @floatFromInt(counted.dropped_bytes),
            .skipped_bytes = @floatFromInt(written.skipped_bytes),
            .queued_bytes = 0,
            .current_time = counted.current_time,
            .elapsed_ms = @as(f64, @floatFromInt(until_ns - progress.started_ns)) / std.time.ns_per_ms,
        };
    }
};
