//! The counts of a stream, and the block that reports them.

const abi = @import("../abi.zig");
const clock = @import("../system/clock.zig");
const Stream = @import("stream.zig").Stream;

const io = clock.io;

/// Since the stream was opened. Changes under the stream's mutex.
pub const Totals = struct {
    transfers: u64 = 0,
    bytes: u64 = 0,
    dropped_transfers: u64 = 0,
    dropped_bytes: u64 = 0,
    zero_length_transfers: u64 = 0,
    stalls: u64 = 0,
    errors: u64 = 0,
};

/// All counts at one moment.
pub fn read(stream: *Stream, out: *abi.StreamStatistics) void {
    stream.mutex.lockUncancelable(io);
    defer stream.mutex.unlock(io);
    const totals = stream.totals;
    out.* = .{
        .transfers = @floatFromInt(totals.transfers),
        .bytes = @floatFromInt(totals.bytes),
        .dropped_transfers = @floatFromInt(totals.dropped_transfers),
        .dropped_bytes = @floatFromInt(totals.dropped_bytes),
        .zero_length_transfers = @floatFromInt(totals.zero_length_transfers),
        .stalls = @floatFromInt(totals.stalls),
        .errors = @floatFromInt(totals.errors),
        .transfers_requested = @floatFromInt(stream.options.transfer_queue_length),
        .transfers_in_flight = @floatFromInt(stream.queue.in_flight),
        .backlog = @floatFromInt(stream.backlog()),
        .backlog_peak = @floatFromInt(stream.slots.backlog_peak),
        .backlog_bytes = @floatFromInt(backlogBytes(stream)),
        .slots = @floatFromInt(stream.slots.entries.len),
        .slots_committed = @floatFromInt(stream.slots.committed),
        .dma_slots = @floatFromInt(stream.dma_slots),
        .reader_priority = @floatFromInt(@backingInt(priorityOf(stream))),
    };
}

fn priorityOf(stream: *const Stream) abi.ReaderPriority {
    return switch (stream.reader_priority) {
        .usual => .usual,
        .raised => .raised,
        .realtime => .realtime,
    };
}

/// Bytes received and not read.
fn backlogBytes(stream: *const Stream) u64 {
    const slot = stream.reader.slot orelse return stream.slots.filled_bytes;
    return stream.slots.filled_bytes + stream.slots.entries[slot].length - stream.reader.offset;
}
