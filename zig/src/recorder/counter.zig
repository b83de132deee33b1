//! The counter: decodes, counts and hashes what is in the file, and makes the receipt's lines of it.
//!
//!     writer thread                                counter
//!     written: 5 MiB  ───────────────────────────▶ reads the file up to there
//!     breaks: a loss at 4 MiB  ──────────────────▶ tells its decoder when it comes there
//!     receipt's file  ◀─────────────────── texts:  lines of 4 blocks
//!
//! It has a thread with the lowest priority, so that the file and the program come first. It may be seconds behind, and
//! needs no memory for that: what is written lies in the system's page cache. At the end the writer thread itself counts
//! the rest (`takeOver`). Where the file cannot be read back, as a pipe, there is no such thread, and the writer thread
//! has each chunk counted before the next one (`countNow`).

const std = @import("std");
const clock = @import("../system/clock.zig");
const handover = @import("handover.zig");
const thread_priority = @import("../system/thread_priority.zig");
const Account = @import("account.zig").Account;
const InputFile = @import("../system/input_file.zig").InputFile;
const Break = @import("pass.zig").Break;
const Breaks = @import("pass.zig").Breaks;
const Pass = @import("pass.zig").Pass;

const io = clock.io;

/// What the counter knows of the bytes before `position`.
pub const Counted = struct {
    position: u64 = 0,
    polarity_events: u64 = 0,
    trigger_events: u64 = 0,
    gaps: u64 = 0,
    dropped_transfers: u64 = 0,
    dropped_bytes: u64 = 0,
    current_time: f64 = std.math.nan(f64),
};

pub const Counter = struct {
    allocator: std.mem.Allocator,
    /// What is counted. The thread that has the right to commit changes it.
    account: Account,
    /// Null where the file cannot be read back.
    file: ?InputFile = null,
    /// Of the thread, and of the writer thread.
    passes: [2]Pass,

    /// Bytes of the file, by the writer thread.
    written: std.atomic.Value(u64) = .init(0),
    breaks: Breaks = .{},
    texts: handover.Queue(u8, 64 << 10) = .{},
    counted: handover.Published(Counted) = .{},

    right: std.atomic.Value(Right) = .init(.free),
    has_thread: bool = false,
    /// 1 while the thread waits for bytes.
    asleep: std.atomic.Value(u32) = .init(0),
    /// The thread could not read the file.
    failed: std.atomic.Value(bool) = .init(false),
    /// The recorder, and the thread where there is one: the last one frees the counter.
    users: std.atomic.Value(u8) = .init(1),

    /// The right to commit. A thread of the lowest priority may stand still for seconds in the middle of a step. So it
    /// works on a copy, and its step counts only where the writer thread has not taken over meanwhile.
    const Right = enum(u8) { free, committing, taken };

    /// How long the thread waits where the writer thread has not taken its lines yet.
    const full_wait_ms = 5;

    /// On the heap, as it is large. Takes the account over.
    pub fn create(allocator: std.mem.Allocator, account: Account) error{OutOfMemory}!*Counter {
        const counter = try allocator.create(Counter);
        errdefer allocator.destroy(counter);
        var first: Pass = try .init(allocator);
        errdefer first.deinit(allocator);
        counter.* = .{
            .allocator = allocator,
            .account = account,
            .passes = .{ first, try .init(allocator) },
        };
        return counter;
    }

    /// Of the recorder, and of the thread.
    pub fn letGo(counter: *Counter) void {
        if (counter.users.fetchSub(1, .acq_rel) > 1) return;
        const allocator = counter.allocator;
        if (counter.file) |file| file.close();
        counter.account.deinit(allocator);
        for (&counter.passes) |*pass| pass.deinit(allocator);
        allocator.destroy(counter);
    }

    /// Counts the header, and begins to read the file back if that can be done: if the header stands in it.
    pub fn begin(counter: *Counter, path: ?[*:0]const u8, header: []const u8) void {
        const pass = &counter.passes[1];
        pass.begin(&counter.account);
        pass.account.addHeader(header, &pass.lines);
        counter.commit(pass);
        counter.written.store(header.len, .release);
        const file = InputFile.open(path orelse return) orelse return;
        if (!pass.finds(header, file)) return file.close();
        counter.file = file;
        counter.passes[0].begin(&counter.account);
        counter.users.store(2, .release);
        const thread = std.Thread.spawn(.{ .stack_size = 1 << 20 }, run, .{counter}) catch {
            counter.users.store(1, .release);
            counter.file = null;
            return file.close();
        };
        thread.setName(io, "nd_counter") catch {}; // for debuggers and `top`
        thread.detach();
        counter.has_thread = true;
    }

    // What the writer thread does

    /// The next bytes of the file come behind this. Waits where there have been a thousand since the counter was there.
    pub fn tellBreak(counter: *Counter, told: Break) void {
        while (counter.breaks.room() == 0) {
            if (counter.failed.load(.monotonic)) return;
            sleep(full_wait_ms);
        }
        counter.breaks.put(&.{told});
    }

    /// The file has bytes up to this place.
    pub fn tellWritten(counter: *Counter, position: u64) void {
        counter.written.store(position, .seq_cst);
        counter.wake();
    }

    /// Whether each chunk must be handed to `countNow`.
    pub fn needsBytes(counter: *const Counter) bool {
        return counter.file == null;
    }

    /// Counts the last bytes that were written.
    pub fn countNow(counter: *Counter, bytes: []const u8) void {
        const pass = &counter.passes[1];
        pass.begin(&counter.account);
        pass.add(&counter.breaks, bytes);
        counter.commit(pass);
    }

    /// Whether lines are to come.
    pub fn isBehind(counter: *const Counter) bool {
        if (counter.texts.waiting().len > 0) return true;
        return counter.has_thread and counter.counted.get().position < counter.written.load(.monotonic);
    }

    /// Ends the thread. From now on the caller takes the steps.
    pub fn takeOver(counter: *Counter) void {
        while (counter.right.cmpxchgStrong(.free, .taken, .seq_cst, .seq_cst)) |right| {
            if (right == .taken) return;
            sleep(1); // a moment, unless the thread is stopped just here
        }
        counter.has_thread = false;
        counter.wake();
    }

    /// After `takeOver`: counts some of the bytes that are written.
    pub fn step(counter: *Counter) Step {
        const pass = &counter.passes[1];
        pass.begin(&counter.account);
        const result = counter.prepare(pass);
        if (result == .counted) counter.commit(pass);
        return result;
    }

    /// The last block. Nothing comes any more.
    pub fn finish(counter: *Counter) void {
        const pass = &counter.passes[1];
        pass.begin(&counter.account);
        _ = pass.heedBreaks(&counter.breaks);
        pass.account.finish(&pass.lines);
        counter.commit(pass);
    }

    /// Nothing is read any more. The thread may hold the counter for some time yet, but not the file: its disk can be
    /// unmounted.
    pub fn release(counter: *Counter) void {
        if (counter.file) |file| file.release();
    }

    fn wake(counter: *Counter) void {
        if (counter.asleep.load(.seq_cst) == 0 or counter.asleep.swap(0, .seq_cst) == 0) return;
        io.futexWake(u32, &counter.asleep.raw, 1);
    }

    // The thread

    fn run(counter: *Counter) void {
        thread_priority.background();
        defer counter.letGo();
        const pass = &counter.passes[0];
        while (counter.right.load(.seq_cst) != .taken) switch (counter.prepare(pass)) {
            .counted => {
                if (counter.right.cmpxchgStrong(.free, .committing, .seq_cst, .seq_cst) != null) return;
                counter.commit(pass);
                counter.right.store(.free, .seq_cst);
            },
            .nothing => counter.waitForBytes(pass.account.position),
            .no_room => sleep(full_wait_ms),
            .failed => return counter.failed.store(true, .monotonic),
        };
    }

    /// Behind a position.
    fn waitForBytes(counter: *Counter, position: u64) void {
        counter.asleep.store(1, .seq_cst);
        const is_behind = position < counter.written.load(.seq_cst);
        if (is_behind or counter.right.load(.seq_cst) == .taken) return counter.asleep.store(0, .seq_cst);
        while (counter.asleep.load(.seq_cst) == 1) io.futexWaitUncancelable(u32, &counter.asleep.raw, 1);
    }

    pub const Step = enum {
        counted,
        /// All that is written is counted.
        nothing,
        /// The lines before these wait for the writer thread.
        no_room,
        /// The file cannot be read, or ends too early.
        failed,
    };

    /// Counts some of the bytes that are written in a pass, which begins where its last one was committed.
    fn prepare(counter: *Counter, pass: *Pass) Step {
        const written = counter.written.load(.acquire);
        const position = pass.account.position;
        if (written <= position) return .nothing;
        if (counter.texts.room() < Pass.step_text) return .no_room;
        var length: usize = @intCast(@min(written - position, pass.buffer.len));
        if (counter.breaks.peek(Pass.most_breaks)) |far| if (far.at > position) {
            length = @intCast(@min(length, far.at - position));
        };
        if (counter.file.?.readAt(position, pass.buffer[0..length]) != length) return .failed;
        pass.add(&counter.breaks, pass.buffer[0..length]);
        return .counted;
    }

    /// Makes a pass count, gives its lines to the writer thread, and tells how far the counter is.
    fn commit(counter: *Counter, pass: *Pass) void {
        const columns = counter.account.columns;
        counter.account = pass.account;
        counter.account.columns = columns;
        counter.breaks.take(pass.breaks);
        pass.breaks = 0;
        counter.texts.put(pass.lines.pending());
        pass.lines.length = 0;
        const sums = counter.account.sums();
        counter.counted.set(.{
            .position = sums.bytes,
            .polarity_events = sums.polarity_events,
            .trigger_events = sums.trigger_events,
            .gaps = sums.gaps,
            .dropped_transfers = counter.account.dropped_transfers,
            .dropped_bytes = sums.dropped_bytes,
            .current_time = counter.account.decoder.currentTime(),
        });
    }
};

fn sleep(milliseconds: i64) void {
    std.Io.sleep(io, .fromMilliseconds(milliseconds), .awake) catch {};
}
