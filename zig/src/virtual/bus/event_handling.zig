//! Waiting: for events with callbacks (the asynchronous interface of libusb), and for single transfers (the
//! synchronous one).

const std = @import("std");
const usb = @import("../../usb_abi.zig");
const clock = @import("../../system/clock.zig");
const heap = @import("../../system/heap.zig");
const transfers = @import("transfers.zig");
const bus_module = @import("bus.zig");
const Bus = bus_module.Bus;
const Context = bus_module.Context;
const Port = bus_module.Port;
const Handle = bus_module.Handle;
const Cell = transfers.Cell;
const ErrorCode = usb.ErrorCode;

/// The most callbacks in one round of event handling, as in libusb for Linux.
const callbacks_per_round = 25;

/// This thread is inside a callback, where libusb refuses synchronous transfers.
threadlocal var inside_callback = false;

/// Returns after callbacks, after an interruption, at the timeout, or when `completed` points to a nonzero value.
pub fn handle(bus: *Bus, given: ?*Context, timeout_ns: u64, completed: ?*const c_int) ErrorCode {
    bus.lock.acquire();
    defer bus.lock.release();
    if (bus.failing(null, .libusb_handle_events_timeout_completed)) |code| return code;
    const context = bus.contextOf(given) orelse return .invalid_param;
    const until_ns = clock.monotonicNs() +| timeout_ns;
    while (context.handling) { // one thread at a time, so that callbacks come in order
        if (isSet(completed) or clock.monotonicNs() >= until_ns) return .success;
        bus.lock.wait(until_ns);
    }
    context.handling = true;
    defer {
        context.handling = false;
        bus.lock.changed();
    }
    while (!isSet(completed)) {
        if (callBack(bus, context)) break;
        if (context.interrupted) {
            context.interrupted = false;
            break;
        }
        const now_ns = clock.monotonicNs();
        if (now_ns >= until_ns) break;
        bus.lock.wait(@min(until_ns, nextProgress(context) orelse until_ns));
    }
    return .success;
}

pub fn interrupt(bus: *Bus, given: ?*Context) void {
    bus.lock.acquire();
    defer bus.lock.release();
    const context = bus.contextOf(given) orelse return;
    context.interrupted = true;
    bus.lock.changed();
}

/// Calls the callbacks of transfers that have ended or end now. The lock is released meanwhile. False where there were
/// none.
fn callBack(bus: *Bus, context: *Context) bool {
    var called: usize = 0;
    while (called < callbacks_per_round) : (called += 1) {
        if (context.ended.first == null) progressAll(context);
        const node = context.ended.popFirst() orelse break;
        const cell: *Cell = .at(node);
        const transfer = &cell.transfer;
        const flags: usb.TransferFlags = @bitCast(transfer.flags);
        cell.state = .idle;
        if (transfer.callback) |callback| {
            bus.lock.release();
            inside_callback = true;
            callback(transfer); // may submit it again or free it
            inside_callback = false;
            bus.lock.acquire();
        }
        if (flags.free_transfer) free(bus, transfer);
    }
    return called > 0;
}

fn progressAll(context: *Context) void {
    var next = context.handles.first;
    while (next) |node| {
        next = node.next;
        const port = Handle.at(node).port;
        if (makeContent(port)) return; // the lock was released: the list may have changed
        _ = transfers.progress(port, clock.monotonicNs(), true);
    }
}

fn nextProgress(context: *Context) ?u64 {
    var soonest: ?u64 = null;
    var next = context.handles.first;
    while (next) |node| : (next = node.next) {
        const port = Handle.at(node).port;
        const at_ns = transfers.nextProgress(port, true) orelse continue;
        soonest = @min(soonest orelse at_ns, at_ns);
    }
    return soonest;
}

/// Submits a transfer, waits for its end and returns the result. Under the lock, which is released while it waits.
pub fn run(bus: *Bus, owner: *Handle, cell: *Cell) ErrorCode {
    if (inside_callback) return .busy;
    const port = owner.port;
    const with_events = port.camera.endpointOf(cell.transfer.endpoint) == .events;
    cell.synchronous = true;
    const submitted = transfers.submit(cell, owner, clock.monotonicNs());
    if (submitted != .success) return submitted;
    port.references += 1;
    defer bus.release(port);
    while (true) {
        const progressed = transfers.progress(port, clock.monotonicNs(), with_events);
        if (cell.state != .pending) break;
        if (!progressed) bus.lock.wait(transfers.nextProgress(port, with_events));
        if (cell.state != .pending) break;
    }
    _ = makeContent(port);
    return switch (cell.transfer.status) {
        .completed => .success,
        .timed_out => .timeout,
        .stall => .pipe,
        .no_device => .no_device,
        .overflow => .overflow,
        else => .io,
    };
}

/// Makes the content of a started camera without the lock, as it takes a tenth of a second. False where there was
/// nothing to do.
fn makeContent(port: *Port) bool {
    if (port.making_content or !port.camera.wantsContent()) return false;
    const bus = port.bus;
    port.making_content = true;
    port.references += 1;
    bus.lock.release();
    const made = port.camera.makeContent();
    bus.lock.acquire();
    port.making_content = false;
    if (made) {
        port.camera.installContent(clock.monotonicNs());
    } else |_| bus.unplug(port);
    bus.release(port);
    bus.lock.changed();
    return true;
}

pub fn allocate(bus: *Bus) ?*usb.Transfer {
    bus.lock.acquire();
    defer bus.lock.release();
    if (bus.failing(null, .libusb_alloc_transfer) != null) return null;
    const cell = bus.allocator.create(Cell) catch return null;
    cell.* = .{ .transfer = std.mem.zeroes(usb.Transfer) };
    bus.transfers_allocated += 1;
    return &cell.transfer;
}

/// Under the lock.
pub fn free(bus: *Bus, transfer: *usb.Transfer) void {
    const cell: *Cell = .of(transfer);
    const flags: usb.TransferFlags = @bitCast(transfer.flags);
    if (flags.free_buffer) heap.freeOfC(transfer.buffer);
    bus.transfers_allocated -= 1;
    bus.allocator.destroy(cell);
}

fn isSet(completed: ?*const c_int) bool {
    return if (completed) |flag| @atomicLoad(c_int, flag, .acquire) != 0 else false;
}
