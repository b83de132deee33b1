//! Bases and vectors of EVT3, one after the other: a whole group at once, else word by word.
//!
//!     words    Y7    B100  V 1..1  V 1..1  v 1..1  Y8    B40 ...     (V: 12 columns, v: 8)
//!     x        .     .     100     112     124     .     .           what the base says, and then on by 12 or 8
//!     events   .     .     12      12      8       .     .

const State = @import("../evt3/state.zig").State;

/// Columns of a group, which a sensor reads at once: VECT_12, VECT_12, VECT_8.
pub const group = 32;

pub inline fn isBaseOrVector(word: u32) bool {
    return word -% 0x3000 < 0x3000;
}

pub inline fn isVector(word: u32) bool {
    return word & 0xe000 == 0x4000;
}

inline fn is8(word: u32) u32 {
    return word >> 12 & 1;
}

inline fn lengthOf(vector: u32) u32 {
    return 12 - 4 * is8(vector);
}

pub inline fn pixelsOf(vector: u32) u12 {
    return @truncate(vector & @as(u32, 0xfff) >> @intCast(4 * is8(vector)));
}

/// The pixels of a group, if that is what the next words are.
pub inline fn groupOf(input: []align(1) const u16) ?u32 {
    if (input.len < 4) return null;
    const four: u64 = @bitCast(input[0..4].*);
    if (four & 0xf000_f000_f000 != 0x5000_4000_4000) return null;
    return @truncate((four & 0xfff) | (four >> 4 & 0xff_f000) | (four >> 8 & 0xff00_0000));
}

/// Where the next vector begins, and the counts of the words so far.
pub const VectorRun = struct {
    width: u32,
    /// Where there is no base yet, no vector fits.
    x: u32,
    on: u32,
    bases: usize = 0,
    vectors_8: usize = 0,
    pixels: usize = 0,

    pub inline fn of(state: *const State) VectorRun {
        return .{
            // Without a row, no vector fits either.
            .width = if (state.row == .inside) state.width else 0,
            .x = if (state.base_known) state.base_x else state.width,
            .on = state.base_on,
        };
    }

    /// `words_seen` is how many bases and vectors there were.
    pub fn giveTo(run: *const VectorRun, state: *State, words_seen: usize) void {
        state.count(.vector_base, run.bases);
        state.count(.vector_12, words_seen - run.bases - run.vectors_8);
        state.count(.vector_8, run.vectors_8);
        state.events += run.pixels;
        if (run.bases > 0) state.base_known = true;
        if (state.base_known) state.base_x = @intCast(run.x);
        state.base_on = @intCast(run.on);
    }

    pub inline fn set(run: *VectorRun, word: u32) void {
        run.x = word & 0x7ff;
        run.on = word >> 11 & 1;
        run.bases += 1;
    }

    pub inline fn fits(run: *const VectorRun, vector: u32) bool {
        return run.hasColumns(lengthOf(vector));
    }

    pub inline fn hasColumns(run: *const VectorRun, count: u32) bool {
        return run.x + count <= run.width;
    }

    pub inline fn pass(run: *VectorRun, vector: u32) void {
        run.x += lengthOf(vector);
        run.vectors_8 += is8(vector);
        run.pixels += @popCount(pixelsOf(vector));
    }

    pub inline fn passGroup(run: *VectorRun, pixels: u32) void {
        run.passGroups(1, @popCount(pixels));
    }

    /// Consecutive groups, with `pixels` pixels in all.
    pub inline fn passGroups(run: *VectorRun, count: usize, pixels: usize) void {
        run.x += @intCast(group * count);
        run.vectors_8 += count;
        run.pixels += pixels;
    }

    /// Adds the pixels of vectors to the events of blocks, all at one time in one row. Ends before the first other
    /// word, before a vector that does not lie within the sensor, and before one for which there is no room. Returns
    /// how many words. Not inlined, which leaves the registers to the blocks.
    pub noinline fn addTo(run: *VectorRun, events: anytype, input: []align(1) const u16, y: u16, low: u16) usize {
        var index: usize = 0;
        while (index < input.len) {
            const word = input[index];
            if (word >> 12 == 0x3) {
                run.set(word);
                index += 1;
                continue;
            }
            if (!isVector(word) or !run.fits(word)) break;
            const column: u16 = @intCast(run.x | run.on << 11);
            if (groupOf(input[index..])) |pixels| if (run.hasColumns(group)) {
                if (!events.addGroup(column, y, low, pixels)) break;
                run.passGroup(pixels);
                index += 3;
                continue;
            };
            if (!events.addPixels(column, y, low, pixelsOf(word))) break;
            run.pass(word);
            index += 1;
        }
        return index;
    }
};
