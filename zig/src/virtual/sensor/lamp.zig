//! A lamp that blinks in a corner of the generated scene: a square in which every pixel gets brighter, and darker half a
//! period later.

/// Beside the star and its arms.
pub const x = 64;
pub const y = 64;
pub const side = 32;

pub const maximum_hz = 1000;

/// Periods in a round, a whole number, so that the lamp goes on blinking across rounds.
pub fn periodsIn(round_us: u64, flicker_hz: u64) u64 {
    if (flicker_hz == 0) return 0;
    return @max(1, (flicker_hz * round_us + 500_000) / 1_000_000);
}
