//! The data side of the sensor: the bytes that were produced by now, those that still wait in the camera, and those
//! that were lost there because the host did not fetch them.
//!
//! There is no thread here. Production is computed from the caller's clock whenever the caller asks. Positions count
//! bytes since the sensor's clock was started:
//!
//!     0 ──── position ───────── produced(now)
//!      sent    │   waiting in the camera   │   not produced yet
//!
//! At most the room of the host's pending transfers plus the camera's FIFO can wait. Beyond that the oldest bytes are
//! lost.
//!
//! Where registers leave out events or ask for another format, produced bytes go through a filter and a writer before transfers
//! get them. Positions, rates, the FIFO and losses count bytes before these; `bytes_sent` counts those behind them.

const std = @import("std");
const event_filter = @import("event_filter.zig");
const LoopedStream = @import("looped_stream.zig").LoopedStream;
const Filtered = @import("filtered.zig").Filtered;
const Settings = @import("filter_settings.zig").Settings;

/// How long the camera can hold data that the host does not fetch. Unknown for the real one.
pub const fifo_ns = 10 * std.time.ns_per_ms;

/// The FIFO holds at least this much, however low the rate is. Unknown for the real one.
pub const fifo_minimum_bytes = 512 << 10;

pub const Content = union(enum) {
    /// 64-bit little-endian numbers, each one more than the one before it, from 0.
    counter,
    loop: LoopedStream,
};

/// What the host gets of a loop, which has the words of EVT3.
pub const Format = enum { evt3, evt21, evt21_little, evt2 };

pub const Pacing = union(enum) {
    /// A loop's own timing: the sensor's clock is the wall clock.
    own,
    bytes_per_second: u64,
    /// As fast as it is fetched. Nothing waits and nothing is lost.
    unlimited,

    /// 0: unlimited.
    pub fn atRate(bytes_per_second: u64) Pacing {
        return if (bytes_per_second == 0) .unlimited else .{ .bytes_per_second = bytes_per_second };
    }
};

/// Bytes that go through the filter at once.
const piece_bytes = 8 << 10;

/// When the filter becomes active, it reads this many bytes before the position, to know row and base.
const known_bytes = 128 << 10;

/// The most bytes filtered in one call, so that other work gets its turn. Without a rate a transfer may end short
/// because of it.
const filtered_at_once_bytes = 1 << 20;

pub const SensorStream = struct {
    content: Content,
    pacing: Pacing,
    /// For a loop; null where no register changes the bytes.
    filtered: ?*Filtered = null,
    /// Taken over at the next start. What a change does while events come is unknown.
    format: Format = .evt3,
    running: bool = false,
    triggers_enabled: bool = true,
    /// A transfer that is not full is ended, as a short packet, this long after the one before it when data waits.
    packet_period_ns: u64 = std.time.ns_per_ms,
    /// When the sensor's clock showed 0.
    zero_ns: u64 = 0,
    position: u64 = 0,
    /// When the last transfer was filled.
    sent_ns: u64 = 0,
    bytes_sent: u64 = 0,
    bytes_lost: u64 = 0,

    /// Starts the sensor's clock at 0.
    pub fn resetClock(stream: *SensorStream, now_ns: u64) void {
        stream.zero_ns = now_ns;
        stream.position = 0;
    }

    pub fn start(stream: *SensorStream, now_ns: u64) void {
        stream.running = true;
        stream.sent_ns = now_ns;
        // While the output was off nothing was produced.
        if (stream.pacing != .unlimited) stream.position = stream.produced(now_ns);
        if (stream.filtered) |filtered| {
            filtered.evt21 = switch (stream.format) {
                .evt3 => null,
                .evt21 => .{},
                .evt21_little => .{ .layout = .little },
                .evt2 => .{ .layout = .evt2 },
            };
            filtered.filter.blocks.clear();
        }
        stream.forgetFiltered();
    }

    pub fn stop(stream: *SensorStream) void {
        stream.running = false;
    }

    /// Changes the filter to the settings that the registers have.
    pub fn setFilter(stream: *SensorStream, settings: Settings) void {
        const filtered = stream.filtered orelse return;
        if (!filtered.configure(settings)) return;
        const filter = &filtered.filter;
        filter.forget();
        if (!stream.running) return;
        var words: [1 << 10]u8 = undefined;
        var ignored: [2 * event_filter.maximumWords(words.len / 2)]u8 = undefined;
        var position = stream.position -| known_bytes;
        while (position < stream.position) {
            const piece = words[0..@intCast(@min(words.len, stream.position - position))];
            stream.content.loop.copy(position, stream.triggers_enabled, piece);
            _ = filter.run(piece, &ignored);
            position += piece.len;
        }
        filter.follow();
    }

    /// Takes produced bytes through the filter, for a transfer of this length. To be called before `ready` and
    /// `waiting`.
    pub fn pull(stream: *SensorStream, now_ns: u64, length: usize) void {
        if (!stream.running or !stream.isReading()) return;
        const filtered = stream.filtered.?;
        const enough = stream.position + filtered_at_once_bytes;
        const end = if (stream.pacing == .unlimited) enough else @min(enough, stream.produced(now_ns));
        var words: [piece_bytes]u8 = undefined;
        while (stream.position < end and filtered.waiting() < length) {
            const piece = words[0..@intCast(@min(words.len, end - stream.position))];
            stream.content.loop.copy(stream.position, stream.triggers_enabled, piece);
            stream.position += piece.len;
            filtered.feed(piece) catch { // no memory: as if the FIFO were full
                stream.bytes_lost += piece.len;
                stream.forgetWords();
            };
        }
    }

    fn isReading(stream: *const SensorStream) bool {
        return if (stream.filtered) |filtered| filtered.isReading() else false;
    }

    /// Bytes behind the filter.
    fn filteredBytes(stream: *const SensorStream) usize {
        return if (stream.filtered) |filtered| filtered.waiting() else 0;
    }

    fn forgetFiltered(stream: *SensorStream) void {
        const filtered = stream.filtered orelse return;
        filtered.clear();
        stream.forgetWords();
    }

    /// Words are missing before the position.
    fn forgetWords(stream: *SensorStream) void {
        const filtered = stream.filtered.?;
        filtered.filter.forget();
        if (filtered.evt21) |*writer| {
            writer.* = .{ .layout = writer.layout, .begun_us = stream.content.loop.timeOf(stream.position) };
        }
    }

    /// Loses the bytes that exceed the FIFO and the host's room. To be called before the room changes.
    pub fn advance(stream: *SensorStream, now_ns: u64, room: u64) void {
        if (!stream.running or stream.pacing == .unlimited) return;
        const unsent = stream.produced(now_ns) -| stream.position;
        const limit = room + stream.fifoBytes();
        if (unsent <= limit) return;
        const surplus = std.mem.alignForward(u64, unsent - limit, stream.wordBytes());
        stream.bytes_lost += surplus + stream.filteredBytes();
        stream.position += surplus;
        stream.forgetFiltered();
    }

    /// Loses all bytes that wait.
    pub fn drop(stream: *SensorStream, now_ns: u64) void {
        if (!stream.running) return; // the next start drops them
        const unsent = if (stream.pacing == .unlimited) 0 else stream.produced(now_ns) -| stream.position;
        stream.bytes_lost += unsent + stream.filteredBytes();
        stream.position += unsent;
        stream.forgetFiltered();
    }

    /// How many bytes a transfer with room for `length` ends with now; null when it has to wait.
    pub fn ready(stream: *const SensorStream, now_ns: u64, length: usize) ?usize {
        if (!stream.running) return null;
        const room = stream.wholeWords(length);
        const there = stream.waiting(now_ns, room);
        if (there == 0) return null;
        if (there == room or stream.pacing == .unlimited) return there;
        return if (now_ns >= stream.sent_ns + stream.packet_period_ns) there else null;
    }

    /// How many bytes there are for a transfer that ends for another reason.
    pub fn waiting(stream: *const SensorStream, now_ns: u64, length: usize) usize {
        if (!stream.running) return 0;
        const room = stream.wholeWords(length);
        const filtered = stream.filteredBytes();
        if (stream.isReading()) return @min(room, filtered);
        if (stream.pacing == .unlimited) return room;
        return @intCast(@min(room, filtered + (stream.produced(now_ns) -| stream.position)));
    }

    /// When `ready` will not be null any more; null where that is not a matter of time. With a filter it may be later,
    /// and with another format be so before: how many bytes come out is not known.
    pub fn readyAt(stream: *const SensorStream, length: usize) ?u64 {
        const room = stream.wholeWords(length);
        if (!stream.running or room == 0) return null;
        if (stream.pacing == .unlimited) return 0;
        const filtered = stream.filteredBytes();
        const full_ns = stream.timeOf(stream.position + (room -| filtered));
        const first_ns = if (filtered > 0) 0 else stream.timeOf(stream.position + stream.wordBytes());
        return @min(full_ns, @max(stream.sent_ns + stream.packet_period_ns, first_ns));
    }

    /// Hands over bytes that `ready` or `waiting` allowed.
    pub fn send(stream: *SensorStream, now_ns: u64, output: []u8) void {
        const rest = output[if (stream.filtered) |filtered| filtered.take(output) else 0..];
        switch (stream.content) {
            .counter => count(stream.position / 8, rest),
            .loop => |*loop| loop.copy(stream.position, stream.triggers_enabled, rest),
        }
        stream.position += rest.len;
        stream.bytes_sent += output.len;
        stream.sent_ns = now_ns;
    }

    fn produced(stream: *const SensorStream, now_ns: u64) u64 {
        const elapsed_ns = now_ns -| stream.zero_ns;
        const bytes: u64 = switch (stream.pacing) {
            .own => stream.content.loop.bytesAt(elapsed_ns / std.time.ns_per_us),
            .bytes_per_second => |rate| @intCast(@as(u128, elapsed_ns) * rate / std.time.ns_per_s),
            .unlimited => unreachable,
        };
        return std.mem.alignBackward(u64, bytes, stream.wordBytes());
    }

    /// When `produced` reaches a number of bytes.
    fn timeOf(stream: *const SensorStream, bytes: u64) u64 {
        return stream.zero_ns + switch (stream.pacing) {
            .own => stream.content.loop.timeOf(bytes) * std.time.ns_per_us,
            .bytes_per_second => |rate| ns: {
                break :ns @as(u64, @intCast((@as(u128, bytes) * std.time.ns_per_s + rate - 1) / rate));
            },
            .unlimited => unreachable,
        };
    }

    fn fifoBytes(stream: *const SensorStream) u64 {
        const rate: u64 = switch (stream.pacing) {
            .own => stream.content.loop.bytes.len * std.time.us_per_s / stream.content.loop.period_us,
            .bytes_per_second => |rate| rate,
            .unlimited => unreachable,
        };
        const bytes = @max(fifo_minimum_bytes, rate * (fifo_ns / std.time.ns_per_us) / std.time.us_per_s);
        return std.mem.alignBackward(u64, bytes, 8);
    }

    /// Of what the host gets.
    pub fn wholeWords(stream: *const SensorStream, length: usize) usize {
        const writer = if (stream.filtered) |filtered| filtered.evt21 else null;
        return std.mem.alignBackward(usize, length, if (writer) |each| each.layout.wordBytes() else stream.wordBytes());
    }

    fn wordBytes(stream: *const SensorStream) usize {
        return switch (stream.content) {
            .counter => 8,
            .loop => 2,
        };
    }
};

fn count(first: u64, output: []u8) void {
    var number = first;
    const numbers = output.len / 8;
    const pairs: [*]align(1) u64 = @ptrCast(output.ptr);
    for (pairs[0..numbers]) |*entry| {
        entry.* = std.mem.nativeToLittle(u64, number);
        number += 1;
    }
}
