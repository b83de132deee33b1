//! The slots of the ring, and where each one is: free, with libusb, filled, with the reader, free again.
//!
//!            take                fill                 pop              release
//!     free ───────▶ with libusb ──────▶ filled queue ─────▶ with reader ───────▶ free
//!
//! Free slots are a stack: the slot released last is used next. So without a backlog a handful of slots, warm in the
//! cache, serves the whole stream. Free slots beyond `warm_limit` are cold: their memory goes back to the system, and
//! resident memory follows the backlog down again.
//!
//! No locks and no libusb here: the stream guards this structure with its mutex.

const std = @import("std");
const builtin = @import("builtin");
const memory = @import("../system/memory.zig");

/// Bytes lost because every slot was full.
pub const Loss = struct {
    transfers: u64 = 0,
    bytes: u64 = 0,

    pub fn add(loss: *Loss, other: Loss) void {
        loss.transfers += other.transfers;
        loss.bytes += other.bytes;
    }
};

pub const Slots = struct {
    reserved: memory.Memory,
    slot_length: usize,
    entries: []Entry,
    warm: Stack,
    cold: Stack,
    warm_limit: usize,
    filled: Queue,
    /// Bytes in the filled slots.
    filled_bytes: u64 = 0,
    last_filled_ns: ?u64 = null,
    /// Lost since a slot was last filled.
    pending_loss: Loss = .{},
    backlog_peak: usize = 0,
    committed: usize = 0,

    pub const Entry = struct {
        bytes: [*]u8,
        length: u32 = 0,
        received_ns: u64 = 0,
        /// Lost between the slot filled before this one and this one.
        loss: Loss = .{},
        /// Time from the filling of that slot to the filling of this one.
        silence_ns: u64 = 0,
        /// No event comes from it (idle.zig).
        idle: bool = false,
        committed: bool = false,
        /// Memory of the kernel (DMA): ours to use, not ours to give back.
        dma: bool = false,
    };

    pub fn init(
        allocator: std.mem.Allocator,
        count: usize,
        slot_length: usize,
        warm_limit: usize,
    ) error{OutOfMemory}!Slots {
        const reserved = try memory.reserve(count * slot_length);
        errdefer memory.release(reserved);
        const entries = try allocator.alloc(Entry, count);
        errdefer allocator.free(entries);
        const indexes = try allocator.alloc(u32, 3 * count);
        var slots: Slots = .{
            .reserved = reserved,
            .slot_length = slot_length,
            .entries = entries,
            .warm = .{ .items = indexes[0..count] },
            .cold = .{ .items = indexes[count .. 2 * count] },
            .warm_limit = warm_limit,
            .filled = .{ .items = indexes[2 * count ..] },
        };
        for (entries, 0..) |*entry, index| entry.* = .{ .bytes = reserved.ptr + index * slot_length };
        // All slots start cold, the lowest addresses on top.
        for (0..count) |index| slots.cold.push(@intCast(count - 1 - index));
        return slots;
    }

    pub fn deinit(slots: *Slots, allocator: std.mem.Allocator) void {
        allocator.free(slots.warm.items.ptr[0 .. 3 * slots.entries.len]);
        allocator.free(slots.entries);
        memory.release(slots.reserved);
        slots.* = undefined;
    }

    /// A free slot for libusb to write into; null when the ring is full.
    pub fn take(slots: *Slots) ?u32 {
        const index = slots.warm.pop() orelse slots.cold.pop() orelse return null;
        const entry = &slots.entries[index];
        if (!entry.committed) {
            entry.committed = true;
            slots.committed += 1;
        }
        return index;
    }

    /// The slot now holds `length` bytes and waits to be read.
    pub fn fill(slots: *Slots, index: u32, length: u32, now_ns: u64, idle: bool) void {
        const entry = &slots.entries[index];
        entry.length = length;
        entry.idle = idle;
        entry.received_ns = now_ns;
        entry.silence_ns = now_ns -| (slots.last_filled_ns orelse now_ns);
        slots.last_filled_ns = now_ns;
        entry.loss = slots.pending_loss;
        slots.pending_loss = .{};
        slots.filled.push(index);
        slots.filled_bytes += length;
        slots.backlog_peak = @max(slots.backlog_peak, slots.filled.count);
    }

    /// One transfer's bytes could not be kept.
    pub fn lose(slots: *Slots, length: u64) void {
        slots.pending_loss.add(.{ .transfers = 1, .bytes = length });
    }

    /// The oldest filled slot, now with the reader.
    pub fn pop(slots: *Slots) ?u32 {
        const index = slots.filled.pop() orelse return null;
        slots.filled_bytes -= slots.entries[index].length;
        return index;
    }

    /// The slot is free again.
    pub fn release(slots: *Slots, index: u32) void {
        if (slots.warm.count < slots.warm_limit) return slots.warm.push(index);
        const entry = &slots.entries[index];
        if (entry.committed and !entry.dma) {
            memory.decommit(entry.bytes[0..slots.slot_length]);
            entry.committed = false;
            slots.committed -= 1;
        }
        slots.cold.push(index);
    }
};

const Stack = struct {
    items: []u32,
    count: usize = 0,

    fn push(stack: *Stack, index: u32) void {
        stack.items[stack.count] = index;
        stack.count += 1;
    }

    fn pop(stack: *Stack) ?u32 {
        if (stack.count == 0) return null;
        stack.count -= 1;
        return stack.items[stack.count];
    }
};

const Queue = struct {
    items: []u32,
    head: usize = 0,
    count: usize = 0,

    fn push(queue: *Queue, index: u32) void {
        queue.items[(queue.head + queue.count) % queue.items.len] = index;
        queue.count += 1;
    }

    fn pop(queue: *Queue) ?u32 {
        if (queue.count == 0) return null;
        const index = queue.items[queue.head];
        queue.head = (queue.head + 1) % queue.items.len;
        queue.count -= 1;
        return index;
    }
};

const testing = std.testing;

test "without a backlog two slots serve everything" {
    var slots: Slots = try .init(testing.allocator, 64, 4096, 8);
    defer slots.deinit(testing.allocator);
    var in_flight = slots.take().?;
    for (0..1000) |_| {
        slots.fill(in_flight, 100, 0, false);
        in_flight = slots.take().?;
        slots.release(slots.pop().?);
    }
    try testing.expectEqual(2, slots.committed);
    try testing.expectEqual(1, slots.backlog_peak);
}

test "after a backlog memory goes back to the system" {
    var slots: Slots = try .init(testing.allocator, 64, 4096, 8);
    defer slots.deinit(testing.allocator);
    while (slots.take()) |index| slots.fill(index, 4096, 0, false);
    try testing.expectEqual(64, slots.committed);
    while (slots.pop()) |index| slots.release(index);
    try testing.expectEqual(8, slots.committed);
    var taken: usize = 0;
    while (slots.take()) |_| taken += 1;
    try testing.expectEqual(64, taken);
}

test "the memory of slots that a backlog has used is the system's again" {
    if (builtin.os.tag != .linux) return error.SkipZigTest; // where it does not go back
    const page = std.heap.pageSize();
    var slots: Slots = try .init(testing.allocator, 16, page, 4);
    defer slots.deinit(testing.allocator);
    while (slots.take()) |index| {
        @memset(slots.entries[index].bytes[0..page], 0xaa);
        slots.fill(index, 1, 0, false);
    }
    while (slots.pop()) |index| slots.release(index);
    try testing.expectEqual(12, slots.cold.count);
    // Pages that went back are zeros when they are touched again.
    for (slots.cold.items[0..slots.cold.count]) |index| try testing.expectEqual(0, slots.entries[index].bytes[0]);
    for (slots.warm.items[0..slots.warm.count]) |index| try testing.expectEqual(0xaa, slots.entries[index].bytes[0]);
}

test "a filled slot tells how long after the one before it was filled" {
    var slots: Slots = try .init(testing.allocator, 4, 4096, 4);
    defer slots.deinit(testing.allocator);
    const times = [_]u64{ 5_000, 5_700, 25_000_005_700, 25_000_005_600 };
    for (times) |now_ns| {
        slots.lose(1); // what is lost does not count as filled
        slots.fill(slots.take().?, 10, now_ns, false);
    }
    for ([_]u64{ 0, 700, 25_000_000_000, 0 }) |silence_ns| {
        try testing.expectEqual(silence_ns, slots.entries[slots.pop().?].silence_ns);
    }
}

test "a loss marks the next filled slot and no other" {
    var slots: Slots = try .init(testing.allocator, 4, 4096, 4);
    defer slots.deinit(testing.allocator);
    slots.fill(slots.take().?, 10, 0, false);
    slots.lose(100);
    slots.lose(28);
    slots.fill(slots.take().?, 10, 0, false);
    slots.fill(slots.take().?, 10, 0, false);
    const expected = [_]Loss{ .{}, .{ .transfers = 2, .bytes = 128 }, .{} };
    for (expected) |loss| try testing.expectEqual(loss, slots.entries[slots.pop().?].loss);
}

test "any order of operations keeps every slot in exactly one place" {
    const seed = testing.random_seed;
    errdefer std.debug.print("seed {d}\n", .{seed});
    var random_state: std.Random.DefaultPrng = .init(seed);
    const random = random_state.random();
    var slots: Slots = try .init(testing.allocator, 8, 4096, 3);
    defer slots.deinit(testing.allocator);
    var with_libusb: std.ArrayList(u32) = .empty;
    defer with_libusb.deinit(testing.allocator);
    var with_reader: std.ArrayList(u32) = .empty;
    defer with_reader.deinit(testing.allocator);
    for (0..10_000) |_| {
        switch (random.uintLessThan(u8, 4)) {
            0 => if (slots.take()) |index| try with_libusb.append(testing.allocator, index),
            1 => if (with_libusb.items.len > 0) slots.fill(with_libusb.orderedRemove(0), 1, 0, false),
            2 => if (slots.pop()) |index| try with_reader.append(testing.allocator, index),
            else => if (with_reader.items.len > 0) slots.release(with_reader.pop().?),
        }
        var seen: [8]u8 = @splat(0);
        for (with_libusb.items) |index| seen[index] += 1;
        for (with_reader.items) |index| seen[index] += 1;
        for (slots.warm.items[0..slots.warm.count]) |index| seen[index] += 1;
        for (slots.cold.items[0..slots.cold.count]) |index| seen[index] += 1;
        for (0..slots.filled.count) |offset| seen[slots.filled.items[(slots.filled.head + offset) % 8]] += 1;
        try testing.expectEqual(@as([8]u8, @splat(1)), seen);
    }
}
