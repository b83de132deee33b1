//! The cable that carries the clock from one camera to others. All cameras of a bus are on one.
//!
//! Cameras that are served over USB/IP have a thread each, so it is atomic.

const std = @import("std");
const builtin = @import("builtin");

pub const SyncLine = struct {
    primaries: std.atomic.Value(u32) = .init(0),
    started_ns: Nanoseconds = .init(0),

    /// A camera drives the line from now on.
    pub fn begin(line: *SyncLine, now_ns: u64) void {
        line.started_ns.store(now_ns, .release);
        _ = line.primaries.fetchAdd(1, .release);
    }

    pub fn end(line: *SyncLine) void {
        _ = line.primaries.fetchSub(1, .release);
    }

    /// Null while no camera drives it. Of several primaries, which a real cable would not have, the last one counts.
    pub fn runningSince(line: *const SyncLine) ?u64 {
        return if (line.primaries.load(.acquire) == 0) null else line.started_ns.load(.acquire);
    }
};

/// Zig has no atomic numbers of 64 bits for WebAssembly, whose one thread needs none.
const Nanoseconds = if (!builtin.single_threaded) std.atomic.Value(u64) else struct {
    value: u64,

    fn init(value: u64) @This() {
        return .{ .value = value };
    }

    fn load(number: *const @This(), _: std.builtin.AtomicOrder) u64 {
        return number.value;
    }

    fn store(number: *@This(), value: u64, _: std.builtin.AtomicOrder) void {
        number.value = value;
    }
};
