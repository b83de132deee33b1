//! Words that blocks of lanes have no place for, one at a time: columns beyond the sensor, times that go back, items of
//! OTHERS of which words are missing, and words that change nothing. They are rare where all is well; where a sensor
//! sends some of them all the time, they must not cost more than the blocks around them.

const words = @import("../evt3/words.zig");
const State = @import("../evt3/state.zig").State;

pub const Taken = struct {
    /// How many words; none where it is for the scalar decoder.
    count: usize,
    /// TIME_LOW after them.
    low: u16,
};

/// Takes the first word, and what belongs to it, as the specification would. `low` and `used_low` are what TIME_LOW is
/// and was at the last event or trigger: the state has older ones.
pub noinline fn take(state: *State, rest: []align(1) const u16, low: u16, used_low: u16) Taken {
    const word: words.Word = @bitCast(rest[0]);
    switch (word.kind) {
        .address_x => {
            // Without a row it would be another count.
            if (state.row != .inside) return .{ .count = 0, .low = low };
            state.out_of_sensor += 1;
            state.count(.address_x, 1);
            return .{ .count = 1, .low = low };
        },
        .time_low => {
            state.count(.time_low, 1);
            if (word.payload >= used_low) return .{ .count = 1, .low = word.payload };
            state.time_discontinuities += 1;
            return .{ .count = 1, .low = used_low };
        },
        .others => return .{ .count = takeBrokenItem(state, rest), .low = low },
        .continued_12, .continued_4, .unused_9, .unused_b, .unused_c, .imu => {
            state.count(word.kind, 1);
            return .{ .count = 1, .low = low };
        },
        else => return .{ .count = 0, .low = low },
    }
}

/// OTHERS and as many of its CONTINUED words as there are.
fn takeBrokenItem(state: *State, rest: []align(1) const u16) usize {
    const first: words.Word = @bitCast(rest[0]);
    state.count(.others, 1);
    state.item = .{ .next = .first_12, .sub_type = first.payload };
    return for (rest[1..], 1..) |bits, index| {
        const word: words.Word = @bitCast(bits);
        if (!state.followItem(word)) break index;
        state.count(word.kind, 1);
    } else rest.len;
}
