//! Transfers given back for commands, against a scripted libusb.

const std = @import("std");
const abi = @import("../abi.zig");
const fake = @import("testing/fake_libusb.zig");
const test_stream = @import("testing/test_stream.zig");
const giveBack = @import("giving_back.zig").giveBack;
const stream_module = @import("stream.zig");
const Options = stream_module.Options;
const Stream = stream_module.Stream;

const three_transfers: Options = .{
    .endpoint = 0x81,
    .format = .evt3,
    .buffer_length = 1024,
    .ring_length = 6,
    .transfer_queue_length = 3,
    .allow_dma = false,
};

test "a transfer given back stays away, and the last one is kept" {
    const stream = try test_stream.open(three_transfers, &.{
        .pause,
        .{ .data = .{ .length = 10 } },
        .{ .data = .{ .length = 10 } },
        .{ .data = .{ .length = 10 } },
        .pause,
    });
    fake.waitForPause();
    fake.bytes_at_cancel = 7; // what it had received is data
    try giveBack(stream);
    var totals: abi.StreamStatistics = undefined;
    stream.statistics(&totals);
    try std.testing.expectEqual(2, totals.transfers_in_flight);
    fake.proceed();
    fake.waitForPause();
    stream.statistics(&totals);
    try std.testing.expectEqual(2, totals.transfers_in_flight);
    try std.testing.expectEqual(3, totals.transfers_requested);
    try std.testing.expectEqual(37, totals.bytes);
    try giveBack(stream);
    try std.testing.expectError(error.NothingToGive, giveBack(stream));
    stream.statistics(&totals);
    try std.testing.expectEqual(1, totals.transfers_in_flight);
    stream.stop();
    try std.testing.expectError(error.NothingToGive, giveBack(stream));
    stream.shutdown();
    stream.destroy();
}

test "a transfer given back stays away also where the others are submitted anew" {
    const stream = try test_stream.open(three_transfers, &.{ .pause, .{ .all = .stall }, .pause });
    fake.waitForPause();
    try giveBack(stream);
    fake.proceed();
    fake.waitForPause(); // the halt is cleared: two transfers are back with libusb
    try std.testing.expectEqual(1, fake.halts_cleared);
    var totals: abi.StreamStatistics = undefined;
    stream.statistics(&totals);
    try std.testing.expectEqual(2, totals.transfers_in_flight);
    stream.shutdown();
    stream.destroy();
}
