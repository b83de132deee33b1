//! A step of the counter: some bytes of the file, and what lies between them, on their way into a copy of the account.

const std = @import("std");
const handover = @import("handover.zig");
const Account = @import("account.zig").Account;
const Cause = @import("receipt_lines.zig").Cause;
const Gap = @import("receipt_lines.zig").Gap;
const InputFile = @import("../system/input_file.zig").InputFile;
const Lines = @import("receipt_lines.zig").Lines;
const Loss = @import("byte_queue.zig").Loss;
const Mark = @import("byte_queue.zig").Mark;

/// What lies before a place of the file: lost transfers, or a long pause.
pub const Break = struct { at: u64, mark: Mark };

/// Those that the counter has not come to yet.
pub const Breaks = handover.Queue(Break, 1024);

/// A loss has a line for each of its causes, those with transfers. The first has the silence, which a reader would else
/// take twice.
pub fn gapsOf(mark: *const Mark, at: u64, t: f64) [2]Gap {
    const silence_us = mark.silence_ns / std.time.ns_per_us;
    var gaps: [2]Gap = undefined;
    for (&gaps, [_]Loss{ mark.usb, mark.disk }, [_]Cause{ .usb, .disk }) |*gap, loss, cause| gap.* = .{
        .at = at,
        .t = t,
        .cause = cause,
        .dropped_transfers = loss.transfers,
        .dropped_bytes = loss.bytes,
        .silence_us = if (cause == .usb or mark.usb.transfers == 0) silence_us else 0,
    };
    return gaps;
}

/// Some bytes on their way into the account.
pub const Pass = struct {
    account: Account = undefined,
    columns: []align(8) u8,
    buffer: []u8,
    lines: Lines = .{},
    /// Breaks that were heeded.
    breaks: usize = 0,

    /// They stay in the cache while they are decoded and hashed.
    const step_length = 64 << 10;

    /// More than the lines of a step: a block's, those of the jumps in it, and two of each loss.
    pub const step_text = 32 << 10;

    /// Of a step.
    pub const most_breaks = 32;

    pub fn init(allocator: std.mem.Allocator) error{OutOfMemory}!Pass {
        const columns = try Account.makeColumns(allocator);
        errdefer allocator.free(columns);
        return .{ .columns = columns, .buffer = try allocator.alloc(u8, step_length) };
    }

    pub fn deinit(pass: *Pass, allocator: std.mem.Allocator) void {
        allocator.free(pass.columns);
        allocator.free(pass.buffer);
    }

    pub fn begin(pass: *Pass, account: *const Account) void {
        pass.account = account.*;
        pass.account.columns = pass.columns;
        pass.lines.length = 0;
        pass.breaks = 0;
    }

    pub fn add(pass: *Pass, breaks: *const Breaks, bytes: []const u8) void {
        const end = pass.account.position + bytes.len;
        var rest = bytes;
        while (rest.len > 0) {
            const next = pass.heedBreaks(breaks) orelse end;
            const length: usize = @intCast(@min(rest.len, next - pass.account.position));
            pass.account.add(rest[0..length], &pass.lines);
            rest = rest[length..];
        }
    }

    /// Tells the decoder, and the receipt, what lies before the next byte. Returns where the break after that is.
    pub fn heedBreaks(pass: *Pass, breaks: *const Breaks) ?u64 {
        while (true) {
            const next = breaks.peek(pass.breaks) orelse return null;
            const account = &pass.account;
            if (next.at > account.position) return next.at;
            const silence_us = next.mark.silence_ns / std.time.ns_per_us;
            if (next.mark.hasLoss()) {
                const t = account.decoder.currentTime();
                account.decoder.lose(silence_us);
                for (gapsOf(&next.mark, account.position, t)) |gap| {
                    if (gap.dropped_transfers > 0) account.addGap(gap, &pass.lines);
                }
            } else account.decoder.pause(silence_us);
            pass.breaks += 1;
        }
    }

    /// Whether a file begins with the header.
    pub fn finds(pass: *Pass, header: []const u8, file: InputFile) bool {
        var position: usize = 0;
        while (position < header.len) {
            const wanted = header[position..][0..@min(header.len - position, pass.buffer.len)];
            const bytes = pass.buffer[0..wanted.len];
            if (file.readAt(position, bytes) != bytes.len or !std.mem.eql(u8, bytes, wanted)) return false;
            position += wanted.len;
        }
        return true;
    }
};
