//! What the writer thread and the counter's thread hand each other. Neither ever waits for the other: the counter has the
//! lowest priority, and with a lock in its hands it would stop the writer, too.

const std = @import("std");

/// A queue of values from one thread to one other.
pub fn Queue(comptime Value: type, comptime capacity: usize) type {
    return struct {
        const Self = @This();

        values: [capacity]Value = undefined,
        /// How many values were ever put in, and taken out.
        put_count: std.atomic.Value(u64) = .init(0),
        taken_count: std.atomic.Value(u64) = .init(0),

        /// How many values may be put in.
        pub fn room(queue: *const Self) usize {
            return @intCast(capacity - (queue.put_count.load(.monotonic) - queue.taken_count.load(.acquire)));
        }

        /// All of them. There is room.
        pub fn put(queue: *Self, values: []const Value) void {
            std.debug.assert(values.len <= queue.room());
            const first = queue.put_count.load(.monotonic);
            for (values, first..) |value, index| queue.values[@intCast(index % capacity)] = value;
            queue.put_count.store(first + values.len, .release);
        }

        /// The oldest values, as many as lie together in memory; none where there are none.
        pub fn waiting(queue: *const Self) []const Value {
            const first = queue.taken_count.load(.monotonic);
            const count: usize = @intCast(queue.put_count.load(.acquire) - first);
            const index: usize = @intCast(first % capacity);
            return queue.values[index..][0..@min(count, capacity - index)];
        }

        /// One of the oldest values; null where there are fewer.
        pub fn peek(queue: *const Self, index: usize) ?*const Value {
            const place = queue.taken_count.load(.monotonic) + index;
            if (place >= queue.put_count.load(.acquire)) return null;
            return &queue.values[@intCast(place % capacity)];
        }

        /// The first of `waiting` are not needed any more.
        pub fn take(queue: *Self, count: usize) void {
            queue.taken_count.store(queue.taken_count.load(.monotonic) + count, .release);
        }
    };
}

/// Numbers that one thread publishes together, and any thread reads.
pub fn Published(comptime Block: type) type {
    const count = std.meta.fieldNames(Block).len;
    return struct {
        const Self = @This();

        slots: [2][count]std.atomic.Value(u64) = @splat(@splat(.init(0))),
        /// How often it was published. The last block is in the slot of this parity.
        times: std.atomic.Value(u64) = .init(0),

        pub fn set(published: *Self, block: Block) void {
            const next = published.times.load(.monotonic) + 1;
            const slot = &published.slots[@intCast(next & 1)];
            inline for (comptime std.meta.fieldNames(Block), 0..) |name, index| {
                slot[index].store(@bitCast(@field(block, name)), .release);
            }
            published.times.store(next, .release);
        }

        /// Begins again only where the block is published twice meanwhile.
        pub fn get(published: *const Self) Block {
            while (true) {
                const times = published.times.load(.acquire);
                const slot = &published.slots[@intCast(times & 1)];
                var block: Block = undefined;
                inline for (comptime std.meta.fieldNames(Block), 0..) |name, index| {
                    @field(block, name) = @bitCast(slot[index].load(.acquire));
                }
                if (published.times.load(.acquire) == times) return block;
            }
        }
    };
}

const testing = std.testing;

test "values come out in their order, around the end of the memory" {
    var queue: Queue(u32, 5) = .{};
    try testing.expectEqual(0, queue.waiting().len);
    queue.put(&.{ 1, 2, 3, 4 });
    try testing.expectEqual(1, queue.room());
    try testing.expectEqualSlices(u32, &.{ 1, 2, 3, 4 }, queue.waiting());
    queue.take(3);
    queue.put(&.{ 5, 6, 7 });
    try testing.expectEqualSlices(u32, &.{ 4, 5 }, queue.waiting());
    try testing.expectEqual(6, queue.peek(2).?.*);
    try testing.expectEqual(null, queue.peek(4));
    queue.take(2);
    try testing.expectEqualSlices(u32, &.{ 6, 7 }, queue.waiting());
    queue.take(2);
    try testing.expectEqual(5, queue.room());
}

test "what one thread puts in and publishes another one gets whole" {
    const Pair = struct { one: u64, other: f64 };
    const Shared = struct {
        queue: Queue(u32, 64) = .{},
        published: Published(Pair) = .{},
        const end = 100_000;

        fn run(shared: *@This()) void {
            var next: u32 = 0;
            while (next < end) {
                if (shared.queue.room() < 2) {
                    std.Thread.yield() catch {};
                    continue;
                }
                shared.queue.put(&.{ next, next + 1 });
                next += 2;
                shared.published.set(.{ .one = next, .other = @floatFromInt(next) });
            }
        }
    };
    var shared: Shared = .{};
    const thread = try std.Thread.spawn(.{}, Shared.run, .{&shared});
    var next: u32 = 0;
    while (next < Shared.end) {
        const values = shared.queue.waiting();
        for (values) |value| {
            try testing.expectEqual(next, value);
            next += 1;
        }
        shared.queue.take(values.len);
        const pair = shared.published.get();
        try testing.expectEqual(@as(f64, @floatFromInt(pair.one)), pair.other);
        if (values.len == 0) std.Thread.yield() catch {};
    }
    thread.join();
}
