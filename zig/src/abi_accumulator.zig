//! The blocks of accumulators; `abi.zig` says what a block is.

/// What an accumulator makes of events.
pub const AccumulatorKind = enum(u32) { decay = 0, linear = 1, window = 2, time_surface = 3, count = 4, voxel = 5 };

/// Options of `nd_accumulator_create`.
pub const AccumulatorOptions = extern struct {
    /// An `AccumulatorKind`.
    kind: f64,
    /// Of the picture, from 1 to 2048.
    width: f64,
    height: f64,
    /// Of `voxel`, from 1 to 64, and how long each is, µs.
    bins: f64,
    bin_us: f64,
};

/// What a call of `nd_accumulator_add` or `nd_accumulator_decode` has done.
pub const Accumulated = extern struct {
    /// Events that are in the picture, and how many of them are ON.
    events: f64,
    on_events: f64,
    /// Events beyond the picture, or with an impossible time.
    outside: f64,
    /// Of `nd_accumulator_decode`, as in `Report`: triggers written, bytes consumed, the sensor's clock.
    triggers: f64,
    consumed_bytes: f64,
    current_time: f64,
};

/// How to look at what was accumulated. What its kind does not have is not looked at.
pub const AccumulatorView = extern struct {
    /// µs.
    t: f64,
    /// An `AccumulatorKind` below `count`, for those of last events.
    kind: f64,
    /// µs, from 1 to 10^8.
    tau_us: f64,
    /// Of counts, from 1 to 32,767.
    full_count: f64,
};
