//! Events to pictures (README.md): what is kept of them for each pixel, values of it, and drawings with a colour map.

const std = @import("std");
const columns_module = @import("columns.zig");
const decoder_module = @import("../decoder/decoder.zig");
const drawing = @import("drawing.zig");
const exponential = @import("exponential.zig");
const last_events = @import("last_events.zig");
const levels = @import("levels.zig");
const Counts = @import("counts.zig").Counts;
const LastEvents = last_events.LastEvents;

pub const Added = columns_module.Added;
pub const Columns = columns_module.Columns;
pub const ColorMap = drawing.ColorMap;
pub const Fade = levels.Fade;
pub const Levels = levels.Levels;

pub const Options = struct {
    width: u32,
    height: u32,
    kept: union(enum) {
        last_events,
        counts: struct { bins: u32, bin_us: f64 },
    },
};

/// When and how to look at it. What its kind does not have is left unused.
pub const View = struct {
    t: f64,
    fade: Fade = .decay,
    tau_us: u32 = 1,
    full_count: u32 = 1,
};

/// Pixels behind the last one, which are written back as they are.
const slack = decoder_module.Surface.slack;

pub const Accumulator = struct {
    kept: union(enum) { last_events: LastEvents, counts: Counts },
    /// Those of the last picture.
    levels: Levels = .{ .fade = .decay, .tau = 0, .end = 0, .scale = 0, .limits = undefined },

    pub fn init(allocator: std.mem.Allocator, options: Options) !Accumulator {
        const size = @as(usize, options.width) * options.height;
        return .{ .kept = switch (options.kept) {
            .last_events => kept: {
                const stamps = try allocator.alignedAlloc(u32, .@"64", size + slack);
                @memset(stamps, 0);
                break :kept .{ .last_events = .{
                    .width = options.width,
                    .height = options.height,
                    .stamps = stamps[0..size],
                } };
            },
            .counts => |counts| kept: {
                const length = try std.math.mul(usize, size, counts.bins);
                const planes = try allocator.alignedAlloc(i16, .@"64", length + slack);
                @memset(planes, 0);
                break :kept .{ .counts = .{
                    .width = options.width,
                    .height = options.height,
                    .planes = planes[0..length],
                    .bins = counts.bins,
                    .bin_us = counts.bin_us,
                } };
            },
        } };
    }

    pub fn deinit(accumulator: *Accumulator, allocator: std.mem.Allocator) void {
        switch (accumulator.kept) {
            .last_events => |*last| allocator.free(last.stamps.ptr[0 .. last.stamps.len + slack]),
            .counts => |*counts| allocator.free(counts.planes.ptr[0 .. counts.planes.len + slack]),
        }
    }

    /// Adds events of any kind.
    pub fn add(accumulator: *Accumulator, columns: Columns) Added {
        return switch (accumulator.kept) {
            inline else => |*kept| kept.add(columns),
        };
    }

    /// Adds events of a decoder, whose sensor is not larger than the picture if `fits`.
    pub fn addDecoded(accumulator: *Accumulator, columns: Columns, fits: bool) Added {
        return switch (accumulator.kept) {
            inline else => |*kept| if (fits) kept.addDecoded(columns) else kept.add(columns),
        };
    }

    /// What decoders put events into at once; null before the first event.
    pub fn surface(accumulator: *Accumulator) ?decoder_module.Surface {
        return switch (accumulator.kept) {
            inline else => |*kept| kept.surface(),
        };
    }

    /// Forgets the events.
    pub fn clear(accumulator: *Accumulator) void {
        switch (accumulator.kept) {
            inline else => |*kept| kept.clear(),
        }
    }

    /// Forgets the time, too.
    pub fn reset(accumulator: *Accumulator) void {
        switch (accumulator.kept) {
            inline else => |*kept| kept.reset(),
        }
    }

    pub fn width(accumulator: *const Accumulator) u32 {
        return switch (accumulator.kept) {
            inline else => |*kept| kept.width,
        };
    }

    pub fn height(accumulator: *const Accumulator) u32 {
        return switch (accumulator.kept) {
            inline else => |*kept| kept.height,
        };
    }

    pub fn pixels(accumulator: *const Accumulator) usize {
        return @as(usize, accumulator.width()) * accumulator.height();
    }

    /// Draws as many pixels as there are.
    pub fn draw(accumulator: *Accumulator, view: View, colors: *const ColorMap, output: [*]align(1) u32) void {
        switch (accumulator.kept) {
            .last_events => |*last| {
                const table = &accumulator.levels;
                if (table.fade != view.fade or table.tau != view.tau_us) table.set(view.fade, view.tau_us);
                drawing.drawLastEvents(last.stamps, last.now(view.t), table, colors, output);
            },
            .counts => |*counts| drawing.drawCounts(counts, view.t, view.full_count, colors, output),
        }
    }

    /// How many values there are.
    pub fn valueCount(accumulator: *const Accumulator) usize {
        return switch (accumulator.kept) {
            .last_events => accumulator.pixels(),
            .counts => |*counts| counts.planes.len,
        };
    }

    pub fn values(accumulator: *const Accumulator, view: View, output: [*]align(1) f32) void {
        switch (accumulator.kept) {
            .last_events => |*last| {
                const now = last.now(view.t);
                for (last.stamps, output) |stamp, *value| value.* = valueOf(view, stamp, now);
            },
            .counts => |*counts| for (0..counts.bins) |bin| {
                const to = output[bin * accumulator.pixels() ..][0..accumulator.pixels()];
                if (counts.planeAt(view.t, bin)) |plane| {
                    for (plane, to) |count, *value| value.* = @floatFromInt(count);
                } else @memset(to, 0);
            },
        }
    }
};

fn valueOf(view: View, stamp: u32, now: u32) f32 {
    const age = last_events.ageOf(stamp, now);
    const is_known = stamp != 0 and age < last_events.memory_us;
    if (view.fade == .time_surface) return if (is_known) @floatFromInt(age) else std.math.inf(f32);
    if (!is_known) return 0;
    const of_tau = @as(f64, @floatFromInt(age)) / @as(f64, @floatFromInt(view.tau_us));
    const value: f64 = switch (view.fade) {
        .decay => exponential.decayed(of_tau),
        .linear => @max(0, 1 - of_tau),
        .window => if (of_tau < 1) 1 else 0,
        .time_surface => unreachable,
    };
    return @floatCast(if (stamp & 1 == 1) value else 0 - value);
}
