//! The recorder's queue: what goes in comes out, or is counted as lost.

const std = @import("std");
const byte_queue = @import("byte_queue.zig");
const ByteQueue = byte_queue.ByteQueue;
const Loss = byte_queue.Loss;
const Mark = byte_queue.Mark;
const chunk_length = byte_queue.chunk_length;
const headroom = byte_queue.headroom;

const testing = std.testing;

fn expectTaken(queue: *ByteQueue, bytes: []const u8) !Mark {
    const chunk = queue.take(byte_queue.forever).chunk;
    try testing.expectEqualSlices(u8, bytes, queue.memoryOf(chunk)[headroom..]);
    queue.release(chunk);
    return chunk.mark;
}

test "bytes come out as they were put in, also those of one transfer in several chunks" {
    var queue: ByteQueue = try .init(testing.allocator, 4 * chunk_length, std.time.ns_per_s);
    defer queue.deinit(testing.allocator);
    const bytes = try testing.allocator.alloc(u8, 2 * chunk_length + 7);
    defer testing.allocator.free(bytes);
    for (bytes, 0..) |*byte, index| byte.* = @truncate(index * 7 / 3);
    queue.put("ab", 1);
    queue.put(bytes, 2);
    queue.close();
    queue.put("too late", 3);
    const rest = 2 * chunk_length - 2;
    _ = try expectTaken(&queue, "ab" ++ bytes[0 .. chunk_length - 2]);
    _ = try expectTaken(&queue, bytes[chunk_length - 2 .. rest]);
    _ = try expectTaken(&queue, bytes[rest..]);
    try testing.expectEqual(.ended, queue.take(byte_queue.forever));
    try testing.expectEqual(0, queue.bytes);
}

test "what there is no room for is lost whole, and the next chunk says so" {
    var queue: ByteQueue = try .init(testing.allocator, 2 * chunk_length, std.time.ns_per_s);
    defer queue.deinit(testing.allocator);
    const bytes = try testing.allocator.alloc(u8, chunk_length);
    defer testing.allocator.free(bytes);
    @memset(bytes, 0xaa);
    queue.put(bytes, 0);
    queue.put(bytes[0..10], 1000);
    queue.put(bytes, 2000);
    queue.put(bytes, 3000);
    queue.lose(5);
    queue.put("bc", 4000);
    try testing.expectEqual(Mark{}, try expectTaken(&queue, bytes));
    queue.put("de", 5000);
    queue.close();
    _ = try expectTaken(&queue, bytes[0..10]);
    const mark = try expectTaken(&queue, "de");
    try testing.expectEqual(Loss{ .transfers = 3, .bytes = 2 * chunk_length + 2 }, mark.disk);
    try testing.expectEqual(Loss{ .transfers = 1, .bytes = 5 }, mark.usb);
    try testing.expectEqual(4000, mark.silence_ns);
}

test "a long pause is marked without a loss, a short one is not" {
    var queue: ByteQueue = try .init(testing.allocator, 4 * chunk_length, 100);
    defer queue.deinit(testing.allocator);
    queue.put("a", 0);
    queue.put("b", 100);
    queue.put("c", 201);
    queue.close();
    _ = try expectTaken(&queue, "ab");
    try testing.expectEqual(101, (try expectTaken(&queue, "c")).silence_ns);
}

test "an abandoned queue tells what it has lost" {
    var queue: ByteQueue = try .init(testing.allocator, 4 * chunk_length, 100);
    defer queue.deinit(testing.allocator);
    queue.put("ab", 0);
    queue.lose(5);
    queue.put("cde", 0);
    queue.abandon();
    try testing.expectEqual(.ended, queue.take(byte_queue.forever));
    try testing.expectEqual(Loss{ .transfers = 2, .bytes = 5 }, queue.lastLoss().disk);
    try testing.expectEqual(Loss{ .transfers = 1, .bytes = 5 }, queue.lastLoss().usb);
}

test "each byte of an abandoned queue is lost or with the writer" {
    var queue: ByteQueue = try .init(testing.allocator, 4 * chunk_length, 100);
    defer queue.deinit(testing.allocator);
    const bytes = try testing.allocator.alloc(u8, chunk_length);
    defer testing.allocator.free(bytes);
    queue.put(bytes, 0);
    const chunk = queue.take(byte_queue.forever).chunk;
    queue.put("abc", 0);
    queue.abandon();
    try testing.expectEqual(ByteQueue.State{ .bytes = chunk_length, .lost = .{ .transfers = 1, .bytes = 3 } }, queue.state());
    queue.release(chunk);
    try testing.expectEqual(0, queue.state().bytes);
}

test "from its end on nothing is taken in" {
    var queue: ByteQueue = try .init(testing.allocator, chunk_length, 100);
    defer queue.deinit(testing.allocator);
    queue.end_ns = 10;
    queue.put("a", 9);
    queue.put("b", 10);
    try testing.expect(queue.timed_out);
    _ = try expectTaken(&queue, "a");
    try testing.expectEqual(.ended, queue.take(byte_queue.forever));
}
