//! Explores every state that a ring of one size can reach, breadth first: so the way to a broken rule is one of the
//! shortest.
//!
//! Two states are the same when the ring decides alike in both from then on. Numbers that only grow (bytes, totals, the
//! numbers of transfers) make no difference, nor does which slot is which. So the states are finite, the search ends,
//! and it has then covered runs of any length.

const std = @import("std");
const model = @import("world.zig");
const World = model.World;
const expect = std.testing.expect;
const expectEqual = std.testing.expectEqual;

/// What can happen next.
pub const Action = union(enum) {
    // The reader thread
    step,
    /// Event handling fails from now on, as when the device file is gone.
    events_fail,
    /// The times for cancelled transfers and for idle packets are over.
    time_passes,
    close_in_clear_halt,
    // The bus: how the oldest transfer ends
    data,
    idle_data,
    empty,
    timed_out,
    failed,
    failed_with_data,
    stall,
    stall_with_data,
    gone_with_data,
    // The bus: how any transfer ends
    gone: u8,
    cancelled: u8,
    cancelled_with_data: u8,
    // The device and the system
    unplug,
    step_refused,
    data_refused,
    // The program
    close,
    begin,
    next,
    consume,
    consume_part,
    discard,
    discard_all_but_one,
};

const actions = list: {
    var all: []const Action = &.{};
    for (std.meta.tags(std.meta.Tag(Action))) |tag| {
        if (@FieldType(Action, @tagName(tag)) == void) {
            all = all ++ .{@unionInit(Action, @tagName(tag), {})};
        } else for (0..model.maximum_transfers) |index| {
            all = all ++ .{@unionInit(Action, @tagName(tag), index)};
        }
    }
    break :list all;
};

fn possible(world: *const World, action: Action) bool {
    const stream = world.stream;
    const running = stream.end_reason == .running;
    const may_fail = !running or stream.failures_in_a_row < world.size.failures;
    const ends_by_itself = world.oldest() != null and !world.unplugged and !world.stalling;
    return switch (action) {
        .step => !world.thread_left,
        .events_fail => !world.thread_left and running,
        .time_passes => !world.thread_left and
            (stream.waiting.held_ns == world.now_ns or (world.queued > 0 and stream.cancelled_ns == world.now_ns)),
        .close_in_clear_halt => !world.thread_left and !world.closed and running and stream.halted and world.queued == 0,
        .data, .idle_data, .empty, .timed_out => ends_by_itself,
        .failed, .failed_with_data => ends_by_itself and may_fail,
        .stall, .stall_with_data => world.oldest() != null and !world.unplugged and may_fail,
        .gone_with_data => world.oldest() != null and world.unplugged,
        .gone => |index| world.places[index] != .idle and world.unplugged,
        .cancelled => |index| world.places[index] == .cancelled,
        .cancelled_with_data => |index| world.places[index] == .cancelled and world.oldest() == index,
        .unplug => !world.unplugged,
        .step_refused => !world.thread_left and running and !world.unplugged,
        .data_refused => ends_by_itself and running,
        .close => !world.closed,
        .begin, .discard, .discard_all_but_one => world.phase == .idle and !world.closed,
        .next => world.phase == .between,
        .consume => world.phase == .holding,
        .consume_part => world.phase == .holding and world.account.offset == 0,
    };
}

fn perform(world: *World, action: Action) !void {
    const oldest = world.oldest() orelse 0;
    switch (action) {
        .step => world.step(),
        .step_refused, .data_refused => {
            world.refusing = true;
            if (action == .step_refused) world.step() else world.complete(oldest, .completed, .events);
            world.refusing = false;
        },
        .events_fail => world.stream.end(.io),
        .time_passes => world.now_ns += @import("../../stream.zig").cancel_limit_ns,
        .close_in_clear_halt => {
            world.close_in_clear_halt = true;
            world.step();
            world.close_in_clear_halt = false;
        },
        .data => world.complete(oldest, .completed, .events),
        .idle_data => world.complete(oldest, .completed, .idle),
        .empty => world.complete(oldest, .completed, .none),
        .timed_out => world.complete(oldest, .timed_out, .events),
        .failed => world.complete(oldest, .@"error", .none),
        .failed_with_data => world.complete(oldest, .overflow, .events),
        .stall, .stall_with_data => {
            world.stalling = true;
            world.complete(oldest, .stall, if (action == .stall_with_data) .events else .none);
        },
        .gone_with_data => world.complete(oldest, .no_device, .events),
        .gone => |index| world.complete(index, .no_device, .none),
        .cancelled => |index| world.complete(index, .cancelled, .none),
        .cancelled_with_data => |index| world.complete(index, .cancelled, .events),
        .unplug => {
            world.unplugged = true;
            world.stalling = false;
        },
        .close => world.close(),
        .begin => try world.begin(),
        .next => try world.next(),
        .consume => try world.consume(true),
        .consume_part => try world.consume(false),
        .discard => try world.discard(0),
        .discard_all_but_one => try world.discard(1),
    }
}

/// An action, and the rules that hold after every one.
fn act(world: *World, action: Action) !void {
    const stream = world.stream;
    const nothing_to_tell = !stream.readable() and !stream.finished;
    stream.waiting.notifier.?.armed = nothing_to_tell;
    try perform(world, action);
    if (world.broken) |rule| {
        std.debug.print("{s}\n", .{rule});
        return error.RuleBroken;
    }
    // Waiting threads are woken when there is something to read, and at the end; the condition is signalled with it.
    // Of idle packets that the consumer reads without waiting they are not told.
    const untold = stream.readable() and !stream.reader.holdsSlot();
    if (untold or stream.finished) try expect(!stream.waiting.notifier.?.armed);
    if (world.account.isWorthWaking()) try expect(stream.readable());
    if (stream.finished) try expectEqual(world.account.unread_count > 0, stream.readable());
    try world.account.check(world);
}

/// Lets happen what always happens in the end: cancelled transfers come back, those of an unplugged device, too, and
/// the thread takes its turns. Until the stream has ended, or all transfers are with libusb.
fn letThingsHappen(world: *World) !void {
    const stream = world.stream;
    for (0..8) |_| {
        if (world.thread_left and world.queued == 0) return;
        if (stream.end_reason == .running and !stream.halted and world.queued == world.size.transfers) return;
        if (!world.thread_left) try act(world, .step);
        for (0..world.size.transfers) |index| {
            const transfer: u8 = @intCast(index);
            if (world.places[transfer] == .idle) continue;
            if (world.unplugged) try act(world, .{ .gone = transfer }) //
            else if (world.places[transfer] == .cancelled) try act(world, .{ .cancelled = transfer });
        }
    }
}

/// From any state of a running stream, all its transfers get to libusb again, or it ends: it never stands still.
fn expectGoesOn(world: *World) !void {
    if (world.stream.end_reason != .running) return;
    try letThingsHappen(world);
    if (world.stream.end_reason != .running) return;
    try expect(!world.stream.halted and !world.stalling);
    try expectEqual(world.size.transfers, world.queued);
}

/// However a stream ends, all transfers come back, the thread ends, kept bytes can be read, and every byte is accounted
/// for. Then nothing of libusb's is left.
fn expectEnds(world: *World) !void {
    const given_up = world.thread_left and world.queued > 0;
    if (!given_up) {
        if (world.stream.end_reason == .running) world.stream.end(.disconnected);
        try letThingsHappen(world);
        try expect(world.thread_left);
        try expectEqual(0, world.queued);
        try readToEnd(world);
    }
    if (world.phase != .idle) return; // closing waits until the consumer has left
    world.stream.shutdown();
    try expectEqual(if (given_up) world.size.transfers else 0, world.allocated);
    try expectEqual(null, world.broken);
}

fn readToEnd(world: *World) !void {
    const account = &world.account;
    for (0..8 * model.maximum_slots) |_| {
        switch (world.phase) {
            .idle => if (world.over) break else try act(world, .begin),
            .between => try act(world, .next),
            .holding => try act(world, .consume),
        }
    } else return error.NeverOver;
    try expectEqual(0, account.unread_count);
    try expectEqual(account.lost, account.reported);
    try expectEqual(account.brought, account.read + account.reported.bytes);
}

/// Everything that the ring's decisions can depend on, and nothing else. Losses are part of it for the oldest raw
/// packet and for the next one only.
fn key(world: *const World) u64 {
    const stream = world.stream;
    const account = &world.account;
    const running = stream.end_reason == .running;
    var bytes: [64]u8 = undefined;
    var writer: std.Io.Writer = .fixed(&bytes);
    for (0..world.size.transfers) |index| {
        const ended_without_slot: u8 = @intFromBool(account.without_slot[index]);
        writer.writeByte(@as(u8, @backingInt(world.places[index])) << 1 | ended_without_slot) catch unreachable;
    }
    const flags = [_]bool{
        world.unplugged,
        world.thread_left,
        world.closed,
        account.offset > 0,
        account.unread_count > 0 and account.unread[0].loss.transfers > 0,
        account.pending.transfers > 0,
        stream.reader.slot != null,
        stream.finished,
        running,
        // What matters only while the stream runs, and what only afterwards.
        running and world.stalling,
        running and stream.halted,
        !running and stream.cancelled_ns != null,
        !running and stream.cancelled_ns == world.now_ns,
        stream.waiting.holding,
        stream.waiting.held_ns != null,
        stream.waiting.held_ns == world.now_ns,
    };
    for (flags) |flag| writer.writeByte(@intFromBool(flag)) catch unreachable;
    const numbers = [_]usize{
        if (running) stream.failures_in_a_row else 0,
        account.unread_count,
        stream.slots.warm.count,
        @backingInt(world.phase),
        if (world.phase == .idle) 0 else world.batch.limit - world.batch.raw_packets,
        if (world.phase == .idle) 0 else @intFromBool(world.batch.bytes > 0),
    };
    for (numbers) |number| writer.writeByte(@intCast(number)) catch unreachable;
    writer.writeAll(world.queue[0..world.queued]) catch unreachable;
    return std.hash.Wyhash.hash(0, writer.buffered());
}

const Snapshot = struct {
    world: World,
    slot_memory: [model.maximum_slots * model.buffer_length]u8,

    fn take() Snapshot {
        var snapshot: Snapshot = .{ .world = model.the_world, .slot_memory = undefined };
        const bytes = model.the_world.slotMemory();
        @memcpy(snapshot.slot_memory[0..bytes.len], bytes);
        return snapshot;
    }

    fn bringBack(snapshot: *const Snapshot) void {
        model.the_world = snapshot.world;
        const bytes = model.the_world.slotMemory();
        @memcpy(bytes, snapshot.slot_memory[0..bytes.len]);
    }
};

/// A state that was reached, from which one and by which action.
const Node = struct { before: u32, action: Action };

pub const Explorer = struct {
    allocator: std.mem.Allocator,
    known: std.AutoHashMapUnmanaged(u64, void) = .empty,
    nodes: std.ArrayList(Node) = .empty,
    /// The states of one distance from the beginning, and those of the next.
    frontier: std.ArrayList(Reached) = .empty,
    following: std.ArrayList(Reached) = .empty,

    const Reached = struct { node: u32, snapshot: Snapshot };

    /// Returns how many states there are.
    pub fn explore(allocator: std.mem.Allocator, size: model.Size) !usize {
        var explorer: Explorer = .{ .allocator = allocator };
        defer explorer.deinit();
        try model.create(size);
        defer model.destroy();
        explorer.run() catch |failure| {
            const node = explorer.nodes.items.len - 1;
            std.debug.print("a rule is broken with {d} slots and {d} transfers after:\n", .{ size.slots, size.transfers });
            explorer.printWay(@intCast(node));
            return failure;
        };
        return explorer.known.count();
    }

    fn deinit(explorer: *Explorer) void {
        explorer.known.deinit(explorer.allocator);
        explorer.nodes.deinit(explorer.allocator);
        explorer.frontier.deinit(explorer.allocator);
        explorer.following.deinit(explorer.allocator);
    }

    fn run(explorer: *Explorer) !void {
        try explorer.reach(.{ .before = 0, .action = .step });
        while (explorer.following.items.len > 0) {
            std.mem.swap(std.ArrayList(Reached), &explorer.frontier, &explorer.following);
            explorer.following.clearRetainingCapacity();
            for (explorer.frontier.items) |*reached| {
                for (actions) |action| {
                    reached.snapshot.bringBack();
                    if (!possible(&model.the_world, action)) continue;
                    try explorer.reach(.{ .before = reached.node, .action = action });
                }
            }
        }
    }

    /// Acts, and remembers the state if it is new.
    fn reach(explorer: *Explorer, node: Node) !void {
        const number: u32 = @intCast(explorer.nodes.items.len);
        try explorer.nodes.append(explorer.allocator, node);
        try act(&model.the_world, node.action);
        const entry = try explorer.known.getOrPut(explorer.allocator, key(&model.the_world));
        if (entry.found_existing) {
            explorer.nodes.items.len -= 1;
            return;
        }
        const snapshot: Snapshot = .take();
        try expectGoesOn(&model.the_world);
        snapshot.bringBack();
        try expectEnds(&model.the_world);
        try explorer.following.append(explorer.allocator, .{ .node = number, .snapshot = snapshot });
    }

    fn printWay(explorer: *Explorer, node: u32) void {
        if (node > 0) explorer.printWay(explorer.nodes.items[node].before);
        std.debug.print("  {any}\n", .{explorer.nodes.items[node].action});
    }
};
