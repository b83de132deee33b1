//! The state of an EVT2 or EVT2.1 decoder from word to word. The two share their clock: TIME_HIGH has 28 bits above the
//! six bits in every other word.

pub const State = struct {
    /// Of the sensor, in pixels.
    width: u16,
    height: u16,

    clock: Clock = .unset,
    time_high: u32 = 0,
    wraps: u64 = 0,
    /// µs: of the last word that had a time. The times of events and triggers never go back.
    last_t: u64 = 0,

    /// EVT2: an OTHER that waits for its CONTINUED.
    others: ?u16 = null,
    /// EVT2.1: pixels of the next word that were already handed out when the columns became full.
    handed_out: u32 = 0,

    /// Words by kind, indexed by the kind's number. Those with events all count as the first.
    kinds: [16]u64 = @splat(0),
    events: u64 = 0,
    triggers: u64 = 0,
    out_of_sensor: u64 = 0,
    skipped_words: u64 = 0,
    time_discontinuities: u64 = 0,
    /// The rate controller's counts; negative before the first.
    events_in: i64 = -1,
    events_out: i64 = -1,

    pub const Clock = enum {
        /// No TIME_HIGH yet: every other word is skipped.
        unset,
        /// As `unset`, after a loss.
        lost,
        following,
        /// TIME_HIGH went back: time stands until the stream has passed it again.
        behind,
    };

    const half_range = 1 << 27;

    pub fn init(width: u16, height: u16) State {
        return .{ .width = width, .height = height };
    }

    pub inline fn t(state: *const State) f64 {
        return @floatFromInt(state.last_t);
    }

    pub inline fn running(state: *const State) bool {
        return state.clock == .following or state.clock == .behind;
    }

    /// A step back of half the counter's range or more is a wrap; a smaller one is a fault of the stream. Steps forward
    /// may be large: files may leave out times without events.
    pub inline fn followTimeHigh(state: *State, value: u32) void {
        if (state.clock != .unset and value < state.time_high) {
            if (state.time_high - value < half_range) {
                if (state.clock != .behind) state.time_discontinuities += 1;
                state.clock = .behind;
                return;
            }
            state.wraps += 1;
        }
        const changed = state.clock == .unset or value != state.time_high;
        state.clock = .following;
        state.time_high = value;
        if (changed) state.last_t = @max(state.last_t, state.base());
    }

    /// The time of a word with these six low bits.
    pub inline fn timeOf(state: *State, low: u32) f64 {
        if (state.clock == .following) {
            const time = state.base() + low;
            if (time >= state.last_t) state.last_t = time else state.time_discontinuities += 1;
        }
        return state.t();
    }

    inline fn base(state: *const State) u64 {
        return (state.wraps << 34) + (@as(u64, state.time_high) << 6);
    }

    /// A counter of the sensor's event rate controller: 22 bits.
    pub inline fn followCounter(state: *State, sub_type: u16, payload: u32) void {
        const count = payload & 0x3f_ffff;
        if (sub_type == 0x0014) state.events_in = count;
        if (sub_type == 0x0016) state.events_out = count;
    }

    pub fn lose(state: *State) void {
        if (state.clock != .unset) state.clock = .lost;
        state.others = null;
        state.handed_out = 0;
    }
};
