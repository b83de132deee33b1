//! Exports about decoders: `nd_decoder_*`.

const std = @import("std");
const abi = @import("../abi.zig");
const library = @import("library_api.zig");
const thread_cleanup = @import("thread_cleanup.zig");
const Decoder = @import("../decoder/decoder.zig").Decoder;
const Output = @import("../decoder/decoder.zig").Output;
const decoder_module = @import("../decoder/decoder.zig");
const HandleTable = @import("handles.zig").HandleTable;

/// A decoder behind a handle. Streams decode with it, too.
pub const Shared = struct {
    decoder: Decoder,
    in_use: std.atomic.Value(bool) = .init(false),

    /// False where another thread is using the decoder.
    pub fn enter(shared: *Shared) bool {
        return !shared.in_use.swap(true, .acquire);
    }

    pub fn leave(shared: *Shared) void {
        shared.in_use.store(false, .release);
    }

    fn destroy(shared: *Shared) void {
        allocator.destroy(shared);
    }
};

pub const capacity = 256;
pub const Table = HandleTable(Shared, capacity, Shared.destroy);
pub var table: Table = .empty;

const allocator = std.heap.c_allocator;
const Status = abi.Status;

/// Largest width or height: columns and rows have eleven bits in every format.
const maximum_side = 2048;

pub fn create(format_number: u32, width: u32, height: u32, handle: ?*u32) callconv(.c) i32 {
    const format = std.enums.fromInt(abi.Format, format_number) orelse return Status.invalid_argument.code();
    if (width == 0 or width > maximum_side or height == 0 or height > maximum_side) {
        return Status.invalid_argument.code();
    }
    const out = handle orelse return Status.invalid_argument.code();
    if (!decoder_module.available()) return Status.unsupported.code();
    const shared = allocator.create(Shared) catch return Status.out_of_memory.code();
    shared.* = .{ .decoder = .init(format, width, height) };
    out.* = table.add(shared) catch {
        shared.destroy();
        return Status.too_many.code();
    };
    thread_cleanup.watch(.{ .decoder = out.* });
    return Status.ok.code();
}

pub fn decode(
    handle: u32,
    input: ?[*]const u8,
    input_length: u32,
    buffer: ?[*]align(8) u8,
    event_capacity: u32,
    trigger_capacity: u32,
    report: ?*abi.Report,
) callconv(.c) i32 {
    const bytes = slice(input, input_length) orelse return Status.invalid_argument.code();
    const out = report orelse return Status.invalid_argument.code();
    const columns = buffer orelse return Status.invalid_argument.code();
    if (checkCapacity(event_capacity, trigger_capacity)) |status| return status.code();
    var use = Use.begin(handle) catch |refusal| return refused(refusal);
    defer use.end();
    var output: Output = .{ .columns = .at(columns, event_capacity, trigger_capacity) };
    const consumed = use.shared.decoder.decode(bytes, &output);
    out.* = std.mem.zeroes(abi.Report);
    out.events = @floatFromInt(output.events);
    out.triggers = @floatFromInt(output.triggers);
    out.consumed_bytes = @floatFromInt(consumed);
    out.bytes = out.consumed_bytes;
    out.current_time = use.shared.decoder.currentTime();
    return Status.ok.code();
}

pub fn statistics(handle: u32, block: ?*abi.DecoderStatistics) callconv(.c) i32 {
    const out = block orelse return Status.invalid_argument.code();
    var use = Use.begin(handle) catch |refusal| return refused(refusal);
    defer use.end();
    use.shared.decoder.statistics(out);
    return Status.ok.code();
}

pub fn reset(handle: u32) callconv(.c) i32 {
    var use = Use.begin(handle) catch |refusal| return refused(refusal);
    defer use.end();
    use.shared.decoder.reset();
    return Status.ok.code();
}

pub fn destroy(handle: u32) callconv(.c) i32 {
    thread_cleanup.forget(.decoder, handle);
    if (table.remove(handle) == null) return Status.invalid_handle.code();
    table.unpin(handle);
    return Status.ok.code();
}

pub fn info(output: ?[*]u8, output_capacity: u32) callconv(.c) i32 {
    var buffer: [512]u8 = undefined;
    return library.copyText(decoder_module.describe(&buffer), output, output_capacity);
}

/// One call's hold on a decoder: pinned, and by one thread at a time.
pub const Use = struct {
    handle: u32,
    shared: *Shared,

    pub const Refusal = error{ InvalidHandle, Busy };

    pub fn begin(handle: u32) Refusal!Use {
        const shared = table.pin(handle) orelse return error.InvalidHandle;
        if (shared.enter()) return .{ .handle = handle, .shared = shared };
        table.unpin(handle);
        return error.Busy;
    }

    pub fn end(use: *Use) void {
        use.shared.leave();
        table.unpin(use.handle);
    }
};

pub fn refused(refusal: Use.Refusal) i32 {
    return switch (refusal) {
        error.InvalidHandle => Status.invalid_handle.code(),
        error.Busy => Status.busy.code(),
    };
}

/// Null where columns of these capacities can be decoded into.
pub fn checkCapacity(event_capacity: u32, trigger_capacity: u32) ?Status {
    if (event_capacity % 8 != 0 or trigger_capacity % 8 != 0) return .invalid_argument;
    const too_small = event_capacity < decoder_module.minimum_event_capacity or trigger_capacity == 0;
    return if (too_small) .buffer_too_small else null;
}

fn slice(pointer: ?[*]const u8, length: u32) ?[]const u8 {
    if (length == 0) return &.{};
    return (pointer orelse return null)[0..length];
}

test "a decoder from its handle to its events" {
    var handle: u32 = 0;
    try expectStatus(.ok, create(@backingInt(abi.Format.evt3), 1280, 720, &handle));
    const input = [_]u16{ 0x8005, 0x6007, 0x0064, 0x28c8, 0x20c9, 0xa601 };
    var buffer: [13 * 16 + 10 * 8]u8 align(8) = undefined;
    var report: abi.Report = undefined;
    const bytes = std.mem.sliceAsBytes(&input);
    try expectStatus(.ok, decode(handle, bytes.ptr, @intCast(bytes.len), &buffer, 16, 8, &report));
    try std.testing.expectEqual(2, report.events);
    try std.testing.expectEqual(1, report.triggers);
    try std.testing.expectEqual(12, report.consumed_bytes);
    try std.testing.expectEqual(20487, report.current_time);
    var totals: abi.DecoderStatistics = undefined;
    try expectStatus(.ok, statistics(handle, &totals));
    try std.testing.expectEqual(6, totals.words);
    try expectStatus(.ok, reset(handle));
    try expectStatus(.ok, statistics(handle, &totals));
    try std.testing.expectEqual(0, totals.words);
    try expectStatus(.ok, destroy(handle));
    try expectStatus(.invalid_handle, destroy(handle));
    try expectStatus(.invalid_handle, statistics(handle, &totals));
}

test "mistakes of the caller are statuses" {
    var handle: u32 = 0;
    try expectStatus(.invalid_argument, create(99, 1280, 720, &handle));
    try expectStatus(.invalid_argument, create(0, 0, 720, &handle));
    try expectStatus(.invalid_argument, create(0, 1280, 2049, &handle));
    try expectStatus(.invalid_argument, create(0, 1280, 720, null));
    try expectStatus(.ok, create(0, 1280, 720, &handle));
    defer _ = destroy(handle);
    var buffer: [13 * 16 + 10 * 8]u8 align(8) = undefined;
    var report: abi.Report = undefined;
    try expectStatus(.invalid_argument, decode(handle, null, 2, &buffer, 16, 8, &report));
    try expectStatus(.invalid_argument, decode(handle, null, 0, null, 16, 8, &report));
    try expectStatus(.invalid_argument, decode(handle, null, 0, &buffer, 15, 8, &report));
    try expectStatus(.buffer_too_small, decode(handle, null, 0, &buffer, 8, 8, &report));
    try expectStatus(.buffer_too_small, decode(handle, null, 0, &buffer, 16, 0, &report));
    try expectStatus(.ok, decode(handle, null, 0, &buffer, 16, 8, &report));
    try std.testing.expect(std.math.isNan(report.current_time));
}

test "a decoder that another call is using is busy" {
    var handle: u32 = 0;
    try expectStatus(.ok, create(0, 1280, 720, &handle));
    var other = try Use.begin(handle);
    try expectStatus(.busy, reset(handle));
    try expectStatus(.ok, destroy(handle));
    other.end();
    try expectStatus(.invalid_handle, reset(handle));
}

fn expectStatus(expected: Status, actual: i32) !void {
    try std.testing.expectEqual(expected.code(), actual);
}
