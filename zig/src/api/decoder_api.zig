//! Exports about decoders: `nd_decoder_*`.

const std = @import("std");
const abi = @import("../abi.zig");
const heap = @import("../system/heap.zig");
const library = @import("library_api.zig");
const thread_cleanup = @import("thread_cleanup.zig");
const Decoder = @import("../decoder/decoder.zig").Decoder;
const Packet = @import("../decoder/decoder.zig").Packet;
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

const allocator = heap.allocator;
const Status = abi.Status;

/// Largest width or height: columns and rows have eleven bits in every format.
const maximum_side = 2048;

pub fn create(options: ?*const abi.DecoderOptions, handle: ?*u32) callconv(.c) i32 {
    const decoder = makeDecoder(options orelse return Status.invalid_argument.code()) orelse
        return Status.invalid_argument.code();
    const out = handle orelse return Status.invalid_argument.code();
    if (!decoder_module.available()) return Status.unsupported.code();
    const shared = allocator.create(Shared) catch return Status.out_of_memory.code();
    shared.* = .{ .decoder = decoder };
    out.* = table.add(shared) catch {
        shared.destroy();
        return Status.too_many.code();
    };
    thread_cleanup.watch(.{ .decoder = out.* });
    return Status.ok.code();
}

/// Null where an option is out of its range.
fn makeDecoder(options: *const abi.DecoderOptions) ?Decoder {
    const number = abi.integer(u32, options.format, std.math.maxInt(u32)) orelse return null;
    const format = std.enums.fromInt(abi.Format, number) orelse return null;
    const width = abi.integer(u32, options.width, maximum_side) orelse return null;
    const height = abi.integer(u32, options.height, maximum_side) orelse return null;
    if (width == 0 or height == 0) return null;
    const is_file = abi.integer(u32, options.is_file, 1) orelse return null;
    var decoder: Decoder = .init(format, width, height);
    if (is_file == 1) decoder.followJumps();
    return decoder;
}

pub fn decode(
    handle: u32,
    input: ?[*]const u8,
    input_length: u32,
    columns: ?[*]align(8) u8,
    options: ?*const abi.ReadOptions,
    report: ?*abi.Report,
) callconv(.c) i32 {
    const bytes = slice(input, input_length) orelse return Status.invalid_argument.code();
    const out = report orelse return Status.invalid_argument.code();
    const room = options orelse return Status.invalid_argument.code();
    var use = Use.begin(handle) catch |refusal| return refused(refusal);
    defer use.end();
    const decoder = &use.shared.decoder;
    var packet: Packet = undefined;
    layOut(&packet, decoder, columns, room) catch |mistake| return mistaken(mistake);
    const faults = decoder.faults();
    out.clear();
    const consumed = decodeMarked(decoder, bytes, &packet, out);
    out.events = packet.counts();
    out.consumed_bytes = @floatFromInt(consumed);
    out.bytes = out.consumed_bytes;
    decoder.tell(faults, out);
    return Status.ok.code();
}

/// Decodes until the input or the room is used up, and reports where the sensor's clock jumps. As many jumps as a report
/// has entries end it, too.
fn decodeMarked(decoder: *Decoder, bytes: []const u8, packet: *Packet, report: *abi.Report) usize {
    var consumed: usize = 0;
    for (&report.gap) |*gap_entry| {
        const part = decoder.decodeUntilJump(bytes[consumed..], packet);
        consumed += part.consumed;
        const jump_us = part.jump_us orelse break;
        gap_entry.* = std.mem.zeroes(abi.Gap);
        gap_entry.index = packet.counts();
        gap_entry.byte_index = @floatFromInt(consumed);
        gap_entry.jump_us = @floatFromInt(jump_us);
        report.gaps += 1;
    }
    return consumed;
}

pub fn statistics(handle: u32, block: ?*abi.DecoderStatistics) callconv(.c) i32 {
    const out = block orelse return Status.invalid_argument.code();
    var use = Use.begin(handle) catch |refusal| return refused(refusal);
    defer use.end();
    use.shared.decoder.statistics(out);
    return Status.ok.code();
}

/// Bytes were lost between the last input and the next one, which was received so much later.
pub fn gap(handle: u32, elapsed_ms: u32) callconv(.c) i32 {
    var use = Use.begin(handle) catch |refusal| return refused(refusal);
    defer use.end();
    use.shared.decoder.lose(@as(u64, elapsed_ms) * std.time.us_per_ms);
    return Status.ok.code();
}

/// Nothing was received for so long, and nothing was lost.
pub fn pause(handle: u32, elapsed_ms: u32) callconv(.c) i32 {
    var use = Use.begin(handle) catch |refusal| return refused(refusal);
    defer use.end();
    use.shared.decoder.pause(@as(u64, elapsed_ms) * std.time.us_per_ms);
    return Status.ok.code();
}

pub fn reset(handle: u32) callconv(.c) i32 {
    var use = Use.begin(handle) catch |refusal| return refused(refusal);
    defer use.end();
    use.shared.decoder.reset();
    return Status.ok.code();
}

/// Writes a snapshot where there is room for all of it, and returns its length in bytes.
pub fn save(handle: u32, output: ?[*]u8, output_capacity: u32) callconv(.c) i32 {
    var use = Use.begin(handle) catch |refusal| return refused(refusal);
    defer use.end();
    const decoder = &use.shared.decoder;
    const length = decoder.snapshotLength();
    if (output) |bytes| if (length <= output_capacity) decoder.save(bytes[0..length]);
    return @intCast(length);
}

/// `unsupported` where the bytes are no snapshot of such a decoder by this version.
pub fn restore(handle: u32, input: ?[*]const u8, input_length: u32) callconv(.c) i32 {
    const bytes = slice(input, input_length) orelse return Status.invalid_argument.code();
    var use = Use.begin(handle) catch |refusal| return refused(refusal);
    defer use.end();
    return if (use.shared.decoder.restore(bytes)) Status.ok.code() else Status.unsupported.code();
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

pub const Mistake = error{ InvalidArgument, BufferTooSmall };

/// Lays a packet over the caller's columns, as the options say.
pub fn layOut(
    packet: *Packet,
    decoder: *const Decoder,
    columns: ?[*]align(8) u8,
    options: *const abi.ReadOptions,
) Mistake!void {
    var capacities: decoder_module.Capacities = undefined;
    for (&capacities, options.capacity, decoder.minimumCapacities()) |*checked, wanted, minimum| {
        if (!abi.isWhole(wanted, std.math.maxInt(u32))) return error.InvalidArgument;
        checked.* = @intFromFloat(wanted);
        if (checked.* % 8 != 0) return error.InvalidArgument;
        if (checked.* < minimum) return error.BufferTooSmall;
    }
    packet.* = .at(columns orelse return error.InvalidArgument, &capacities);
}

pub fn mistaken(mistake: Mistake) i32 {
    return switch (mistake) {
        error.InvalidArgument => Status.invalid_argument.code(),
        error.BufferTooSmall => Status.buffer_too_small.code(),
    };
}

fn slice(pointer: ?[*]const u8, length: u32) ?[]const u8 {
    if (length == 0) return &.{};
    return (pointer orelse return null)[0..length];
}

const evt3_options: abi.DecoderOptions = .{ .format = 0, .width = 1280, .height = 720, .is_file = 0 };
const some_room: abi.ReadOptions = .{ .capacity = .{ 16, 8, 0, 0, 0 }, .maximum_raw_packets = 0 };
const some_bytes = 13 * 16 + 10 * 8;

test "a decoder from its handle to its events" {
    var handle: u32 = 0;
    try expectStatus(.ok, create(&evt3_options, &handle));
    const input = [_]u16{ 0x8005, 0x6007, 0x0064, 0x28c8, 0x20c9, 0xa601 };
    var buffer: [some_bytes]u8 align(8) = undefined;
    var report: abi.Report = undefined;
    const bytes = std.mem.sliceAsBytes(&input);
    try expectStatus(.ok, decode(handle, bytes.ptr, @intCast(bytes.len), &buffer, &some_room, &report));
    try std.testing.expectEqual([_]f64{ 2, 1, 0, 0, 0 }, report.events);
    try std.testing.expectEqual(12, report.consumed_bytes);
    try std.testing.expectEqual(20487, report.current_time);
    var totals: abi.DecoderStatistics = undefined;
    try expectStatus(.ok, statistics(handle, &totals));
    try std.testing.expectEqual(6, totals.words);
    // The row is forgotten, and the time is one wrap later.
    try expectStatus(.ok, gap(handle, 16_777));
    try expectStatus(.ok, decode(handle, bytes.ptr + 6, 2, &buffer, &some_room, &report));
    try std.testing.expectEqual(@as(abi.PerKind, @splat(0)), report.events);
    try expectStatus(.ok, decode(handle, bytes.ptr, @intCast(bytes.len), &buffer, &some_room, &report));
    try std.testing.expectEqual(20487 + (1 << 24), report.current_time);
    // Here the row stays, and the jump behind the pause has a wrap in it.
    try expectStatus(.ok, pause(handle, 2 * 16_777));
    const behind = [_]u16{ 0x28c8, 0x8015, 0x28c8 };
    const rest = std.mem.sliceAsBytes(&behind);
    try expectStatus(.ok, decode(handle, rest.ptr, @intCast(rest.len), &buffer, &some_room, &report));
    try std.testing.expectEqual([_]f64{ 2, 0, 0, 0, 0 }, report.events);
    try std.testing.expectEqual((0x15 << 12) + 3 * (1 << 24), report.current_time);
    try expectStatus(.ok, reset(handle));
    try expectStatus(.ok, statistics(handle, &totals));
    try std.testing.expectEqual(0, totals.words);
    try expectStatus(.ok, destroy(handle));
    try expectStatus(.invalid_handle, destroy(handle));
    try expectStatus(.invalid_handle, gap(handle, 0));
    try expectStatus(.invalid_handle, pause(handle, 0));
    try expectStatus(.invalid_handle, statistics(handle, &totals));
}

test "a report has the faults of its own call, and the rate controller's last counts" {
    var handle: u32 = 0;
    try expectStatus(.ok, create(&evt3_options, &handle));
    defer _ = destroy(handle);
    var buffer: [some_bytes]u8 align(8) = undefined;
    var report: abi.Report = undefined;
    // A column and a row beyond the sensor, a jump of the time; then nothing of the kind, but the rate controller.
    const faulty = std.mem.sliceAsBytes(&[_]u16{ 0x8005, 0x0064, 0x2fff, 0x02d0, 0x2801, 0x8009 });
    try expectStatus(.ok, decode(handle, faulty.ptr, @intCast(faulty.len), &buffer, &some_room, &report));
    try std.testing.expectEqual(2, report.out_of_sensor);
    try std.testing.expectEqual(1, report.time_discontinuities);
    try std.testing.expect(std.math.isNan(report.rate_controller_input));
    const good = std.mem.sliceAsBytes(&[_]u16{ 0x0064, 0x2801, 0xe014, 0xf00a, 0xf001, 0x7000 });
    try expectStatus(.ok, decode(handle, good.ptr, @intCast(good.len), &buffer, &some_room, &report));
    try std.testing.expectEqual(0, report.out_of_sensor);
    try std.testing.expectEqual(0, report.time_discontinuities);
    try std.testing.expectEqual(0x100a, report.rate_controller_input);
    try std.testing.expect(std.math.isNan(report.rate_controller_output));
}

test "mistakes of the caller are statuses" {
    var handle: u32 = 0;
    inline for (.{
        .{ "format", 99 }, .{ "format", -1 },   .{ "format", 0.5 },
        .{ "width", 0 },   .{ "height", 2049 }, .{ "height", std.math.nan(f64) },
    }) |wrong| {
        var options = evt3_options;
        @field(options, wrong[0]) = wrong[1];
        try expectStatus(.invalid_argument, create(&options, &handle));
    }
    try expectStatus(.invalid_argument, create(&evt3_options, null));
    try expectStatus(.invalid_argument, create(null, &handle));
    try expectStatus(.ok, create(&evt3_options, &handle));
    defer _ = destroy(handle);
    var buffer: [some_bytes]u8 align(8) = undefined;
    var report: abi.Report = undefined;
    try expectStatus(.invalid_argument, decode(handle, null, 2, &buffer, &some_room, &report));
    try expectStatus(.invalid_argument, decode(handle, null, 0, null, &some_room, &report));
    try expectStatus(.invalid_argument, decode(handle, null, 0, &buffer, null, &report));
    try expectStatus(.invalid_argument, decode(handle, null, 0, &buffer, &some_room, null));
    const refused_rooms = [_]struct { Status, abi.PerKind }{
        .{ .invalid_argument, .{ 15, 8, 0, 0, 0 } },
        .{ .invalid_argument, .{ 16, 8, 4, 0, 0 } },
        .{ .invalid_argument, .{ 16, 8, 0, -8, 0 } },
        .{ .invalid_argument, .{ 16, 8, 0, 0, std.math.inf(f64) } },
        .{ .buffer_too_small, .{ 8, 8, 0, 0, 0 } },
        .{ .buffer_too_small, .{ 16, 0, 0, 0, 0 } },
    };
    for (refused_rooms) |refused_room| {
        const options: abi.ReadOptions = .{ .capacity = refused_room[1], .maximum_raw_packets = 0 };
        try expectStatus(refused_room[0], decode(handle, null, 0, &buffer, &options, &report));
    }
    try expectStatus(.ok, decode(handle, null, 0, &buffer, &some_room, &report));
    try std.testing.expect(std.math.isNan(report.current_time));
}

test "a decoder that another call is using is busy" {
    var handle: u32 = 0;
    try expectStatus(.ok, create(&evt3_options, &handle));
    var other = try Use.begin(handle);
    try expectStatus(.busy, reset(handle));
    try expectStatus(.ok, destroy(handle));
    other.end();
    try expectStatus(.invalid_handle, reset(handle));
}

fn expectStatus(expected: Status, actual: i32) !void {
    try std.testing.expectEqual(expected.code(), actual);
}
