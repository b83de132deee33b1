//! Words that blocks of lanes have no place for, one at a time: columns beyond the sensor, times that go back, items of
//! OTHERS of which words are missing, and words that change nothing. They are rare where all is well; where a sensor
//! sends some of them all the time, they must not cost more than the blocks around them.

const words = @import("../evt3/words.zig");
const State = @import("../evt3/state.zig").State;

/// Takes the first word, and what belongs to it, as the specification would; returns how many words, none where it is for
/// the scalar decoder. The clock must be following, and the state know the time of the word and of the last event.
pub noinline fn take(state: *State, rest: []align(1) const u16) usize {
    const word: words.Word = @bitCast(rest[0]);
    switch (word.kind) {
        .address_x => {
            // Without a row it would be another count.
            if (state.row != .inside) return 0;
            state.out_of_sensor += 1;
        },
        .time_low => state.followTimeLow(word.payload),
        .others => return takeBrokenItem(state, rest),
        .continued_12, .continued_4, .unused_9, .unused_b, .unused_c, .imu => {},
        else => return 0,
    }
    state.count(word.kind, 1);
    return 1;
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
