//! The reader thread of a stream: it lets libusb handle events, and does the stream's own work between two rounds.

const std = @import("std");
const usb = @import("../usb_abi.zig");
const clock = @import("../system/clock.zig");
const Preference = @import("preference.zig").Preference;
const Stream = @import("stream.zig").Stream;

const io = clock.io;

/// How long one call of libusb's event handling may last; also how often refused transfers are submitted again.
const event_slice_ms = 100;

pub fn spawn(stream: *Stream) error{ThreadUnavailable}!std.Thread {
    const thread = std.Thread.spawn(.{ .stack_size = stream.options.stack_size }, runPreferred, .{stream}) catch
        return error.ThreadUnavailable;
    thread.setName(io, "nd_reader") catch {}; // for debuggers and `top`
    return thread;
}

/// A camera has little memory for what waits, so the thread comes first where it may.
fn runPreferred(stream: *Stream) void {
    var preference: Preference = .begin(clock.monotonicNs(), clock.threadCpuNs());
    {
        stream.mutex.lockUncancelable(io);
        defer stream.mutex.unlock(io);
        stream.reader_priority = preference.level;
    }
    run(stream, &preference);
}

/// Until the stream has ended, on the calling thread.
pub fn run(stream: *Stream, preference: ?*Preference) void {
    var now_ns = clock.monotonicNs();
    while (stream.step(now_ns)) {
        if (preference) |own| own.tick(now_ns, clock.threadCpuNs);
        const slice: usb.Timeval = .{ .seconds = 0, .microseconds = event_slice_ms * 1000 };
        const result = stream.libusb.handle_events_timeout_completed(stream.context, &slice, null);
        const interrupted = @backingInt(usb.ErrorCode.interrupted);
        if (result < 0 and result != interrupted) {
            stream.end(.io);
            std.Io.sleep(io, .fromMilliseconds(10), .awake) catch {}; // do not spin while cancelling
        }
        // Where the thread got no processor for longer than a round may last, no transfer had the time to come back.
        now_ns = @min(clock.monotonicNs(), now_ns + event_slice_ms * std.time.ns_per_ms);
    }
    stream.finish();
}
