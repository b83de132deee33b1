//! What an encoder remembers from call to call. It is the same for all formats, and small: callers keep it, as a block
//! of numbers (`abi.Encoder`).

pub const State = extern struct {
    /// Of the sensor, in pixels.
    width: u16,
    height: u16,
    /// µs: of the last event or trigger. Times never go back.
    last_time: i64 = 0,
    /// The last TIME_HIGH with the wraps before it; -1 before the first.
    high: i64 = none,
    /// EVT3: the last TIME_LOW since TIME_HIGH has changed, and the last row.
    low: i32 = none,
    row: i32 = none,
    /// EVT3: what a VECT_BASE_X here would say that the words before say already.
    vector: i32 = none,

    pub const none = -1;
};
