//! Where `evt3_vector_blocks.zig` puts pixels: into columns. Times come in long runs, and are stored last.

const kinds = @import("../../kinds.zig");
const repeat = @import("../repeat.zig");
const Output = @import("../output.zig").Output;
const Vectors = @import("evt3_vector_blocks.zig").Vectors;

pub fn VectorColumns(comptime lanes: type) type {
    return struct {
        columns: kinds.Polarity,
        events: usize = 0,

        const Self = @This();
        /// How far stores go beyond the last event.
        const slack = 16;

        pub fn of(output: *const Output) Self {
            return .{ .columns = output.unfilled() };
        }

        /// There is room for the pixels of as many words.
        pub inline fn hasRoom(to: *const Self, words: usize) bool {
            return to.events + 12 * words + slack <= to.columns.capacity;
        }

        /// Adds the pixels of vectors, all at one time. Returns how many.
        pub fn add(to: *Self, vectors: Vectors, t: f64) usize {
            const columns = to.columns;
            var next = to.events;
            for (vectors.first, vectors.y, vectors.pixels) |first, y, pixels| {
                lanes.storePixels(columns.x + next, first & 0x7ff, @intCast(pixels));
                repeat.store(16, columns.y + next, y);
                repeat.store(16, columns.on + next, @intCast(first >> 11));
                next += @popCount(pixels);
            }
            var timed = to.events;
            while (timed < next) : (timed += 8) repeat.store(8, columns.t + timed, t);
            defer to.events = next;
            return next - to.events;
        }
    };
}
