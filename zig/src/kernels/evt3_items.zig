//! OTHERS and CONTINUED words within a block. A sensor sends OTHERS, CONTINUED_12, CONTINUED_12, CONTINUED_4,
//! of which the lanes are found as bits of numbers, each moved down to the lane of its OTHERS:
//!
//!     words           X1    O     C     C     4     X2    O     C
//!     OTHERS          0     1     0     0     0     0     1     0
//!     CONTINUED_12    0     0     1     1     0     0     0     1
//!     CONTINUED_4     0     0     0     0     1     0     0     0
//!     whole           .     1     .     .     .     .     0     .       O & C one on & C two on & 4 three on
//!
//! Of the whole ones, only the last of each sub-type leaves something behind. The others, cut by the block's
//! ends or broken, go word by word.

const words = @import("../evt3/words.zig");
const State = @import("../evt3/state.zig").State;

pub fn Items(comptime lanes: type) type {
    return struct {
        const Words = lanes.Words;
        const Bits = lanes.Bits;
        const splat = lanes.splat;

        /// Lanes of OTHERS and CONTINUED words.
        pub inline fn where(word: Words) lanes.Mask {
            const kind = word & splat(0xf000);
            return lanes.where(word >= splat(0xe000)) | lanes.where(kind == splat(0x7000));
        }

        /// Follows them, and ends an item that a word of another kind follows. Only the first `valid` lanes count.
        pub inline fn follow(state: *State, word: Words, is_item: lanes.Mask, valid: usize, counts: anytype) void {
            const item_bits = lanes.bits(is_item);
            if (item_bits == 0) {
                if (state.item.next != .nothing) state.item = .{};
                return;
            }
            const kind = word & splat(0xf000);
            const others = lanes.bits(lanes.where(kind == splat(0xe000)));
            const last_4 = lanes.bits(lanes.where(kind == splat(0x7000)));
            const continued = item_bits & ~others & ~last_4;
            counts.kinds[0xe] += @popCount(others);
            counts.kinds[0x7] += @popCount(last_4);
            counts.kinds[0xf] += @popCount(continued);
            const whole = others & continued >> 1 & continued >> 2 & last_4 >> 3;
            const block: [lanes.count]u16 = word;
            // First the others: where one ends here, it has begun before the block.
            followOneByOne(state, &block, item_bits & ~(whole | whole << 1 | whole << 2 | whole << 3), valid);
            const input = splat(words.Word.of(.others, words.rate_controller_input));
            const output = splat(words.Word.of(.others, words.rate_controller_output));
            if (last(&block, whole & lanes.bits(lanes.where(word == input)))) |count| state.events_in = count;
            if (last(&block, whole & lanes.bits(lanes.where(word == output)))) |count| state.events_out = count;
        }

        /// What the last one of whole items says.
        inline fn last(block: *const [lanes.count]u16, whole: Bits) ?u32 {
            if (whole == 0) return null;
            const lane = lanes.count - 1 - @as(usize, @clz(whole));
            const low: u32 = block[lane + 1] & 0xfff;
            const middle: u32 = block[lane + 2] & 0xfff;
            const high: u32 = block[lane + 3] & 0xf;
            return low | middle << 12 | high << 24;
        }

        fn followOneByOne(state: *State, block: *const [lanes.count]u16, item_bits: Bits, valid: usize) void {
            var next: usize = 0;
            var left = item_bits;
            while (left != 0) : (left &= left - 1) {
                const lane = @ctz(left);
                if (lane != next) state.item = .{};
                next = lane + 1;
                const word: words.Word = @bitCast(block[lane]);
                if (!state.followItem(word) and word.kind == .others) {
                    state.item = .{ .next = .first_12, .sub_type = word.payload };
                }
            }
            if (next != valid) state.item = .{};
        }
    };
}
