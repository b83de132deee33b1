//! The consumer's side of a stream: takes filled slots in order, decodes, copies or discards them, gives them back.
//!
//! One consumer at a time. A slot that is being read belongs to the consumer, so its bytes are read without the mutex;
//! only taking a slot and giving it back need it.

const std = @import("std");
const abi = @import("../abi.zig");
const clock = @import("../system/clock.zig");
const Decoder = @import("../decoder/decoder.zig").Decoder;
const halfWrapUs = @import("../decoder/decoder.zig").halfWrapUs;
const Packet = @import("../decoder/decoder.zig").Packet;
const Stream = @import("stream.zig").Stream;
const Loss = @import("slots.zig").Loss;
const Slots = @import("slots.zig").Slots;

const io = clock.io;

/// The consumer's state in a stream. `slot` changes under the stream's mutex.
pub const Reader = struct {
    busy: std.atomic.Value(bool) = .init(false),
    slot: ?u32 = null,
    /// Bytes of `slot` that were consumed; changes under the mutex, too.
    offset: usize = 0,

    pub fn holdsSlot(reader: *const Reader) bool {
        return reader.slot != null;
    }

    /// False when another thread is reading.
    pub fn enter(reader: *Reader) bool {
        return !reader.busy.swap(true, .acquire);
    }

    pub fn leave(reader: *Reader) void {
        reader.busy.store(false, .release);
    }
};

/// Decodes raw packets until the packet's columns are full, or `maximum` raw packets (0 = no limit) are used up. Never
/// more than were there at the beginning plus one, so that a read ends however fast they come.
pub fn decode(stream: *Stream, decoder: *Decoder, packet: *Packet, maximum: u32, report: *abi.Report) abi.Status {
    var batch: Batch = .begin(stream, maximum, report);
    const faults = decoder.faults();
    while (batch.next()) |bytes| {
        if (batch.takeInterruption()) |interruption| {
            if (interruption.isLoss()) batch.addGap(interruption, packet.counts());
            interruption.tell(decoder);
        }
        if (batch.isFull()) break; // the clock may jump in the next bytes
        const part = decoder.decodeUntilJump(bytes, packet);
        batch.consume(part.consumed);
        if (part.jump_us) |jump_us| batch.addJump(jump_us, packet.counts()) else if (part.consumed < bytes.len) break;
    }
    report.events = packet.counts();
    decoder.tell(faults, report);
    return batch.finish();
}

/// Copies whole raw packets while they fit.
pub fn copy(stream: *Stream, output: []u8, maximum: u32, report: *abi.Report) abi.Status {
    if (output.len < stream.options.buffer_length) return .buffer_too_small;
    var length: usize = 0;
    var batch: Batch = .begin(stream, maximum, report);
    while (batch.next()) |bytes| {
        if (length + bytes.len > output.len) break;
        if (batch.takeInterruption()) |interruption| batch.addGap(interruption, @splat(0));
        @memcpy(output[length..][0..bytes.len], bytes);
        length += bytes.len;
        batch.consume(bytes.len);
    }
    return batch.finish();
}

/// Discards raw packets until at most `until` of those that were there at the beginning are left, so that it ends
/// however fast they come. A decoder follows their time and rows, so that the raw packets after them are decoded as if
/// none had been discarded.
pub fn discard(stream: *Stream, decoder: ?*Decoder, until: u32, report: *abi.Report) abi.Status {
    var batch: Batch = .begin(stream, 0, report);
    stream.mutex.lockUncancelable(io);
    batch.limit = stream.backlog() -| until;
    stream.mutex.unlock(io);
    const faults = if (decoder) |followed| followed.faults() else null;
    while (batch.next()) |bytes| {
        const interruption = batch.takeInterruption();
        if (decoder) |followed| {
            if (interruption) |known| known.tell(followed);
            followed.decodeWithoutOutput(bytes);
        }
        batch.consume(bytes.len);
    }
    if (decoder) |followed| followed.tell(faults.?, report);
    return batch.finish();
}

/// What lies between the bytes of a slot and those before: a loss, or a pause in which nothing was received.
const Interruption = struct {
    loss: Loss,
    silence_us: u64,

    fn isLoss(interruption: Interruption) bool {
        return interruption.loss.transfers > 0;
    }

    fn tell(interruption: Interruption, decoder: *Decoder) void {
        if (interruption.isLoss()) decoder.lose(interruption.silence_us) else decoder.pause(interruption.silence_us);
    }
};

/// The slots that one call reads, and what it reports of them.
pub const Batch = struct {
    stream: *Stream,
    report: *abi.Report,
    limit: usize,
    raw_packets: usize = 0,
    bytes: usize = 0,
    gaps: usize = 0,
    loss: Loss = .{},
    received_ns: ?u64 = null,
    /// `received_ns` is that of a raw packet with an event.
    eventful: bool = false,

    pub fn begin(stream: *Stream, maximum: u32, report: *abi.Report) Batch {
        report.clear();
        stream.mutex.lockUncancelable(io);
        defer stream.mutex.unlock(io);
        const there = stream.backlog() + 1;
        return .{ .stream = stream, .report = report, .limit = if (maximum == 0) there else @min(maximum, there) };
    }

    /// The bytes that are next, not consumed yet; null at the end of the batch.
    pub fn next(batch: *Batch) ?[]const u8 {
        if (batch.raw_packets == batch.limit) return null;
        const stream = batch.stream;
        const reader = &stream.reader;
        if (reader.slot == null) {
            stream.mutex.lockUncancelable(io);
            defer stream.mutex.unlock(io);
            reader.slot = stream.slots.pop() orelse return null;
            reader.offset = 0;
        }
        // A gap that has no room in the report opens the next one.
        if (batch.isFull() and batch.nextInterruption() != null) return null;
        const entry = &stream.slots.entries[reader.slot.?];
        return entry.bytes[reader.offset..entry.length];
    }

    /// Reports the receive time of the first raw packet with an event; idle ones held back before it do not count.
    fn see(batch: *Batch, entry: *const Slots.Entry) void {
        if (batch.eventful or (batch.received_ns != null and entry.idle)) return;
        batch.received_ns = entry.received_ns;
        batch.eventful = !entry.idle;
    }

    /// What comes just before the bytes that are next and was not taken yet.
    fn nextInterruption(batch: *const Batch) ?Interruption {
        const stream = batch.stream;
        const entry = &stream.slots.entries[stream.reader.slot.?];
        if (stream.reader.offset > 0) return null;
        const found: Interruption = .{ .loss = entry.loss, .silence_us = entry.silence_ns / std.time.ns_per_us };
        return if (found.isLoss() or found.silence_us > halfWrapUs(stream.options.format)) found else null;
    }

    /// Takes it, once, and accounts for what was lost.
    pub fn takeInterruption(batch: *Batch) ?Interruption {
        const found = batch.nextInterruption() orelse return null;
        const entry = &batch.stream.slots.entries[batch.stream.reader.slot.?];
        batch.loss.add(entry.loss);
        entry.loss = .{};
        entry.silence_ns = 0;
        return found;
    }

    fn isFull(batch: *const Batch) bool {
        return batch.gaps == abi.gaps_per_report;
    }

    /// `index`: of the next event of each kind.
    pub fn addGap(batch: *Batch, interruption: Interruption, index: abi.PerKind) void {
        batch.report.gap[batch.gaps] = .{
            .index = index,
            .byte_index = @floatFromInt(batch.bytes),
            .transfers = @floatFromInt(interruption.loss.transfers),
            .bytes = @floatFromInt(interruption.loss.bytes),
            .silence_us = @floatFromInt(interruption.silence_us),
            .jump_us = 0,
        };
        batch.gaps += 1;
    }

    /// The sensor's clock has jumped before the next byte, or started again.
    fn addJump(batch: *Batch, jump_us: u64, index: abi.PerKind) void {
        batch.report.gap[batch.gaps] = .{
            .index = index,
            .byte_index = @floatFromInt(batch.bytes),
            .transfers = 0,
            .bytes = 0,
            .silence_us = 0,
            .jump_us = @floatFromInt(jump_us),
        };
        batch.gaps += 1;
    }

    pub fn consume(batch: *Batch, count: usize) void {
        const stream = batch.stream;
        const reader = &stream.reader;
        stream.mutex.lockUncancelable(io);
        defer stream.mutex.unlock(io);
        const entry = &stream.slots.entries[reader.slot.?];
        if (count > 0) batch.see(entry);
        reader.offset += count;
        batch.bytes += count;
        if (reader.offset < entry.length) return;
        batch.raw_packets += 1;
        stream.slots.release(reader.slot.?);
        reader.slot = null;
    }

    pub fn finish(batch: *Batch) abi.Status {
        const stream = batch.stream;
        const report = batch.report;
        const now_ns = clock.monotonicNs();
        report.consumed_ms = clock.unixMs();
        report.received_ms = report.consumed_ms;
        if (batch.received_ns) |received_ns| {
            report.delay_ms = @as(f64, @floatFromInt(now_ns - received_ns)) / std.time.ns_per_ms;
            report.received_ms -= report.delay_ms;
        }
        stream.mutex.lockUncancelable(io);
        defer stream.mutex.unlock(io);
        const over = stream.finished and stream.backlog() == 0 and batch.bytes == 0;
        if (over) { // what was lost last has no slot after it to be reported with
            batch.loss.add(stream.slots.pending_loss);
            stream.slots.pending_loss = .{};
        }
        report.raw_packets = @floatFromInt(batch.raw_packets);
        report.bytes = @floatFromInt(batch.bytes);
        report.gaps = @floatFromInt(batch.gaps);
        report.dropped_transfers = @floatFromInt(batch.loss.transfers);
        report.dropped_bytes = @floatFromInt(batch.loss.bytes);
        report.backlog = @floatFromInt(stream.backlog());
        report.transfers_missing = @floatFromInt(stream.missing());
        report.end_reason = @floatFromInt(@backingInt(stream.end_reason));
        return if (over) .ended else .ok;
    }
};
