//! A recorder: writes what a stream receives to a file, and beside it the receipt of that.
//!
//!     stream ──tap──▶ byte queue ──▶ writer thread ──▶ file ──▶ counter ──▶ the receipt's lines
//!
//! Writing comes first: what is written is read back, decoded, counted and hashed by a thread that runs when the
//! processor has nothing else to do. So a program that is killed has lost little of the file, however busy the machine
//! is, and the receipt follows.
//!
//! The stream's thread only copies bytes into the queue. So a slow disk delays nothing: what the queue has no room for is
//! lost to the recording, counted and marked. The file is whole words at any moment.

const std = @import("std");
const abi = @import("../abi.zig");
const clock = @import("../system/clock.zig");
const byte_queue = @import("byte_queue.zig");
const decoder_module = @import("../decoder/decoder.zig");
const file_lock = @import("../system/file_lock.zig");
const Account = @import("account.zig").Account;
const Counter = @import("counter.zig").Counter;
const End = @import("receipt_lines.zig").End;
const InputFile = @import("../system/input_file.zig").InputFile;
const OutputFile = @import("../system/output_file.zig").OutputFile;
const Progress = @import("progress.zig").Progress;
const Tap = @import("../ring/tap.zig").Tap;
const Writer = @import("writer.zig").Writer;

const io = clock.io;

pub const Options = @import("options.zig").Options;
pub const Refused = @import("options.zig").Refused;

pub const Recorder = struct {
    allocator: std.mem.Allocator,
    tap: Tap = .{ .functions = &tap_functions },
    /// The stream knows the tap.
    attached: std.atomic.Value(bool) = .init(false),
    queue: byte_queue.ByteQueue,
    counter: *Counter,
    progress: Progress,
    writer: Writer,
    /// The writer thread and the handle: the last one frees the recorder.
    parties: std.atomic.Value(u8) = .init(2),

    pub const OpenError = error{ OutOfMemory, ThreadUnavailable, Refused };

    /// Makes the files and starts the writer thread. The caller attaches the tap. On `Refused`, `refused` says why; no file
    /// that was made stays.
    pub fn open(allocator: std.mem.Allocator, options: *const Options, refused: *Refused) OpenError!*Recorder {
        const recorder = try allocator.create(Recorder);
        errdefer allocator.destroy(recorder);
        const pause_ns = decoder_module.halfWrapUs(options.format) * std.time.ns_per_us;
        var queue: byte_queue.ByteQueue = try .init(allocator, options.buffer_length, pause_ns);
        errdefer queue.deinit(allocator);
        const counter = try makeCounter(allocator, options);
        errdefer counter.letGo();
        const receipt_file = try makeReceipt(options, refused);
        errdefer receipt_file.discard(options.receipt_path);
        const file = try make(options.path, options.overwrite, false, refused);
        errdefer file.discard(options.path);
        // By another name of the file, as a link, it may be recorded with another receipt.
        if (file.isSeekable()) try lock(file, refused);
        // Only now: where the receipt cannot be made, a recording that was there stays.
        for ([_]OutputFile{ file, receipt_file }) |each| if (each.existed) each.cut(0);
        const now_ns = clock.monotonicNs();
        if (options.maximum_ns > 0) queue.end_ns = now_ns + options.maximum_ns;
        recorder.* = .{
            .allocator = allocator,
            .queue = queue,
            .counter = counter,
            .progress = .{ .started_ns = now_ns },
            .writer = .{
                .queue = &recorder.queue,
                .progress = &recorder.progress,
                .counter = counter,
                .bytes_before = &recorder.tap.bytes_before,
                .file = file,
                .receipt = .{ .file = receipt_file },
                .words = .init(options.format, counter.account.decoder.wordSize()),
                .position = options.header.len,
                .maximum_bytes = if (options.maximum_bytes == 0) std.math.maxInt(u64) else options.maximum_bytes,
            },
        };
        try recorder.start(options, refused);
        return recorder;
    }

    fn makeCounter(allocator: std.mem.Allocator, options: *const Options) error{OutOfMemory}!*Counter {
        var account: Account = try .init(allocator, .init(options.format, options.width, options.height));
        errdefer account.deinit(allocator);
        return Counter.create(allocator, account);
    }

    /// How the writer thread begins.
    const Beginning = struct { options: *const Options, refused: ?Refused = null, done: std.Io.Event = .unset };

    /// Starts the writer thread, and waits until it has written what both files begin with: only there a write beyond a
    /// limit ends no process.
    fn start(recorder: *Recorder, options: *const Options, refused: *Refused) OpenError!void {
        var beginning: Beginning = .{ .options = options };
        const thread = std.Thread.spawn(.{ .stack_size = 1 << 20 }, run, .{ recorder, &beginning }) catch
            return error.ThreadUnavailable;
        beginning.done.waitUncancelable(io);
        if (beginning.refused) |told| {
            thread.join();
            refused.* = told;
            return error.Refused;
        }
        thread.setName(io, "nd_recorder") catch {}; // for debuggers and `top`
        thread.detach();
    }

    fn run(recorder: *Recorder, beginning: *Beginning) void {
        const refused = recorder.writer.begin(beginning.options);
        beginning.refused = refused;
        beginning.done.set(io); // it may be gone now
        if (refused != null) return;
        recorder.writer.run();
        recorder.letGo();
    }

    /// Makes and locks the receipt, before anything of the recording is touched: who has the lock may make both files, empty
    /// them, and remove them again. The lock ends with the receipt, so with all that is to be written.
    fn makeReceipt(options: *const Options, refused: *Refused) error{Refused}!OutputFile {
        const receipt_file = make(options.receipt_path, options.overwrite, true, refused) catch {
            // Where both are there, the recording is what the program has named.
            if (refused.failed.failure == .exists and isThere(options.path)) refused.is_receipt = false;
            return error.Refused;
        };
        // Another recorder may have opened and locked it in this moment, also where it was made here: it stays.
        errdefer _ = receipt_file.close();
        try lock(receipt_file, refused);
        return receipt_file;
    }

    fn isThere(path: [*:0]const u8) bool {
        const file = InputFile.open(path) orelse return false;
        file.close();
        return true;
    }

    fn lock(file: OutputFile, refused: *Refused) error{Refused}!void {
        if (file_lock.lock(file)) return;
        refused.* = .{ .is_receipt = false, .failed = .{ .failure = .in_use, .code = 0 } };
        return error.Refused;
    }

    fn make(path: [*:0]const u8, overwrite: bool, is_receipt: bool, refused: *Refused) error{Refused}!OutputFile {
        switch (OutputFile.create(path, overwrite)) {
            .file => |file| return file,
            .failed => |failed| {
                refused.* = .{ .is_receipt = is_receipt, .failed = failed };
                return error.Refused;
            },
        }
    }

    // What other threads do

    /// Takes nothing in any more; what waits is still written, and counted. The first reason stays.
    pub fn stop(recorder: *Recorder, reason: End) void {
        recorder.progress.tellEnd(reason);
        recorder.queue.close();
    }

    /// Loses what waits, so that the file is complete soon.
    pub fn abandon(recorder: *Recorder) void {
        recorder.stop(.closed);
        recorder.queue.abandon();
    }

    /// False where all was not written and counted in time.
    pub fn wait(recorder: *Recorder, timeout_ms: u32) bool {
        return recorder.progress.wait(timeout_ms);
    }

    pub fn statistics(recorder: *Recorder, out: *abi.RecorderStatistics) void {
        const queue = recorder.queue.state();
        out.* = recorder.progress.statistics(recorder.counter.counted.get());
        if (out.end != 0) return;
        // The counter may be behind, and a disk that hangs publishes nothing.
        out.queued_bytes = @floatFromInt(queue.bytes);
        out.dropped_transfers = @floatFromInt(queue.lost.transfers);
        out.dropped_bytes = @floatFromInt(queue.lost.bytes);
    }

    /// Of the handle, and of the writer thread.
    pub fn letGo(recorder: *Recorder) void {
        if (recorder.parties.fetchSub(1, .acq_rel) > 1) return;
        const allocator = recorder.allocator;
        recorder.queue.deinit(allocator);
        recorder.counter.letGo();
        allocator.destroy(recorder);
    }

    const tap_functions: Tap.Functions = .{ .bytes = onBytes, .lost = onLost, .ended = onEnd, .detached = onDetached };

    fn onBytes(tap: *Tap, bytes: []const u8, now_ns: u64) void {
        of(tap).queue.put(bytes, now_ns);
    }

    fn onLost(tap: *Tap, length: u32) void {
        of(tap).queue.lose(length);
    }

    fn onEnd(tap: *Tap, reason: abi.EndReason) void {
        of(tap).stop(switch (reason) {
            .running, .closed => .closed,
            .disconnected => .disconnected,
            .io => .io,
        });
    }

    fn onDetached(tap: *Tap) void {
        of(tap).attached.store(false, .release);
    }

    fn of(tap: *Tap) *Recorder {
        return @fieldParentPtr("tap", tap);
    }
};
