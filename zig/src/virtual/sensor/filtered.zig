//! The filter in a camera, and the bytes behind it that the host has not fetched. While the registers leave out no
//! event it is inactive, and costs nothing.

const std = @import("std");
const event_filter = @import("event_filter.zig");
const Settings = @import("filter_settings.zig").Settings;

pub const Filtered = struct {
    allocator: std.mem.Allocator,
    filter: event_filter.Filter = .{},
    active: bool = false,
    /// The bytes from `begun` on are not fetched yet.
    bytes: std.ArrayList(u8) = .empty,
    begun: usize = 0,

    pub fn create(allocator: std.mem.Allocator) error{OutOfMemory}!*Filtered {
        const filtered = try allocator.create(Filtered);
        filtered.* = .{ .allocator = allocator };
        return filtered;
    }

    pub fn destroy(filtered: *Filtered) void {
        filtered.bytes.deinit(filtered.allocator);
        filtered.allocator.destroy(filtered);
    }

    /// True when it becomes active: then the caller tells it the words before, by `forget` or `follow`.
    pub fn configure(filtered: *Filtered, settings: Settings) bool {
        if (std.meta.eql(settings, filtered.filter.settings)) return false;
        const was_active = filtered.active;
        filtered.active = !settings.isNone();
        if (was_active and !filtered.active) {
            // Without memory, a row may continue at the place of another one.
            if (filtered.room(0)) |output| filtered.bytes.items.len += filtered.filter.finish(output) else |_| {}
        }
        filtered.filter.configure(settings);
        return filtered.active and !was_active;
    }

    pub fn waiting(filtered: *const Filtered) usize {
        return filtered.bytes.items.len - filtered.begun;
    }

    /// Reads the next words.
    pub fn feed(filtered: *Filtered, words: []const u8) error{OutOfMemory}!void {
        const output = try filtered.room(words.len / 2);
        filtered.bytes.items.len += filtered.filter.run(words, output);
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

    fn room(filtered: *Filtered, words: usize) error{OutOfMemory}![]u8 {
        if (filtered.begun > 0) {
            const left = filtered.bytes.items[filtered.begun..];
            std.mem.copyForwards(u8, filtered.bytes.items[0..left.len], left);
            filtered.bytes.items.len = left.len;
            filtered.begun = 0;
        }
        try filtered.bytes.ensureUnusedCapacity(filtered.allocator, 2 * event_filter.maximumWords(words));
        return filtered.bytes.unusedCapacitySlice();
    }
};
