//! The blocks behind the pixels that remember events: the trail filter. They are part of the event filter, and have
//! memory while they are on.

const std = @import("std");
const Settings = @import("filter_settings.zig").Settings;
const TrailFilter = @import("trail_filter.zig").TrailFilter;

pub const DigitalBlocks = struct {
    trail: TrailFilter = .{},
    /// The time of the last event, µs: goes on where the sensor's 24 bits wrap.
    time_us: u64 = 0,

    /// Memory for the settings.
    pub fn reserve(blocks: *DigitalBlocks, allocator: std.mem.Allocator, settings: *const Settings) error{OutOfMemory}!void {
        if (settings.trail != null) try blocks.trail.reserve(allocator);
    }

    pub fn deinit(blocks: *DigitalBlocks, allocator: std.mem.Allocator) void {
        blocks.trail.deinit(allocator);
    }

    /// A block that is switched on, or gets other settings, begins anew: drivers have it initialise its memory.
    pub fn configure(blocks: *DigitalBlocks, before: *const Settings, settings: *const Settings) void {
        if (settings.trail != null and !std.meta.eql(before.trail, settings.trail)) blocks.trail.clear();
    }

    /// No pixel has had an event.
    pub fn clear(blocks: *DigitalBlocks) void {
        blocks.trail.clear();
    }

    /// Which of the pixels from x on pass, a bit each.
    pub fn passing(blocks: *DigitalBlocks, settings: *const Settings, now: u24, row: u16, x: u16, bits: u64, on: u1) u64 {
        blocks.time_us += now -% @as(u24, @truncate(blocks.time_us));
        var left = bits;
        if (settings.trail) |trail| left = blocks.trail.passing(trail, blocks.time_us, row, x, left, on);
        return left;
    }
};
