//! Which events the filter between pixels and readout leaves out. A setting that changes nothing is 0 (or `whole`), so
//! that a sensor that sends all its events has settings equal to `none`.

const std = @import("std");
const Crop = @import("crop.zig").Crop;
const FlickerSettings = @import("anti_flicker.zig").Settings;
const TrailSettings = @import("trail_filter.zig").Settings;

/// A share of all events; more than a u16, for all of them are `whole`.
pub const Share = u32;
pub const whole: Share = 1 << 16;

/// Slots of the mask of single pixels: x in bits 10:0, y in bits 25:16, in use when bit 31 is set.
pub const pixel_slots = 64;

/// The masks of columns and rows, a bit each, from the lowest of the first word on; 1 is masked.
pub const LineMasks = struct {
    columns: [40]u32 = @splat(0),
    rows: [23]u32 = @splat(0),
};

/// Which pixels send, for a sensor of 320 x 320 pixels that each have a latch.
pub const PixelMatrix = struct {
    /// A bit each, from the lowest of a row's first word on; 1 sends. They stay in their place as long as the camera.
    rows: *const [320][10]u32,
    /// Another one when the rows have changed.
    version: u32,
};

pub const Settings = struct {
    masks: LineMasks = .{},
    /// A pixel is masked when both its column and its row are; otherwise one of them is enough.
    intersection_only: bool = false,
    pixels: [pixel_slots]u32 = @splat(0),
    /// Null: all pixels that the masks leave send.
    matrix: ?PixelMatrix = null,
    /// OFF, ON.
    kept: [2]Share = @splat(whole),
    crop: Crop = .{},
    flicker: ?FlickerSettings = null,
    trail: ?TrailSettings = null,
    /// 0: no limit.
    period_us: u32 = 0,
    events_per_period: u32 = 0,
    /// Counts of the rate limiter come after each period.
    reports: bool = false,

    pub const none: Settings = .{};

    /// With settings that depend on earlier events.
    pub fn remember(settings: *const Settings) bool {
        return settings.flicker != null or settings.trail != null;
    }

    /// Without those.
    pub fn forgetful(settings: *Settings) void {
        settings.flicker = null;
        settings.trail = null;
    }

    pub fn isNone(settings: *const Settings) bool {
        return std.meta.eql(settings.*, .none);
    }
};
