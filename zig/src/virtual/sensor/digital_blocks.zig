//! The blocks behind the pixels that remember events: anti-flicker and trail filter. They are part of the event filter,
//! and have memory from their first use on.

const std = @import("std");
const AntiFlicker = @import("anti_flicker.zig").AntiFlicker;
const Settings = @import("filter_settings.zig").Settings;
const TrailFilter = @import("trail_filter.zig").TrailFilter;

pub const DigitalBlocks = struct {
    flicker: AntiFlicker = .{},
    trail: TrailFilter = .{},
    /// The time of the last event, µs: goes on where the sensor's 24 bits wrap.
    time_us: u64 = 0,

    /// Memory for the settings.
    pub fn reserve(blocks: *DigitalBlocks, allocator: std.mem.Allocator, settings: *const Settings) error{OutOfMemory}!void {
        if (settings.flicker != null) try blocks.flicker.reserve(allocator);
        if (settings.trail != null) try blocks.trail.reserve(allocator);
    }

    pub fn deinit(blocks: *DigitalBlocks, allocator: std.mem.Allocator) void {
        blocks.flicker.deinit(allocator);
        blocks.trail.deinit(allocator);
    }

    /// A block that is switched on, or gets other settings, begins anew: drivers have it initialise its memory.
    pub fn configure(blocks: *DigitalBlocks, before: *const Settings, settings: *const Settings) void {
        if (settings.flicker != null and !std.meta.eql(before.flicker, settings.flicker)) blocks.flicker.clear();
        if (settings.trail != null and !std.meta.eql(before.trail, settings.trail)) blocks.trail.clear();
    }

    /// No pixel has had an event.
    pub fn clear(blocks: *DigitalBlocks) void {
        blocks.flicker.clear();
        blocks.trail.clear();
    }

    /// Which of the pixels from x on pass, a bit each.
    pub fn passing(blocks: *DigitalBlocks, settings: *const Settings, now: u24, row: u16, x: u16, bits: u64, on: u1) u64 {
        blocks.time_us += now -% @as(u24, @truncate(blocks.time_us));
        var left = bits;
        if (settings.flicker) |flicker| left = blocks.flicker.passing(flicker, blocks.time_us, row, x, left, on);
        if (settings.trail) |trail| left = blocks.trail.passing(trail, blocks.time_us, row, x, left, on);
        return left;
    }
};
