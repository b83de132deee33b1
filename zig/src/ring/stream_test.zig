//! The ring against a scripted libusb: which bytes are kept, which are lost, and how streams end.

const std = @import("std");
const abi = @import("../abi.zig");
const usb = @import("../usb_abi.zig");
const fake = @import("testing/fake_libusb.zig");
const reader = @import("reader.zig");
const test_stream = @import("testing/test_stream.zig");
const stream_module = @import("stream.zig");
const Stream = stream_module.Stream;

const testing = std.testing;

const small = test_stream.small;
const openStream = test_stream.open;
const closeStream = test_stream.close;

/// The bytes, gaps and losses that were read until the script paused.
const Received = struct {
    bytes: std.ArrayList(u8) = .empty,
    gaps: std.ArrayList(abi.Gap) = .empty,
    dropped_transfers: f64 = 0,
    dropped_bytes: f64 = 0,
    end_reason: ?abi.EndReason = null,

    fn readAll(received: *Received, stream: *Stream) !void {
        var buffer: [4096]u8 = undefined;
        while (true) {
            var report: abi.Report = undefined;
            const status = reader.copy(stream, &buffer, 0, &report);
            for (report.gap[0..@intFromFloat(report.gaps)]) |gap| {
                var absolute = gap;
                absolute.byte_index += @floatFromInt(received.bytes.items.len);
                try received.gaps.append(testing.allocator, absolute);
            }
            try received.bytes.appendSlice(testing.allocator, buffer[0..@intFromFloat(report.bytes)]);
            received.dropped_transfers += report.dropped_transfers;
            received.dropped_bytes += report.dropped_bytes;
            if (status == .ended) received.end_reason = @fromBackingInt(@as(u8, @intFromFloat(report.end_reason)));
            if (report.bytes == 0) return;
        }
    }

    fn deinit(received: *Received) void {
        received.bytes.deinit(testing.allocator);
        received.gaps.deinit(testing.allocator);
    }

    /// All bytes are those of the counter, from `first` on.
    fn expectCounter(bytes: []const u8, first: u8) !void {
        var expected = first;
        for (bytes) |byte| {
            try testing.expectEqual(expected, byte);
            expected +%= 1;
        }
    }
};

test "bytes arrive complete and in order, short and empty transfers included" {
    const script: []const fake.Step = &.{
        .{ .data = .{ .length = 1024 } }, .{ .data = .{ .length = 100 } }, .{ .data = .{ .length = 0 } },
        .{ .data = .{ .length = 3 } },    .pause,
    };
    const stream = try openStream(small, script);
    fake.waitForPause();
    try testing.expectEqual(.ready, stream.wait(0));
    var received: Received = .{};
    defer received.deinit();
    try received.readAll(stream);
    try testing.expectEqual(1127, received.bytes.items.len);
    try Received.expectCounter(received.bytes.items, 0);
    try testing.expectEqual(.timeout, stream.wait(1));
    var totals: abi.StreamStatistics = undefined;
    stream.statistics(&totals);
    try testing.expectEqual(4, totals.transfers);
    try testing.expectEqual(1, totals.zero_length_transfers);
    try testing.expectEqual(2, totals.transfers_in_flight);
    try closeStream(stream);
}

test "more bytes than the slot has, or less than none, are not believed" {
    const stream = try openStream(small, &.{
        .{ .tells = 1025 }, .{ .tells = std.math.maxInt(c_int) }, .{ .tells = -1 }, .{ .tells = 1024 }, .pause,
    });
    fake.waitForPause();
    var received: Received = .{};
    defer received.deinit();
    try received.readAll(stream);
    try testing.expectEqual(3 * 1024, received.bytes.items.len);
    var totals: abi.StreamStatistics = undefined;
    stream.statistics(&totals);
    try testing.expectEqual(3, totals.errors);
    try testing.expectEqual(1, totals.zero_length_transfers);
    try closeStream(stream);
}

test "a full ring drops the newest, counts it, marks the gap, and recovers" {
    // 6 slots, 2 of them with libusb: 4 can be filled. Of 10 transfers of 100 bytes, 6 are lost.
    const script: []const fake.Step = &(@as([10]fake.Step, @splat(.{ .data = .{ .length = 100 } })) ++
        [_]fake.Step{ .pause, .{ .data = .{ .length = 100 } }, .{ .data = .{ .length = 100 } }, .pause });
    const stream = try openStream(small, script);
    fake.waitForPause();
    var received: Received = .{};
    defer received.deinit();
    try received.readAll(stream);
    try testing.expectEqual(400, received.bytes.items.len);
    try testing.expectEqual(0, received.gaps.items.len); // the gap comes before a slot that is not there yet
    fake.proceed();
    fake.waitForPause();
    try received.readAll(stream);
    try testing.expectEqual(600, received.bytes.items.len);
    try testing.expectEqual(1, received.gaps.items.len);
    try testing.expectEqual(400, received.gaps.items[0].byte_index);
    try testing.expectEqual(6, received.gaps.items[0].transfers);
    try testing.expectEqual(600, received.gaps.items[0].bytes);
    try Received.expectCounter(received.bytes.items[0..400], 0);
    try Received.expectCounter(received.bytes.items[400..], @truncate(1000));
    try testing.expectEqual(600, received.dropped_bytes);
    try closeStream(stream);
}

test "an unplugged device ends the stream after the received bytes were read, with the last loss counted" {
    const script: []const fake.Step = &(@as([5]fake.Step, @splat(.{ .data = .{ .length = 10 } })) ++
        [_]fake.Step{.{ .all = .no_device }});
    const stream = try openStream(small, script);
    fake.waitForPause();
    var received: Received = .{};
    defer received.deinit();
    while (received.end_reason == null) {
        _ = stream.wait(100);
        try received.readAll(stream);
    }
    try testing.expectEqual(abi.EndReason.disconnected, received.end_reason.?);
    try testing.expectEqual(.ended, stream.wait(0));
    try testing.expectEqual(50, @as(f64, @floatFromInt(received.bytes.items.len)) + received.dropped_bytes);
    try testing.expectEqual(1, received.dropped_transfers);
    try closeStream(stream);
}

test "a halt is cleared and the stream goes on" {
    const stream = try openStream(small, &.{ .{ .data = .{ .length = 10 } }, .{ .all = .stall }, .{ .data = .{ .length = 10 } }, .pause });
    fake.waitForPause();
    var received: Received = .{};
    defer received.deinit();
    try received.readAll(stream);
    try testing.expectEqual(20, received.bytes.items.len);
    try testing.expectEqual(1, fake.halts_cleared);
    var totals: abi.StreamStatistics = undefined;
    stream.statistics(&totals);
    try testing.expectEqual(1, totals.stalls);
    try closeStream(stream);
}

test "a failed transfer is a gap, and failures in a row end the stream" {
    const script: []const fake.Step = &(([_]fake.Step{
        .{ .data = .{ .length = 10 } },
        .{ .data = .{ .length = 7, .status = .@"error" } },
        .{ .data = .{ .length = 10 } },
        .pause,
    }) ++ @as([9]fake.Step, @splat(.{ .data = .{ .length = 1, .status = .overflow } })));
    const stream = try openStream(small, script);
    fake.waitForPause();
    var received: Received = .{};
    defer received.deinit();
    try received.readAll(stream);
    try testing.expectEqual(20, received.bytes.items.len);
    try testing.expectEqual(7, received.dropped_bytes);
    try testing.expectEqual(10, received.gaps.items[0].byte_index);
    fake.proceed();
    while (received.end_reason == null) {
        _ = stream.wait(100);
        try received.readAll(stream);
    }
    try testing.expectEqual(abi.EndReason.io, received.end_reason.?);
    try testing.expectEqual(16, received.dropped_bytes);
    try closeStream(stream);
}

test "the bytes before a halt are kept, those of an unplugged transfer are dropped" {
    const script: []const fake.Step = &.{
        .{ .data = .{ .length = 10, .status = .stall } },    .{ .all = .stall },
        .{ .data = .{ .length = 5, .status = .no_device } }, .{ .all = .no_device },
    };
    const stream = try openStream(small, script);
    var received: Received = .{};
    defer received.deinit();
    while (received.end_reason == null) {
        _ = stream.wait(100);
        try received.readAll(stream);
    }
    try testing.expectEqual(10, received.bytes.items.len);
    try testing.expectEqual(5, received.dropped_bytes);
    try closeStream(stream);
}

test "after a stop no bytes arrive, and those received are still counted and read" {
    const stream = try openStream(small, &.{ .{ .data = .{ .length = 100 } }, .{ .data = .{ .length = 20 } }, .pause });
    fake.waitForPause();
    fake.bytes_at_cancel = 5;
    stream.stop();
    stream.stop();
    var totals: abi.StreamStatistics = undefined;
    stream.statistics(&totals);
    try testing.expectEqual(130, totals.bytes);
    try testing.expectEqual(130, totals.backlog_bytes);
    try testing.expectEqual(0, totals.transfers_in_flight);
    var output: [1024]u8 = undefined;
    var report: abi.Report = undefined;
    try testing.expectEqual(.ok, @import("reader.zig").copy(stream, &output, 1, &report));
    try testing.expectEqual(100, report.bytes);
    stream.statistics(&totals);
    try testing.expectEqual(30, totals.backlog_bytes);
    try closeStream(stream);
}

test "bytes of cancelled transfers are not lost" {
    const stream = try openStream(small, &.{.pause});
    fake.waitForPause();
    fake.bytes_at_cancel = 5;
    stream.shutdown();
    var totals: abi.StreamStatistics = undefined;
    stream.statistics(&totals);
    try testing.expectEqual(10, totals.bytes);
    try testing.expectEqual(2, totals.backlog);
    stream.destroy();
}

test "refused transfers: fewer are with libusb, and none at all is an error" {
    const no_mem = @backingInt(usb.ErrorCode.no_mem);
    const stream = try openStream(small, &.{ .{ .refuse = no_mem }, .{ .data = .{ .length = 10 } }, .pause });
    fake.waitForPause();
    var totals: abi.StreamStatistics = undefined;
    stream.statistics(&totals);
    try testing.expectEqual(1, totals.transfers_in_flight);
    try closeStream(stream);
    var options = small;
    options.allow_dma = true;
    fake.pending_limit = 0;
    defer fake.pending_limit = 64;
    fake.dma_limit = 6;
    defer fake.dma_limit = 0;
    try testing.expectError(error.SubmitFailed, openStream(options, &.{}));
    try testing.expectEqual(0, fake.allocated);
    try testing.expectEqual(0, fake.dma_allocated);
}

test "memory for too few transfers: one is taken back for commands, and the report counts the missing ones" {
    var options = small;
    options.transfer_queue_length = 4;
    fake.pending_limit = 3;
    defer fake.pending_limit = 64;
    const stream = try openStream(options, &.{ .{ .data = .{ .length = 10 } }, .{ .data = .{ .length = 10 } }, .pause });
    fake.waitForPause();
    var buffer: [4096]u8 = undefined;
    var report: abi.Report = undefined;
    try testing.expectEqual(.ok, reader.copy(stream, &buffer, 0, &report));
    try testing.expectEqual(20, report.bytes);
    try testing.expectEqual(2, report.transfers_missing);
    var totals: abi.StreamStatistics = undefined;
    stream.statistics(&totals);
    try testing.expectEqual(4, totals.transfers_requested);
    try testing.expectEqual(2, totals.transfers_in_flight);
    try closeStream(stream);
    fake.pending_limit = 1; // it would leave nothing for commands
    try testing.expectError(error.SubmitFailed, openStream(options, &.{}));
    try testing.expectEqual(0, fake.allocated);
}

test "no thread for the reader: an error, and all transfers come back" {
    var options = small;
    options.stack_size = 1 << 60; // no system has so much memory
    try testing.expectError(error.ThreadUnavailable, openStream(options, &.{.pause}));
    try testing.expectEqual(0, fake.allocated);
    // The next one finds everything as it was.
    try closeStream(try openStream(small, &.{.pause}));
}

test "waiters on other threads come back when the stream closes" {
    const stream = try openStream(small, &.{.pause});
    var results: [3]Stream.WaitResult = undefined;
    var threads: [3]std.Thread = undefined;
    for (&threads, &results) |*thread, *result| {
        thread.* = try std.Thread.spawn(.{}, struct {
            fn run(waited: *Stream, out: *Stream.WaitResult) void {
                out.* = waited.wait(60_000);
            }
        }.run, .{ stream, result });
    }
    fake.waitForPause();
    stream.shutdown();
    for (threads) |thread| thread.join();
    for (results) |result| try testing.expectEqual(.ended, result);
    stream.destroy();
}

test "kernel memory for some slots leaves room for every transfer and a command, and all of it is given back" {
    var options = small;
    options.allow_dma = true;
    defer fake.dma_limit = 0;
    // 6 slots, 2 transfers. For how many slots the kernel has memory, and how many get it.
    for ([_][2]usize{ .{ 2, 0 }, .{ 5, 2 }, .{ 6, 6 } }) |case| {
        fake.dma_limit, const expected = case;
        const stream = try openStream(options, &.{ .{ .data = .{ .length = 100 } }, .pause });
        fake.waitForPause();
        var totals: abi.StreamStatistics = undefined;
        stream.statistics(&totals);
        try testing.expectEqual(@as(f64, @floatFromInt(expected)), totals.dma_slots);
        try testing.expectEqual(expected, fake.dma_allocated);
        var received: Received = .{};
        defer received.deinit();
        try received.readAll(stream);
        try testing.expectEqual(100, received.bytes.items.len);
        try Received.expectCounter(received.bytes.items, 0);
        try closeStream(stream);
        try testing.expectEqual(0, fake.dma_allocated);
    }
}

test "a transfer that comes back after it was given up finds its slot and its stream" {
    fake.play(&.{});
    var memory: [1 << 15]u8 align(16) = undefined;
    var allocator: std.heap.FixedBufferAllocator = .init(&memory);
    var libusb_error: c_int = 0;
    const handle: *anyopaque = @ptrFromInt(8);
    const stream: *Stream = try .prepare(
        allocator.allocator(),
        fake.functions,
        @ptrCast(handle),
        @ptrCast(handle),
        small,
        &libusb_error,
    );
    stream.end(.io); // event handling fails
    try testing.expect(stream.step(1));
    try testing.expect(!stream.step(1 + stream_module.cancel_limit_ns));
    stream.finish();
    try testing.expectEqual(.ended, stream.wait(0));
    const transfers = [_]*usb.Transfer{ stream.queue.transfers[0].usb, stream.queue.transfers[1].usb };
    stream.shutdown();
    stream.destroy();
    // The program's own transfers handle events until it closes the device.
    fake.bytes_at_cancel = 7;
    for (transfers) |_| _ = fake.functions.handle_events_timeout_completed(@ptrCast(handle), &.{ .seconds = 0, .microseconds = 0 }, null);
    try testing.expectEqual(14, stream.totals.bytes);
    try testing.expectEqual(2, fake.allocated);
    for (transfers) |transfer| fake.functions.free_transfer(transfer);
}

test "a halt is cleared also where transfers stay with libusb, and halts in a row end the stream" {
    const stream = try openStream(small, &.{ .{ .data = .{ .length = 0, .status = .stall } }, .pause });
    fake.waitForPause();
    var totals: abi.StreamStatistics = undefined;
    while (true) { // the thread cancels the other transfer, clears the halt and submits both again
        stream.statistics(&totals);
        if (totals.stalls == 1 and totals.transfers_in_flight == 2) break;
        std.Thread.yield() catch {};
    }
    try closeStream(stream);
    const halting = try openStream(small, &@as([9]fake.Step, @splat(.{ .data = .{ .length = 0, .status = .stall } })));
    while (halting.wait(100) != .ended) {}
    try testing.expectEqual(abi.EndReason.io, halting.end_reason);
    try closeStream(halting);
}
