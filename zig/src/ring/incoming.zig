//! What becomes of a transfer that ends, and of the bytes in it.
//!
//! libusb runs the callback on any thread that handles events, also on the JavaScript thread inside a synchronous
//! transfer. So the callback relies on the stream's mutex, and not on being on the reader thread.

const std = @import("std");
const usb = @import("../usb_abi.zig");
const clock = @import("../system/clock.zig");
const Stream = @import("stream.zig").Stream;
const Transfer = @import("transfer_queue.zig").Transfer;

const io = clock.io;

/// The stream ends after this many failed transfers for each transfer of the queue, without a good one between.
const failures_per_transfer = 4;

pub fn onTransfer(usb_transfer: *usb.Transfer) callconv(.c) void {
    const transfer: *Transfer = .of(usb_transfer);
    const stream: *Stream = @ptrCast(@alignCast(transfer.owner));
    stream.mutex.lockUncancelable(io);
    defer stream.mutex.unlock(io);
    stream.queue.take(transfer);
    stream.returned.broadcast(io);
    const length = lengthOf(stream, usb_transfer);
    switch (usb_transfer.status) {
        .completed, .timed_out => {
            stream.failures_in_a_row = 0;
            keep(stream, transfer, length);
        },
        // A cancelled transfer may have received bytes before.
        .cancelled => if (length > 0) keep(stream, transfer, length),
        // The bytes before the halt are whole.
        .stall => {
            if (length > 0) keep(stream, transfer, length);
            if (!stream.halted) {
                stream.totals.stalls += 1;
                stream.taps.lose(0);
            }
            stream.halted = true;
            countFailure(stream);
        },
        // The bytes of a transfer that failed may be garbage, even where their length is plausible.
        .no_device => {
            if (length > 0) lose(stream, length);
            stream.setEnd(.disconnected);
        },
        .@"error", .overflow, _ => {
            stream.totals.errors += 1;
            lose(stream, length);
            countFailure(stream);
        },
    }
    const enough = stream.queue.in_flight >= stream.queue.wanted;
    if (stream.end_reason != .running or stream.halted or enough) return;
    _ = stream.heed(stream.queue.submit(transfer, &stream.slots));
}

/// How many bytes a transfer brought. What a libusb says is not believed where it is impossible: more than the slot has
/// is an error, and the rest of the memory belongs to other slots.
fn lengthOf(stream: *Stream, transfer: *const usb.Transfer) u32 {
    const told = transfer.actual_length;
    const length = std.math.clamp(told, 0, stream.options.buffer_length);
    if (length != told) stream.totals.errors += 1;
    return @intCast(length);
}

/// Hands the bytes of a transfer to the taps, and puts them into the filled queue or counts them as dropped.
fn keep(stream: *Stream, transfer: *Transfer, length: u32) void {
    stream.totals.transfers += 1;
    stream.totals.bytes += length;
    if (length == 0) {
        stream.totals.zero_length_transfers += 1;
        return;
    }
    const slots = &stream.slots;
    const now_ns = clock.monotonicNs();
    stream.taps.take(slots.entries[transfer.slot].bytes[0..length], now_ns);
    // After the end the transfer is not submitted again, so it needs no free slot.
    const next = if (stream.end_reason == .running) slots.take() orelse return drop(stream, length) else null;
    const bytes = slots.entries[transfer.slot].bytes[0..length];
    const idle = stream.idle_scan.isIdle(bytes, slots.pending_loss.transfers > 0);
    slots.fill(transfer.slot, length, now_ns, idle);
    if (next) |slot| transfer.slot = slot;
    // Held back, an idle packet of the last round would be told of by no later one.
    stream.waiting.filled(slots.filled.count, idle and stream.end_reason == .running);
}

fn drop(stream: *Stream, length: u32) void {
    stream.totals.dropped_transfers += 1;
    stream.totals.dropped_bytes += length;
    stream.slots.lose(length);
}

/// Drops the bytes of a failed transfer.
fn lose(stream: *Stream, length: u32) void {
    stream.taps.lose(length);
    stream.totals.bytes += length;
    drop(stream, length);
}

fn countFailure(stream: *Stream) void {
    stream.failures_in_a_row += 1;
    if (stream.failures_in_a_row > failures_per_transfer * stream.queue.transfers.len) stream.setEnd(.io);
}
