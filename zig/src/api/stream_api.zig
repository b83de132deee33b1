//! Exports over streams: arguments checked, handles resolved, errors turned into statuses.

const std = @import("std");
const abi = @import("../abi.zig");
const decoder_api = @import("decoder_api.zig");
const dynamic_library = @import("../system/dynamic_library.zig");
const giving_back = @import("../ring/giving_back.zig");
const heap = @import("../system/heap.zig");
const Packet = @import("../decoder/decoder.zig").Packet;
const HandleTable = @import("handles.zig").HandleTable;
const libusb = @import("../ring/libusb.zig");
const reading = @import("../ring/reader.zig");
const Options = @import("../ring/stream.zig").Options;
const thread_cleanup = @import("thread_cleanup.zig");
const Stream = @import("../ring/stream.zig").Stream;
const usb = @import("../usb_abi.zig");
const Status = abi.Status;
const integer = abi.integer;

/// More cameras than any USB host carries.
pub const capacity = 64;
pub var streams: HandleTable(Stream, capacity, Stream.destroy) = .empty;

pub fn open(
    libusb_path: ?[*:0]const u8,
    context: usize,
    device: usize,
    options: ?*const abi.StreamOptions,
    opened: ?*abi.StreamOpened,
) callconv(.c) i32 {
    const result = opened orelse return Status.invalid_argument.code();
    result.* = std.mem.zeroes(abi.StreamOpened);
    if (context == 0 or device == 0) return Status.invalid_argument.code();
    const checked = checkOptions(options orelse return Status.invalid_argument.code()) orelse
        return Status.invalid_argument.code();
    const path = libusb_path orelse return Status.invalid_argument.code();
    const functions = libusb.load(libusb.Libusb, path) catch return Status.libusb_unavailable.code();
    dynamic_library.pinSelf();
    return start(functions, @ptrFromInt(context), @ptrFromInt(device), checked, result).code();
}

/// Opens a stream over the given functions of libusb. It is closed when this thread ends.
pub fn start(
    functions: libusb.Libusb,
    context: *libusb.Context,
    device: *libusb.DeviceHandle,
    options: Options,
    result: *abi.StreamOpened,
) Status {
    var libusb_error: c_int = 0;
    const allocator = heap.allocator;
    const stream = Stream.open(allocator, functions, context, device, options, &libusb_error) catch |failure| {
        result.libusb_error = @floatFromInt(libusb_error);
        return statusOf(failure);
    };
    const handle = streams.add(stream) catch {
        stream.shutdown();
        stream.destroy();
        return .too_many;
    };
    thread_cleanup.watch(.{ .stream = handle });
    result.handle = @floatFromInt(handle);
    return .ok;
}

fn statusOf(failure: Stream.OpenError) Status {
    return switch (failure) {
        error.OutOfMemory => .out_of_memory,
        error.LibusbUnavailable => .libusb_unavailable,
        error.SubmitFailed => .submit_failed,
        error.ThreadUnavailable => .thread_unavailable,
    };
}

/// The largest values; `src/stream/usb_configuration.ts` says the same to users.
const maximum_ring_length = 1 << 20;
const maximum_transfer_queue_length = 1024;
const maximum_buffer_length = 64 << 20;

/// Null where a value is not a whole number in its range.
fn checkOptions(options: *const abi.StreamOptions) ?Options {
    const endpoint = integer(u8, options.endpoint, std.math.maxInt(u8)) orelse return null;
    const format = std.enums.fromInt(abi.Format, integer(u32, options.format, std.math.maxInt(u32)) orelse return null) orelse
        return null;
    const ring_length = integer(u32, options.ring_length, maximum_ring_length) orelse return null;
    const transfer_queue_length = integer(u32, options.transfer_queue_length, maximum_transfer_queue_length) orelse
        return null;
    const buffer_length = integer(u31, options.buffer_length, maximum_buffer_length) orelse return null;
    // Transfers to the device would send the ring's memory.
    if (endpoint & usb.endpoint_in == 0) return null;
    if (buffer_length == 0 or transfer_queue_length == 0 or ring_length <= transfer_queue_length) return null;
    return .{
        .endpoint = endpoint,
        .format = format,
        .buffer_length = buffer_length,
        .ring_length = ring_length,
        .transfer_queue_length = transfer_queue_length,
        .allow_dma = options.allow_dma != 0,
    };
}

pub fn wait(handle: u32, timeout_ms: u32) callconv(.c) i32 {
    const stream = streams.pin(handle) orelse return Status.invalid_handle.code();
    defer streams.unpin(handle);
    return switch (stream.wait(timeout_ms)) {
        .ready => Status.ok.code(),
        .ended => Status.ended.code(),
        .timeout => Status.timeout.code(),
    };
}

pub fn notifier(handle: u32, keep: u32, sockets: u32, file_descriptor: ?*i32) callconv(.c) i32 {
    const output = file_descriptor orelse return Status.invalid_argument.code();
    const stream = streams.pin(handle) orelse return Status.invalid_handle.code();
    defer streams.unpin(handle);
    const read_end = stream.openNotifier(keep != 0, if (sockets != 0) .sockets else .pipe) catch |failure| return switch (failure) {
        error.Unsupported => Status.unsupported.code(),
        error.OutOfMemory => Status.out_of_memory.code(),
    };
    output.* = if (@typeInfo(@TypeOf(read_end)) == .int) read_end else -1;
    return Status.ok.code();
}

pub fn arm(handle: u32) callconv(.c) i32 {
    const stream = streams.pin(handle) orelse return Status.invalid_handle.code();
    defer streams.unpin(handle);
    stream.arm() catch return Status.unsupported.code();
    return Status.ok.code();
}

pub fn read(
    handle: u32,
    decoder_handle: u32,
    columns: ?[*]align(8) u8,
    options: ?*const abi.ReadOptions,
    report: ?*abi.Report,
) callconv(.c) i32 {
    const filled = report orelse return Status.invalid_argument.code();
    const room = options orelse return Status.invalid_argument.code();
    const maximum = integer(u32, room.maximum_raw_packets, std.math.maxInt(u32)) orelse
        return Status.invalid_argument.code();
    var reader = Use.begin(handle) catch |refusal| return decoder_api.refused(refusal);
    defer reader.end();
    var decoding = decoder_api.Use.begin(decoder_handle) catch |refusal| return decoder_api.refused(refusal);
    defer decoding.end();
    const decoder = &decoding.shared.decoder;
    var packet: Packet = undefined;
    decoder_api.layOut(&packet, decoder, columns, room) catch |mistake| return decoder_api.mistaken(mistake);
    return reading.decode(reader.stream, decoder, &packet, maximum, filled).code();
}

pub fn readRaw(
    handle: u32,
    output: ?[*]u8,
    output_capacity: u32,
    maximum_raw_packets: u32,
    report: ?*abi.Report,
) callconv(.c) i32 {
    const buffer = output orelse return Status.invalid_argument.code();
    const filled = report orelse return Status.invalid_argument.code();
    var reader = Use.begin(handle) catch |refusal| return decoder_api.refused(refusal);
    defer reader.end();
    return reading.copy(reader.stream, buffer[0..output_capacity], maximum_raw_packets, filled).code();
}

pub fn clearBacklog(handle: u32, decoder_handle: u32, until: u32, report: ?*abi.Report) callconv(.c) i32 {
    const filled = report orelse return Status.invalid_argument.code();
    var reader = Use.begin(handle) catch |refusal| return decoder_api.refused(refusal);
    defer reader.end();
    if (decoder_handle == 0) return reading.discard(reader.stream, null, until, filled).code();
    var decoding = decoder_api.Use.begin(decoder_handle) catch |refusal| return decoder_api.refused(refusal);
    defer decoding.end();
    return reading.discard(reader.stream, &decoding.shared.decoder, until, filled).code();
}

pub fn statistics(handle: u32, block: ?*abi.StreamStatistics) callconv(.c) i32 {
    const output = block orelse return Status.invalid_argument.code();
    const stream = streams.pin(handle) orelse return Status.invalid_handle.code();
    defer streams.unpin(handle);
    stream.statistics(output);
    return Status.ok.code();
}

pub fn giveBack(handle: u32) callconv(.c) i32 {
    const stream = streams.pin(handle) orelse return Status.invalid_handle.code();
    defer streams.unpin(handle);
    giving_back.giveBack(stream) catch return Status.out_of_memory.code();
    return Status.ok.code();
}

pub fn stop(handle: u32) callconv(.c) i32 {
    const stream = streams.pin(handle) orelse return Status.invalid_handle.code();
    defer streams.unpin(handle);
    stream.stop();
    return Status.ok.code();
}

pub fn close(handle: u32) callconv(.c) i32 {
    thread_cleanup.forget(.stream, handle);
    const stream = streams.remove(handle) orelse return Status.invalid_handle.code();
    defer streams.unpin(handle);
    stream.shutdown();
    return Status.ok.code();
}

/// Closes a stream whose thread has ended.
pub fn closeOrphan(handle: u32) void {
    if (streams.pin(handle)) |stream| {
        stream.adoptNotifier();
        streams.unpin(handle);
    }
    _ = close(handle);
}

/// One consuming call's hold on a stream: pinned, and by one thread at a time.
const Use = struct {
    handle: u32,
    stream: *Stream,

    fn begin(handle: u32) decoder_api.Use.Refusal!Use {
        const stream = streams.pin(handle) orelse return error.InvalidHandle;
        if (stream.reader.enter()) return .{ .handle = handle, .stream = stream };
        streams.unpin(handle);
        return error.Busy;
    }

    fn end(use: *Use) void {
        use.stream.reader.leave();
        streams.unpin(use.handle);
    }
};

test "options out of their range are refused" {
    const good: abi.StreamOptions = .{
        .endpoint = 0x81,
        .format = 0,
        .buffer_length = 131072,
        .ring_length = 64,
        .transfer_queue_length = 32,
        .allow_dma = 0,
    };
    try std.testing.expect(checkOptions(&good) != null);
    const wrong = .{
        .{ "endpoint", 0x02 },                 .{ "endpoint", 0x181 },
        .{ "endpoint", std.math.nan(f64) },    .{ "buffer_length", 0 },
        .{ "format", 99 },                     .{ "format", -1 },
        .{ "buffer_length", 1024.5 },          .{ "buffer_length", (64 << 20) + 1 },
        .{ "ring_length", 32 },                .{ "ring_length", -64 },
        .{ "ring_length", std.math.inf(f64) }, .{ "ring_length", 0x1_0000_0000 },
        .{ "transfer_queue_length", 0 },       .{ "transfer_queue_length", 0xffff_ffff },
    };
    inline for (wrong) |pair| {
        var options = good;
        @field(options, pair[0]) = pair[1];
        try std.testing.expectEqual(null, checkOptions(&options));
    }
    // The ring must be longer than the transfer queue, and has a limit, too.
    var greedy = good;
    greedy.transfer_queue_length = 0xffff_fffe;
    greedy.ring_length = 0xffff_ffff;
    try std.testing.expectEqual(null, checkOptions(&greedy));
}

test "handles that name no stream are refused by every call" {
    var report: abi.Report = undefined;
    var totals: abi.StreamStatistics = undefined;
    var descriptor: i32 = 0;
    var buffer: [13 * 16 + 10 * 8]u8 align(8) = undefined;
    const room: abi.ReadOptions = .{ .capacity = .{ 16, 8, 0, 0, 0 }, .maximum_raw_packets = 0 };
    const invalid = Status.invalid_handle.code();
    for ([_]u32{ 0, 1, 0x3ff, 0xffff_ffff }) |handle| {
        try std.testing.expectEqual(invalid, wait(handle, 0));
        try std.testing.expectEqual(invalid, notifier(handle, 0, 0, &descriptor));
        try std.testing.expectEqual(invalid, arm(handle));
        try std.testing.expectEqual(invalid, read(handle, 0, &buffer, &room, &report));
        try std.testing.expectEqual(invalid, readRaw(handle, &buffer, buffer.len, 0, &report));
        try std.testing.expectEqual(invalid, clearBacklog(handle, 0, 0, &report));
        try std.testing.expectEqual(invalid, statistics(handle, &totals));
        try std.testing.expectEqual(invalid, giveBack(handle));
        try std.testing.expectEqual(invalid, close(handle));
    }
}
