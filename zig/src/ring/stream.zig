//! A stream: transfers that fill the ring (incoming.zig), the reader thread that keeps them going (reader_thread.zig), and
//! the threads that wait for raw packets (waiting.zig).
//!
//! The reader thread only lets libusb handle events. The callback of a completed transfer puts its slot into the queue
//! of filled slots, takes a free slot and submits the transfer again at once. It never waits for a consumer. Without a
//! free slot it submits the transfer on the slot that it has, and counts the bytes in it as lost: the bus never
//! starves.
//!
//! One mutex guards everything but the consumer's own part (reader.zig). libusb's submit and cancel are called under
//! it. That is sound, because libusb calls back without a lock that these two need.

const std = @import("std");
const usb = @import("../usb_abi.zig");
const abi = @import("../abi.zig");
const clock = @import("../system/clock.zig");
const Level = @import("../system/thread_priority.zig").Level;
const libusb_functions = @import("libusb.zig");
const Libusb = libusb_functions.Libusb;
const Notifier = @import("notifier.zig").Notifier;
const IdleScan = @import("idle.zig").IdleScan;
const reader_thread = @import("reader_thread.zig");
const Slots = @import("slots.zig").Slots;
const Reader = @import("reader.zig").Reader;
const dma = @import("dma.zig");
const Taps = @import("tap.zig").Taps;
const onTransfer = @import("incoming.zig").onTransfer;
const Totals = @import("statistics.zig").Totals;
const TransferQueue = @import("transfer_queue.zig").TransferQueue;
const Waiting = @import("waiting.zig").Waiting;

const io = clock.io;

/// How long cancelled transfers may take to come back before they are given up (and leaked, not freed).
pub const cancel_limit_ns = 500 * std.time.ns_per_ms;
const no_mem = @backingInt(usb.ErrorCode.no_mem);
const no_device = @backingInt(usb.ErrorCode.no_device);

pub const Options = struct {
    endpoint: u8,
    format: abi.Format,
    buffer_length: u31,
    ring_length: u32,
    transfer_queue_length: u32,
    allow_dma: bool,
    /// Of the reader thread.
    stack_size: usize = 2 << 20,
};

pub const Stream = struct {
    allocator: std.mem.Allocator,
    libusb: Libusb,
    context: *libusb_functions.Context,
    device: *libusb_functions.DeviceHandle,
    options: Options,

    mutex: std.Io.Mutex = .init,
    slots: Slots,
    queue: TransferQueue,
    dma_slots: u32 = 0,
    halted: bool = false,
    failures_in_a_row: usize = 0,
    end_reason: abi.EndReason = .running,
    /// When the transfers were cancelled because of the end.
    cancelled_ns: ?u64 = null,
    /// The reader thread has ended: no slot will be filled any more.
    finished: bool = false,
    /// Transfers were given up, and libusb may still use them.
    abandoned: bool = false,
    waiting: Waiting,
    /// A transfer has come back.
    returned: std.Io.Condition = .init,
    idle_scan: IdleScan,
    taps: Taps = .{},
    totals: Totals = .{},
    /// What the system gives the reader thread.
    reader_priority: Level = .usual,

    thread: ?std.Thread = null,
    /// Held by the thread that waits for the reader thread's end.
    stopping: std.Io.Mutex = .init,
    reader: Reader = .{},

    pub const OpenError = error{ OutOfMemory, LibusbUnavailable, SubmitFailed, ThreadUnavailable };

    /// Submits the transfers and starts the reader thread. On `SubmitFailed`, `libusb_error` says why.
    pub fn open(
        allocator: std.mem.Allocator,
        libusb: Libusb,
        context: *libusb_functions.Context,
        device: *libusb_functions.DeviceHandle,
        options: Options,
        libusb_error: *c_int,
    ) OpenError!*Stream {
        const stream = try prepare(allocator, libusb, context, device, options, libusb_error);
        errdefer stream.giveUp();
        if (stream.queue.wanted == 0) return error.SubmitFailed;
        stream.thread = try reader_thread.spawn(stream);
        return stream;
    }

    /// Closes a stream without a reader thread: its transfers are drained on this thread.
    fn giveUp(stream: *Stream) void {
        stream.end(.closed);
        reader_thread.run(stream, null);
        stream.shutdown();
        stream.destroy();
    }

    /// A stream whose transfers are submitted, without a reader thread: the caller handles events and calls `step`.
    pub fn prepare(
        allocator: std.mem.Allocator,
        libusb: Libusb,
        context: *libusb_functions.Context,
        device: *libusb_functions.DeviceHandle,
        options: Options,
        libusb_error: *c_int,
    ) OpenError!*Stream {
        const stream = try allocator.create(Stream);
        errdefer allocator.destroy(stream);
        const warm_limit = 2 * @as(usize, options.transfer_queue_length);
        stream.* = .{
            .allocator = allocator,
            .libusb = libusb,
            .context = context,
            .device = device,
            .options = options,
            .slots = try .init(allocator, options.ring_length, options.buffer_length, warm_limit),
            .queue = undefined, // below: it needs the slots
            .waiting = .init(options.ring_length, options.transfer_queue_length),
            .idle_scan = .{ .format = options.format },
        };
        errdefer stream.slots.deinit(allocator);
        if (options.allow_dma) stream.dma_slots =
            dma.allocate(&stream.slots, libusb, device, options.buffer_length, options.transfer_queue_length);
        errdefer dma.free(&stream.slots, libusb, device, options.buffer_length);
        stream.queue = try .init(allocator, .{
            .libusb = libusb,
            .device = device,
            .endpoint = options.endpoint,
            .buffer_length = options.buffer_length,
            .callback = onTransfer,
            .owner = stream,
        }, options.transfer_queue_length, &stream.slots);
        errdefer stream.queue.deinit(allocator);

        stream.mutex.lockUncancelable(io);
        defer stream.mutex.unlock(io);
        libusb_error.* = stream.submitMissing();
        if (stream.queue.in_flight == 0) return error.SubmitFailed;
        if (libusb_error.* == no_mem) stream.queue.leaveRoom();
        return stream;
    }

    /// Cancels the transfers and ends the reader thread. Raw packets that were received can still be read.
    pub fn stop(stream: *Stream) void {
        stream.end(.closed);
        stream.stopping.lockUncancelable(io);
        defer stream.stopping.unlock(io);
        const thread = stream.thread orelse return;
        stream.libusb.interrupt_event_handler(stream.context);
        thread.join();
        stream.thread = null;
    }

    /// Stops, and gives back everything of libusb's. The ring lives on for calls that are still inside.
    pub fn shutdown(stream: *Stream) void {
        stream.stop();
        // A read that is under way finishes. No read begins after it, since the handle is dead.
        while (!stream.reader.enter()) std.Thread.yield() catch {};
        stream.mutex.lockUncancelable(io);
        defer stream.mutex.unlock(io);
        stream.abandoned = stream.queue.in_flight > 0;
        if (!stream.abandoned) {
            stream.queue.deinit(stream.allocator);
            dma.free(&stream.slots, stream.libusb, stream.device, stream.options.buffer_length);
        }
        stream.taps.removeAll();
        stream.waiting.closeNotifier();
    }

    /// Frees the memory. `shutdown` came before, and no call is inside any more.
    pub fn destroy(stream: *Stream) void {
        stream.waiting.closeNotifier(); // opened by a call that overlapped the shutdown
        // A transfer that has not come back may still do so, and then libusb uses its slot and the stream: both are
        // leaked and not freed.
        if (stream.abandoned) return;
        const allocator = stream.allocator;
        stream.slots.deinit(allocator);
        allocator.destroy(stream);
    }

    // Waiting

    pub const WaitResult = enum { ready, ended, timeout };

    /// Without a timeout it only looks: a wait whose time is over at once would cost a switch to another thread.
    pub fn wait(stream: *Stream, timeout_ms: u32) WaitResult {
        const deadline = clock.timeoutMs(timeout_ms).toDeadline(io);
        stream.mutex.lockUncancelable(io);
        defer stream.mutex.unlock(io);
        while (true) {
            if (stream.readable()) return .ready;
            if (stream.finished) return .ended;
            if (timeout_ms == 0) return .timeout;
            stream.waiting.changed.waitTimeout(io, &stream.mutex, deadline) catch return .timeout;
        }
    }

    /// Opens the pipe, at the first call. Returns its read end, which belongs to the stream where `keep` is set, else to
    /// the caller. Another call changes that.
    pub fn openNotifier(stream: *Stream, keep: bool, kind: Notifier.Kind) error{ Unsupported, OutOfMemory }!std.c.fd_t {
        stream.mutex.lockUncancelable(io);
        defer stream.mutex.unlock(io);
        if (stream.waiting.notifier == null) stream.waiting.notifier = try .open(kind);
        const notifier = &stream.waiting.notifier.?;
        notifier.keeps = keep;
        return notifier.read_end;
    }

    /// The thread that read the pipe has ended.
    pub fn adoptNotifier(stream: *Stream) void {
        stream.mutex.lockUncancelable(io);
        defer stream.mutex.unlock(io);
        if (stream.waiting.notifier) |*notifier| notifier.adopt();
    }

    pub fn arm(stream: *Stream) error{NoNotifier}!void {
        stream.mutex.lockUncancelable(io);
        defer stream.mutex.unlock(io);
        const notifier = if (stream.waiting.notifier) |*notifier| notifier else return error.NoNotifier;
        notifier.armed = true;
        if (stream.readable() or stream.finished) notifier.notify();
    }

    /// There is a raw packet that is not held back. Under the mutex.
    pub fn readable(stream: *const Stream) bool {
        return stream.reader.holdsSlot() or (stream.slots.filled.count > 0 and !stream.waiting.holding);
    }

    pub const statistics = @import("statistics.zig").read;

    /// How many raw packets are received and not read to their end. Under the mutex.
    pub fn backlog(stream: *const Stream) usize {
        return stream.slots.filled.count + @intFromBool(stream.reader.holdsSlot());
    }

    /// How many transfers should be with libusb and are not, because libusb refuses them. Under the mutex.
    pub fn missing(stream: *const Stream) usize {
        // A halted endpoint takes no transfers until the halt is cleared, and a stream that ends wants none.
        if (stream.halted or stream.end_reason != .running) return 0;
        return stream.queue.transfers.len - stream.queue.in_flight;
    }

    // Transfers

    /// Returns the first error. Under the mutex.
    fn submitMissing(stream: *Stream) c_int {
        return stream.heed(stream.queue.submitMissing(&stream.slots));
    }

    /// Ends the stream where submitting tells that the device is gone. Under the mutex.
    pub fn heed(stream: *Stream, result: c_int) c_int {
        if (result == no_device) stream.setEnd(.disconnected);
        return result;
    }

    // The end, and the reader thread

    pub fn end(stream: *Stream, reason: abi.EndReason) void {
        stream.mutex.lockUncancelable(io);
        defer stream.mutex.unlock(io);
        stream.setEnd(reason);
    }

    /// The first reason stays. Under the mutex.
    pub fn setEnd(stream: *Stream, reason: abi.EndReason) void {
        if (stream.end_reason == .running) stream.end_reason = reason;
    }

    /// The work between two rounds of event handling; false when the thread may end, by `finish`.
    pub fn step(stream: *Stream, now_ns: u64) bool {
        // Not under the mutex: clear_halt is a control transfer and handles events.
        const cleared = if (stream.mustClearHalt())
            stream.libusb.clear_halt(stream.device, stream.options.endpoint)
        else
            null;
        stream.mutex.lockUncancelable(io);
        defer stream.mutex.unlock(io);
        if (cleared) |result| {
            if (result == 0) stream.halted = false else stream.setEnd(endOf(result));
        }
        stream.waiting.tick(stream.slots.filled.count, now_ns);
        if (stream.end_reason == .running) {
            if (!stream.halted and stream.queue.in_flight < stream.queue.wanted) {
                const result = stream.submitMissing();
                if (stream.queue.in_flight == 0) stream.setEnd(endOf(result));
            }
            // A halt is cleared when no transfer waits on the endpoint. Not every system sends them back without this.
            if (stream.halted) stream.queue.cancelAll();
            if (stream.end_reason == .running) return true;
        }
        if (stream.queue.in_flight == 0) return false;
        const since_ns = stream.cancelled_ns orelse now_ns;
        if (now_ns - since_ns >= cancel_limit_ns) return false;
        stream.cancelled_ns = since_ns;
        // In each round: a cancellation may have failed, or a callback may have submitted its transfer again.
        stream.queue.cancelAll();
        return true;
    }

    /// No slot will be filled any more: wakes all threads that wait.
    pub fn finish(stream: *Stream) void {
        stream.mutex.lockUncancelable(io);
        defer stream.mutex.unlock(io);
        stream.finished = true;
        stream.taps.end(stream.end_reason);
        stream.waiting.wake();
    }

    /// All transfers of a halted endpoint have come back. The caller does not hold the mutex.
    fn mustClearHalt(stream: *Stream) bool {
        stream.mutex.lockUncancelable(io);
        defer stream.mutex.unlock(io);
        return stream.halted and stream.queue.in_flight == 0 and stream.end_reason == .running;
    }

    fn endOf(libusb_error: c_int) abi.EndReason {
        return if (libusb_error == no_device) .disconnected else .io;
    }
};
