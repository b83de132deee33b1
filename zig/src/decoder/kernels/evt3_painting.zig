//! Scenes full of vectors straight into a picture (`../surface.zig`). The loop is that of `evt3_vector_blocks.zig`; all
//! pixels of a vector are stored together:
//!
//!     vector     1 0 0 1 ...  at column x of row y
//!     stamps     S . . S ...  S: time and polarity; the other pixels keep theirs
//!     counts     + . . + ...  +1 for ON, -1 for OFF

const builtin = @import("builtin");
const vector_blocks = @import("evt3_vector_blocks.zig");
const State = @import("../evt3/state.zig").State;
const Surface = @import("../surface.zig").Surface;

/// Decodes as the specification does, while the picture takes the times, and most words with pixels are vectors.
/// Returns how many words; 0 where the scalar decoder has to begin.
pub fn paint(comptime lanes: type, state: *State, input: []align(1) const u16, surface: *Surface) usize {
    const can_begin = state.row == .inside and state.time.clock == .following and state.item.next == .nothing;
    if (!can_begin or !surface.takes(state.t())) return 0;
    var painting: Painting = .{ .surface = surface.* };
    defer surface.* = painting.surface;
    return vector_blocks.VectorBlocks(lanes, Painting).decode(state, input, &painting);
}

const Painting = struct {
    surface: Surface,

    /// There is no quicker loop for scenes of many events.
    pub const is_for_many_events = true;

    pub inline fn hasRoom(_: *const Painting, _: usize) bool {
        return true;
    }

    pub fn takes(painting: *const Painting, t: f64) bool {
        return painting.surface.takes(t);
    }

    /// Adds the pixels of vectors, all at one time. Returns how many.
    pub noinline fn add(painting: *Painting, vectors: vector_blocks.Vectors, t: f64) usize {
        const added = switch (painting.surface.kind) {
            .stamps => painting.addStamps(vectors, t),
            .counts => painting.addCounts(vectors),
        };
        painting.surface.events += added.events;
        painting.surface.on_events += added.on_events;
        return added.events;
    }

    const Added = struct {
        events: usize = 0,
        on_events: usize = 0,

        inline fn count(added: *Added, pixels: u16, on: u16) void {
            const events = @popCount(pixels);
            added.events += events;
            added.on_events += events * on;
        }
    };

    inline fn addStamps(painting: *const Painting, vectors: vector_blocks.Vectors, t: f64) Added {
        const surface = &painting.surface;
        const stamps = surface.pixels.stamps;
        const width: usize = surface.width;
        const stamp = @as(u32, @intFromFloat(t - surface.origin)) << 1;
        var added: Added = .{};
        for (vectors.first, vectors.y, vectors.pixels) |first, y, pixels| {
            const on = first >> 11;
            storeStamp(stamps + y * width + (first & 0x7ff), stamp | on, pixels);
            added.count(pixels, on);
        }
        return added;
    }

    inline fn addCounts(painting: *const Painting, vectors: vector_blocks.Vectors) Added {
        const counts = painting.surface.pixels.counts;
        const width: usize = painting.surface.width;
        var added: Added = .{};
        for (vectors.first, vectors.y, vectors.pixels) |first, y, pixels| {
            const on = first >> 11;
            addStep(counts + y * width + (first & 0x7ff), @as(i16, @intCast(on)) * 2 - 1, pixels);
            added.count(pixels, on);
        }
        return added;
    }
};

const has_masked_stores = builtin.cpu.arch == .x86_64 and builtin.cpu.has(.x86, .avx512f);

/// Stores a stamp at `to + i` for each of the twelve bits i that are set.
inline fn storeStamp(to: [*]u32, stamp: u32, pixels: u16) void {
    if (has_masked_stores) return asm volatile ("vmovdqu32 %[stamps], (%[to]) {%[pixels]}"
        :
        : [stamps] "v" (@as(@Vector(16, u32), @splat(stamp))),
          [to] "r" (to),
          [pixels] "^Yk" (pixels),
        : .{ .memory = true });
    const Four = @Vector(4, u32);
    inline for (0..3) |part| {
        const bits: Four = .{ 1 << 4 * part, 2 << 4 * part, 4 << 4 * part, 8 << 4 * part };
        const is_set = (@as(Four, @splat(pixels)) & bits) == bits;
        const four = to[4 * part ..][0..4];
        four.* = @select(u32, is_set, @as(Four, @splat(stamp)), @as(Four, four.*));
    }
}

/// Adds a step, within the range, at `to + i` for each of the twelve bits i that are set.
inline fn addStep(to: [*]i16, step: i16, pixels: u16) void {
    to[0..8].* = @as(Eight, to[0..8].*) +| stepsOf(step, pixels);
    // Four pixels and no more, or else the next vector of the row would have to wait for the store.
    const four: *align(2) u64 = @ptrCast(to + 8);
    const some: Eight = @bitCast(@Vector(2, u64){ four.*, 0 });
    four.* = @as(@Vector(2, u64), @bitCast(some +| stepsOf(step, pixels >> 8)))[0];
}

const Eight = @Vector(8, i16);

/// The step in each lane whose bit is set.
inline fn stepsOf(step: i16, pixels: u16) Eight {
    const bits: @Vector(8, u16) = .{ 1, 2, 4, 8, 16, 32, 64, 128 };
    const set = (@as(@Vector(8, u16), @splat(pixels)) & bits) == bits;
    return @select(i16, set, @as(Eight, @splat(step)), @as(Eight, @splat(0)));
}
