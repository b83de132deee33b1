//! The lines of a receipt, as `src/recording/receipt.ts` describes them, in a buffer until they are written.

const std = @import("std");

/// Why a recording ended. The names in JSON are those of `src/recording/receipt.ts`.
pub const End = enum(u8) {
    running = 0,
    time = 1,
    size = 2,
    signal = 3,
    closed = 4,
    disconnected = 5,
    no_space = 6,
    io = 7,
    stopped = 8,

    fn name(end: End) []const u8 {
        return if (end == .no_space) "no-space" else @tagName(end);
    }
};

pub const Cause = enum { usb, disk, sensor, clock };

pub const Gap = struct {
    at: u64,
    t: f64,
    cause: Cause,
    dropped_transfers: u64 = 0,
    dropped_bytes: u64 = 0,
    time_jump_us: u64 = 0,
    silence_us: u64 = 0,
};

pub const Block = struct {
    at: u64,
    bytes: u64,
    hash: u64,
    polarity_events: u64,
    trigger_events: u64,
    t: f64,
};

pub const Sums = struct {
    bytes: u64,
    polarity_events: u64,
    trigger_events: u64,
    gaps: u64,
    dropped_bytes: u64,
    /// Negative where the sensor has told nothing.
    rate_controller: [2]f64,
};

pub const Lines = struct {
    /// Room for the lines of a chunk, twice: they are written before the next one comes, or the recording ends.
    buffer: [64 << 10]u8 = undefined,
    length: usize = 0,
    /// A line had no room, as those before it could not be written. None comes after it: a receipt lacks no line but its
    /// last ones.
    is_full: bool = false,

    const longest_line = 512;

    pub fn pending(lines: *const Lines) []const u8 {
        return lines.buffer[0..lines.length];
    }

    /// The first bytes are written.
    pub fn drop(lines: *Lines, length: usize) void {
        std.mem.copyForwards(u8, &lines.buffer, lines.buffer[length..lines.length]);
        lines.length -= length;
    }

    pub fn block(lines: *Lines, told: Block) void {
        var t: [24]u8 = undefined;
        lines.print(
            "{{\"kind\":\"block\",\"at\":{d},\"bytes\":{d},\"hash\":\"{x:0>16}\",\"polarityEvents\":{d},\"triggerEvents\":{d},\"t\":{s}}}\n",
            .{ told.at, told.bytes, told.hash, told.polarity_events, told.trigger_events, number(told.t, &t) },
        );
    }

    pub fn gap(lines: *Lines, told: Gap) void {
        var t: [24]u8 = undefined;
        lines.print(
            "{{\"kind\":\"gap\",\"at\":{d},\"t\":{s},\"cause\":\"{s}\",\"droppedTransfers\":{d},\"droppedBytes\":{d},\"timeJumpUs\":{d},\"silenceUs\":{d}}}\n",
            .{
                told.at,            number(told.t, &t), @tagName(told.cause), told.dropped_transfers,
                told.dropped_bytes, told.time_jump_us,  told.silence_us,
            },
        );
    }

    /// The same place before what lies there is counted: its time is not known yet.
    pub fn loss(lines: *Lines, told: Gap) void {
        lines.print(
            "{{\"kind\":\"loss\",\"at\":{d},\"cause\":\"{s}\",\"droppedTransfers\":{d},\"droppedBytes\":{d},\"silenceUs\":{d}}}\n",
            .{ told.at, @tagName(told.cause), told.dropped_transfers, told.dropped_bytes, told.silence_us },
        );
    }

    /// Lines of others: whole ones, or the next part of them.
    pub fn append(lines: *Lines, text: []const u8) void {
        if (text.len > lines.buffer.len - lines.length) lines.is_full = true;
        if (lines.is_full) return;
        @memcpy(lines.buffer[lines.length..][0..text.len], text);
        lines.length += text.len;
    }

    pub fn end(lines: *Lines, reason: End, ended_ms: f64, sums: Sums) void {
        var input: [24]u8 = undefined;
        var output: [24]u8 = undefined;
        var controller: [96]u8 = undefined;
        const rates = if (sums.rate_controller[0] < 0 and sums.rate_controller[1] < 0) "null" else std.fmt.bufPrint(
            &controller,
            "{{\"input\":{s},\"output\":{s}}}",
            .{ count(sums.rate_controller[0], &input), count(sums.rate_controller[1], &output) },
        ) catch unreachable;
        lines.print(
            "{{\"kind\":\"end\",\"endedMs\":{d},\"reason\":\"{s}\",\"bytes\":{d},\"polarityEvents\":{d},\"triggerEvents\":{d},\"gaps\":{d},\"droppedBytes\":{d},\"rateController\":{s}}}\n",
            .{
                @as(u64, @intFromFloat(ended_ms)), reason.name(), sums.bytes,         sums.polarity_events,
                sums.trigger_events,               sums.gaps,     sums.dropped_bytes, rates,
            },
        );
    }

    fn print(lines: *Lines, comptime format: []const u8, values: anytype) void {
        if (lines.is_full) return;
        const written = std.fmt.bufPrint(lines.buffer[lines.length..], format, values) catch {
            lines.is_full = true;
            return;
        };
        std.debug.assert(written.len <= longest_line);
        lines.length += written.len;
    }

    /// A time in µs, which is whole; null where it is not known.
    fn number(t: f64, buffer: *[24]u8) []const u8 {
        if (!(t >= 0)) return "null";
        return std.fmt.bufPrint(buffer, "{d}", .{@as(u64, @intFromFloat(t))}) catch unreachable;
    }

    fn count(value: f64, buffer: *[24]u8) []const u8 {
        return number(@max(value, 0), buffer);
    }
};

const testing = std.testing;

test "lines are those of the receipt" {
    var lines: Lines = .{};
    lines.block(.{ .at = 262144, .bytes = 262144, .hash = 0xab, .polarity_events = 9, .trigger_events = 1, .t = 4103 });
    lines.gap(.{ .at = 5, .t = std.math.nan(f64), .cause = .disk, .dropped_transfers = 1, .dropped_bytes = 2, .silence_us = 3 });
    var sums: Sums = .{
        .bytes = 7,
        .polarity_events = 9,
        .trigger_events = 1,
        .gaps = 2,
        .dropped_bytes = 2,
        .rate_controller = .{ -1, -1 },
    };
    lines.end(.no_space, 1700000000000.5, sums);
    sums.rate_controller = .{ 12, 10 };
    lines.end(.time, 1, sums);
    try testing.expectEqualStrings(
        \\{"kind":"block","at":262144,"bytes":262144,"hash":"00000000000000ab","polarityEvents":9,"triggerEvents":1,"t":4103}
        \\{"kind":"gap","at":5,"t":null,"cause":"disk","droppedTransfers":1,"droppedBytes":2,"timeJumpUs":0,"silenceUs":3}
        \\{"kind":"end","endedMs":1700000000000,"reason":"no-space","bytes":7,"polarityEvents":9,"triggerEvents":1,"gaps":2,"droppedBytes":2,"rateController":null}
        \\{"kind":"end","endedMs":1,"reason":"time","bytes":7,"polarityEvents":9,"triggerEvents":1,"gaps":2,"droppedBytes":2,"rateController":{"input":12,"output":10}}
        \\
    , lines.pending());
    lines.drop(lines.length - 3);
    try testing.expectEqualStrings("}}\n", lines.pending());
}

test "where no line is written the last ones are left out, and none of them is cut" {
    var lines: Lines = .{};
    const block: Block = .{ .at = 0, .bytes = 1, .hash = 2, .polarity_events = 3, .trigger_events = 4, .t = 5 };
    lines.block(block);
    const length = lines.length;
    for (0..1000) |_| lines.block(block);
    const room = lines.buffer.len / length * length;
    try testing.expectEqual(room, lines.length);
    lines.drop(room);
    lines.block(block);
    try testing.expectEqualStrings("", lines.pending());
}
