//! The writer thread: everything that is written to the recording and to its receipt.
//!
//!     byte queue ──▶ whole words ──▶ file         ┐
//!                    losses before them ──▶       ├ receipt
//!                    the counter's lines ──▶      ┘
//!
//! It decodes nothing. Its chunks are free again as soon as they are in the file.

const std = @import("std");
const byte_queue = @import("byte_queue.zig");
const clock = @import("../system/clock.zig");
const output_file = @import("../system/output_file.zig");
const thread_priority = @import("../system/thread_priority.zig");
const Counter = @import("counter.zig").Counter;
const End = @import("receipt_lines.zig").End;
const Options = @import("options.zig").Options;
const Progress = @import("progress.zig").Progress;
const Receipt = @import("receipt_file.zig").Receipt;
const Refused = @import("options.zig").Refused;
const Words = @import("words.zig").Words;
const gapsOf = @import("pass.zig").gapsOf;

/// How long the counter's lines may wait.
const look_ns = 10 * std.time.ns_per_ms;

pub const Writer = struct {
    queue: *byte_queue.ByteQueue,
    progress: *Progress,
    counter: *Counter,
    /// In front of the first bytes (`Words.take`).
    bytes_before: *const u64,
    file: output_file.OutputFile,
    receipt: Receipt,
    words: Words,
    /// Bytes of the file.
    position: u64,
    maximum_bytes: u64,
    /// A loss before the next bytes.
    missing: byte_queue.Mark = .{},
    /// What the writer ended with, which counts more than what it was told.
    own_end: End = .running,
    failed: output_file.Error = .{ .failure = .none, .code = 0 },

    /// Writes what both files begin with.
    pub fn begin(writer: *Writer, options: *const Options) ?Refused {
        output_file.ignoreSignalsOfWrites();
        _ = thread_priority.prompt();
        const written = writer.file.write(options.header);
        if (written.failed.failure != .none) return .{ .is_receipt = false, .failed = written.failed };
        const started = writer.receipt.begin(options.start_line);
        if (started.failed.failure != .none) return .{ .is_receipt = true, .failed = started.failed };
        writer.counter.begin(if (writer.file.isSeekable()) options.path else null, options.header);
        writer.publish();
        return null;
    }

    /// Until the recording ends.
    pub fn run(writer: *Writer) void {
        while (writer.own_end == .running) {
            const until_ns = if (writer.counter.isBehind()) clock.monotonicNs() + look_ns else byte_queue.forever;
            switch (writer.queue.take(until_ns)) {
                .chunk => |chunk| writer.write(chunk),
                .none => {},
                .ended => break,
            }
            writer.takeLines();
        }
        writer.queue.close();
        writer.finish();
    }

    /// Appends the whole words of a chunk to the file.
    fn write(writer: *Writer, chunk: byte_queue.Chunk) void {
        if (chunk.mark.hasLoss()) writer.words.lose();
        writer.heedMark(&chunk.mark);
        const words = writer.words.take(writer.queue.memoryOf(chunk), writer.bytes_before.*);
        const word_length = writer.words.word_length;
        const room = writer.maximum_bytes -| writer.position;
        const wanted = @min(words.len, room - room % word_length);
        const written = writer.file.write(words[0..wanted]);
        const whole = written.length - written.length % word_length;
        if (whole < written.length) writer.file.cut(writer.position + whole);
        if (whole > 0) writer.tellMissing();
        writer.position += whole;
        writer.counter.tellWritten(writer.position);
        if (writer.counter.needsBytes()) writer.counter.countNow(words[0..whole]);
        if (wanted < words.len or room - wanted < word_length) writer.own_end = .size;
        writer.heedFailure(written.failed);
        writer.queue.release(chunk);
        writer.publish();
    }

    fn heedMark(writer: *Writer, mark: *const byte_queue.Mark) void {
        if (mark.hasLoss()) return writer.missing.add(mark);
        if (mark.silence_ns <= writer.queue.longest_pause_ns) return;
        if (writer.missing.hasLoss()) {
            writer.missing.silence_ns += mark.silence_ns;
        } else writer.counter.tellBreak(.{ .at = writer.position, .mark = mark.* });
    }

    /// The receipt has a loss at once, before its place is counted: a program that is killed then leaves it.
    fn tellMissing(writer: *Writer) void {
        if (!writer.missing.hasLoss()) return;
        for (gapsOf(&writer.missing, writer.position, std.math.nan(f64))) |gap| {
            if (gap.dropped_transfers > 0) writer.receipt.lines.loss(gap);
        }
        writer.heedFailure(writer.receipt.flush());
        writer.counter.tellBreak(.{ .at = writer.position, .mark = writer.missing });
        writer.missing = .{};
    }

    /// Appends the counter's lines to the receipt.
    fn takeLines(writer: *Writer) void {
        const text = writer.counter.texts.waiting();
        if (text.len == 0) return;
        // The memory of the texts may end within a line, whose rest comes next.
        writer.receipt.lines.append(text);
        writer.counter.texts.take(text.len);
        const rest = writer.counter.texts.waiting();
        writer.receipt.lines.append(rest);
        writer.counter.texts.take(rest.len);
        writer.heedFailure(writer.receipt.flush());
    }

    /// The first failure stays.
    fn heedFailure(writer: *Writer, failed: output_file.Error) void {
        if (failed.failure == .none or writer.failed.failure != .none) return;
        writer.failed = failed;
        writer.own_end = if (failed.failure == .no_space) .no_space else .io;
    }

    /// Completes the file, then counts the rest of it, and completes the receipt.
    fn finish(writer: *Writer) void {
        const last = writer.queue.lastLoss();
        if (writer.own_end == .running and last.hasLoss()) writer.missing.add(&last);
        writer.tellMissing();
        writer.heedFailure(writer.file.close());
        const ended_ms = clock.unixMs();
        writer.publish();
        writer.progress.tellWritten();
        const counter = writer.counter;
        counter.takeOver();
        const is_counted = while (true) {
            const step = counter.step();
            writer.takeLines();
            switch (step) {
                .counted, .no_room => {},
                .nothing => break true,
                .failed => break false,
            }
        };
        if (is_counted) {
            counter.finish();
            writer.takeLines();
            writer.receipt.lines.end(writer.endReason(), ended_ms, counter.account.sums());
        } else writer.heedFailure(.{ .failure = .unreadable, .code = 0 });
        counter.release();
        writer.heedFailure(writer.receipt.finish());
        writer.progress.finish(writer.state(), writer.endReason());
    }

    fn endReason(writer: *Writer) End {
        if (writer.own_end != .running) return writer.own_end;
        if (writer.queue.timed_out) return .time;
        const told = writer.progress.toldEnd();
        return if (told == .running) .stopped else told;
    }

    fn publish(writer: *Writer) void {
        writer.progress.publish(writer.state());
    }

    fn state(writer: *const Writer) Progress.Written {
        return .{ .bytes = writer.position, .skipped_bytes = writer.words.skipped(), .failed = writer.failed };
    }
};
