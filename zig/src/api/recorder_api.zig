//! Exports over recorders: `nd_recorder_*`.

const std = @import("std");
const abi = @import("../abi.zig");
const decoder_module = @import("../decoder/decoder.zig");
const file_lock = @import("../system/file_lock.zig");
const heap = @import("../system/heap.zig");
const recorder_module = @import("../recorder/recorder.zig");
const stream_api = @import("stream_api.zig");
const tapping = @import("../ring/tapping.zig");
const thread_cleanup = @import("thread_cleanup.zig");
const HandleTable = @import("handles.zig").HandleTable;
const Recorder = recorder_module.Recorder;
const Stream = @import("../ring/stream.zig").Stream;

pub const End = @import("../recorder/receipt_lines.zig").End;
pub const FileFailure = @import("../system/output_file.zig").Failure;

const Status = abi.Status;
const integer = abi.integer;

pub const capacity = 64;
var recorders: HandleTable(Shared, capacity, Shared.destroy) = .empty;

/// How long a recorder whose thread has ended may write what waits.
const orphan_limit_ms = 1000;

/// A recorder behind a handle, and the stream that it records.
const Shared = struct {
    recorder: *Recorder,
    stream: u32,

    fn destroy(shared: *Shared) void {
        shared.recorder.letGo();
        heap.allocator.destroy(shared);
    }

    /// The stream calls the recorder no more.
    fn detach(shared: *Shared) void {
        if (stream_api.streams.pin(shared.stream)) |stream| {
            defer stream_api.streams.unpin(shared.stream);
            return tapping.detach(stream, &shared.recorder.tap);
        }
        // The stream is being closed, by whom the tap is detached.
        while (shared.recorder.attached.load(.acquire)) std.Thread.yield() catch {};
    }
};

pub fn open(
    stream_handle: u32,
    path: ?[*:0]const u8,
    receipt_path: ?[*:0]const u8,
    header: ?[*]const u8,
    header_length: u32,
    start_line: ?[*]const u8,
    start_line_length: u32,
    options: ?*const abi.RecorderOptions,
    opened: ?*abi.RecorderOpened,
) callconv(.c) i32 {
    const result = opened orelse return Status.invalid_argument.code();
    result.* = std.mem.zeroes(abi.RecorderOpened);
    var checked = check(options orelse return Status.invalid_argument.code()) orelse return Status.invalid_argument.code();
    checked.path = path orelse return Status.invalid_argument.code();
    checked.receipt_path = receipt_path orelse return Status.invalid_argument.code();
    checked.header = (header orelse return Status.invalid_argument.code())[0..header_length];
    checked.start_line = (start_line orelse return Status.invalid_argument.code())[0..start_line_length];
    if (!decoder_module.available()) return Status.unsupported.code();
    const stream = stream_api.streams.pin(stream_handle) orelse return Status.invalid_handle.code();
    defer stream_api.streams.unpin(stream_handle);
    // Room for two transfers at least.
    checked.buffer_length = @max(checked.buffer_length, 2 * @as(usize, stream.options.buffer_length));
    return start(stream, stream_handle, &checked, result).code();
}

/// The stream is pinned by the caller. Another thread may close it meanwhile.
fn start(stream: *Stream, stream_handle: u32, options: *const recorder_module.Options, result: *abi.RecorderOpened) Status {
    const shared = heap.allocator.create(Shared) catch return .out_of_memory;
    var refused: recorder_module.Refused = undefined;
    const recorder = Recorder.open(heap.allocator, options, &refused) catch |failure| {
        heap.allocator.destroy(shared);
        if (failure == error.Refused) {
            result.failure = @floatFromInt(@backingInt(refused.failed.failure));
            result.system_error = @floatFromInt(refused.failed.code);
            result.is_receipt = @floatFromInt(@intFromBool(refused.is_receipt));
        }
        return switch (failure) {
            error.OutOfMemory => .out_of_memory,
            error.ThreadUnavailable => .thread_unavailable,
            error.Refused => .file_refused,
        };
    };
    shared.* = .{ .recorder = recorder, .stream = stream_handle };
    const handle = recorders.add(shared) catch {
        recorder.abandon();
        shared.destroy();
        return .too_many;
    };
    thread_cleanup.watch(.{ .recorder = handle });
    recorder.attached.store(true, .release);
    tapping.attach(stream, &recorder.tap);
    result.handle = @floatFromInt(handle);
    return .ok;
}

/// Null where a value is out of its range. Paths and texts are the caller's to add.
fn check(options: *const abi.RecorderOptions) ?recorder_module.Options {
    const most = 1 << 53;
    const format = std.enums.fromInt(abi.Format, integer(u32, options.format, std.math.maxInt(u32)) orelse return null) orelse
        return null;
    const width = integer(u32, options.width, maximum_side) orelse return null;
    const height = integer(u32, options.height, maximum_side) orelse return null;
    if (width == 0 or height == 0) return null;
    const maximum_ms = integer(u64, options.maximum_ms, longest_ms) orelse return null;
    return .{
        .path = undefined,
        .receipt_path = undefined,
        .header = undefined,
        .start_line = undefined,
        .overwrite = options.overwrite != 0,
        .format = format,
        .width = width,
        .height = height,
        .buffer_length = integer(usize, options.buffer_length, largest_buffer) orelse return null,
        .maximum_bytes = integer(u64, options.maximum_bytes, most) orelse return null,
        .maximum_ns = maximum_ms * std.time.ns_per_ms,
    };
}

const maximum_side = 2048;
/// The largest values; `src/devices/record_options.ts` says the same to users.
const largest_buffer = 1 << 36;
const longest_ms = 1 << 40;

pub fn stop(handle: u32, end: u32) callconv(.c) i32 {
    const reason = std.enums.fromInt(End, std.math.cast(u8, end) orelse return Status.invalid_argument.code()) orelse
        return Status.invalid_argument.code();
    const shared = recorders.pin(handle) orelse return Status.invalid_handle.code();
    defer recorders.unpin(handle);
    shared.recorder.stop(reason);
    return Status.ok.code();
}

pub fn wait(handle: u32, timeout_ms: u32) callconv(.c) i32 {
    const shared = recorders.pin(handle) orelse return Status.invalid_handle.code();
    defer recorders.unpin(handle);
    return if (shared.recorder.wait(timeout_ms)) Status.ok.code() else Status.timeout.code();
}

pub fn statistics(handle: u32, block: ?*abi.RecorderStatistics) callconv(.c) i32 {
    const output = block orelse return Status.invalid_argument.code();
    const shared = recorders.pin(handle) orelse return Status.invalid_handle.code();
    defer recorders.unpin(handle);
    shared.recorder.statistics(output);
    return Status.ok.code();
}

/// `busy` where a recorder of any process still writes this receipt.
pub fn find(receipt_path: ?[*:0]const u8) callconv(.c) i32 {
    const path = receipt_path orelse return Status.invalid_argument.code();
    return (if (file_lock.isLocked(path)) Status.busy else Status.ok).code();
}

pub fn abandon(handle: u32) callconv(.c) i32 {
    const shared = recorders.pin(handle) orelse return Status.invalid_handle.code();
    defer recorders.unpin(handle);
    shared.recorder.abandon();
    return Status.ok.code();
}

/// Ends a recorder and loses what waits. A disk that hangs, and a count that is behind, keep the writer thread, and what
/// is its.
pub fn close(handle: u32) callconv(.c) i32 {
    thread_cleanup.forget(.recorder, handle);
    const shared = recorders.remove(handle) orelse return Status.invalid_handle.code();
    defer recorders.unpin(handle);
    shared.detach();
    shared.recorder.abandon();
    return Status.ok.code();
}

/// Closes a recorder whose thread has ended.
pub fn closeOrphan(handle: u32) void {
    if (recorders.pin(handle)) |shared| {
        shared.recorder.stop(.closed);
        _ = shared.recorder.wait(orphan_limit_ms);
        recorders.unpin(handle);
    }
    _ = close(handle);
}
