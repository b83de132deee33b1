//! The rules of the ring, kept apart from its code: what must become of the bytes of every transfer.
//!
//! - The bytes of a transfer are kept if it ended well (completed, timed out, cancelled, or halted after them) and a
//!   slot was free for the transfer to be submitted on. After the end of the stream none is needed. Otherwise the bytes
//!   are lost, and counted.
//! - Kept bytes are read in the order in which they came, each once.
//! - A loss stands before the bytes that are kept next, and is reported once.
//! - Waiting threads are woken at once if there is an event in the kept bytes, or if more wait than may be held back.

const std = @import("std");
const abi = @import("../../../abi.zig");
const usb = @import("../../../usb_abi.zig");
const model = @import("world.zig");
const Loss = @import("../../slots.zig").Loss;
const Stream = @import("../../stream.zig").Stream;
const World = model.World;
const expectEqual = std.testing.expectEqual;
const expect = std.testing.expect;

/// The bytes of a transfer.
const Raw = struct { brought: Brought, loss: Loss };
pub const Brought = struct { word: u32, length: u32, idle: bool };

pub const Account = struct {
    /// Kept and not read to its end, the oldest first.
    unread: [model.maximum_slots]Raw = undefined,
    unread_count: u8 = 0,
    /// Of the oldest: how many bytes were read, and whether the loss before it was reported.
    offset: u32 = 0,
    loss_seen: bool = false,
    /// Lost since bytes were last kept.
    pending: Loss = .{},
    /// Transfers whose slot was handed over at the end of the stream, in place of one of their own.
    without_slot: [model.maximum_transfers]bool = @splat(false),
    brought: u64 = 0,
    read: u64 = 0,
    lost: Loss = .{},
    /// Failed transfers without a good one between.
    failures: u8 = 0,
    reported: Loss = .{},

    pub fn complete(account: *Account, world: *const World, index: u8, status: usb.TransferStatus, brought: Brought) void {
        const length = brought.length;
        const good = status == .completed or status == .timed_out or status == .cancelled or status == .stall;
        const failed = status == .@"error" or status == .overflow;
        account.brought += length;
        if (failed or status == .stall) account.failures += 1;
        if (status == .completed or status == .timed_out) account.failures = 0;
        if (length == 0 and !failed) return;
        const running = world.stream.end_reason == .running;
        const full = running and account.unread_count + world.size.transfers >= world.size.slots;
        if (!good or full) {
            const loss: Loss = .{ .transfers = 1, .bytes = length };
            account.pending.add(loss);
            account.lost.add(loss);
            return;
        }
        account.unread[account.unread_count] = .{ .brought = brought, .loss = account.pending };
        account.unread_count += 1;
        account.pending = .{};
        if (!running) account.without_slot[index] = true;
    }

    pub fn restOfFirst(account: *const Account) u32 {
        return account.unread[0].brought.length - account.offset;
    }

    /// Waiting threads must have been woken.
    pub fn isWorthWaking(account: *const Account) bool {
        if (account.unread_count > model.held_limit or account.offset > 0) return true;
        for (account.unread[0..account.unread_count]) |raw| if (!raw.brought.idle) return true;
        return false;
    }

    /// The consumer looks at the raw packet that it is going to read.
    pub fn see(account: *Account, bytes: []const u8, loss: ?Loss) !void {
        try expect(account.unread_count > 0);
        const first = account.unread[0];
        try expectEqual(account.restOfFirst(), bytes.len);
        if (account.offset == 0) try expectEqual(first.brought.word, std.mem.readInt(u32, bytes[0..4], .little));
        const due = account.offset == 0 and !account.loss_seen and first.loss.transfers > 0;
        try expectEqual(if (due) first.loss else null, loss);
        account.loss_seen = true;
    }

    pub fn consume(account: *Account, count: u32) void {
        account.read += count;
        account.offset += count;
        if (account.offset == account.unread[0].brought.length) account.dropFirst();
    }

    pub fn discard(account: *Account, until: u8) void {
        while (account.unread_count > until) account.consume(account.restOfFirst());
    }

    fn dropFirst(account: *Account) void {
        account.unread_count -= 1;
        std.mem.copyForwards(Raw, account.unread[0..account.unread_count], account.unread[1 .. account.unread_count + 1]);
        account.offset = 0;
        account.loss_seen = false;
    }

    /// The report of a read. After the last raw packet there is no place left for a loss.
    pub fn hear(account: *Account, report: abi.Report, over: bool) void {
        account.reported.add(.{
            .transfers = @intFromFloat(report.dropped_transfers),
            .bytes = @intFromFloat(report.dropped_bytes),
        });
        if (over) account.pending = .{};
    }

    /// Compares the stream with the account.
    pub fn check(account: *const Account, world: *const World) !void {
        const stream = world.stream;
        try expectEqual(account.brought, stream.totals.bytes);
        try expectEqual(account.lost, Loss{
            .transfers = stream.totals.dropped_transfers,
            .bytes = stream.totals.dropped_bytes,
        });
        try expectEqual(account.pending, stream.slots.pending_loss);
        try expectEqual(world.queued, stream.queue.in_flight);
        try expectEqual(account.failures, stream.failures_in_a_row);
        try account.checkUnread(stream);
        try account.checkPlaces(world);
    }

    fn checkUnread(account: *const Account, stream: *Stream) !void {
        try expectEqual(account.unread_count, stream.backlog());
        const held = @intFromBool(stream.reader.slot != null);
        for (account.unread[0..account.unread_count], 0..) |raw, position| {
            const slot = if (position < held) stream.reader.slot.? else filledSlot(stream, position - held);
            const entry = stream.slots.entries[slot];
            try expectEqual(raw.brought.length, entry.length);
            try expectEqual(raw.brought.idle, entry.idle);
            try expectEqual(raw.brought.word, std.mem.readInt(u32, entry.bytes[0..4], .little));
            const seen = position == 0 and account.loss_seen;
            try expectEqual(if (seen) Loss{} else raw.loss, entry.loss);
        }
    }

    /// Every slot is in exactly one place, and has memory behind it unless it is cold.
    fn checkPlaces(account: *const Account, world: *const World) !void {
        const stream = world.stream;
        const slots = &stream.slots;
        var seen: [model.maximum_slots]u8 = @splat(0);
        for (slots.warm.items[0..slots.warm.count]) |slot| seen[slot] += 1;
        for (slots.cold.items[0..slots.cold.count]) |slot| seen[slot] += 1;
        for (0..slots.filled.count) |position| seen[filledSlot(stream, position)] += 1;
        if (stream.reader.slot) |slot| seen[slot] += 1;
        for (stream.queue.transfers, 0..) |transfer, index| {
            try expectEqual(world.places[index] != .idle, transfer.in_flight);
            if (account.without_slot[index]) continue;
            seen[transfer.slot] += 1;
            if (transfer.in_flight) try expectEqual(slots.entries[transfer.slot].bytes, transfer.usb.buffer.?);
        }
        for (seen[0..world.size.slots]) |count| try expectEqual(1, count);
        try expect(slots.warm.count <= slots.warm_limit);
        try expectEqual(slots.entries.len - slots.cold.count, slots.committed);
        for (slots.cold.items[0..slots.cold.count]) |slot| try expect(!slots.entries[slot].committed);
    }

    fn filledSlot(stream: *const Stream, position: usize) u32 {
        const filled = stream.slots.filled;
        return filled.items[(filled.head + position) % filled.items.len];
    }
};
