//! The filter and the writer of EVT2.1 in a camera, and the bytes behind them that the host has not fetched. While the
//! registers leave out no event and ask for EVT3, both are inactive and cost nothing.

const std = @import("std");
const event_filter = @import("event_filter.zig");
const evt21_writer = @import("evt21_writer.zig");
const Evt21Writer = evt21_writer.Evt21Writer;
const Settings = @import("filter_settings.zig").Settings;

pub const Filtered = struct {
    allocator: std.mem.Allocator,
    filter: event_filter.Filter = .{},
    /// The settings leave out events.
    active: bool = false,
    /// No setting leaves out an event: a source that tells which events are missing.
    keeps_events: bool = false,
    /// Null: the host gets EVT3.
    evt21: ?Evt21Writer = null,
    /// What the filter has written for it.
    words: std.ArrayList(u8) = .empty,
    /// The bytes from `begun` on are not fetched yet.
    bytes: std.ArrayList(u8) = .empty,
    begun: usize = 0,

    pub fn create(allocator: std.mem.Allocator) error{OutOfMemory}!*Filtered {
        const filtered = try allocator.create(Filtered);
        filtered.* = .{ .allocator = allocator };
        return filtered;
    }

    pub fn destroy(filtered: *Filtered) void {
        filtered.filter.blocks.deinit(filtered.allocator);
        filtered.words.deinit(filtered.allocator);
        filtered.bytes.deinit(filtered.allocator);
        filtered.allocator.destroy(filtered);
    }

    /// Words are read before the host gets them.
    pub fn isReading(filtered: *const Filtered) bool {
        return filtered.active or filtered.evt21 != null;
    }

    /// True when the filter becomes active: then the caller tells it the words before, by `forget` or `follow`.
    pub fn configure(filtered: *Filtered, wanted: Settings) bool {
        var settings = wanted;
        // Without memory, filters that need it let all events pass.
        filtered.filter.blocks.reserve(filtered.allocator, &settings) catch settings.forgetful();
        if (filtered.keeps_events or std.meta.eql(settings, filtered.filter.settings)) return false;
        const was_active = filtered.active;
        filtered.active = !settings.isNone();
        if (was_active and !filtered.active) {
            // Without memory, a row may continue at the place of another one.
            filtered.finish() catch {};
        }
        filtered.filter.configure(settings);
        return filtered.active and !was_active;
    }

    pub fn waiting(filtered: *const Filtered) usize {
        return filtered.bytes.items.len - filtered.begun;
    }

    /// Reads the next words.
    pub fn feed(filtered: *Filtered, words: []const u8) error{OutOfMemory}!void {
        if (!filtered.active) return filtered.convert(words);
        const output = try filtered.room(words.len / 2);
        try filtered.wrote(filtered.filter.run(words, output));
    }

    fn finish(filtered: *Filtered) error{OutOfMemory}!void {
        const output = try filtered.room(0);
        try filtered.wrote(filtered.filter.finish(output));
    }

    /// Moves waiting bytes to the output, as many as fit, and returns how many.
    pub fn take(filtered: *Filtered, output: []u8) usize {
        const length = @min(output.len, filtered.waiting());
        @memcpy(output[0..length], filtered.bytes.items[filtered.begun..][0..length]);
        filtered.begun += length;
        if (filtered.waiting() == 0) filtered.clear();
        return length;
    }

    pub fn clear(filtered: *Filtered) void {
        filtered.bytes.clearRetainingCapacity();
        filtered.begun = 0;
    }

    /// Room for the filter's output.
    fn room(filtered: *Filtered, words: usize) error{OutOfMemory}![]u8 {
        const length = 2 * event_filter.maximumWords(words);
        if (filtered.evt21 == null) return filtered.unfetchedRoom(length);
        filtered.words.clearRetainingCapacity();
        try filtered.words.ensureUnusedCapacity(filtered.allocator, length);
        return filtered.words.unusedCapacitySlice();
    }

    /// The filter has written bytes into its room.
    fn wrote(filtered: *Filtered, length: usize) error{OutOfMemory}!void {
        if (filtered.evt21 != null) return filtered.convert(filtered.words.unusedCapacitySlice()[0..length]);
        filtered.bytes.items.len += length;
    }

    fn convert(filtered: *Filtered, words: []const u8) error{OutOfMemory}!void {
        const output = try filtered.unfetchedRoom(evt21_writer.maximumBytes(words.len / 2));
        filtered.bytes.items.len += filtered.evt21.?.run(words, output);
    }

    fn unfetchedRoom(filtered: *Filtered, length: usize) error{OutOfMemory}![]u8 {
        if (filtered.begun > 0) {
            const left = filtered.bytes.items[filtered.begun..];
            std.mem.copyForwards(u8, filtered.bytes.items[0..left.len], left);
            filtered.bytes.items.len = left.len;
            filtered.begun = 0;
        }
        try filtered.bytes.ensureUnusedCapacity(filtered.allocator, length);
        return filtered.bytes.unusedCapacitySlice();
    }
};
