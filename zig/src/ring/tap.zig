//! What gets the bytes of a stream beside its reader, as a recorder does. It sees each transfer as it comes, also those
//! that the ring has no room for, so that it depends on no program that reads.

const abi = @import("../abi.zig");

pub const Tap = struct {
    next: ?*Tap = null,
    functions: *const Functions,
    /// Bytes that the stream had got when the tap came, since its beginning or since a transfer failed: where in a word
    /// the tap's first byte lies.
    bytes_before: u64 = 0,

    /// All are called under the stream's mutex, by the thread that handles events, and must not wait.
    pub const Functions = struct {
        /// A transfer brought these bytes, valid during the call.
        bytes: *const fn (tap: *Tap, bytes: []const u8, now_ns: u64) void,
        /// A transfer failed, and these bytes of it are no data; none where the endpoint was halted: what the camera
        /// could not send then is not known.
        lost: *const fn (tap: *Tap, length: u32) void,
        /// No transfer will come any more.
        ended: *const fn (tap: *Tap, reason: abi.EndReason) void,
        /// The stream does not know the tap any more.
        detached: *const fn (tap: *Tap) void,
    };
};

/// The taps of a stream. Everything is under its mutex.
pub const Taps = struct {
    first: ?*Tap = null,
    /// Bytes since the beginning, or since a transfer failed.
    bytes: u64 = 0,

    pub fn add(taps: *Taps, tap: *Tap) void {
        tap.bytes_before = taps.bytes;
        tap.next = taps.first;
        taps.first = tap;
    }

    pub fn remove(taps: *Taps, tap: *Tap) void {
        var place = &taps.first;
        while (place.*) |known| : (place = &known.next) {
            if (known != tap) continue;
            place.* = tap.next;
            return tap.functions.detached(tap);
        }
    }

    pub fn removeAll(taps: *Taps) void {
        while (taps.first) |tap| taps.remove(tap);
    }

    pub fn take(taps: *Taps, bytes: []const u8, now_ns: u64) void {
        taps.bytes += bytes.len;
        var next = taps.first;
        while (next) |tap| : (next = tap.next) tap.functions.bytes(tap, bytes, now_ns);
    }

    pub fn lose(taps: *Taps, length: u32) void {
        taps.bytes = 0;
        var next = taps.first;
        while (next) |tap| : (next = tap.next) tap.functions.lost(tap, length);
    }

    pub fn end(taps: *Taps, reason: abi.EndReason) void {
        var next = taps.first;
        while (next) |tap| : (next = tap.next) tap.functions.ended(tap, reason);
    }
};
