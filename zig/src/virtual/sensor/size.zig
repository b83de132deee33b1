//! The size of a sensor, in pixels.

/// The largest of them.
pub const width = 1280;
pub const height = 720;

pub const Size = struct { width: u16 = width, height: u16 = height };
