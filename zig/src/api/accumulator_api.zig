//! Exports about accumulators: `nd_accumulator_*`.

const std = @import("std");
const abi = @import("../abi.zig");
const decoder_api = @import("decoder_api.zig");
const decoding = @import("../accumulator/decoding.zig");
const drawing = @import("../accumulator/drawing.zig");
const heap = @import("../system/heap.zig");
const kinds = @import("../kinds.zig");
const thread_cleanup = @import("thread_cleanup.zig");
const accumulator_module = @import("../accumulator/accumulator.zig");
const Accumulator = accumulator_module.Accumulator;
const HandleTable = @import("handles.zig").HandleTable;

/// An accumulator behind a handle.
const Shared = struct {
    accumulator: Accumulator,
    kind: abi.AccumulatorKind,
    staging: decoding.Staging,
    in_use: std.atomic.Value(bool) = .init(false),

    fn destroy(shared: *Shared) void {
        shared.accumulator.deinit(allocator);
        allocator.destroy(shared);
    }
};

pub const capacity = 64;
pub var table: HandleTable(Shared, capacity, Shared.destroy) = .empty;

const allocator = heap.allocator;
const Status = abi.Status;

const maximum_side = 2048;
const maximum_us = 100_000_000;
const minimum_bin_us = 1000;
const maximum_count = std.math.maxInt(i16);

pub fn create(options: ?*const abi.AccumulatorOptions, handle: ?*u32) callconv(.c) i32 {
    const block = options orelse return Status.invalid_argument.code();
    const out = handle orelse return Status.invalid_argument.code();
    const kind = kindOf(block.kind) orelse return Status.invalid_argument.code();
    const checked = optionsOf(kind, block) orelse return Status.invalid_argument.code();
    const shared = allocator.create(Shared) catch return Status.out_of_memory.code();
    shared.kind = kind;
    shared.in_use = .init(false);
    shared.accumulator = Accumulator.init(allocator, checked) catch {
        allocator.destroy(shared);
        return Status.out_of_memory.code();
    };
    out.* = table.add(shared) catch {
        shared.destroy();
        return Status.too_many.code();
    };
    thread_cleanup.watch(.{ .accumulator = out.* });
    return Status.ok.code();
}

fn kindOf(value: f64) ?abi.AccumulatorKind {
    return std.enums.fromInt(abi.AccumulatorKind, abi.integer(u32, value, std.math.maxInt(u32)) orelse return null);
}

/// Null where an option is out of its range.
fn optionsOf(kind: abi.AccumulatorKind, block: *const abi.AccumulatorOptions) ?accumulator_module.Options {
    const width = abi.integer(u32, block.width, maximum_side) orelse return null;
    const height = abi.integer(u32, block.height, maximum_side) orelse return null;
    if (width == 0 or height == 0) return null;
    return .{ .width = width, .height = height, .kept = switch (kind) {
        .decay, .linear, .window, .time_surface => .last_events,
        .count => .{ .counts = .{ .bins = 1, .bin_us = std.math.inf(f64) } },
        .voxel => voxel: {
            const bins = abi.integer(u32, block.bins, drawing.max_bins) orelse return null;
            const bin_us = abi.integer(u32, block.bin_us, maximum_us) orelse return null;
            if (bins == 0 or bin_us < minimum_bin_us) return null;
            break :voxel .{ .counts = .{ .bins = bins, .bin_us = @floatFromInt(bin_us) } };
        },
    } };
}

pub fn add(
    handle: u32,
    t: ?[*]align(1) const f64,
    x: ?[*]align(1) const u16,
    y: ?[*]align(1) const u16,
    on: ?[*]const u8,
    count: u32,
    report: ?*abi.Accumulated,
) callconv(.c) i32 {
    const out = report orelse return Status.invalid_argument.code();
    var columns: accumulator_module.Columns = undefined;
    columns.count = count;
    if (count > 0) {
        columns.t = t orelse return Status.invalid_argument.code();
        columns.x = x orelse return Status.invalid_argument.code();
        columns.y = y orelse return Status.invalid_argument.code();
        columns.on = on orelse return Status.invalid_argument.code();
    }
    var use = Use.begin(handle) catch |refusal| return decoder_api.refused(refusal);
    defer use.end();
    out.* = std.mem.zeroes(abi.Accumulated);
    out.current_time = std.math.nan(f64);
    tell(if (count > 0) use.shared.accumulator.add(columns) else .{}, out);
    return Status.ok.code();
}

fn tell(added: accumulator_module.Added, out: *abi.Accumulated) void {
    out.events = @floatFromInt(added.events);
    out.on_events = @floatFromInt(added.on_events);
    out.outside = @floatFromInt(added.outside);
}

/// As `nd_decoder_decode`, into the picture.
pub fn decode(
    handle: u32,
    decoder: u32,
    input: ?[*]const u8,
    input_length: u32,
    triggers: ?[*]align(8) u8,
    trigger_capacity: u32,
    report: ?*abi.Accumulated,
) callconv(.c) i32 {
    const bytes: []const u8 = if (input_length == 0) &.{} else (input orelse return Status.invalid_argument.code())[0..input_length];
    const out = report orelse return Status.invalid_argument.code();
    const memory = triggers orelse return Status.invalid_argument.code();
    if (trigger_capacity % 8 != 0) return Status.invalid_argument.code();
    if (trigger_capacity == 0) return Status.buffer_too_small.code();
    var use = Use.begin(handle) catch |refusal| return decoder_api.refused(refusal);
    defer use.end();
    var decoder_use = decoder_api.Use.begin(decoder) catch |refusal| return decoder_api.refused(refusal);
    defer decoder_use.end();
    const shared = use.shared;
    var trigger_columns = kinds.columnsAt(kinds.Trigger, memory, trigger_capacity);
    var added: accumulator_module.Added = .{};
    const used = &decoder_use.shared.decoder;
    const consumed = decoding.decode(&shared.accumulator, used, &shared.staging, bytes, &trigger_columns, &added);
    tell(added, out);
    out.triggers = @floatFromInt(trigger_columns.count);
    out.consumed_bytes = @floatFromInt(consumed);
    out.current_time = used.currentTime();
    return Status.ok.code();
}

/// Draws the picture with two times 256 colours: of OFF and of ON, by level.
pub fn draw(
    handle: u32,
    view: ?*const abi.AccumulatorView,
    colors: ?*align(4) const drawing.ColorMap,
    output: ?[*]align(1) u32,
    output_capacity: u32,
) callconv(.c) i32 {
    const map = colors orelse return Status.invalid_argument.code();
    const pixels = output orelse return Status.invalid_argument.code();
    var use = Use.begin(handle) catch |refusal| return decoder_api.refused(refusal);
    defer use.end();
    const accumulator = &use.shared.accumulator;
    const how = viewOf(use.shared.kind, view) orelse return Status.invalid_argument.code();
    if (accumulator.pixels() > output_capacity) return Status.buffer_too_small.code();
    accumulator.draw(how, map, pixels);
    return Status.ok.code();
}

/// Writes the values: an f32 for each pixel, of `voxel` for each bin after the other.
pub fn values(
    handle: u32,
    view: ?*const abi.AccumulatorView,
    output: ?[*]align(1) f32,
    output_capacity: u32,
) callconv(.c) i32 {
    const to = output orelse return Status.invalid_argument.code();
    var use = Use.begin(handle) catch |refusal| return decoder_api.refused(refusal);
    defer use.end();
    const accumulator = &use.shared.accumulator;
    const how = viewOf(use.shared.kind, view) orelse return Status.invalid_argument.code();
    if (accumulator.valueCount() > output_capacity) return Status.buffer_too_small.code();
    accumulator.values(how, to);
    return Status.ok.code();
}

/// Null where a field that the kind has is out of its range.
fn viewOf(kind: abi.AccumulatorKind, view: ?*const abi.AccumulatorView) ?accumulator_module.View {
    const block = view orelse return null;
    var how: accumulator_module.View = .{ .t = block.t };
    // NaN is the time of an accumulator that has seen nothing.
    if (std.math.isInf(block.t) or @abs(block.t) >= 0x1p52) return null;
    switch (kind) {
        .decay, .linear, .window, .time_surface => {
            how.fade = switch (kindOf(block.kind) orelse return null) {
                .decay => .decay,
                .linear => .linear,
                .window => .window,
                .time_surface => .time_surface,
                .count, .voxel => return null,
            };
            how.tau_us = abi.integer(u32, block.tau_us, maximum_us) orelse return null;
            if (how.tau_us == 0) return null;
        },
        .count, .voxel => {
            how.full_count = abi.integer(u32, block.full_count, maximum_count) orelse return null;
            if (how.full_count == 0) return null;
        },
    }
    return how;
}

/// Forgets the events.
pub fn clear(handle: u32) callconv(.c) i32 {
    var use = Use.begin(handle) catch |refusal| return decoder_api.refused(refusal);
    defer use.end();
    use.shared.accumulator.clear();
    return Status.ok.code();
}

/// Forgets the events and their times.
pub fn reset(handle: u32) callconv(.c) i32 {
    var use = Use.begin(handle) catch |refusal| return decoder_api.refused(refusal);
    defer use.end();
    use.shared.accumulator.reset();
    return Status.ok.code();
}

pub fn destroy(handle: u32) callconv(.c) i32 {
    thread_cleanup.forget(.accumulator, handle);
    if (table.remove(handle) == null) return Status.invalid_handle.code();
    table.unpin(handle);
    return Status.ok.code();
}

/// One call's hold on an accumulator: pinned, and by one thread at a time.
const Use = struct {
    handle: u32,
    shared: *Shared,

    fn begin(handle: u32) decoder_api.Use.Refusal!Use {
        const shared = table.pin(handle) orelse return error.InvalidHandle;
        if (!shared.in_use.swap(true, .acquire)) return .{ .handle = handle, .shared = shared };
        table.unpin(handle);
        return error.Busy;
    }

    fn end(use: *Use) void {
        use.shared.in_use.store(false, .release);
        table.unpin(use.handle);
    }
};

const testing = std.testing;
const small: abi.AccumulatorOptions = .{ .kind = 0, .width = 4, .height = 2, .bins = 3, .bin_us = 1000 };
const looking: abi.AccumulatorView = .{ .t = 100, .kind = 0, .tau_us = 100, .full_count = 4 };

fn expectStatus(expected: Status, actual: i32) !void {
    try testing.expectEqual(expected.code(), actual);
}

test "an accumulator from its handle to its picture, from columns and from words" {
    const words = [_]u16{ 0x8000, 0x6007, 0x0001, 0x2801, 0x2002, 0xa101 };
    const bytes = std.mem.sliceAsBytes(&words);
    var decoder: u32 = 0;
    const evt3: abi.DecoderOptions = .{ .format = 0, .width = 4, .height = 2, .is_file = 0 };
    try expectStatus(.ok, decoder_api.create(&evt3, &decoder));
    defer _ = decoder_api.destroy(decoder);
    var pictures: [2][8]u32 = undefined;
    for (&pictures, 0..) |*picture, way| {
        var handle: u32 = 0;
        try expectStatus(.ok, create(&small, &handle));
        defer _ = destroy(handle);
        var report: abi.Accumulated = undefined;
        if (way == 0) {
            try expectStatus(.ok, add(handle, &[_]f64{ 7, 7 }, &[_]u16{ 1, 2 }, &[_]u16{ 1, 1 }, &[_]u8{ 1, 0 }, 2, &report));
        } else {
            var triggers: [80]u8 align(8) = undefined;
            try expectStatus(.ok, decode(handle, decoder, bytes.ptr, @intCast(bytes.len), &triggers, 8, &report));
            try testing.expectEqual(1, report.triggers);
            try testing.expectEqual(12, report.consumed_bytes);
            try testing.expectEqual(7, report.current_time);
        }
        try testing.expectEqual(2, report.events);
        try testing.expectEqual(1, report.on_events);
        var colors: drawing.ColorMap = undefined;
        for (&colors[0], &colors[1], 0..) |*off, *on, level| {
            off.* = @intCast(1000 + level);
            on.* = @intCast(level);
        }
        try expectStatus(.ok, draw(handle, &looking, &colors, picture, picture.len));
        // 255 * e^-0.93
        try testing.expectEqual([8]u32{ 0, 0, 0, 0, 0, 101, 1101, 0 }, picture.*);
        try expectStatus(.ok, clear(handle));
        try expectStatus(.ok, draw(handle, &looking, &colors, picture, picture.len));
        try testing.expectEqual(@as([8]u32, @splat(0)), picture.*);
        try expectStatus(.ok, reset(handle));
    }
}

test "mistakes of the caller are statuses" {
    var handle: u32 = 0;
    inline for (.{
        .{ "kind", 6 },   .{ "kind", -1 },  .{ "width", 0 },                .{ "height", 2049 },
        .{ "bins", 65 },  .{ "bins", 0 },   .{ "bin_us", 999 },             .{ "bin_us", 1000.5 },
        .{ "width", -1 }, .{ "kind", 0.5 }, .{ "bins", std.math.nan(f64) },
    }) |wrong| {
        var options = small;
        options.kind = 5;
        @field(options, wrong[0]) = wrong[1];
        try expectStatus(.invalid_argument, create(&options, &handle));
    }
    try expectStatus(.invalid_argument, create(null, &handle));
    try expectStatus(.invalid_argument, create(&small, null));
    try expectStatus(.ok, create(&small, &handle));
    var report: abi.Accumulated = undefined;
    try expectStatus(.ok, add(handle, null, null, null, null, 0, &report));
    try expectStatus(.invalid_argument, add(handle, null, null, null, null, 1, &report));
    var pixels: [8]u32 = undefined;
    const colors = std.mem.zeroes(drawing.ColorMap);
    try expectStatus(.buffer_too_small, draw(handle, &looking, &colors, &pixels, 7));
    inline for (.{ .{ "kind", 4 }, .{ "tau_us", 0 }, .{ "tau_us", 1e8 + 1 }, .{ "t", std.math.inf(f64) }, .{ "t", 1e300 } }) |wrong| {
        var view = looking;
        @field(view, wrong[0]) = wrong[1];
        try expectStatus(.invalid_argument, draw(handle, &view, &colors, &pixels, 8));
    }
    var triggers: [80]u8 align(8) = undefined;
    try expectStatus(.invalid_handle, decode(handle, 0, null, 0, &triggers, 8, &report));
    try expectStatus(.buffer_too_small, decode(handle, 0, null, 0, &triggers, 0, &report));
    try expectStatus(.ok, destroy(handle));
    try expectStatus(.invalid_handle, destroy(handle));
    try expectStatus(.invalid_handle, draw(handle, &looking, &colors, &pixels, 8));
}
