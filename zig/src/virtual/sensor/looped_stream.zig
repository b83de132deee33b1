//! A piece of an EVT3 stream that is replayed in a loop while its time keeps growing.
//!
//! Every word that depends on the round is found once and indexed. A replay is then a copy, plus a new payload for the
//! few TIME_HIGH words inside the copied range:
//!
//!     word of round n  =  0x8000 | (TIME_HIGH in the loop + n * TIME_HIGHs a round) mod 4096
//!
//! which wraps after 2^24 µs exactly as the sensor's counter does. Hence the period of a loop is a multiple
//! of 4096 µs. Triggers are words of the loop too; in rounds in which one is not due, it is replaced by a
//! repetition of TIME_HIGH, which says nothing new. So are the triggers and reports of a recording that are switched off.

const std = @import("std");

/// Microseconds of one step of TIME_HIGH.
pub const time_high_us = 4096;

pub const LoopedStream = struct {
    /// Little-endian words. TIME_HIGH words count from the beginning of the loop.
    bytes: []const u8,
    /// A multiple of `time_high_us`.
    period_us: u64,
    /// Indices of the TIME_HIGH words, ascending.
    time_highs: []const u32,
    triggers: Triggers = .{},
    /// Words that can be switched off, ascending.
    switched: []const Switched = &.{},
    /// The sensor sends reports, as those of its rate controller.
    reports_enabled: bool = true,
    /// `bytes_before[k]`: how many bytes belong to times before k * slot_us. The last entry is all of them.
    bytes_before: []const u32,
    slot_us: u64,

    pub const Triggers = struct {
        /// Words, ascending: each rising edge is followed by its falling edge.
        edges: []const Edge = &.{},
        frequency_hz: u64 = 0,

        pub const Edge = struct { index: u32, time_high: u12 };

        /// Of the places of all rounds, numbered consecutively, as many are used as the frequency needs.
        fn due(triggers: Triggers, round: u64, edge: usize, period_us: u64) bool {
            const places = triggers.edges.len / 2;
            const place: u128 = round * places + edge / 2;
            const per_second = @as(u128, std.time.us_per_s) * places;
            const wanted = @as(u128, triggers.frequency_hz) * period_us;
            return (place + 1) * wanted / per_second > place * wanted / per_second;
        }
    };

    pub const Switched = struct { index: u32, time_high: u12, kind: enum { trigger, report } };

    pub fn deinit(loop: *LoopedStream, allocator: std.mem.Allocator) void {
        allocator.free(loop.bytes);
        allocator.free(loop.time_highs);
        allocator.free(loop.triggers.edges);
        allocator.free(loop.switched);
        allocator.free(loop.bytes_before);
    }

    /// How many bytes the sensor has sent when its clock shows `time_us`. A word counts at the end of its slot.
    pub fn bytesAt(loop: *const LoopedStream, time_us: u64) u64 {
        const round = time_us / loop.period_us;
        const slot = time_us % loop.period_us / loop.slot_us;
        return round * loop.bytes.len + loop.bytes_before[@intCast(slot)];
    }

    /// The first time at which `bytesAt` reaches `bytes`.
    pub fn timeOf(loop: *const LoopedStream, bytes: u64) u64 {
        if (bytes == 0) return 0;
        const round = (bytes - 1) / loop.bytes.len;
        const wanted: u32 = @intCast(bytes - round * loop.bytes.len);
        const slot = std.sort.lowerBound(u32, loop.bytes_before, wanted, order);
        return round * loop.period_us + slot * loop.slot_us;
    }

    /// Copies the stream from byte `position` (even) on.
    pub fn copy(loop: *const LoopedStream, position: u64, triggers_enabled: bool, output: []u8) void {
        var done: usize = 0;
        while (done < output.len) {
            const round = (position + done) / loop.bytes.len;
            const offset: usize = @intCast((position + done) % loop.bytes.len);
            const piece = output[done..][0..@min(output.len - done, loop.bytes.len - offset)];
            @memcpy(piece, loop.bytes[offset..][0..piece.len]);
            loop.adapt(piece, offset / 2, round, triggers_enabled);
            done += piece.len;
        }
    }

    /// Adapts copied words to a round. The first of them is word `first` of the loop.
    fn adapt(loop: *const LoopedStream, words: []u8, first: usize, round: u64, triggers_enabled: bool) void {
        const end = first + words.len / 2;
        const elapsed: u12 = @truncate(round *% (loop.period_us / time_high_us));
        var next = std.sort.lowerBound(u32, loop.time_highs, @as(u32, @intCast(first)), order);
        while (next < loop.time_highs.len and loop.time_highs[next] < end) : (next += 1) {
            const word = words[2 * (loop.time_highs[next] - first) ..][0..2];
            const in_loop: u12 = @truncate(std.mem.readInt(u16, word, .little));
            std.mem.writeInt(u16, word, time_high_type | @as(u16, in_loop +% elapsed), .little);
        }
        for (loop.triggers.edges, 0..) |edge, index| {
            if (edge.index < first or edge.index >= end) continue;
            if (triggers_enabled and loop.triggers.due(round, index, loop.period_us)) continue;
            putTimeHigh(words, edge.index - first, edge.time_high +% elapsed);
        }
        if (triggers_enabled and loop.reports_enabled) return;
        var index = std.sort.lowerBound(Switched, loop.switched, @as(u32, @intCast(first)), orderOfSwitched);
        while (index < loop.switched.len and loop.switched[index].index < end) : (index += 1) {
            const word = loop.switched[index];
            const enabled = if (word.kind == .trigger) triggers_enabled else loop.reports_enabled;
            if (!enabled) putTimeHigh(words, word.index - first, word.time_high +% elapsed);
        }
    }

    fn putTimeHigh(words: []u8, index: usize, time_high: u12) void {
        std.mem.writeInt(u16, words[2 * index ..][0..2], time_high_type | @as(u16, time_high), .little);
    }
};

fn order(context: u32, item: u32) std.math.Order {
    return std.math.order(context, item);
}

fn orderOfSwitched(context: u32, item: LoopedStream.Switched) std.math.Order {
    return std.math.order(context, item.index);
}

const time_high_type = 0x8000;

/// Indexes words that begin with a TIME_HIGH. Owns nothing until it is finished.
pub const Builder = struct {
    allocator: std.mem.Allocator,
    words: std.ArrayList(u16) = .empty,
    time_highs: std.ArrayList(u32) = .empty,
    edges: std.ArrayList(LoopedStream.Triggers.Edge) = .empty,
    switched: std.ArrayList(LoopedStream.Switched) = .empty,
    bytes_before: std.ArrayList(u32) = .empty,
    slot_us: u64,
    time_high: u64 = 0,
    time_low: u64 = 0,

    pub fn deinit(builder: *Builder) void {
        builder.words.deinit(builder.allocator);
        builder.time_highs.deinit(builder.allocator);
        builder.edges.deinit(builder.allocator);
        builder.switched.deinit(builder.allocator);
        builder.bytes_before.deinit(builder.allocator);
    }

    /// A TIME_HIGH word; `steps` counts from the beginning of the loop.
    pub fn addTimeHigh(builder: *Builder, steps: u64) error{OutOfMemory}!void {
        if (steps != builder.time_high) builder.time_low = 0;
        builder.time_high = steps;
        try builder.markUpTo(builder.time());
        try builder.time_highs.append(builder.allocator, @intCast(builder.words.items.len));
        try builder.words.append(builder.allocator, time_high_type | @as(u16, @as(u12, @truncate(steps))));
    }

    pub fn addTimeLow(builder: *Builder, low: u12) error{OutOfMemory}!void {
        builder.time_low = @max(builder.time_low, low);
        try builder.markUpTo(builder.time());
        try builder.words.append(builder.allocator, 0x6000 | @as(u16, low));
    }

    /// A word of a trigger or a report, of any round.
    pub fn addSwitched(builder: *Builder, value: u16, kind: @FieldType(LoopedStream.Switched, "kind")) error{OutOfMemory}!void {
        const index: u32 = @intCast(builder.words.items.len);
        const time_high: u12 = @truncate(builder.time_high);
        try builder.switched.append(builder.allocator, .{ .index = index, .time_high = time_high, .kind = kind });
        try builder.words.append(builder.allocator, value);
    }

    /// Any other word.
    pub fn add(builder: *Builder, value: u16) error{OutOfMemory}!void {
        try builder.words.append(builder.allocator, value);
    }

    pub fn addTriggerEdge(builder: *Builder, rising: bool) error{OutOfMemory}!void {
        const index: u32 = @intCast(builder.words.items.len);
        try builder.edges.append(builder.allocator, .{ .index = index, .time_high = @truncate(builder.time_high) });
        try builder.words.append(builder.allocator, 0xA000 | @as(u16, @intFromBool(rising)));
    }

    pub fn time(builder: *const Builder) u64 {
        return builder.time_high * time_high_us + builder.time_low;
    }

    /// The caller owns the loop, and frees it with the same allocator.
    pub fn finish(builder: *Builder, period_us: u64, trigger_frequency_hz: u64) error{OutOfMemory}!LoopedStream {
        std.debug.assert(period_us % time_high_us == 0 and period_us > builder.time());
        try builder.markUpTo(period_us);
        std.debug.assert(builder.bytes_before.items.len == period_us / builder.slot_us + 1);
        const allocator = builder.allocator;
        const bytes = try allocator.alloc(u8, 2 * builder.words.items.len);
        errdefer allocator.free(bytes);
        for (builder.words.items, 0..) |value, index| std.mem.writeInt(u16, bytes[2 * index ..][0..2], value, .little);
        const time_highs = try builder.time_highs.toOwnedSlice(allocator);
        errdefer allocator.free(time_highs);
        const edges = try builder.edges.toOwnedSlice(allocator);
        errdefer allocator.free(edges);
        const switched = try builder.switched.toOwnedSlice(allocator);
        errdefer allocator.free(switched);
        return .{
            .bytes = bytes,
            .period_us = period_us,
            .time_highs = time_highs,
            .triggers = .{ .edges = edges, .frequency_hz = trigger_frequency_hz },
            .switched = switched,
            .bytes_before = try builder.bytes_before.toOwnedSlice(allocator),
            .slot_us = builder.slot_us,
        };
    }

    /// All words so far are earlier than `time_us`; closes the slots that end by then.
    fn markUpTo(builder: *Builder, time_us: u64) error{OutOfMemory}!void {
        while (builder.bytes_before.items.len * builder.slot_us <= time_us) {
            try builder.bytes_before.append(builder.allocator, @intCast(2 * builder.words.items.len));
        }
    }
};

/// Two TIME_HIGH steps, an event in each, a trigger at the beginning.
fn testLoop(trigger_hz: u64) !LoopedStream {
    var builder: Builder = .{ .allocator = std.testing.allocator, .slot_us = 64 };
    defer builder.deinit();
    try builder.addTimeHigh(0);
    try builder.addTriggerEdge(true);
    try builder.addTriggerEdge(false);
    try builder.addTimeLow(100);
    try builder.add(0x0007);
    try builder.add(0x2805);
    try builder.addTimeHigh(1);
    try builder.add(0x2006);
    return builder.finish(2 * time_high_us, trigger_hz);
}

test "bytes become due by their times, and times are found from bytes" {
    var loop = try testLoop(0);
    defer loop.deinit(std.testing.allocator);
    try std.testing.expectEqual(0, loop.bytesAt(0));
    try std.testing.expectEqual(6, loop.bytesAt(64));
    try std.testing.expectEqual(6, loop.bytesAt(127));
    try std.testing.expectEqual(12, loop.bytesAt(128));
    try std.testing.expectEqual(12, loop.bytesAt(4159));
    try std.testing.expectEqual(16, loop.bytesAt(4160));
    try std.testing.expectEqual(16, loop.bytesAt(8192));
    try std.testing.expectEqual(16 + 6, loop.bytesAt(8192 + 64));
    for (1..100) |bytes| {
        const time_us = loop.timeOf(bytes);
        try std.testing.expect(loop.bytesAt(time_us) >= bytes);
        try std.testing.expect(loop.bytesAt(time_us - 1) < bytes);
    }
}

test "any cut of the copy gives the same words, and TIME_HIGH grows and wraps at 12 bits" {
    var loop = try testLoop(0);
    defer loop.deinit(std.testing.allocator);
    const rounds = 3000;
    const whole = try std.testing.allocator.alloc(u8, rounds * loop.bytes.len);
    defer std.testing.allocator.free(whole);
    loop.copy(0, true, whole);
    const pieces = try std.testing.allocator.alloc(u8, whole.len);
    defer std.testing.allocator.free(pieces);
    var random: std.Random.DefaultPrng = .init(3);
    var done: usize = 0;
    while (done < pieces.len) {
        const length = @min(pieces.len - done, 2 * (1 + random.random().uintLessThan(usize, 40)));
        loop.copy(done, true, pieces[done..][0..length]);
        done += length;
    }
    try std.testing.expectEqualSlices(u8, whole, pieces);
    for (0..rounds) |round| {
        const words = whole[round * loop.bytes.len ..];
        const expected: u16 = @intCast(2 * round % 4096);
        try std.testing.expectEqual(0x8000 | expected, std.mem.readInt(u16, words[0..2], .little));
        try std.testing.expectEqual(0x8000 | (expected + 1) % 4096, std.mem.readInt(u16, words[12..14], .little));
        try std.testing.expectEqual(0x2805, std.mem.readInt(u16, words[10..12], .little));
    }
}

test "triggers come at their frequency on average, and not at all when disabled" {
    var loop = try testLoop(10);
    defer loop.deinit(std.testing.allocator);
    var output: [16]u8 = undefined;
    for ([_]bool{ true, false }) |enabled| {
        var rising: usize = 0;
        var falling: usize = 0;
        const rounds = 10_000_000 / loop.period_us; // 10 s
        for (0..rounds) |round| {
            loop.copy(round * loop.bytes.len, enabled, &output);
            rising += @intFromBool(std.mem.readInt(u16, output[2..4], .little) == 0xA001);
            falling += @intFromBool(std.mem.readInt(u16, output[4..6], .little) == 0xA000);
        }
        try std.testing.expectEqual(rising, falling);
        try std.testing.expect(if (enabled) rising == 99 or rising == 100 else rising == 0);
    }
}
