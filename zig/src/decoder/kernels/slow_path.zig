//! The slow path of the block loop: words that have no lane, one at a time. They are columns beyond the sensor, times
//! that go back, incomplete items of OTHERS or those with padding within, and
//! words that change nothing. A healthy stream hardly has any. Where a
//! sensor sends them all the time, they must not cost more than the blocks around them.

const words = @import("../evt3/words.zig");
const State = @import("../evt3/state.zig").State;

/// Decodes the first word, with the words that belong to it, as the specification does. Returns how many; 0 where the
/// word is for the scalar decoder. The clock must be following, and the state have the times of the word and of the
/// last event.
pub noinline fn take(state: *State, rest: []align(1) const u16) usize {
    const word: words.Word = @bitCast(rest[0]);
    switch (word.kind) {
        .address_x => {
            // Without a row it would count as skipped.
            if (state.row != .inside) return 0;
            state.out_of_sensor += 1;
        },
        .time_low => state.followTimeLow(word.payload),
        .others => return takeBrokenItem(state, rest),
        .continued_12, .continued_4, .unused_9, .unused_b, .unused_c, .imu => {},
        else => return 0,
    }
    state.countWord(word);
    return 1;
}

/// Takes an OTHERS and those of its CONTINUED words that follow, also with padding between them.
fn takeBrokenItem(state: *State, rest: []align(1) const u16) usize {
    const first: words.Word = @bitCast(rest[0]);
    state.count(.others, 1);
    state.item = .{ .next = .first_12, .sub_type = first.payload };
    return for (rest[1..], 1..) |bits, index| {
        const word: words.Word = @bitCast(bits);
        if (!state.takeInItem(word)) break index;
    } else rest.len;
}
