//! The clock of a sensor: its own one, or that of a primary on the cable between cameras (`camera/sync_line.zig`).
//!
//! A secondary stands still until a primary runs (Prophesee's documentation of the HAL's sample for synchronisation).
//! What it does at the primary's end is unknown; here it stands still again. It counts from the primary's start, or from
//! its own where that is later.

const std = @import("std");
const SyncLine = @import("../camera/sync_line.zig").SyncLine;

pub const Mode = enum { off, own, primary, secondary };

/// How often a secondary looks for a primary.
const look_again_ns = std.time.ns_per_ms;

pub const Clock = struct {
    mode: Mode = .off,
    /// When the sensor's time base was switched on; null while it is off.
    enabled_ns: ?u64 = null,
    /// When it showed 0; null while it stands still.
    zero_ns: ?u64 = null,
    looked_ns: u64 = 0,

    pub fn set(clock: *Clock, line: ?*SyncLine, mode: Mode, now_ns: u64) void {
        if (line) |cable| {
            if (mode == .primary and clock.mode != .primary) cable.begin(now_ns);
            if (mode != .primary and clock.mode == .primary) cable.end();
        }
        clock.mode = mode;
        clock.enabled_ns = if (mode == .off) null else clock.enabled_ns orelse now_ns;
        clock.look(line, now_ns);
    }

    pub fn look(clock: *Clock, line: ?*SyncLine, now_ns: u64) void {
        clock.looked_ns = now_ns;
        clock.zero_ns = null;
        const enabled_ns = clock.enabled_ns orelse return;
        if (clock.mode != .secondary) {
            clock.zero_ns = enabled_ns;
        } else if (line) |cable| if (cable.runningSince()) |since_ns| {
            clock.zero_ns = @max(since_ns, enabled_ns);
        };
    }

    /// When a secondary that stands still is to look for a primary; null for any other clock.
    pub fn lookAgainAt(clock: *const Clock) ?u64 {
        return if (clock.mode == .secondary and clock.zero_ns == null) clock.looked_ns + look_again_ns else null;
    }
};

test "a secondary stands still without a primary, and counts from the later start of the two" {
    const testing = std.testing;
    var line: SyncLine = .{};
    var secondary: Clock = .{};
    var primary: Clock = .{};
    secondary.set(&line, .secondary, 10);
    try testing.expectEqual(null, secondary.zero_ns);
    try testing.expectEqual(10 + look_again_ns, secondary.lookAgainAt());
    primary.set(&line, .primary, 20);
    try testing.expectEqual(20, primary.zero_ns);
    primary.set(&line, .primary, 30); // another register was written
    secondary.look(&line, 40);
    try testing.expectEqual(20, secondary.zero_ns);
    try testing.expectEqual(null, secondary.lookAgainAt());
    secondary.set(&line, .off, 50);
    secondary.set(&line, .secondary, 60);
    try testing.expectEqual(60, secondary.zero_ns);
    primary.set(&line, .own, 70);
    secondary.look(&line, 80);
    try testing.expectEqual(null, secondary.zero_ns);
    try testing.expectEqual(20, primary.zero_ns);
}
