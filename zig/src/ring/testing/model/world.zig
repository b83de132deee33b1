//! The ring in a world that the explorer moves step by step:
//!
//! - a real `Stream` without its thread;
//! - a libusb whose every answer is an action of the explorer;
//! - a consumer that stops wherever another thread could come between;
//! - an account of what must be true.
//!
//! The world is one piece of memory, the stream in it included: a copy of it is a state, and copying it back returns to
//! that state. So nothing in it is allocated elsewhere, but for the slots' memory, whose bytes are part of the state.

const std = @import("std");
const abi = @import("../../../abi.zig");
const usb = @import("../../../usb_abi.zig");
const libusb = @import("../../libusb.zig");
const reader = @import("../../reader.zig");
const Account = @import("account.zig").Account;
const Stream = @import("../../stream.zig").Stream;

pub const maximum_slots = 5;
pub const maximum_transfers = 3;
/// Of a slot. A transfer has one or two words of EVT2: its number as an event, or as a time where it is idle.
pub const buffer_length = 8;

pub const Size = struct {
    slots: u32,
    transfers: u32,
    /// How many transfers may fail one after the other. Beyond 4 for each transfer the stream ends.
    failures: u32,
};

/// The content of a transfer.
pub const Data = enum { none, events, idle };

/// The kind of a word of time.
const time_high = 0x8 << 28;

/// How many raw packets one read takes at most.
const maximum_raw_packets = 2;

/// How many raw packets may be held back.
pub const held_limit = 1;

/// What the consumer is about to do: between any two of its steps everything else can happen.
pub const Phase = enum(u2) { idle, between, holding };

/// Where a transfer is, as libusb sees it.
pub const Place = enum(u2) { idle, pending, cancelled };

pub const World = struct {
    size: Size,
    stream: *Stream,
    account: Account,
    memory: [3072]u8 align(16),
    allocator: std.heap.FixedBufferAllocator,

    // libusb and the device
    transfers: [maximum_transfers]usb.Transfer,
    allocated: u8 = 0,
    places: [maximum_transfers]Place = @splat(.idle),
    /// Transfers with libusb, the oldest first.
    queue: [maximum_transfers]u8 = undefined,
    queued: u8 = 0,
    /// Submitting and clearing a halt fail.
    refusing: bool = false,
    unplugged: bool = false,
    /// The endpoint answers with STALL until its halt is cleared.
    stalling: bool = false,
    /// The stream is closed by another thread while the halt is being cleared.
    close_in_clear_halt: bool = false,
    transfer_number: u32 = 0,

    // The threads
    thread_left: bool = false,
    closed: bool = false,
    now_ns: u64 = 1,
    phase: Phase = .idle,
    /// The consumer was told that the stream is over.
    over: bool = false,
    batch: reader.Batch = undefined,
    report: abi.Report = undefined,
    /// The rule that was broken where no error can be returned.
    broken: ?[]const u8 = null,

    pub fn slotMemory(world: *World) []u8 {
        return world.stream.slots.reserved[0 .. world.size.slots * buffer_length];
    }

    /// The oldest transfer that libusb has.
    pub fn oldest(world: *const World) ?u8 {
        return if (world.queued > 0) world.queue[0] else null;
    }

    fn leaveQueue(world: *World, index: u8) void {
        const place = std.mem.indexOfScalar(u8, world.queue[0..world.queued], index).?;
        std.mem.copyForwards(u8, world.queue[place .. world.queued - 1], world.queue[place + 1 .. world.queued]);
        world.queued -= 1;
        world.places[index] = .idle;
    }

    /// A transfer comes back.
    pub fn complete(world: *World, index: u8, status: usb.TransferStatus, data: Data) void {
        world.leaveQueue(index);
        world.transfer_number += 1;
        const length: u32 = if (data == .none) 0 else if (world.transfer_number % 2 == 0) buffer_length else 4;
        const transfer = &world.transfers[index];
        const word = if (data == .idle) world.transfer_number | time_high else world.transfer_number;
        for (0..length / 4) |place| std.mem.writeInt(u32, transfer.buffer.?[4 * place ..][0..4], word, .little);
        transfer.status = status;
        transfer.actual_length = @intCast(length);
        world.account.complete(world, index, status, .{ .word = word, .length = length, .idle = data == .idle });
        transfer.callback.?(transfer);
    }

    // The consumer, cut where it takes or gives back the lock

    pub fn begin(world: *World) !void {
        if (!world.stream.reader.enter()) return error.ReaderBusy;
        world.batch = .begin(world.stream, maximum_raw_packets, &world.report);
        world.phase = .between;
    }

    pub fn next(world: *World) !void {
        const bytes = world.batch.next() orelse return world.finish();
        const interruption = world.batch.takeInterruption();
        try world.account.see(bytes, if (interruption) |found| found.loss else null);
        if (interruption) |found| {
            const lost = found.loss;
            world.batch.addGap(found, @splat(0));
            const gap = world.report.gap[world.batch.gaps - 1];
            try std.testing.expectEqual(@as(f64, @floatFromInt(world.batch.bytes)), gap.byte_index);
            try std.testing.expectEqual(@as(f64, @floatFromInt(lost.transfers)), gap.transfers);
            try std.testing.expectEqual(@as(f64, @floatFromInt(lost.bytes)), gap.bytes);
        }
        world.phase = .holding;
    }

    /// The rest of the slot, or one byte of it, after which a consumer with full columns returns.
    pub fn consume(world: *World, whole: bool) !void {
        const count = if (whole) world.account.restOfFirst() else 1;
        world.batch.consume(count);
        world.account.consume(count);
        world.phase = .between;
        if (!whole) try world.finish();
    }

    fn finish(world: *World) !void {
        const finished = world.stream.finished;
        const status = world.batch.finish();
        const over = finished and world.account.unread_count == 0 and world.report.bytes == 0;
        try std.testing.expectEqual(if (over) abi.Status.ended else .ok, status);
        world.account.hear(world.report, over);
        world.over = world.over or over;
        world.stream.reader.leave();
        world.phase = .idle;
    }

    pub fn discard(world: *World, until: u8) !void {
        if (!world.stream.reader.enter()) return error.ReaderBusy;
        const before = world.account.read;
        const finished = world.stream.finished;
        world.account.discard(until);
        const status = reader.discard(world.stream, null, until, &world.report);
        const discarded = world.account.read - before;
        try std.testing.expectEqual(@as(f64, @floatFromInt(discarded)), world.report.bytes);
        const over = finished and discarded == 0 and world.account.unread_count == 0;
        try std.testing.expectEqual(if (over) abi.Status.ended else .ok, status);
        world.account.hear(world.report, over);
        world.stream.reader.leave();
    }

    pub fn close(world: *World) void {
        world.stream.end(.closed);
        world.closed = true;
    }

    pub fn step(world: *World) void {
        if (world.stream.step(world.now_ns)) return;
        if (world.queued > 0 and world.stream.cancelled_ns == world.now_ns) {
            world.broken = "transfers were given up without the time to come back";
        }
        world.stream.finish();
        world.thread_left = true;
    }
};

/// The one world: libusb's functions are not told which.
pub var the_world: World = undefined;

/// Puts a stream of this size into a new world.
pub fn create(size: Size) !void {
    the_world = .{
        .size = size,
        .stream = undefined,
        .account = .{},
        .memory = @splat(0),
        .allocator = .init(&the_world.memory),
        .transfers = std.mem.zeroes([maximum_transfers]usb.Transfer),
    };
    var libusb_error: c_int = 0;
    the_world.stream = try Stream.prepare(the_world.allocator.allocator(), functions, @ptrFromInt(8), @ptrFromInt(8), .{
        .endpoint = 0x81,
        .format = .evt2,
        .buffer_length = buffer_length,
        .ring_length = size.slots,
        .transfer_queue_length = size.transfers,
        .allow_dma = false,
    }, &libusb_error);
    // A notifier without a pipe: only whether it is armed is looked at.
    the_world.stream.waiting.notifier = .{ .write_end = -1, .read_end = -1 };
    // By its own rule a ring holds something back only if it has more slots than can be explored.
    the_world.stream.waiting.limit = held_limit;
}

pub fn destroy() void {
    @import("../../../system/memory.zig").release(the_world.stream.slots.reserved);
}

const functions: libusb.Libusb = .{
    .alloc_transfer = allocTransfer,
    .free_transfer = freeTransfer,
    .submit_transfer = submitTransfer,
    .cancel_transfer = cancelTransfer,
    .handle_events_timeout_completed = handleEvents,
    .interrupt_event_handler = interrupt,
    .clear_halt = clearHalt,
    .dev_mem_alloc = devMemAlloc,
    .dev_mem_free = devMemFree,
};

fn indexOf(transfer: *usb.Transfer) u8 {
    return @intCast((@intFromPtr(transfer) - @intFromPtr(&the_world.transfers)) / @sizeOf(usb.Transfer));
}

fn allocTransfer(_: c_int) callconv(.c) ?*usb.Transfer {
    the_world.allocated += 1;
    return &the_world.transfers[the_world.allocated - 1];
}

fn freeTransfer(transfer: *usb.Transfer) callconv(.c) void {
    if (the_world.places[indexOf(transfer)] != .idle) the_world.broken = "a transfer was freed that libusb has";
    the_world.allocated -= 1;
}

fn submitTransfer(transfer: *usb.Transfer) callconv(.c) c_int {
    if (the_world.unplugged) return @backingInt(usb.ErrorCode.no_device);
    if (the_world.refusing) return @backingInt(usb.ErrorCode.no_mem);
    const index = indexOf(transfer);
    if (the_world.places[index] != .idle) {
        the_world.broken = "a transfer was submitted twice";
        return @backingInt(usb.ErrorCode.busy);
    }
    if (transfer.length != buffer_length) the_world.broken = "a transfer has another length than its slot";
    the_world.places[index] = .pending;
    the_world.queue[the_world.queued] = index;
    the_world.queued += 1;
    return 0;
}

fn cancelTransfer(transfer: *usb.Transfer) callconv(.c) c_int {
    const place = &the_world.places[indexOf(transfer)];
    if (place.* != .pending) return @backingInt(usb.ErrorCode.not_found);
    place.* = .cancelled;
    return 0;
}

fn handleEvents(_: *libusb.Context, _: *const usb.Timeval, _: ?*c_int) callconv(.c) c_int {
    unreachable; // the explorer handles events
}

fn interrupt(_: *libusb.Context) callconv(.c) void {}

fn clearHalt(_: *libusb.DeviceHandle, _: u8) callconv(.c) c_int {
    if (the_world.queued > 0) the_world.broken = "a halt was cleared while transfers were pending";
    if (the_world.close_in_clear_halt) the_world.close();
    if (the_world.unplugged) return @backingInt(usb.ErrorCode.no_device);
    if (the_world.refusing) return @backingInt(usb.ErrorCode.io);
    the_world.stalling = false;
    return 0;
}

fn devMemAlloc(_: *libusb.DeviceHandle, _: usize) callconv(.c) ?[*]u8 {
    return null;
}

fn devMemFree(_: *libusb.DeviceHandle, _: [*]u8, _: usize) callconv(.c) c_int {
    unreachable;
}
