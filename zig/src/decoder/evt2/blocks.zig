//! Eight events at once, for EVT2 and for words of EVT2.1 with one pixel, whose upper halves are words of EVT2.
//! A store for eight events costs as much as one for a single event, and there are four columns.

const std = @import("std");
const kinds = @import("../../kinds.zig");
const State = @import("state.zig").State;
const Output = @import("../output.zig").Output;
const pixel_table = @import("../pixel_table.zig");

pub const lanes = 8;
pub const Words = @Vector(lanes, u32);

/// A word TIME_HIGH with the value 0.
const time_high: u32 = 0x8000_0000;

/// The clock, while time goes forward, and where the next events are stored. `store` hands both over to the state.
pub const Blocks = struct {
    columns: kinds.Polarity,
    width: Words,
    height: Words,
    /// The last TIME_HIGH, as a word, and by how much the last one that changed it went on.
    high: u32,
    advance: u64,
    /// µs: of the last TIME_HIGH, and of the last word that had a time.
    base_t: u64,
    last_t: u64,
    /// Index of the first event that the state has not counted yet, and of the next event.
    first_event: usize,
    events: usize,
    highs: usize = 0,

    pub inline fn of(state: *const State, output: *const Output) Blocks {
        return .{
            .columns = output.polarity,
            .width = @splat(state.width),
            .height = @splat(state.height),
            .high = time_high | state.time.high,
            .advance = state.time.last_advance,
            .base_t = state.time.us(),
            .last_t = state.last_t,
            .first_event = output.polarity.count,
            .events = output.polarity.count,
        };
    }

    pub inline fn room(blocks: *const Blocks) usize {
        return blocks.columns.capacity - blocks.events;
    }

    /// Appends the events of the words before the first one that is beyond the sensor, goes back in time or is not
    /// `usable`. Returns how many. All lanes are stored, and the next events overwrite the surplus.
    pub inline fn append(blocks: *Blocks, words: Words, offsets: Words, usable: @Vector(lanes, bool)) usize {
        // Offsets of lanes that are not usable may be anything.
        const x = (words >> @splat(11) & @as(Words, @splat(0x7ff))) +% offsets;
        const y = words & @as(Words, @splat(0x7ff));
        const low = words >> @splat(22) & @as(Words, @splat(0x3f));
        const floor: u32 = @truncate(@min(blocks.last_t -| blocks.base_t, 64));
        const before = @shuffle(u32, low, @as(@Vector(1, u32), @splat(floor)), [_]i32{ -1, 0, 1, 2, 3, 4, 5, 6 });
        const good = usable & (words < @as(Words, @splat(0x2000_0000))) &
            (x < blocks.width) & (y < blocks.height) & (low >= before);
        const count: usize = @ctz(~@as(u16, @as(u8, @bitCast(good))));
        const signed: @Vector(lanes, i32) = @bitCast(low);
        const base: f64 = @floatFromInt(@as(i64, @intCast(blocks.base_t)));
        const at = blocks.events;
        blocks.columns.t[at..][0..lanes].* = @as(@Vector(lanes, f64), @splat(base)) + @as(@Vector(lanes, f64), @floatFromInt(signed));
        blocks.columns.x[at..][0..lanes].* = @as(@Vector(lanes, u16), @truncate(x));
        blocks.columns.y[at..][0..lanes].* = @as(@Vector(lanes, u16), @truncate(y));
        blocks.columns.on[at..][0..lanes].* = @as(@Vector(lanes, u8), @truncate(words >> @splat(28) & @as(Words, @splat(1))));
        if (count > 0) blocks.last_t = blocks.base_t + @as([lanes]u32, low)[count - 1];
        blocks.events += count;
        return count;
    }

    /// Appends an event at x + i for each bit i that is set. The caller has checked time and sensor, and that all 32
    /// have room.
    pub inline fn appendRow(blocks: *Blocks, time: u64, x: u16, y: u16, on: u1, pixels: u32) void {
        const at = blocks.events;
        const t: f64 = @floatFromInt(@as(i64, @intCast(time)));
        const half: @Vector(16, f64) = @splat(t);
        const count = @popCount(pixels);
        blocks.columns.t[at..][0..16].* = half;
        if (count > 16) blocks.columns.t[at + 16 ..][0..16].* = half;
        blocks.columns.y[at..][0..32].* = @as(@Vector(32, u16), @splat(y));
        blocks.columns.on[at..][0..32].* = @as(@Vector(32, u8), @splat(on));
        if (count == 32) {
            blocks.columns.x[at..][0..32].* = @as(@Vector(32, u16), @splat(x)) + std.simd.iota(u16, 32);
        } else {
            pixel_table.storeGroup(blocks.columns.x + at, x, pixels);
        }
        blocks.last_t = time;
        blocks.events += count;
    }

    /// False, and nothing changed, where this word is no TIME_HIGH, or not one of the next second.
    pub inline fn followHigh(blocks: *Blocks, word: u32) bool {
        const ahead = word -% blocks.high;
        if (word >> 28 != 0x8 or ahead >= State.Time.near) return false;
        blocks.high = word;
        if (ahead > 0) blocks.advance = ahead;
        blocks.base_t += @as(u64, ahead) << 6;
        blocks.last_t = @max(blocks.last_t, blocks.base_t);
        blocks.highs += 1;
        return true;
    }

    pub inline fn store(blocks: *const Blocks, state: *State, output: *Output, words: usize) void {
        state.time.high = blocks.high & 0xfff_ffff;
        state.time.steps = blocks.base_t >> 6;
        state.time.last_advance = blocks.advance;
        state.last_t = blocks.last_t;
        state.events += blocks.events - blocks.first_event;
        state.kinds[0x0] += words - blocks.highs;
        state.kinds[0x8] += blocks.highs;
        output.polarity.count = blocks.events;
    }
};
