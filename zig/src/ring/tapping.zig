//! Taps come and go while the stream runs.

const clock = @import("../system/clock.zig");
const Stream = @import("stream.zig").Stream;
const Tap = @import("tap.zig").Tap;

const io = clock.io;

/// From here on the tap gets each transfer. Where none comes any more, it is told so and is detached at once: the stream
/// may have detached its taps already.
pub fn attach(stream: *Stream, tap: *Tap) void {
    stream.mutex.lockUncancelable(io);
    defer stream.mutex.unlock(io);
    if (!stream.finished) return stream.taps.add(tap);
    tap.functions.ended(tap, stream.end_reason);
    tap.functions.detached(tap);
}

/// The tap gets nothing any more.
pub fn detach(stream: *Stream, tap: *Tap) void {
    stream.mutex.lockUncancelable(io);
    defer stream.mutex.unlock(io);
    stream.taps.remove(tap);
}
