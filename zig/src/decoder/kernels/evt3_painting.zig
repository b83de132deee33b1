//! Scenes full of vectors straight into a picture (`../surface.zig`), by the loops of `evt3_picture_blocks.zig` and,
//! where many pixels are set, `evt3_groups.zig`. All pixels of a vector are stored together:
//!
//!     vector     1 0 0 1 ...  at column x of row y
//!     stamps     S . . S ...  S: time and polarity; the other pixels keep theirs
//!     counts     + . . + ...  +1 for ON, -1 for OFF

const std = @import("std");
const builtin = @import("builtin");
const groups = @import("evt3_groups.zig");
const PictureBlocks = @import("evt3_picture_blocks.zig").PictureBlocks;
const State = @import("../evt3/state.zig").State;
const Surface = @import("../surface.zig").Surface;
const Times = @import("times.zig").Times;

/// Where the two loops decode fewer words than this, they end.
const worthwhile = 64;

/// Decodes as the specification does, while the picture takes the times, and most words with pixels are vectors.
/// Returns how many words; 0 where the scalar decoder has to begin.
pub fn paint(comptime lanes: type, state: *State, input: []align(1) const u16, surface: *Surface) usize {
    const can_begin = state.row == .inside and state.time.clock == .following and state.item.next == .nothing;
    if (!can_begin or !surface.takes(state.t())) return 0;
    var position: usize = 0;
    while (true) {
        const start = position;
        position += PictureBlocks(lanes).decode(state, input[position..], surface);
        position += switch (surface.kind) {
            inline else => |kind| paintGroups(kind, state, input[position..], surface),
        };
        if (position - start < worthwhile) return position;
    }
}

fn paintGroups(comptime kind: Surface.Kind, state: *State, input: []align(1) const u16, surface: *Surface) usize {
    const target: Groups(kind) = .{
        .surface = surface,
        .painter = .of(surface, state.t()),
        .epoch = state.epoch(),
    };
    const decoded = groups.decodeScene(.dense_or_flash, state, input, target);
    surface.events += decoded.events;
    return decoded.words;
}

/// How many vectors are painted together, at most.
pub const most_vectors = 256;

/// Column and polarity of the first pixel, row, time as a word of TIME_LOW, and the bits of the pixels from there on.
pub const Vectors = struct {
    first: *const [most_vectors]u16,
    y: *const [most_vectors]u16,
    low: *const [most_vectors]u16,
    pixels: *const [most_vectors]u16,
    count: usize,
};

/// Paints the pixels of vectors, one of them or more each, after a TIME_HIGH that begins at `epoch`. Returns how many.
pub noinline fn paintVectors(surface: *Surface, vectors: Vectors, epoch: f64) usize {
    return switch (surface.kind) {
        inline else => |kind| paintVectorsBy(kind, surface, vectors, epoch),
    };
}

const at_once = 16;
const Words = @Vector(at_once, u16);
const Numbers = @Vector(at_once, u32);

inline fn paintVectorsBy(comptime kind: Surface.Kind, surface: *Surface, vectors: Vectors, epoch: f64) usize {
    const count = vectors.count;
    var painter: Painter(kind) = .of(surface, epoch);
    const start: Numbers = @splat(painter.stamp -% 2 * Times.time_low);
    var places: [most_vectors]u32 = undefined;
    var stamps: [most_vectors]u32 = undefined;
    var events: usize = 0;
    var on_events: usize = 0;
    var first: usize = 0;
    // Where all of them go comes first, so that their pixels are fetched together.
    while (first < count) : (first += at_once) {
        const column: Words = vectors.first[first..][0..at_once].*;
        const x: Numbers = column & @as(Words, @splat(0x7ff));
        const y: Numbers = @as(Words, vectors.y[first..][0..at_once].*);
        places[first..][0..at_once].* = y * @as(Numbers, @splat(surface.width)) + x;
        if (kind == .stamps) {
            const low: Numbers = @as(Words, vectors.low[first..][0..at_once].*);
            stamps[first..][0..at_once].* = low + low +% start;
        }
        const is_there = std.simd.iota(u16, at_once) < @as(Words, @splat(@intCast(@min(count - first, at_once))));
        const bits = @select(u16, is_there, @as(Words, vectors.pixels[first..][0..at_once].*), @as(Words, @splat(0)));
        const sizes: Words = @popCount(bits);
        events += @reduce(.Add, sizes);
        on_events += @reduce(.Add, sizes * (column >> @splat(11)));
    }
    if (!builtin.cpu.arch.isWasm()) for (places[0..count]) |place| @prefetch(painter.pixels + place, .{ .rw = .write });
    for (places[0..count], stamps[0..count], vectors.first[0..count], vectors.pixels[0..count]) |place, stamp, column, bits| {
        if (kind == .stamps) painter.stamp = stamp;
        painter.paintAt(12, place, column >> 11, bits);
    }
    surface.events += events;
    surface.on_events += on_events;
    return events;
}

/// For the loop over groups.
fn Groups(comptime kind: Surface.Kind) type {
    return struct {
        surface: *Surface,
        painter: Painter(kind),
        epoch: f64,
        on_events: usize = 0,

        const Self = @This();

        pub inline fn isFull(_: *const Self, _: usize) bool {
            return false;
        }

        pub fn takes(to: *const Self, low: u32) bool {
            return to.surface.takes(to.timeOf(low));
        }

        inline fn timeOf(to: *const Self, low: u32) f64 {
            return to.epoch + @as(f64, @floatFromInt(low));
        }

        pub inline fn addGroup(to: *Self, _: usize, x: u16, y: u16, on: u8, pixels: u32) void {
            to.painter.paint(32, x, y, on, pixels);
            to.on_events += @as(usize, on) * @popCount(pixels);
        }

        pub inline fn addVector(to: *Self, _: usize, x: u16, y: u16, on: u8, pixels: u12) void {
            to.painter.paint(12, x, y, on, pixels);
            to.on_events += @as(usize, on) * @popCount(pixels);
        }

        pub inline fn passTime(to: *Self, _: usize, _: u32, next: u32) void {
            to.painter = .of(to.surface, to.timeOf(next));
        }

        pub inline fn end(to: *const Self) void {
            to.surface.on_events += to.on_events;
        }
    };
}

/// Stores pixels of one time.
fn Painter(comptime kind: Surface.Kind) type {
    return struct {
        pixels: [*]Pixel,
        width: usize,
        stamp: u32,

        const Self = @This();
        const Pixel = switch (kind) {
            .stamps => u32,
            .counts => i16,
        };

        inline fn of(surface: *const Surface, t: f64) Self {
            return switch (kind) {
                .stamps => .{
                    .pixels = surface.pixels.stamps,
                    .width = surface.width,
                    .stamp = surface.sinceOrigin(t) << 1,
                },
                .counts => .{ .pixels = surface.pixels.counts, .width = surface.width, .stamp = 0 },
            };
        }

        /// Stores a pixel at column x + i for each of the `count` bits i that are set.
        inline fn paint(painter: *const Self, comptime count: usize, x: u16, y: u16, on: u16, bits: u32) void {
            painter.paintAt(count, y * painter.width + x, on, bits);
        }

        inline fn paintAt(painter: *const Self, comptime count: usize, place: usize, on: u16, bits: u32) void {
            const to = painter.pixels + place;
            switch (kind) {
                .stamps => storeStamps(count, to, painter.stamp | on, bits),
                .counts => addSteps(count, to, @as(i16, @intCast(on)) * 2 - 1, bits),
            }
        }
    };
}

const has_masked_stores = builtin.cpu.arch == .x86_64 and builtin.cpu.has(.x86, .avx512f);

/// Stores a stamp at `to + i` for each of the bits i that are set.
inline fn storeStamps(comptime count: usize, to: [*]u32, stamp: u32, bits: u32) void {
    if (has_masked_stores) {
        const stamps: @Vector(16, u32) = @splat(stamp);
        inline for (0..(count + 15) / 16) |part| asm volatile ("vmovdqu32 %[stamps], (%[to]) {%[bits]}"
            :
            : [stamps] "v" (stamps),
              [to] "r" (to + 16 * part),
              [bits] "^Yk" (@as(u16, @truncate(bits >> 16 * part))),
            : .{ .memory = true });
        return;
    }
    const Four = @Vector(4, u32);
    inline for (0..count / 4) |part| {
        const ones: Four = .{ 1 << 4 * part, 2 << 4 * part, 4 << 4 * part, 8 << 4 * part };
        const is_set = (@as(Four, @splat(bits)) & ones) == ones;
        const mask = hidden(@select(u32, is_set, @as(Four, @splat(std.math.maxInt(u32))), @as(Four, @splat(0))));
        const four = to[4 * part ..][0..4];
        four.* = (@as(Four, @splat(stamp)) & mask) | (@as(Four, four.*) & ~mask);
    }
}

/// LLVM would make a masked store of AVX2 of it, which takes some twenty cycles on processors of AMD.
inline fn hidden(mask: @Vector(4, u32)) @Vector(4, u32) {
    if (builtin.cpu.arch != .x86_64) return mask;
    return asm (""
        : [same] "=x" (-> @Vector(4, u32)),
        : [mask] "0" (mask),
    );
}

const Eight = @Vector(8, i16);

/// Adds a step, within the range, at `to + i` for each of the bits i that are set.
inline fn addSteps(comptime count: usize, to: [*]i16, step: i16, bits: u32) void {
    inline for (0..count / 8) |part| {
        const eight = to[8 * part ..][0..8];
        eight.* = @as(Eight, eight.*) +| stepsOf(step, @truncate(bits >> 8 * part));
    }
    if (count % 8 == 0) return;
    // Four pixels and no more, or else the next vector of the row would have to wait for the store.
    const four: *align(2) u64 = @ptrCast(to + count - 4);
    const some: Eight = @bitCast(@Vector(2, u64){ four.*, 0 });
    four.* = @as(@Vector(2, u64), @bitCast(some +| stepsOf(step, @truncate(bits >> count - 4))))[0];
}

/// The step in each lane whose bit is set.
inline fn stepsOf(step: i16, bits: u8) Eight {
    const ones: @Vector(8, u16) = .{ 1, 2, 4, 8, 16, 32, 64, 128 };
    const is_set = (@as(@Vector(8, u16), @splat(bits)) & ones) == ones;
    return @select(i16, is_set, @as(Eight, @splat(step)), @as(Eight, @splat(0)));
}
