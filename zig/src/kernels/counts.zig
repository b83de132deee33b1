//! Words by kind, counted lane by lane while their masks are at hand.

const std = @import("std");
const KindCounts = @import("../evt3/words.zig").KindCounts;

pub fn Counts(comptime lanes: type) type {
    return struct {
        words: u64 = 0,
        /// A lane grows by at most one a block, so after so many blocks it could overflow.
        blocks: u16 = 0,
        row: Tally = .{},
        column: Tally = .{},
        low: Tally = .{},
        base: Tally = .{},
        vector: Tally = .{},
        vector_12: Tally = .{},
        kinds: KindCounts = @splat(0),

        const Self = @This();
        const Tally = lanes.Tally;
        const Mask = lanes.Mask;

        /// Masks of the kinds that most blocks have. `words` says how many lanes count; the others are TIME_HIGHs.
        pub inline fn add(counts: *Self, is_row: Mask, is_column: Mask, is_low: Mask, words: usize) void {
            counts.words += words;
            counts.row.add(is_row);
            counts.column.add(is_column);
            counts.low.add(is_low);
            counts.blocks += 1;
            if (counts.blocks == std.math.maxInt(u16)) counts.settle();
        }

        pub inline fn addVectors(counts: *Self, is_base: Mask, is_vector: Mask, is_12: Mask) void {
            counts.base.add(is_base);
            counts.vector.add(is_vector);
            counts.vector_12.add(is_12);
        }

        /// What none of the masks has is TIME_HIGH.
        pub fn addTo(counts: *Self, kinds: *KindCounts) void {
            counts.settle();
            var named: u64 = 0;
            for (kinds, counts.kinds) |*kind, count| {
                kind.* += count;
                named += count;
            }
            kinds[0x8] += counts.words - named;
        }

        fn settle(counts: *Self) void {
            const vectors_12 = counts.vector_12.take();
            counts.kinds[0x0] += counts.row.take();
            counts.kinds[0x2] += counts.column.take();
            counts.kinds[0x3] += counts.base.take();
            counts.kinds[0x4] += vectors_12;
            counts.kinds[0x5] += counts.vector.take() - vectors_12;
            counts.kinds[0x6] += counts.low.take();
            counts.blocks = 0;
        }
    };
}
