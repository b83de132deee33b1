//! The state of an EVT4 decoder from word to word. Its clock is that of EVT2, but that a step back by half of the range
//! is a wrap (`../sensor_time.zig`), as in OpenEB.

const SensorTime = @import("../sensor_time.zig").SensorTime;

pub const State = struct {
    /// Of the sensor, in pixels.
    width: u16,
    height: u16,

    time: Time = .{},
    /// µs: of the last word that had a time. The times of events and triggers never go back.
    last_t: u64 = 0,

    /// The sub-type of an OTHER that waits for its CONTINUED.
    others: ?u16 = null,
    /// A vector that waits for its mask.
    vector: ?u32 = null,
    /// Pixels of its mask that were already handed out when the columns became full.
    handed_out: u32 = 0,

    /// Words by kind, indexed by the kind's number, and masks.
    kinds: [16]u64 = @splat(0),
    masks: u64 = 0,
    events: u64 = 0,
    triggers: u64 = 0,
    out_of_sensor: u64 = 0,
    skipped_words: u64 = 0,
    /// The rate controller's counts; negative before the first.
    events_in: i64 = -1,
    events_out: i64 = -1,

    /// Files may leave out times without events.
    pub const Time = SensorTime(.{ .bits = 28, .low_bits = 6, .complete = false, .half_is_wrap = true });

    pub fn init(width: u16, height: u16) State {
        return .{ .width = width, .height = height };
    }

    pub inline fn t(state: *const State) f64 {
        return @floatFromInt(state.last_t);
    }

    pub inline fn running(state: *const State) bool {
        return state.time.clock.running();
    }

    pub inline fn count(state: *State, kind: u4) void {
        state.kinds[kind] += 1;
    }

    pub inline fn followTimeHigh(state: *State, value: u32) void {
        if (state.time.follow(value)) state.last_t = @max(state.last_t, state.time.us());
    }

    /// The time of a word with these six low bits.
    pub inline fn timeOf(state: *State, low: u32) f64 {
        if (state.time.clock == .following) {
            const time = state.time.us() + low;
            if (time >= state.last_t) state.last_t = time else state.time.discontinuities += 1;
        }
        return state.t();
    }

    /// A counter of the sensor's event rate controller: 22 bits.
    pub inline fn followCounter(state: *State, sub_type: u16, payload: u32) void {
        const value = payload & 0x3f_ffff;
        if (sub_type == 0x0014) state.events_in = value;
        if (sub_type == 0x0016) state.events_out = value;
    }

    /// The mask of a vector is done.
    pub inline fn endVector(state: *State) bool {
        state.vector = null;
        state.handed_out = 0;
        state.masks += 1;
        return true;
    }

    /// Bytes are missing before the next word: `elapsed_us` have passed on the host's clock since those before.
    pub fn lose(state: *State, elapsed_us: u64) void {
        state.time.lose(elapsed_us);
        state.others = null;
        state.vector = null;
        state.handed_out = 0;
    }
};
