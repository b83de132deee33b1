//! The filter between pixels and readout: reads the words of all events, and writes a stream with the events that pass
//! masks, biases, the digital crop, anti-flicker, the trail filter and the rate limiter.
//!
//! The output is always a valid stream, for a decoder that goes word by word and for one that takes vectors by threes
//! (12, 12 and 8 pixels):
//!
//! - single events are left out, vectors lose bits, and a group of vectors without a bit is left out whole;
//! - the address of a row waits for the row's first event, and the low part of the time for the next event or row;
//! - a base is written where the next vector does not follow the previous one.
//!
//! Which events a bias drops depends on time and pixel alone: the same stream loses the same events, and with a bias
//! set further, those and more.

const std = @import("std");
const settings_module = @import("filter_settings.zig");
const Origin = @import("crop.zig").Crop.Origin;
const Settings = settings_module.Settings;
const DigitalBlocks = @import("digital_blocks.zig").DigitalBlocks;
const PixelMasks = @import("pixel_masks.zig").PixelMasks;
const RateLimiter = @import("rate_limiter.zig").RateLimiter;

/// The most words that come out: a time with a report for each word, and the words that waited before them.
pub fn maximumWords(words: usize) usize {
    return 10 * words + 16;
}

/// Lies beyond the sensor.
const no_row = 0xFFF;

pub const Filter = struct {
    settings: Settings = .none,
    masks: PixelMasks = .{},
    blocks: DigitalBlocks = .{},
    limiter: RateLimiter = .{},

    // The stream that is read. Null: not known yet.

    time_high: ?u12 = null,
    time_low: u12 = 0,
    /// TIME_LOW at the last word of pixels or trigger since TIME_HIGH changed. A TIME_LOW below it is not followed, as
    /// in decoders.
    used_low: u12 = 0,
    /// The low part belongs to the high one. False after a gap, until both are known again.
    time_is_whole: bool = true,
    row: ?u12 = null,
    base: ?u16 = null,
    base_on: u1 = 0,
    /// Vectors whose group may continue; at most two between words.
    held: [3]u16 = undefined,
    held_count: usize = 0,
    /// The words of a recording's report, which are left out.
    in_report: bool = false,

    // The stream that is written.

    waiting_low: ?u12 = null,
    waiting_row: ?u16 = null,
    /// Where the next vector lies without a base, and its polarity; null: it needs a base.
    told_base: ?u16 = null,
    told_on: u1 = 0,
    /// From where coordinates count.
    origin: Origin = .{},
    /// The first vectors of a group were written: the others must follow, even without a bit.
    group_begun: bool = false,

    /// Where settings need memory it has been reserved, by `blocks`.
    pub fn configure(filter: *Filter, settings: Settings) void {
        filter.blocks.configure(&filter.settings, &settings);
        filter.settings = settings;
        filter.masks.configure(&settings, filter.row);
        filter.limiter.configure(settings.period_us, settings.events_per_period);
    }

    /// Words are missing: row, time and base are unknown until the stream has them again.
    pub fn forget(filter: *Filter) void {
        const settings = filter.settings;
        filter.* = .{ .time_is_whole = false, .settings = settings, .blocks = filter.blocks };
        filter.configure(settings);
    }

    /// The words so far went out as they came, and not through the filter. Row and base are written again, except
    /// within a group of vectors, as the host may have missed them.
    pub fn follow(filter: *Filter) void {
        filter.origin = .{};
        filter.waiting_low = null;
        filter.waiting_row = if (filter.row) |row| row else null;
        filter.told_base = null;
        filter.limiter.counts = @splat(0);
        filter.group_begun = filter.held_count > 0;
        if (!filter.group_begun) return;
        filter.base.? +|= @intCast(12 * filter.held_count);
        filter.held_count = 0;
        filter.waiting_row = null;
        filter.told_base = filter.base;
        filter.told_on = filter.base_on;
    }

    /// Reads words and returns how many bytes were written. The output has room for `maximumWords`.
    pub fn run(filter: *Filter, words: []const u8, output: []u8) usize {
        var writer: Writer = .{ .bytes = output };
        var index: usize = 0;
        while (index < words.len) : (index += 2) filter.read(std.mem.readInt(u16, words[index..][0..2], .little), &writer);
        return writer.length;
    }

    /// Writes the words that wait, so that the stream can continue without the filter.
    pub fn finish(filter: *Filter, output: []u8) usize {
        var writer: Writer = .{ .bytes = output };
        filter.settings.crop.reset_origin = false;
        filter.followOrigin();
        filter.group_begun = filter.held_count > 0; // its other vectors come without the filter
        filter.endGroup(&writer);
        filter.tellPlace(&writer);
        if (filter.base) |base| filter.tellBase(base, &writer);
        return writer.length;
    }

    fn read(filter: *Filter, word: u16, writer: *Writer) void {
        const payload: u12 = @truncate(word);
        const kind = word >> 12;
        if (kind == 0x4 or kind == 0x5) return filter.readVector(word, writer);
        filter.endGroup(writer);
        filter.group_begun = false;
        if (kind == 0x7 or kind == 0xF) {
            if (!filter.in_report) writer.put(filter.limiter.continueReport(word));
            return;
        }
        filter.in_report = filter.settings.reports and RateLimiter.isReport(word);
        switch (kind) {
            // 0x1 begins a row whose events no decoder takes. Its words stay as they are.
            0x0, 0x1 => {
                filter.row = if (kind == 0) payload else no_row;
                filter.waiting_row = word;
                filter.masks.beginRow(filter.row.?);
            },
            0x2 => {
                filter.used_low = filter.time_low;
                if (!filter.placeIsKnown() or filter.passing(payload & 0x7FF, 1, @intCast(payload >> 11)) == 0) return;
                filter.tellPlace(writer);
                writer.put(word - filter.origin.x); // what passes lies behind the origin
            },
            0x3 => {
                filter.base = payload & 0x7FF;
                filter.base_on = @intCast(payload >> 11);
            },
            0x6 => {
                filter.time_low = @max(payload, filter.used_low);
                filter.waiting_low = filter.time_low;
                filter.time_is_whole = filter.time_is_whole or filter.time_high != null;
                filter.report(writer);
            },
            0x8 => {
                const changes = filter.time_high != payload;
                if (changes) {
                    filter.time_is_whole = filter.time_is_whole or filter.time_high != null;
                    filter.time_high = payload;
                    filter.time_low = 0;
                    filter.used_low = 0;
                    filter.waiting_low = null; // it belonged to the previous TIME_HIGH
                    filter.limiter.passTime(filter.now());
                }
                writer.put(word);
                if (changes) filter.report(writer);
            },
            else => if (!filter.in_report) {
                if (kind == 0xA) filter.used_low = filter.time_low;
                filter.tellTime(writer);
                writer.put(word);
                filter.limiter.beginReport(word);
            },
        }
    }

    /// At a new time: writes the counts of the periods before it, unless that is done.
    fn report(filter: *Filter, writer: *Writer) void {
        if (!filter.settings.reports or filter.time_high == null or !filter.time_is_whole) return;
        if (!filter.limiter.reportIsDue(filter.now())) return;
        filter.tellTime(writer);
        for (filter.limiter.takeReport()) |word| writer.put(word);
    }

    fn placeIsKnown(filter: *const Filter) bool {
        return filter.row != null and filter.time_high != null and filter.time_is_whole;
    }

    fn readVector(filter: *Filter, word: u16, writer: *Writer) void {
        filter.used_low = filter.time_low;
        if (!filter.placeIsKnown()) filter.base = null; // nor is it known where the next one lies
        if (filter.base == null) return;
        const is_last = word >> 12 == 0x5;
        if (!is_last and filter.held_count == 2) filter.endGroup(writer);
        filter.held[filter.held_count] = word;
        filter.held_count += 1;
        if (is_last or filter.group_begun) filter.endGroup(writer);
        if (is_last) filter.group_begun = false;
    }

    /// The group has no further vectors than those held.
    fn endGroup(filter: *Filter, writer: *Writer) void {
        if (filter.held_count == 0) return;
        const start = filter.base.?;
        var bits: u64 = 0;
        var length: u6 = 0;
        const words = filter.held[0..filter.held_count];
        for (words) |word| {
            const pixels = pixelsOf(word);
            bits |= (word & (@as(u64, 1) << pixels) - 1) << length;
            length += pixels;
        }
        filter.held_count = 0;
        filter.base = start +| length;
        var left = filter.passing(start, bits, filter.base_on);
        if (left == 0 and !filter.group_begun) return;
        filter.tellPlace(writer);
        // A group that begins before the origin is told from there on.
        left >>= @intCast(@min(filter.origin.x -| start, 63));
        const told_start = start -| filter.origin.x;
        filter.tellBase(told_start, writer);
        for (words) |word| {
            const pixels = pixelsOf(word);
            const of_word: u16 = @truncate(left & (@as(u64, 1) << pixels) - 1);
            writer.put((word & 0xF000) | of_word);
            left >>= pixels;
        }
        filter.told_base = told_start +| length;
    }

    /// How many pixels a vector has.
    fn pixelsOf(word: u16) u6 {
        return if (word >> 12 == 0x4) 12 else 8;
    }

    /// Which of the pixels from x on pass, a bit each.
    fn passing(filter: *Filter, x: u16, bits: u64, on: u1) u64 {
        var left = bits & filter.masks.sending(x) & filter.settings.crop.within(x, filter.row.?);
        const share = filter.settings.kept[on];
        if (share < settings_module.whole) {
            var rest = left;
            while (rest != 0) : (rest &= rest - 1) {
                if (filter.draw(x +| @ctz(rest)) >= share) left &= ~(rest & (~rest +% 1));
            }
        }
        const time = filter.now();
        if (filter.settings.remember()) left = filter.blocks.passing(&filter.settings, time, filter.row.?, x, left, on);
        filter.limiter.passTime(time);
        return filter.limiter.admit(left);
    }

    /// A pseudo-random number below `whole`, always the same for the same event.
    fn draw(filter: *const Filter, x: u16) u16 {
        const event = @as(u64, filter.now()) << 32 | @as(u64, filter.row.?) << 16 | x;
        const mixed = (event ^ event >> 23) *% 0x9E3779B97F4A7C15;
        return @truncate((mixed ^ mixed >> 29) *% 0xBF58476D1CE4E5B9 >> 48);
    }

    fn now(filter: *const Filter) u24 {
        return @as(u24, filter.time_high orelse 0) << 12 | filter.time_low;
    }

    fn tellTime(filter: *Filter, writer: *Writer) void {
        if (filter.waiting_low) |low| writer.put(0x6000 | @as(u16, low));
        filter.waiting_low = null;
    }

    fn tellPlace(filter: *Filter, writer: *Writer) void {
        filter.tellTime(writer);
        filter.followOrigin();
        if (filter.waiting_row) |word| writer.put(word -| filter.origin.y);
        filter.waiting_row = null;
    }

    /// Takes over another origin: row and base are told again. A group that has begun ends with the one it has.
    fn followOrigin(filter: *Filter) void {
        const origin = filter.settings.crop.origin();
        if (filter.group_begun or std.meta.eql(filter.origin, origin)) return;
        filter.origin = origin;
        filter.waiting_row = if (filter.row) |row| row else null;
        filter.told_base = null;
    }

    fn tellBase(filter: *Filter, base: u16, writer: *Writer) void {
        if (filter.told_base == base and filter.told_on == filter.base_on) return;
        writer.put(0x3000 | @as(u16, filter.base_on) << 11 | @min(base, 0x7FF));
        filter.told_base = base;
        filter.told_on = filter.base_on;
    }
};

const Writer = struct {
    bytes: []u8,
    length: usize = 0,

    fn put(writer: *Writer, word: u16) void {
        std.mem.writeInt(u16, writer.bytes[writer.length..][0..2], word, .little);
        writer.length += 2;
    }
};
