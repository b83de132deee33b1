//! What blocks had in them: words by kind, and the choice of the loop that suits them.

const State = @import("../evt3/state.zig").State;

/// Why a loop of blocks ends.
pub const End = enum {
    /// A word for the scalar decoder, or no more input or room.
    slow_path,
    /// Most words are vectors and their bases.
    vectors,
    /// Other words end most blocks early.
    block_ends,
    /// Enough words are silent to give them lanes.
    many_silent,
    /// Too few words are silent for lanes of their own.
    few_silent,
};

/// Words by kind; bases and vectors together.
pub const Counts = struct {
    rows: usize = 0,
    columns: usize = 0,
    lows: usize = 0,
    vectors: usize = 0,
    triggers: usize = 0,
    /// Of four words each.
    items: usize = 0,
    /// Words of the slow path, which the state has counted already.
    slow: usize = 0,
    /// Of these, TIME_LOWs.
    slow_lows: usize = 0,

    /// How often, at most, another word than a vector ended a block. Words of the slow path count one and a half times,
    /// as they take longer.
    fn blockEnds(counts: *const Counts) usize {
        return counts.triggers + counts.items + counts.slow + counts.slow / 2;
    }

    /// How often the ends were silent words.
    pub fn silentEnds(counts: *const Counts) usize {
        return counts.items + counts.slow - counts.slow_lows;
    }

    /// `all` words but the silent ones.
    pub fn giveTo(counts: *const Counts, state: *State, all: usize) void {
        state.count(.address_y, counts.rows);
        if (counts.rows > 0) state.row = .inside;
        state.count(.address_x, counts.columns);
        state.count(.time_low, counts.lows);
        state.count(.trigger, counts.triggers);
        state.triggers += counts.triggers;
        state.countItems(counts.items);
        state.count(.time_high, all - counts.notTimeHigh());
        state.events += counts.columns;
    }

    fn notTimeHigh(counts: *const Counts) usize {
        const plain = counts.rows + counts.columns + counts.lows;
        return plain + counts.vectors + counts.triggers + 4 * counts.items + counts.slow;
    }
};

/// Tells after each chunk of words whether a loop is the right one for their kinds.
pub const SceneCheck = struct {
    /// The position of the previous check, and what there was up to there.
    position: usize,
    vectors: usize = 0,
    ends: usize = 0,
    silent: usize = 0,

    const chunk = 256;
    const most_vectors = chunk / 2;
    /// Blocks of fewer than eight words are slower than the scalar decoder.
    const most_block_ends = chunk / 8;
    /// Lanes for silent words are worthwhile from one in this number of words on, and are kept up to one in twice that.
    const words_per_silent = 64;

    pub inline fn isDue(check: *const SceneCheck, position: usize) bool {
        return position >= check.position + chunk;
    }

    /// `silent_taken`: silent words have lanes; `silent` counts them, or else the blocks that they ended.
    pub fn at(check: *SceneCheck, position: usize, counts: *const Counts, comptime silent_taken: bool, silent: usize) End {
        const all = position - check.position;
        const new_vectors = counts.vectors - check.vectors;
        const new_ends = counts.blockEnds() - check.ends;
        const new_silent = silent - check.silent;
        check.* = .{ .position = position, .vectors = counts.vectors, .ends = counts.blockEnds(), .silent = silent };
        if (new_vectors > most_vectors) return .vectors;
        if (silent_taken) {
            if (2 * words_per_silent * new_silent < all) return .few_silent;
        } else if (words_per_silent * new_silent > all) return .many_silent;
        return if (new_ends > most_block_ends) .block_ends else .slow_path;
    }
};
