//! The bytes that a recorder has got and not written yet: a queue of chunks with a limit. The thread that handles USB
//! events puts bytes in and never waits; the writer thread takes chunks out.
//!
//!           put                seal                 take               release
//!     free ─────▶ open chunk ────────▶ filled queue ─────▶ with writer ────────▶ free
//!
//! Free chunks are a stack, as the ring's slots are: a handful of them, warm in the cache, serves a disk that keeps up,
//! and memory that a backlog has used goes back to the system.
//!
//! Where there is no room, bytes are lost, and the next chunk says so.

const std = @import("std");
const clock = @import("../system/clock.zig");
const memory = @import("../system/memory.zig");

const io = clock.io;

/// Bytes of a chunk: a write of this size costs a disk little more than one of several MiB.
pub const chunk_length = 256 << 10;

/// Bytes in front of a chunk, for the beginning of a word that ended the one before.
pub const headroom = 8;

/// A chunk that is not full is written after this time.
const flush_ns = 30 * std.time.ns_per_ms;

/// Free chunks that keep their memory.
const warm_limit = 16;

/// A time that never comes.
pub const forever = std.math.maxInt(u64);

pub const Loss = struct {
    transfers: u64 = 0,
    bytes: u64 = 0,

    fn add(loss: *Loss, length: u64) void {
        loss.transfers += 1;
        loss.bytes += length;
    }
};

/// What lies between the bytes of a chunk and those before it.
pub const Mark = struct {
    /// Transfers that failed.
    usb: Loss = .{},
    /// Transfers that there was no room for.
    disk: Loss = .{},
    /// From the receipt of the bytes before to that of the next ones.
    silence_ns: u64 = 0,

    /// What is missing in both places, as one.
    pub fn add(mark: *Mark, other: *const Mark) void {
        mark.usb.transfers += other.usb.transfers;
        mark.usb.bytes += other.usb.bytes;
        mark.disk.transfers += other.disk.transfers;
        mark.disk.bytes += other.disk.bytes;
        mark.silence_ns += other.silence_ns;
    }

    pub fn hasLoss(mark: *const Mark) bool {
        return mark.usb.transfers > 0 or mark.disk.transfers > 0;
    }
};

pub const Chunk = struct { index: u32, length: u32 = 0, mark: Mark = .{} };

pub const ByteQueue = struct {
    reserved: memory.Memory,
    mutex: std.Io.Mutex = .init,
    changed: std.Io.Condition = .init,
    /// Chunks that are free: the lowest `cold` never had memory, or gave it back.
    free: []u32,
    free_count: usize,
    filled: []Chunk,
    head: usize = 0,
    filled_count: usize = 0,
    open: ?Chunk = null,
    /// When the open chunk got its first bytes.
    open_ns: u64 = 0,
    /// Lost since the last bytes that were kept.
    pending: Mark = .{},
    last_ns: ?u64 = null,
    /// A longer pause is marked, also without a loss.
    longest_pause_ns: u64,
    /// Bytes that wait.
    bytes: u64 = 0,
    /// All that was lost so far.
    lost: Loss = .{},
    closed: bool = false,
    /// From this time on nothing is taken in: closes the queue.
    end_ns: u64 = forever,
    /// It was `end_ns` that closed it.
    timed_out: bool = false,

    /// With room for `length` bytes at least.
    pub fn init(allocator: std.mem.Allocator, length: usize, longest_pause_ns: u64) error{OutOfMemory}!ByteQueue {
        const count = std.math.divCeil(usize, length, chunk_length) catch unreachable;
        const reserved = try memory.reserve(count * (headroom + chunk_length));
        errdefer memory.release(reserved);
        const free = try allocator.alloc(u32, count);
        errdefer allocator.free(free);
        for (free, 0..) |*index, place| index.* = @intCast(count - 1 - place);
        return .{
            .reserved = reserved,
            .free = free,
            .free_count = count,
            .filled = try allocator.alloc(Chunk, count),
            .longest_pause_ns = longest_pause_ns,
        };
    }

    pub fn deinit(queue: *ByteQueue, allocator: std.mem.Allocator) void {
        allocator.free(queue.filled);
        allocator.free(queue.free);
        memory.release(queue.reserved);
        queue.* = undefined;
    }

    /// Copies the bytes of one transfer, or loses them.
    pub fn put(queue: *ByteQueue, bytes: []const u8, now_ns: u64) void {
        queue.mutex.lockUncancelable(io);
        defer queue.mutex.unlock(io);
        if (queue.closed) return;
        if (now_ns >= queue.end_ns) {
            queue.timed_out = true;
            return queue.closeLocked();
        }
        const silence_ns = now_ns -| (queue.last_ns orelse now_ns);
        if (queue.pending.hasLoss() or silence_ns > queue.longest_pause_ns) queue.seal();
        const room = queue.free_count * chunk_length + if (queue.open) |chunk| chunk_length - chunk.length else 0;
        if (bytes.len > room) {
            queue.lost.add(bytes.len);
            return queue.pending.disk.add(bytes.len);
        }
        queue.pending.silence_ns = silence_ns;
        queue.last_ns = now_ns;
        // The writer waits for a full chunk, or from a chunk's first bytes on for some time.
        var wake = queue.filled_count > 0;
        var rest = bytes;
        while (rest.len > 0) {
            if (queue.open == null) {
                queue.begin(now_ns);
                wake = true;
            }
            const chunk = &queue.open.?;
            const part = @min(rest.len, chunk_length - chunk.length);
            @memcpy(queue.bytesOf(chunk.index)[chunk.length..][0..part], rest[0..part]);
            chunk.length += @intCast(part);
            rest = rest[part..];
            if (chunk.length == chunk_length) {
                queue.seal();
                wake = true;
            }
        }
        queue.bytes += bytes.len;
        if (wake) queue.changed.signal(io);
    }

    /// A transfer failed.
    pub fn lose(queue: *ByteQueue, length: u64) void {
        queue.mutex.lockUncancelable(io);
        defer queue.mutex.unlock(io);
        if (queue.closed) return;
        queue.lost.add(length);
        queue.pending.usb.add(length);
    }

    /// Takes nothing in any more. What waits can still be taken out.
    pub fn close(queue: *ByteQueue) void {
        queue.mutex.lockUncancelable(io);
        defer queue.mutex.unlock(io);
        queue.closeLocked();
    }

    /// Closes it, and loses what waits. A chunk with the writer still waits.
    pub fn abandon(queue: *ByteQueue) void {
        queue.mutex.lockUncancelable(io);
        defer queue.mutex.unlock(io);
        queue.seal();
        while (queue.popFilled()) |chunk| {
            queue.lost.add(chunk.length);
            queue.pending.disk.add(chunk.length);
            queue.pending.add(&chunk.mark);
            queue.bytes -= chunk.length;
            queue.giveBack(chunk.index);
        }
        queue.closeLocked();
    }

    fn closeLocked(queue: *ByteQueue) void {
        queue.closed = true;
        queue.changed.broadcast(io);
    }

    pub const Taken = union(enum) {
        chunk: Chunk,
        /// There is none yet.
        none,
        /// The queue is closed and empty.
        ended,
    };

    /// The oldest chunk that is full or has waited long enough. Waits for one, until a time.
    pub fn take(queue: *ByteQueue, until_ns: u64) Taken {
        queue.mutex.lockUncancelable(io);
        defer queue.mutex.unlock(io);
        while (true) {
            if (queue.popFilled()) |chunk| return .{ .chunk = chunk };
            var deadline_ns = @min(queue.end_ns, until_ns);
            const now_ns = clock.monotonicNs();
            if (queue.open != null) {
                if (queue.closed or now_ns >= queue.open_ns + flush_ns) {
                    queue.seal();
                    continue;
                }
                deadline_ns = @min(deadline_ns, queue.open_ns + flush_ns);
            }
            if (queue.closed) return .ended;
            if (now_ns >= queue.end_ns) {
                queue.timed_out = true;
                queue.closeLocked();
                continue;
            }
            if (now_ns >= until_ns) return .none;
            const timeout: std.Io.Timeout = if (deadline_ns == forever) .none else clock.deadlineNs(deadline_ns);
            queue.changed.waitTimeout(io, &queue.mutex, timeout) catch {};
        }
    }

    /// The memory of a chunk that was taken, with its headroom.
    pub fn memoryOf(queue: *ByteQueue, chunk: Chunk) []u8 {
        return (queue.bytesOf(chunk.index) - headroom)[0 .. headroom + chunk.length];
    }

    /// A chunk that was taken is written, and its memory is not needed any more.
    pub fn release(queue: *ByteQueue, chunk: Chunk) void {
        queue.mutex.lockUncancelable(io);
        defer queue.mutex.unlock(io);
        queue.bytes -= chunk.length;
        queue.giveBack(chunk.index);
    }

    pub const State = struct { bytes: u64, lost: Loss };

    /// What waits and what is lost, now.
    pub fn state(queue: *ByteQueue) State {
        queue.mutex.lockUncancelable(io);
        defer queue.mutex.unlock(io);
        return .{ .bytes = queue.bytes, .lost = queue.lost };
    }

    /// What was lost behind the last chunk.
    pub fn lastLoss(queue: *ByteQueue) Mark {
        queue.mutex.lockUncancelable(io);
        defer queue.mutex.unlock(io);
        return queue.pending;
    }

    fn giveBack(queue: *ByteQueue, index: u32) void {
        if (queue.isCold()) memory.decommit((queue.bytesOf(index) - headroom)[0 .. headroom + chunk_length]);
        queue.free[queue.free_count] = index;
        queue.free_count += 1;
    }

    /// More chunks are in use than stay warm: those that become free then are not soon needed again.
    fn isCold(queue: *const ByteQueue) bool {
        return queue.free.len - queue.free_count > warm_limit;
    }

    fn begin(queue: *ByteQueue, now_ns: u64) void {
        queue.free_count -= 1;
        queue.open = .{ .index = queue.free[queue.free_count], .mark = queue.pending };
        queue.open_ns = now_ns;
        queue.pending = .{};
    }

    fn seal(queue: *ByteQueue) void {
        const chunk = queue.open orelse return;
        queue.filled[(queue.head + queue.filled_count) % queue.filled.len] = chunk;
        queue.filled_count += 1;
        queue.open = null;
    }

    fn popFilled(queue: *ByteQueue) ?Chunk {
        if (queue.filled_count == 0) return null;
        const chunk = queue.filled[queue.head];
        queue.head = (queue.head + 1) % queue.filled.len;
        queue.filled_count -= 1;
        return chunk;
    }

    fn bytesOf(queue: *ByteQueue, index: u32) [*]u8 {
        return queue.reserved.ptr + headroom + @as(usize, index) * (headroom + chunk_length);
    }
};
