//! Commands to the camera take memory of the same account as the transfers of its stream (Linux: `usbfs_memory_mb`).
//! Where nothing is left for a command, the stream gives one transfer back.

const std = @import("std");
const clock = @import("../system/clock.zig");
const Stream = @import("stream.zig").Stream;

const io = clock.io;

/// A cancelled transfer comes back within milliseconds. A command that waits for longer holds up its program.
const wait_ms = 200;

/// Cancels the transfer that was submitted last, and waits until it is back. From now on the stream has one transfer
/// fewer. It keeps one.
pub fn giveBack(stream: *Stream) error{NothingToGive}!void {
    const deadline = clock.timeoutMs(wait_ms).toDeadline(io);
    stream.mutex.lockUncancelable(io);
    defer stream.mutex.unlock(io);
    if (stream.end_reason != .running or stream.halted or stream.queue.in_flight < 2) return error.NothingToGive;
    stream.queue.leaveRoom();
    while (stream.queue.in_flight > stream.queue.wanted) {
        stream.returned.waitTimeout(io, &stream.mutex, deadline) catch return;
    }
}
