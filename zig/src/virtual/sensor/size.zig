//! The size of the sensor, in pixels.

pub const width = 1280;
pub const height = 720;
