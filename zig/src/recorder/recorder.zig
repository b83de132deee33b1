//! A recorder: writes what a stream receives to a file, and beside it the receipt of that.
//!
//!     stream ──tap──▶ byte queue ──▶ writer thread ──▶ file, then the receipt's lines
//!
//! Writing comes first: what is written is decoded, counted and hashed while no other bytes wait. So a program that is
//! killed has lost little of the file, however busy the machine is, and the receipt follows.
//!
//! The stream's thread only copies bytes into the queue. So a slow disk delays nothing: what the queue has no room for is
//! lost to the recording, counted and marked. The file is whole words at any moment.

const std = @import("std");
const abi = @import("../abi.zig");
const clock = @import("../system/clock.zig");
const output_file = @import("../system/output_file.zig");
const byte_queue = @import("byte_queue.zig");
const decoder_module = @import("../decoder/decoder.zig");
const Account = @import("account.zig").Account;
const End = @import("receipt_lines.zig").End;
const Receipt = @import("receipt_file.zig").Receipt;
const Tap = @import("../ring/tap.zig").Tap;
const Words = @import("words.zig").Words;
const Written = @import("written.zig").Written;

const io = clock.io;
const OutputFile = output_file.OutputFile;

pub const Options = @import("options.zig").Options;
pub const Refused = @import("options.zig").Refused;

pub const Recorder = struct {
    allocator: std.mem.Allocator,
    tap: Tap = .{ .functions = &tap_functions },
    /// The stream knows the tap.
    attached: std.atomic.Value(bool) = .init(false),
    queue: byte_queue.ByteQueue,
    file: OutputFile,
    receipt: Receipt,
    account: Account,
    words: Words,
    /// Bytes of the file.
    position: u64,
    written: Written,
    maximum_bytes: u64,

    /// A loss before the next bytes, which its lines wait for.
    missing: byte_queue.Mark = .{},
    started_ns: u64,
    /// What the writer thread ended with, which counts more than what it was told.
    own_end: End = .running,
    failed: output_file.Error = .{ .failure = .none, .code = 0 },

    /// Guards what other threads see.
    mutex: std.Io.Mutex = .init,
    changed: std.Io.Condition = .init,
    told_end: End = .running,
    published: abi.RecorderStatistics = std.mem.zeroes(abi.RecorderStatistics),
    finished: bool = false,
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
        var account: Account = try .init(allocator, .init(options.format, options.width, options.height));
        errdefer account.deinit(allocator);
        const written: Written = try .init(allocator, queue.free.len);
        errdefer written.deinit(allocator);
        const file = try make(options.path, options.overwrite, false, refused);
        errdefer file.discard(options.path);
        const receipt_file = try make(options.receipt_path, options.overwrite, true, refused);
        errdefer receipt_file.discard(options.receipt_path);
        // Only now: where the receipt cannot be made, a recording that was there stays.
        for ([_]OutputFile{ file, receipt_file }) |each| if (each.existed) each.cut(0);
        recorder.* = .{
            .allocator = allocator,
            .queue = queue,
            .file = file,
            .receipt = .{ .file = receipt_file },
            .words = .init(options.format, account.decoder.wordSize()),
            .account = account,
            .position = options.header.len,
            .written = written,
            .maximum_bytes = if (options.maximum_bytes == 0) std.math.maxInt(u64) else options.maximum_bytes,
            .started_ns = clock.monotonicNs(),
        };
        if (options.maximum_ns > 0) recorder.queue.end_ns = recorder.started_ns + options.maximum_ns;
        try recorder.start(options, refused);
        return recorder;
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

    /// Takes nothing in any more; what waits is still written. The first reason stays.
    pub fn stop(recorder: *Recorder, reason: End) void {
        {
            recorder.mutex.lockUncancelable(io);
            defer recorder.mutex.unlock(io);
            if (recorder.told_end == .running) recorder.told_end = reason;
        }
        recorder.queue.close();
    }

    /// Loses what waits, so that the writer thread ends soon.
    pub fn abandon(recorder: *Recorder) void {
        recorder.stop(.closed);
        recorder.queue.abandon();
    }

    /// False where all was not written in time.
    pub fn wait(recorder: *Recorder, timeout_ms: u32) bool {
        const deadline = clock.timeoutMs(timeout_ms).toDeadline(io);
        recorder.mutex.lockUncancelable(io);
        defer recorder.mutex.unlock(io);
        while (!recorder.finished) {
            recorder.changed.waitTimeout(io, &recorder.mutex, deadline) catch return recorder.finished;
        }
        return true;
    }

    pub fn statistics(recorder: *Recorder, out: *abi.RecorderStatistics) void {
        const queue = recorder.queue.state();
        recorder.mutex.lockUncancelable(io);
        defer recorder.mutex.unlock(io);
        out.* = recorder.published;
        if (recorder.finished) return;
        // A disk that hangs publishes nothing.
        out.elapsed_ms = recorder.elapsedMs();
        out.queued_bytes = @floatFromInt(queue.bytes);
        out.dropped_transfers = @floatFromInt(queue.lost.transfers);
        out.dropped_bytes = @floatFromInt(queue.lost.bytes);
    }

    /// Of the handle, and of the writer thread.
    pub fn letGo(recorder: *Recorder) void {
        if (recorder.parties.fetchSub(1, .acq_rel) > 1) return;
        const allocator = recorder.allocator;
        recorder.queue.deinit(allocator);
        recorder.account.deinit(allocator);
        recorder.written.deinit(allocator);
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

    // The writer thread

    fn run(recorder: *Recorder, beginning: *Beginning) void {
        output_file.ignoreSignalsOfWrites();
        const refused = recorder.begin(beginning.options);
        beginning.refused = refused;
        beginning.done.set(io); // it may be gone now
        if (refused != null) return;
        while (recorder.own_end == .running) {
            const next = if (recorder.written.isEmpty()) recorder.queue.take() else recorder.queue.takeNow();
            if (next) |chunk| recorder.write(chunk) else recorder.tell(recorder.written.pop() orelse break);
        }
        recorder.queue.close();
        while (recorder.written.pop()) |part| recorder.tell(part);
        recorder.finish();
        recorder.letGo();
    }

    fn begin(recorder: *Recorder, options: *const Options) ?Refused {
        const written = recorder.file.write(options.header);
        if (written.failed.failure != .none) return .{ .is_receipt = false, .failed = written.failed };
        const started = recorder.receipt.begin(options.start_line);
        if (started.failed.failure != .none) return .{ .is_receipt = true, .failed = started.failed };
        recorder.account.addHeader(options.header, &recorder.receipt.lines);
        recorder.publish();
        return null;
    }

    /// Appends the whole words of a chunk to the file.
    fn write(recorder: *Recorder, chunk: byte_queue.Chunk) void {
        if (chunk.mark.hasLoss()) recorder.words.lose();
        const words = recorder.words.take(recorder.queue.memoryOf(chunk), recorder.tap.bytes_before);
        const word_length = recorder.words.word_length;
        const room = recorder.maximum_bytes -| recorder.position;
        const wanted = @min(words.len, room - room % word_length);
        const written = recorder.file.write(words[0..wanted]);
        const whole = written.length - written.length % word_length;
        recorder.position += whole;
        if (whole < written.length) recorder.file.cut(recorder.position);
        if (wanted < words.len or room - wanted < word_length) recorder.own_end = .size;
        recorder.heedFailure(written.failed);
        recorder.queue.settle(chunk);
        recorder.written.push(.{ .chunk = chunk, .words = words[0..whole] });
        recorder.publish();
    }

    /// Tells the receipt of what is written, and what lies before it.
    fn tell(recorder: *Recorder, part: Written.Part) void {
        const mark = &part.chunk.mark;
        const decoder = &recorder.account.decoder;
        if (mark.hasLoss()) {
            recorder.missing.add(mark);
            decoder.lose(mark.silence_ns / std.time.ns_per_us);
        } else if (mark.silence_ns > recorder.queue.longest_pause_ns) decoder.pause(mark.silence_ns / std.time.ns_per_us);
        if (part.words.len > 0) recorder.tellMissing();
        recorder.account.add(part.words, &recorder.receipt.lines);
        recorder.heedFailure(recorder.receipt.flush());
        recorder.queue.release(part.chunk);
        recorder.publish();
    }

    /// The first failure stays.
    fn heedFailure(recorder: *Recorder, failed: output_file.Error) void {
        if (failed.failure == .none or recorder.failed.failure != .none) return;
        recorder.failed = failed;
        recorder.own_end = if (failed.failure == .no_space) .no_space else .io;
    }

    /// A loss has a line for each of its causes. The first has the time, which a reader would else take twice.
    fn tellMissing(recorder: *Recorder) void {
        var mark = recorder.missing;
        recorder.missing = .{};
        inline for (.{ .{ mark.usb, .usb }, .{ mark.disk, .disk } }) |pair| {
            if (pair[0].transfers > 0) {
                recorder.account.addGap(.{
                    .at = recorder.account.position,
                    .t = recorder.account.decoder.currentTime(),
                    .cause = pair[1],
                    .dropped_transfers = pair[0].transfers,
                    .dropped_bytes = pair[0].bytes,
                    .silence_us = mark.silence_ns / std.time.ns_per_us,
                }, &recorder.receipt.lines);
                mark.silence_ns = 0;
            }
        }
    }

    fn finish(recorder: *Recorder) void {
        const last = recorder.queue.lastLoss();
        if (recorder.own_end == .running and last.hasLoss()) recorder.missing.add(&last);
        recorder.tellMissing();
        recorder.account.finish(&recorder.receipt.lines);
        recorder.heedFailure(recorder.file.close());
        const reason = recorder.endReason();
        recorder.receipt.lines.end(reason, clock.unixMs(), recorder.account.sums());
        recorder.heedFailure(recorder.receipt.finish());
        recorder.publish();
        recorder.mutex.lockUncancelable(io);
        defer recorder.mutex.unlock(io);
        recorder.published.end = @floatFromInt(@backingInt(if (recorder.own_end == .running) reason else recorder.own_end));
        recorder.finished = true;
        recorder.changed.broadcast(io);
    }

    fn endReason(recorder: *Recorder) End {
        if (recorder.own_end != .running) return recorder.own_end;
        if (recorder.queue.timed_out) return .time;
        recorder.mutex.lockUncancelable(io);
        defer recorder.mutex.unlock(io);
        return if (recorder.told_end == .running) .stopped else recorder.told_end;
    }

    fn publish(recorder: *Recorder) void {
        const account = &recorder.account;
        const told = account.sums();
        recorder.mutex.lockUncancelable(io);
        defer recorder.mutex.unlock(io);
        recorder.published = .{
            .end = 0,
            .failure = @floatFromInt(@backingInt(recorder.failed.failure)),
            .system_error = @floatFromInt(recorder.failed.code),
            .bytes = @floatFromInt(recorder.position),
            .polarity_events = @floatFromInt(told.polarity_events),
            .trigger_events = @floatFromInt(told.trigger_events),
            .gaps = @floatFromInt(told.gaps),
            .dropped_transfers = @floatFromInt(account.dropped_transfers),
            .dropped_bytes = @floatFromInt(told.dropped_bytes),
            .skipped_bytes = @floatFromInt(recorder.words.skipped()),
            .queued_bytes = 0,
            .current_time = account.decoder.currentTime(),
            .elapsed_ms = recorder.elapsedMs(),
        };
    }

    fn elapsedMs(recorder: *const Recorder) f64 {
        return @as(f64, @floatFromInt(clock.monotonicNs() - recorder.started_ns)) / std.time.ns_per_ms;
    }
};
