//! Handles: what JavaScript holds in place of pointers to native objects.
//!
//! A handle is a u32: the slot in a table, and the slot's generation, which grows whenever the slot is reused. So the
//! handle of a closed object is an error, and never names another object. 0 is never given out and can mean "none".
//!
//! Calls on one object may overlap (one thread waits, another closes). Each call pins the object as long as it lasts,
//! and the last unpin of a removed object destroys it. No function here waits.
//!
//!     add ──▶ alive ──remove──▶ dead ──last unpin──▶ destroyed, slot free again, next generation
//!
//! The whole state of a slot is one atomic word, so every step is one compare-and-swap.

const std = @import("std");
const builtin = @import("builtin");

/// A slot's state. Where there is one thread, as in WebAssembly, which has no atomics of this width, it is a plain number.
const Word = if (builtin.single_threaded) struct {
    raw: u64,

    fn init(raw: u64) Word {
        return .{ .raw = raw };
    }

    fn load(word: *const Word, _: std.builtin.AtomicOrder) u64 {
        return word.raw;
    }

    fn store(word: *Word, raw: u64, _: std.builtin.AtomicOrder) void {
        word.raw = raw;
    }

    fn cmpxchgWeak(word: *Word, old: u64, new: u64, _: std.builtin.AtomicOrder, _: std.builtin.AtomicOrder) ?u64 {
        if (word.raw != old) return word.raw;
        word.raw = new;
        return null;
    }
} else std.atomic.Value(u64);

pub fn HandleTable(comptime T: type, comptime capacity: u10, comptime destroy: fn (object: *T) void) type {
    return struct {
        const Table = @This();

        slots: [capacity]Slot = @splat(.{}),

        /// An empty table; usable as the initial value of a global variable.
        pub const empty: Table = .{};

        const Slot = struct {
            state: Word = .init(@bitCast(State{})),
            /// Valid in the phases `alive` and `dead`.
            object: *T = undefined,

            fn load(slot: *const Slot) State {
                return @bitCast(slot.state.load(.acquire));
            }

            /// True when the state was `old` and is now `new`.
            fn swap(slot: *Slot, old: State, new: State) bool {
                return slot.state.cmpxchgWeak(@bitCast(old), @bitCast(new), .acq_rel, .monotonic) == null;
            }
        };

        const State = packed struct(u64) {
            generation: u22 = 1,
            phase: Phase = .free,
            pins: u40 = 0,
        };

        /// `held` belongs to one thread, which is filling or emptying the slot.
        const Phase = enum(u2) { free, held, alive, dead };

        const Handle = packed struct(u32) { index: u10, generation: u22 };

        /// Gives the object a handle. From here on the table destroys it, after `remove`.
        pub fn add(table: *Table, object: *T) error{TooMany}!u32 {
            for (&table.slots, 0..) |*slot, index| {
                var state = slot.load();
                while (state.phase == .free) : (state = slot.load()) { // a weak swap may fail spuriously
                    var held = state;
                    held.phase = .held;
                    if (slot.swap(state, held)) break;
                } else continue;
                slot.object = object;
                state.phase = .alive;
                slot.state.store(@bitCast(state), .release);
                return @bitCast(Handle{ .index = @intCast(index), .generation = state.generation });
            }
            return error.TooMany;
        }

        /// The object of a live handle, kept from being destroyed until `unpin`; null for any other number.
        pub fn pin(table: *Table, handle: u32) ?*T {
            return table.acquire(handle, .alive);
        }

        /// Marks the handle dead: from now on `pin` refuses it. The object comes back pinned, so that the caller can
        /// tell the calls that are still inside to return; then the caller unpins it. Null where the handle was not
        /// alive, so exactly one of several callers gets the object.
        pub fn remove(table: *Table, handle: u32) ?*T {
            return table.acquire(handle, .dead);
        }

        /// Ends a `pin` or `remove`. The last one on a dead handle destroys the object.
        pub fn unpin(table: *Table, handle: u32) void {
            const slot = table.slotOf(handle).?;
            while (true) {
                const old = slot.load();
                std.debug.assert(old.pins > 0 and old.generation == generationOf(handle));
                const last = old.phase == .dead and old.pins == 1;
                var new = old;
                new.pins -= 1;
                if (last) new.phase = .held;
                if (!slot.swap(old, new)) continue;
                if (!last) return;
                destroy(slot.object);
                slot.object = undefined;
                new.phase = .free;
                new.generation = if (old.generation == std.math.maxInt(u22)) 1 else old.generation + 1;
                return slot.state.store(@bitCast(new), .release);
            }
        }

        fn acquire(table: *Table, handle: u32, phase: Phase) ?*T {
            const slot = table.slotOf(handle) orelse return null;
            while (true) {
                const old = slot.load();
                if (old.phase != .alive or old.generation != generationOf(handle)) return null;
                var new = old;
                new.pins += 1;
                new.phase = phase;
                if (slot.swap(old, new)) return slot.object;
            }
        }

        fn slotOf(table: *Table, handle: u32) ?*Slot {
            const index = @as(Handle, @bitCast(handle)).index;
            return if (index < capacity) &table.slots[index] else null;
        }

        fn generationOf(handle: u32) u22 {
            return @as(Handle, @bitCast(handle)).generation;
        }
    };
}

const Counted = struct {
    destroyed: std.atomic.Value(u32) = .init(0),
    inside: std.atomic.Value(u32) = .init(0),

    fn destroy(object: *Counted) void {
        std.debug.assert(object.inside.load(.acquire) == 0);
        _ = object.destroyed.fetchAdd(1, .acq_rel);
    }
};

test "a removed handle is dead at once, its object lives until the last unpin" {
    var table: HandleTable(Counted, 2, Counted.destroy) = .empty;
    var object: Counted = .{};
    const handle = try table.add(&object);
    try std.testing.expect(handle != 0);
    try std.testing.expectEqual(&object, table.pin(handle));
    try std.testing.expectEqual(&object, table.remove(handle));
    try std.testing.expectEqual(null, table.pin(handle));
    try std.testing.expectEqual(null, table.remove(handle));
    table.unpin(handle);
    try std.testing.expectEqual(0, object.destroyed.load(.acquire));
    table.unpin(handle);
    try std.testing.expectEqual(1, object.destroyed.load(.acquire));
    try std.testing.expectEqual(null, table.pin(handle));
}

test "a reused slot gives a new handle, and the old one stays an error" {
    var table: HandleTable(Counted, 1, Counted.destroy) = .empty;
    var first: Counted = .{};
    var second: Counted = .{};
    const old = try table.add(&first);
    try std.testing.expectError(error.TooMany, table.add(&second));
    _ = table.remove(old);
    table.unpin(old);
    const new = try table.add(&second);
    try std.testing.expect(new != old);
    try std.testing.expectEqual(null, table.pin(old));
    try std.testing.expectEqual(&second, table.pin(new));
    for ([_]u32{ 0, 1, 0x3ff, std.math.maxInt(u32) }) |wrong| try std.testing.expectEqual(null, table.pin(wrong));
}

test "threads pin while one removes: an object is destroyed once, and never while it is pinned" {
    if (builtin.single_threaded) return error.SkipZigTest;
    const Shared = struct {
        table: HandleTable(Counted, 4, Counted.destroy) = .empty,
        handle: std.atomic.Value(u32) = .init(0),
        stop: std.atomic.Value(bool) = .init(false),

        fn visit(shared: *@This()) void {
            while (!shared.stop.load(.acquire)) {
                const handle = shared.handle.load(.acquire);
                const object = shared.table.pin(handle) orelse continue;
                _ = object.inside.fetchAdd(1, .acq_rel);
                std.debug.assert(object.destroyed.load(.acquire) == 0);
                _ = object.inside.fetchSub(1, .acq_rel);
                shared.table.unpin(handle);
            }
        }
    };
    var shared: Shared = .{};
    var visitors: [2]std.Thread = undefined;
    for (&visitors) |*visitor| visitor.* = try std.Thread.spawn(.{}, Shared.visit, .{&shared});
    var objects: [500]Counted = @splat(.{});
    for (&objects) |*object| {
        const handle = try shared.table.add(object);
        shared.handle.store(handle, .release);
        std.Thread.yield() catch {};
        _ = shared.table.remove(handle).?;
        shared.table.unpin(handle);
    }
    shared.stop.store(true, .release);
    for (visitors) |visitor| visitor.join();
    for (&objects) |*object| try std.testing.expectEqual(1, object.destroyed.load(.acquire));
}
