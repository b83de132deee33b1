//! Events of the staging buffer into a picture (`../surface.zig`). Where they go and what is stored there is computed for
//! a chunk of them at once:
//!
//!     column  X10  X11  X12 ...   y  7  7  3  ...   low  L2  L2  L5  ...
//!     pixel   7 * width + 10 ...  stamp  (epoch + 2 - origin) * 2 + on ...
//!
//! Then they are stored one by one, in order, as events may share a pixel. A picture is larger than the caches that are
//! near: the pixels of a chunk are fetched while those of the chunk before are stored. WebAssembly has no instruction for
//! that.

const builtin = @import("builtin");
const time_low = @import("times.zig").Times.time_low;
const Surface = @import("../surface.zig").Surface;

/// Reading goes less than this far beyond the last event.
pub const chunk = 64;

const fetches = !builtin.cpu.arch.isWasm();
const lanes = if (builtin.cpu.arch.isWasm()) 8 else 16;
const Words = @Vector(lanes, u16);
const Numbers = @Vector(lanes, u32);

/// Stores `count` waiting events. Their times are `epoch` + what their words of TIME_LOW say.
pub noinline fn store(surface: *Surface, waiting: anytype, count: usize, epoch: f64) void {
    // What is behind the last event is an OFF event of pixel 0.
    inline for (.{ "column", "y" }) |name| @memset(@field(waiting, name)[count..][0..chunk], 0);
    surface.on_events += switch (surface.kind) {
        inline else => |kind| Store(kind).all(surface, waiting, count, epoch),
    };
    surface.events += count;
}

fn Store(comptime kind: Surface.Kind) type {
    return struct {
        const Pixel = switch (kind) {
            .stamps => u32,
            .counts => i16,
        };

        const Chunk = struct {
            pixels: [chunk]u32 align(64),
            values: [chunk]Pixel align(64),
        };

        /// Returns how many of the events are ON.
        fn all(surface: *const Surface, waiting: anytype, count: usize, epoch: f64) usize {
            const to: [*]Pixel = switch (kind) {
                .stamps => surface.pixels.stamps,
                .counts => surface.pixels.counts,
            };
            const offset = if (kind == .stamps) surface.sinceOrigin(epoch) else 0;
            var chunks: [2]Chunk = undefined;
            var on_events: usize = 0;
            var first: usize = 0;
            const ahead = if (fetches) chunk else 0;
            while (first < count + ahead) : (first += chunk) {
                const next = &chunks[first / chunk % 2];
                if (first < count) {
                    on_events += prepare(next, surface.width, waiting, first, count, offset);
                    if (fetches) for (next.pixels) |pixel| @prefetch(to + pixel, .{ .rw = .write });
                }
                if (first < ahead) continue;
                const length = @min(chunk, count - (first - ahead));
                const ready = if (fetches) &chunks[(first / chunk + 1) % 2] else next;
                for (ready.pixels[0..length], ready.values[0..length]) |pixel, value| switch (kind) {
                    .stamps => to[pixel] = value,
                    .counts => {
                        const sum, const is_over = @addWithOverflow(to[pixel], value);
                        to[pixel] = if (is_over == 1) to[pixel] else sum;
                    },
                };
            }
            return on_events;
        }

        /// Returns how many of the events are ON.
        inline fn prepare(to: *Chunk, width: u32, waiting: anytype, first: usize, count: usize, offset: u32) usize {
            var on_events: Numbers = @splat(0);
            if (fetches) {
                inline for (0..chunk / lanes) |part| on_events += preparePart(to, width, waiting, first, lanes * part, offset);
            } else {
                // Not all of them, so that LLVM does not unroll the loop: modules for web pages are to be small.
                const parts = (@min(count - first, chunk) + lanes - 1) / lanes;
                for (0..parts) |part| on_events += preparePart(to, width, waiting, first, lanes * part, offset);
            }
            return @reduce(.Add, on_events);
        }

        inline fn preparePart(to: *Chunk, width: u32, waiting: anytype, first: usize, place: usize, offset: u32) Numbers {
            const column: Numbers = @as(Words, waiting.column[first + place ..][0..lanes].*);
            const y: Numbers = @as(Words, waiting.y[first + place ..][0..lanes].*);
            const on = column >> @splat(11) & @as(Numbers, @splat(1));
            to.pixels[place..][0..lanes].* = y * @as(Numbers, @splat(width)) + (column & @as(Numbers, @splat(0x7ff)));
            switch (kind) {
                .stamps => {
                    const low: Numbers = @as(Words, waiting.low[first + place ..][0..lanes].*);
                    to.values[place..][0..lanes].* = (low +% @as(Numbers, @splat(offset -% time_low))) << @splat(1) | on;
                },
                .counts => {
                    const steps: @Vector(lanes, i16) = @intCast(on);
                    to.values[place..][0..lanes].* = steps + steps - @as(@Vector(lanes, i16), @splat(1));
                },
            }
            return on;
        }
    };
}
