//! For tests: libusb's functions over a script. Each round of event handling plays the next step of the
//! script; when it is over, transfers stay pending until they are cancelled.

const std = @import("std");
const usb = @import("../../usb_abi.zig");
const clock = @import("../../system/clock.zig");
const libusb = @import("../libusb.zig");

const io = clock.io;

pub const Step = union(enum) {
    /// The oldest pending transfer completes with the next `length` bytes of the counter pattern.
    data: struct { length: u31, status: usb.TransferStatus = .completed },
    /// It completes with these bytes.
    bytes: []const u8,
    /// The oldest pending transfer completes, and libusb tells of this many bytes.
    tells: c_int,
    /// Every pending transfer ends like this, empty.
    all: usb.TransferStatus,
    /// From here on submitting returns this code (0 = works again).
    refuse: c_int,
    /// Wait until the test calls `proceed`.
    pause,
};

var mutex: std.Io.Mutex = .init;
var script: []const Step = &.{};
var position: usize = 0;
var paused = false;
var refusal: c_int = 0;
var pending: [64]*usb.Transfer = undefined;
var pending_count: usize = 0;
var cancelled: [64]*usb.Transfer = undefined;
var cancelled_count: usize = 0;
var counter: u8 = 0;
/// How many bytes a cancelled transfer has received.
pub var bytes_at_cancel: u31 = 0;
/// Transfers that may be pending together; more are refused for want of memory. Not part of the script.
pub var pending_limit: usize = pending.len;
pub var halts_cleared: usize = 0;
pub var allocated: usize = 0;
/// Buffers of kernel memory that there are together. Not part of the script.
pub var dma_limit: usize = 0;
pub var dma_allocated: usize = 0;

pub fn play(steps: []const Step) void {
    script = steps;
    position = 0;
    paused = false;
    refusal = 0;
    pending_count = 0;
    cancelled_count = 0;
    counter = 0;
    bytes_at_cancel = 0;
    halts_cleared = 0;
    allocated = 0;
    dma_allocated = 0;
}

/// Blocks until the script stands at a pause or at its end.
pub fn waitForPause() void {
    while (true) {
        mutex.lockUncancelable(io);
        const there = paused or position == script.len;
        mutex.unlock(io);
        if (there) return;
        std.Io.sleep(io, .fromMilliseconds(1), .awake) catch {};
    }
}

/// Ends a pause.
pub fn proceed() void {
    mutex.lockUncancelable(io);
    defer mutex.unlock(io);
    paused = false;
    position += 1;
}

pub const functions: libusb.Libusb = .{
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

fn allocTransfer(_: c_int) callconv(.c) ?*usb.Transfer {
    const transfer = std.heap.c_allocator.create(usb.Transfer) catch return null;
    transfer.* = std.mem.zeroes(usb.Transfer);
    allocated += 1;
    return transfer;
}

fn freeTransfer(transfer: *usb.Transfer) callconv(.c) void {
    std.heap.c_allocator.destroy(transfer);
    allocated -= 1;
}

fn submitTransfer(transfer: *usb.Transfer) callconv(.c) c_int {
    mutex.lockUncancelable(io);
    defer mutex.unlock(io);
    if (refusal != 0) return refusal;
    if (pending_count == pending_limit) return @backingInt(usb.ErrorCode.no_mem);
    pending[pending_count] = transfer;
    pending_count += 1;
    return 0;
}

fn cancelTransfer(transfer: *usb.Transfer) callconv(.c) c_int {
    mutex.lockUncancelable(io);
    defer mutex.unlock(io);
    const index = std.mem.indexOfScalar(*usb.Transfer, pending[0..pending_count], transfer) orelse
        return @backingInt(usb.ErrorCode.not_found);
    removePending(index);
    cancelled[cancelled_count] = transfer;
    cancelled_count += 1;
    return 0;
}

fn handleEvents(_: *libusb.Context, _: *const usb.Timeval, _: ?*c_int) callconv(.c) c_int {
    mutex.lockUncancelable(io);
    defer mutex.unlock(io);
    if (cancelled_count > 0) {
        cancelled_count -= 1;
        complete(cancelled[cancelled_count], .cancelled, bytes_at_cancel);
        return 0;
    }
    if (paused or position == script.len) {
        mutex.unlock(io);
        std.Io.sleep(io, .fromMilliseconds(1), .awake) catch {};
        mutex.lockUncancelable(io);
        return 0;
    }
    switch (script[position]) {
        .pause => {
            paused = true;
            return 0;
        },
        .refuse => |code| refusal = code,
        .data => |data| {
            if (pending_count == 0) return 0; // not submitted yet
            const transfer = pending[0];
            removePending(0);
            complete(transfer, data.status, data.length);
        },
        .bytes => |bytes| {
            if (pending_count == 0) return 0;
            const transfer = pending[0];
            removePending(0);
            @memcpy(transfer.buffer.?[0..bytes.len], bytes);
            hand(transfer, .completed, @intCast(bytes.len));
        },
        .tells => |length| {
            if (pending_count == 0) return 0;
            const transfer = pending[0];
            removePending(0);
            hand(transfer, .completed, length);
        },
        .all => |status| {
            var left = pending_count;
            while (left > 0) : (left -= 1) {
                const transfer = pending[0];
                removePending(0);
                complete(transfer, status, 0);
            }
        },
    }
    position += 1;
    return 0;
}

fn complete(transfer: *usb.Transfer, status: usb.TransferStatus, length: u31) void {
    for (transfer.buffer.?[0..length]) |*byte| {
        byte.* = counter;
        counter +%= 1;
    }
    hand(transfer, status, length);
}

/// Calls back without the lock, as libusb does.
fn hand(transfer: *usb.Transfer, status: usb.TransferStatus, length: c_int) void {
    transfer.status = status;
    transfer.actual_length = length;
    mutex.unlock(io);
    transfer.callback.?(transfer);
    mutex.lockUncancelable(io);
}

fn removePending(index: usize) void {
    std.mem.copyForwards(*usb.Transfer, pending[index .. pending_count - 1], pending[index + 1 .. pending_count]);
    pending_count -= 1;
}

fn interrupt(_: *libusb.Context) callconv(.c) void {}

fn clearHalt(_: *libusb.DeviceHandle, _: u8) callconv(.c) c_int {
    halts_cleared += 1;
    return 0;
}

fn devMemAlloc(_: *libusb.DeviceHandle, length: usize) callconv(.c) ?[*]u8 {
    if (dma_allocated == dma_limit) return null;
    const memory = std.heap.c_allocator.alloc(u8, length) catch return null;
    dma_allocated += 1;
    return memory.ptr;
}

fn devMemFree(_: *libusb.DeviceHandle, bytes: [*]u8, length: usize) callconv(.c) c_int {
    std.heap.c_allocator.free(bytes[0..length]);
    dma_allocated -= 1;
    return 0;
}
