//! Transfers: a queue for each endpoint, and the ends of their heads.
//!
//!     idle ──submit──▶ pending ──camera, timeout, cancel, unplug──▶ ended ──callback──▶ idle
//!
//! There is no thread here: `progress` asks the camera on behalf of the head of each queue. The thread that handles
//! events, or waits for a synchronous transfer, calls it. Everything is under the bus's lock.

const std = @import("std");
const usb = @import("../../usb_abi.zig");
const bus_module = @import("bus.zig");
const camera_module = @import("../camera/camera.zig");
const Port = bus_module.Port;
const Handle = bus_module.Handle;
const Endpoint = @import("../camera/endpoints.zig").Endpoint;
const ErrorCode = usb.ErrorCode;

/// A `libusb_transfer` with the bus's own state beside it.
pub const Cell = struct {
    node: std.DoublyLinkedList.Node = .{},
    state: enum { idle, pending, ended } = .idle,
    /// A synchronous call waits for its end; there is no callback.
    synchronous: bool = false,
    /// The four below are valid while it is not idle.
    handle: *Handle = undefined,
    endpoint: Endpoint = undefined,
    deadline_ns: ?u64 = undefined,
    /// How much of the memory limit it takes.
    charged_bytes: u64 = undefined,
    /// Of a program that uses streams, which no camera has.
    stream_id: u32 = 0,
    transfer: usb.Transfer,

    pub fn of(transfer: *usb.Transfer) *Cell {
        return @fieldParentPtr("transfer", transfer);
    }

    pub fn at(node: *std.DoublyLinkedList.Node) *Cell {
        return @fieldParentPtr("node", node);
    }

    fn buffer(cell: *Cell) []u8 {
        const length: usize = @intCast(cell.transfer.length);
        return if (length == 0) &.{} else cell.transfer.buffer.?[0..length];
    }
};

pub fn submit(cell: *Cell, handle: *Handle, now_ns: u64) ErrorCode {
    const transfer = &cell.transfer;
    const port = handle.port;
    const bus = port.bus;
    if (cell.state != .idle) return .busy;
    if (!port.camera.present) return .no_device;
    if (transfer.length < 0 or (transfer.length > 0 and transfer.buffer == null)) return .invalid_param;
    const endpoint: Endpoint = switch (transfer.type) {
        @backingInt(usb.TransferType.control) => endpoint: {
            if (transfer.length < usb.control_setup_size) return .invalid_param;
            break :endpoint .control;
        },
        @backingInt(usb.TransferType.bulk) => endpoint: {
            const endpoint = port.camera.endpointOf(transfer.endpoint) orelse return .not_found;
            // libusb for Linux would claim the interface; other systems refuse, and programs should not rely on it.
            if (endpoint == .control or port.claimed_by != handle) return .not_found;
            break :endpoint endpoint;
        },
        else => return .not_supported,
    };
    const length: u64 = @intCast(transfer.length);
    const charged_bytes = if (port.isDma(cell.buffer())) 0 else length;
    if (!port.charge(charged_bytes)) return .no_mem;
    if (endpoint == .events) {
        port.camera.advance(now_ns, port.event_room_bytes);
        port.event_room_bytes += length;
    }
    bus.transfers_pending += 1;
    cell.state = .pending;
    cell.handle = handle;
    cell.endpoint = endpoint;
    cell.charged_bytes = charged_bytes;
    cell.deadline_ns = if (transfer.timeout == 0) null else now_ns + @as(u64, transfer.timeout) * std.time.ns_per_ms;
    transfer.actual_length = 0;
    port.queues.getPtr(endpoint).append(&cell.node);
    bus.lock.changed();
    return .success;
}

pub fn cancel(cell: *Cell, now_ns: u64) ErrorCode {
    if (cell.state != .pending) return .not_found;
    endEarly(cell, now_ns, .cancelled);
    return .success;
}

/// Ends the heads of queues that can end. True when one did. At most one transfer of events does, so that its bytes are
/// handed over before the next ones are made.
pub fn progress(port: *Port, now_ns: u64, with_events: bool) bool {
    const before = port.bus.transfers_pending;
    port.camera.advance(now_ns, port.event_room_bytes);
    for ([_]Endpoint{ .control, .replies, .commands, .events }) |endpoint| {
        if (endpoint == .events and !with_events) continue;
        while (settleHead(port, now_ns, endpoint)) {
            // A reply goes to a transfer that waits for it before the next request is taken, which might replace it.
            if (endpoint == .commands) while (settleHead(port, now_ns, .replies)) {};
            if (endpoint == .events) break;
        }
        var next = port.queues.getPtr(endpoint).first;
        while (next) |node| {
            next = node.next;
            const cell: *Cell = .at(node);
            if (cell.deadline_ns) |deadline_ns| if (now_ns >= deadline_ns) endEarly(cell, now_ns, .timed_out);
        }
    }
    if (!port.camera.present) port.bus.unplug(port);
    return port.bus.transfers_pending != before;
}

/// False where the queue is empty, or its head stays pending.
fn settleHead(port: *Port, now_ns: u64, endpoint: Endpoint) bool {
    const cell: *Cell = .at(port.queues.getPtr(endpoint).first orelse return false);
    return settle(cell, ask(port.camera, cell, now_ns));
}

/// When `progress` may end another transfer; null where that is not a matter of time.
pub fn nextProgress(port: *const Port, with_events: bool) ?u64 {
    var soonest: u64 = std.math.maxInt(u64);
    for (std.enums.values(Endpoint)) |endpoint| {
        if (endpoint == .events and !with_events) continue;
        const queue = port.queues.getPtrConst(endpoint);
        if (queue.first) |node| {
            const length: usize = @intCast(Cell.at(node).transfer.length);
            soonest = @min(soonest, port.camera.readyAt(endpoint, length) orelse soonest);
        }
        var next = queue.first;
        while (next) |node| : (next = node.next) soonest = @min(soonest, Cell.at(node).deadline_ns orelse soonest);
    }
    return if (soonest == std.math.maxInt(u64)) null else soonest;
}

/// Ends every transfer of a port that is gone.
pub fn endAll(port: *Port) void {
    for (std.enums.values(Endpoint)) |endpoint| {
        while (port.queues.getPtr(endpoint).first) |node| end(.at(node), .no_device, 0);
    }
    port.bus.lock.changed();
}

/// Drops the transfers of a handle that is being closed.
pub fn forget(handle: *Handle) void {
    for (std.enums.values(Endpoint)) |endpoint| {
        var next = handle.port.queues.getPtr(endpoint).first;
        while (next) |node| {
            next = node.next;
            const cell: *Cell = .at(node);
            if (cell.handle != handle) continue;
            leaveQueue(cell);
            cell.state = .idle;
        }
    }
    var next = handle.context.ended.first;
    while (next) |node| {
        next = node.next;
        const cell: *Cell = .at(node);
        if (cell.handle != handle) continue;
        handle.context.ended.remove(node);
        if (cell.endpoint == .events) handle.port.bus.bytes_uncollected += @intCast(cell.transfer.actual_length);
        cell.state = .idle;
    }
}

fn ask(camera: *camera_module.Camera, cell: *Cell, now_ns: u64) camera_module.Outcome {
    const buffer = cell.buffer();
    return switch (cell.endpoint) {
        .control => control: {
            const setup: camera_module.Setup = .of(buffer[0..usb.control_setup_size]);
            const data = buffer[usb.control_setup_size..];
            break :control camera.control(now_ns, setup, data[0..@min(data.len, setup.length)]);
        },
        .commands => camera.write(now_ns, cell.endpoint, buffer),
        .replies, .events => camera.read(now_ns, cell.endpoint, buffer),
    };
}

/// False when the transfer stays pending.
fn settle(cell: *Cell, outcome: camera_module.Outcome) bool {
    switch (outcome) {
        .pending => return false,
        .done => |length| {
            const flags: usb.TransferFlags = @bitCast(cell.transfer.flags);
            const setup: usize = if (cell.endpoint == .control) usb.control_setup_size else 0;
            const expected = cell.buffer().len - setup;
            end(cell, if (flags.short_not_ok and length < expected) .@"error" else .completed, length);
        },
        .stall => |length| end(cell, .stall, length),
        .protocol_error => |length| end(cell, .@"error", length),
        .overflow => |length| end(cell, .overflow, length),
        .gone => end(cell, .no_device, 0),
    }
    return true;
}

/// Ends a transfer that was cancelled or has timed out. The head of a queue may have received bytes already, and keeps
/// them.
fn endEarly(cell: *Cell, now_ns: u64, status: usb.TransferStatus) void {
    const port = cell.handle.port;
    const head = port.queues.get(cell.endpoint).first == &cell.node;
    const length = if (head) port.camera.readPartial(now_ns, cell.endpoint, cell.buffer()) else 0;
    end(cell, status, length);
}

fn end(cell: *Cell, status: usb.TransferStatus, length: usize) void {
    leaveQueue(cell);
    cell.transfer.status = status;
    cell.transfer.actual_length = @intCast(length);
    cell.state = .ended;
    if (!cell.synchronous) cell.handle.context.ended.append(&cell.node);
    cell.handle.port.bus.lock.changed();
}

fn leaveQueue(cell: *Cell) void {
    const port = cell.handle.port;
    port.queues.getPtr(cell.endpoint).remove(&cell.node);
    port.memory_bytes -= cell.charged_bytes;
    if (cell.endpoint == .events) port.event_room_bytes -= @intCast(cell.transfer.length);
    port.bus.transfers_pending -= 1;
}
