//! The transfers of a stream: those with libusb, and those that are not. Everything is under the stream's mutex.

const std = @import("std");
const usb = @import("../usb_abi.zig");
const libusb_functions = @import("libusb.zig");
const Libusb = libusb_functions.Libusb;
const Slots = @import("slots.zig").Slots;

/// What all transfers have in common.
pub const Target = struct {
    libusb: Libusb,
    device: *libusb_functions.DeviceHandle,
    endpoint: u8,
    buffer_length: u31,
    /// Called with each transfer that ends; `Transfer.of` finds the stream's own.
    callback: *const fn (*usb.Transfer) callconv(.c) void,
    /// The stream, for the callback.
    owner: *anyopaque,
};

pub const Transfer = struct {
    owner: *anyopaque,
    usb: *usb.Transfer,
    slot: u32,
    in_flight: bool = false,

    pub fn of(usb_transfer: *usb.Transfer) *Transfer {
        return @ptrCast(@alignCast(usb_transfer.user_data));
    }
};

pub const TransferQueue = struct {
    target: Target,
    transfers: []Transfer,
    /// How many of them should be with libusb: all, unless memory was short at the start.
    wanted: usize,
    in_flight: usize = 0,
    /// The one that was submitted last: of all that are with libusb, data reaches it last.
    newest: ?*Transfer = null,

    /// Takes a slot for each transfer, which `slots` must have.
    pub fn init(
        allocator: std.mem.Allocator,
        target: Target,
        length: usize,
        slots: *Slots,
    ) error{OutOfMemory}!TransferQueue {
        const transfers = try allocator.alloc(Transfer, length);
        errdefer allocator.free(transfers);
        for (transfers, 0..) |*transfer, count| {
            errdefer for (transfers[0..count]) |made| target.libusb.free_transfer(made.usb);
            transfer.* = .{
                .owner = target.owner,
                .usb = target.libusb.alloc_transfer(0) orelse return error.OutOfMemory,
                .slot = slots.take().?,
            };
            transfer.usb.device_handle = @ptrCast(target.device);
            transfer.usb.endpoint = target.endpoint;
            transfer.usb.type = @backingInt(usb.TransferType.bulk);
            transfer.usb.timeout = 0;
            transfer.usb.callback = target.callback;
            transfer.usb.user_data = transfer;
            transfer.usb.flags = 0;
        }
        return .{ .target = target, .transfers = transfers, .wanted = length };
    }

    /// No transfer may be with libusb any more.
    pub fn deinit(queue: *TransferQueue, allocator: std.mem.Allocator) void {
        for (queue.transfers) |transfer| queue.target.libusb.free_transfer(transfer.usb);
        allocator.free(queue.transfers);
        queue.transfers = &.{};
    }

    /// Returns libusb's error code.
    pub fn submit(queue: *TransferQueue, transfer: *Transfer, slots: *const Slots) c_int {
        transfer.usb.buffer = slots.entries[transfer.slot].bytes;
        transfer.usb.length = queue.target.buffer_length;
        const result = queue.target.libusb.submit_transfer(transfer.usb);
        if (result == 0) {
            transfer.in_flight = true;
            queue.in_flight += 1;
            queue.newest = transfer;
        }
        return result;
    }

    /// Submits the wanted transfers that are not with libusb; returns the first error.
    pub fn submitMissing(queue: *TransferQueue, slots: *const Slots) c_int {
        for (queue.transfers) |*transfer| {
            if (queue.in_flight >= queue.wanted) break;
            if (transfer.in_flight) continue;
            const result = queue.submit(transfer, slots);
            if (result < 0) return result;
        }
        return 0;
    }

    /// libusb has called back with the transfer.
    pub fn take(queue: *TransferQueue, transfer: *Transfer) void {
        transfer.in_flight = false;
        queue.in_flight -= 1;
    }

    /// Memory for transfers is used up: takes one back, because commands to the camera need some memory, too. There is
    /// one with libusb. Where it ends before it is cancelled, the first one that ends is not submitted again.
    pub fn leaveRoom(queue: *TransferQueue) void {
        queue.wanted = queue.in_flight - 1;
        _ = queue.target.libusb.cancel_transfer(queue.newest.?.usb);
    }

    pub fn cancelAll(queue: *TransferQueue) void {
        for (queue.transfers) |transfer| {
            if (transfer.in_flight) _ = queue.target.libusb.cancel_transfer(transfer.usb);
        }
    }
};
