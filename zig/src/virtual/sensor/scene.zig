//! The generated scene: a loop of words with the rotating star, sparse noise, triggers and a lamp that blinks, at a given
//! rate of bytes.
//!
//! The length of a round sets the rate roughly: at 12 MB/s the star turns about once a second, at 400 MB/s about fifty
//! times, and the loop stays at a few MB. The star's contrast sets it exactly: how many events, on average, a pixel
//! sends when an edge passes it (one after the other, as its refractory period allows).

const std = @import("std");
const lamp = @import("lamp.zig");
const looped_stream = @import("looped_stream.zig");
const star = @import("star.zig");
const Crossing = star.Crossing;
const Size = @import("size.zig").Size;

pub const minimum_bytes_per_second = 10_000;
/// The most that SuperSpeed carries.
pub const maximum_bytes_per_second = 500_000_000;

/// About 2.5 million events a second.
pub const default_bytes_per_second = 12_000_000;
/// The most that cameras of this kind send.
pub const bus_limit_bytes_per_second = 400_000_000;

pub const Options = struct {
    seed: u64 = 1,
    bytes_per_second: u64 = default_bytes_per_second,
    trigger_hz: u32 = 0,
    /// How often the lamp blinks, to the nearest whole number of times in a round. 0: there is none.
    flicker_hz: u32 = 0,
    size: Size = .{},
};

/// Rows are read out one after the other, all of them once in this time.
const readout_us = 64;

/// Readouts from one event of a pixel to its next one.
const refractory_readouts = 4;

/// A round is at most 4.2 s.
const maximum_steps = 1024;

/// Noise, as a share of the star's events.
const noise_share = 0.03;

const tolerance = 0.005;

/// The caller frees the loop.
pub fn build(allocator: std.mem.Allocator, options: Options) error{OutOfMemory}!looped_stream.LoopedStream {
    const crossings = try star.crossings(allocator, options.size);
    defer allocator.free(crossings);
    var plan: Plan = .first(options, crossings.len);
    for (0..5) |_| {
        var loop = try encode(allocator, options, plan, crossings);
        if (plan.improve(loop.bytes.len)) return loop;
        loop.deinit(allocator);
    }
    return encode(allocator, options, plan, crossings);
}

/// Length and contrast of a round; improved until its bytes fit its length.
const Plan = struct {
    steps: u64,
    /// Events of a crossing, on average.
    contrast: f64,
    wanted_bytes: f64,
    last_contrast: f64 = 0,
    last_bytes: f64 = 0,

    fn first(options: Options, crossings: usize) Plan {
        const count: f64 = @floatFromInt(crossings);
        const rate: f64 = @floatFromInt(options.bytes_per_second);
        const step_bytes = rate * looped_stream.time_high_us / std.time.us_per_s;
        const steps = std.math.clamp(@round(3.0 * count / step_bytes), 1, maximum_steps);
        const wanted_bytes = steps * step_bytes;
        const contrast = wanted_bytes / (count * bytesOfEvent(steps));
        return .{ .steps = @intFromFloat(steps), .contrast = contrast, .wanted_bytes = wanted_bytes };
    }

    /// On average, the words of the row and its time included. In a long round few events share a row and a time:
    /// 1.61 bytes at one step, 4.57 at 43, 6.37 at 515 and 6.71 at 1024, measured at the wanted rate.
    fn bytesOfEvent(steps: f64) f64 {
        return 1.61 + 0.546 * @log2(steps);
    }

    /// True where a round of this many bytes is near enough to the wanted rate.
    fn improve(plan: *Plan, length: usize) bool {
        const bytes: f64 = @floatFromInt(length);
        if (@abs(plan.wanted_bytes - bytes) <= tolerance * bytes) return true;
        // Follows the secant of the last two results; the first time, the line through the origin.
        const bytes_per_contrast = (bytes - plan.last_bytes) / (plan.contrast - plan.last_contrast);
        plan.last_bytes = bytes;
        plan.last_contrast = plan.contrast;
        const contrast = plan.contrast + (plan.wanted_bytes - bytes) / bytes_per_contrast;
        plan.contrast = std.math.clamp(contrast, plan.contrast / 3, plan.contrast * 3);
        return false;
    }

    fn periodUs(plan: Plan) u64 {
        return plan.steps * looped_stream.time_high_us;
    }
};

fn encode(
    allocator: std.mem.Allocator,
    options: Options,
    plan: Plan,
    crossings: []const Crossing,
) error{OutOfMemory}!looped_stream.LoopedStream {
    const events = try chooseEvents(allocator, options, plan, crossings);
    defer allocator.free(events);
    var encoder: Encoder = .init(allocator, options, plan.periodUs());
    defer encoder.builder.deinit();
    var index: usize = 0;
    while (index < events.len) {
        const row = events[index].row();
        var end = index + 1;
        while (end < events.len and events[end].row() == row) end += 1;
        try encoder.addRow(events[index..end]);
        index = end;
    }
    try encoder.addTimeUpTo(plan.periodUs() - 1);
    return encoder.builder.finish(plan.periodUs(), options.trigger_hz);
}

/// An event in the order of its readout.
const Event = packed struct(u64) {
    on: bool,
    x: u11,
    y: u10,
    readout: u42,

    fn row(event: Event) u64 {
        return @as(u64, @bitCast(event)) >> 12;
    }

    /// Of a sort; there are `count` digits, a power of 2.
    fn digit(event: Event, shift: u6, count: usize) usize {
        return @intCast(@as(u64, @bitCast(event)) >> shift & count - 1);
    }

    fn timeUs(event: Event, size: Size) u64 {
        return event.readout * readout_us + @as(u64, event.y) * readout_us / size.height;
    }
};

fn chooseEvents(
    allocator: std.mem.Allocator,
    options: Options,
    plan: Plan,
    crossings: []const Crossing,
) error{OutOfMemory}![]Event {
    const readouts = plan.periodUs() / readout_us;
    var generator: std.Random.DefaultPrng = .init(options.seed);
    const random = generator.random();
    const certain: usize = @intFromFloat(plan.contrast);
    const more: u64 = @intFromFloat((plan.contrast - @floor(plan.contrast)) * (1 << 32));
    var events: std.ArrayList(Event) = try .initCapacity(allocator, crossings.len);
    defer events.deinit(allocator);
    for (crossings) |crossing| {
        const first = @as(u64, crossing.phase) * readouts >> 24;
        const count = certain + @intFromBool(random.int(u32) < more);
        for (0..count) |index| try events.append(allocator, .{
            .on = crossing.on,
            .x = crossing.x,
            .y = crossing.y,
            .readout = @intCast((first + refractory_readouts * index) % readouts),
        });
    }
    for (0..@intFromFloat(noise_share * @as(f64, @floatFromInt(events.items.len)))) |_| try events.append(allocator, .{
        .on = random.boolean(),
        .x = random.uintLessThan(u11, @intCast(options.size.width)),
        .y = random.uintLessThan(u10, @intCast(options.size.height)),
        .readout = random.uintLessThan(u42, @intCast(readouts)),
    });
    try addLamp(allocator, &events, lamp.periodsIn(plan.periodUs(), options.flicker_hz), readouts);
    const other = try allocator.alloc(Event, events.items.len);
    defer allocator.free(other);
    sort(events.items, other);
    return allocator.dupe(Event, events.items);
}

fn addLamp(allocator: std.mem.Allocator, events: *std.ArrayList(Event), periods: u64, readouts: u64) error{OutOfMemory}!void {
    for (0..@intCast(2 * periods)) |half| for (0..lamp.side) |row| for (0..lamp.side) |column| try events.append(allocator, .{
        .on = half % 2 == 0,
        .x = @intCast(lamp.x + column),
        .y = @intCast(lamp.y + row),
        .readout = @intCast(half * readouts / (2 * periods)),
    });
}

/// By readout, y, x, polarity. Radix sort of the 37 bits that are used; the result is in `events`.
fn sort(events: []Event, other: []Event) void {
    const digit_bits = 10;
    var from = events;
    var to = other;
    for (0..4) |pass| {
        const shift: u6 = @intCast(pass * digit_bits);
        var starts: [1 << digit_bits]u32 = @splat(0);
        for (from) |event| starts[event.digit(shift, starts.len)] += 1;
        var sum: u32 = 0;
        for (&starts) |*start| {
            const count = start.*;
            start.* = sum;
            sum += count;
        }
        for (from) |event| {
            const start = &starts[event.digit(shift, starts.len)];
            to[start.*] = event;
            start.* += 1;
        }
        std.mem.swap([]Event, &from, &to);
    }
}

/// Writes rows as the sensor does: a row's address, then its events by ascending x. Two or more of one polarity in the
/// same 32 pixels become a group of vectors.
const Encoder = struct {
    builder: looped_stream.Builder,
    size: Size,
    period_us: u64,
    time_high_interval_us: u64,
    next_time_high_us: u64 = 0,
    last_time_us: u64 = 0,
    /// Places for triggers in a round, each with a rising and a falling edge.
    trigger_places: u64,
    next_edge: u64 = 0,

    fn init(allocator: std.mem.Allocator, options: Options, period_us: u64) Encoder {
        // A Gen4.1 sensor repeats TIME_HIGH every 16 µs (a recording of one; the IMX636's interval is unknown), 4 bytes
        // with the TIME_LOW that follows it. At low rates that would be most of the bytes, so the interval is longer
        // there: a tenth of the bytes.
        const sparse_us = 10 * 4 * std.time.us_per_s / options.bytes_per_second;
        const interval_us = std.math.ceilPowerOfTwoAssert(u64, @max(1, sparse_us));
        const triggers = @as(u64, options.trigger_hz) * period_us;
        return .{
            .builder = .{ .allocator = allocator, .slot_us = 64 },
            .size = options.size,
            .period_us = period_us,
            .time_high_interval_us = std.math.clamp(interval_us, 16, looped_stream.time_high_us),
            .trigger_places = std.math.divCeil(u64, triggers, std.time.us_per_s) catch unreachable,
        };
    }

    fn addRow(encoder: *Encoder, events: []const Event) !void {
        const builder = &encoder.builder;
        const time_us = events[0].timeUs(encoder.size);
        try encoder.addTimeUpTo(time_us);
        if (time_us != encoder.last_time_us) try encoder.addTimeLow(time_us);
        try builder.add(events[0].y);
        var next_base: ?u16 = null;
        var index: usize = 0;
        while (index < events.len) {
            const base = events[index].x / 32 * 32;
            var pixels: [2]u32 = @splat(0);
            while (index < events.len and events[index].x / 32 * 32 == base) : (index += 1) {
                pixels[@intFromBool(events[index].on)] |= @as(u32, 1) << @intCast(events[index].x - base);
            }
            for (pixels, 0..) |mask, on| next_base = try encoder.addPixels(base, @intCast(on), mask, next_base);
        }
    }

    /// Returns the base, with its polarity, that the next vector has without a VECT_BASE_X.
    fn addPixels(encoder: *Encoder, base: u11, on: u1, mask: u32, next_base: ?u16) !?u16 {
        const builder = &encoder.builder;
        const polarity = @as(u16, on) << 11;
        if (mask == 0) return next_base;
        if (@popCount(mask) == 1) {
            try builder.add(0x2000 | polarity | (base + @ctz(mask)));
            return null;
        }
        if (next_base != polarity | base) try builder.add(0x3000 | polarity | base);
        try builder.add(0x4000 | @as(u16, @truncate(mask & 0xFFF)));
        try builder.add(0x4000 | @as(u16, @truncate(mask >> 12 & 0xFFF)));
        try builder.add(0x5000 | @as(u16, @truncate(mask >> 24)));
        return (polarity | base) + 32;
    }

    /// TIME_HIGH at its interval, each followed by TIME_LOW, and triggers.
    fn addTimeUpTo(encoder: *Encoder, time_us: u64) !void {
        while (true) {
            const edge_us = encoder.nextEdgeUs();
            const next_us = @min(encoder.next_time_high_us, edge_us);
            if (next_us > time_us) return;
            if (encoder.next_time_high_us == next_us) {
                try encoder.builder.addTimeHigh(next_us / looped_stream.time_high_us);
                encoder.next_time_high_us += encoder.time_high_interval_us;
                try encoder.addTimeLow(next_us);
            }
            if (edge_us != next_us) continue;
            if (next_us != encoder.last_time_us) try encoder.addTimeLow(next_us);
            try encoder.builder.addTriggerEdge(encoder.next_edge % 2 == 0);
            encoder.next_edge += 1;
        }
    }

    fn addTimeLow(encoder: *Encoder, time_us: u64) !void {
        try encoder.builder.addTimeLow(@truncate(time_us));
        encoder.last_time_us = time_us;
    }

    /// Edges stand at odd quarters of their place.
    fn nextEdgeUs(encoder: *const Encoder) u64 {
        if (encoder.next_edge == 2 * encoder.trigger_places) return std.math.maxInt(u64);
        return (2 * encoder.next_edge + 1) * encoder.period_us / (4 * encoder.trigger_places);
    }
};

test "the default rate is met at the first attempt: building a scene delays a program's first event" {
    const allocator = std.testing.allocator;
    const crossings = try star.crossings(allocator, .{});
    defer allocator.free(crossings);
    var plan: Plan = .first(.{}, crossings.len);
    var loop = try encode(allocator, .{}, plan, crossings);
    defer loop.deinit(allocator);
    try std.testing.expect(plan.improve(loop.bytes.len));
}
