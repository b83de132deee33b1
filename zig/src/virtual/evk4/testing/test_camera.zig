//! For tests: an EVK4 that sends a counter, as a value and thus without a bus.

const std = @import("std");
const Evk4 = @import("../evk4.zig").Evk4;
const Fault = @import("../../camera/faults.zig").Fault;
const identity = @import("../identity.zig");

pub const serial = 0x00050ABC;

/// It has no memory of its own, and must not be destroyed.
pub fn evk4(faults: []const Fault) Evk4 {
    return .init(std.testing.allocator, identity.named("evk4"), .{
        .serial = serial,
        .speed = .super,
        .faults = faults,
        .source = .{ .content = .counter, .pacing = .{ .bytes_per_second = 100_000_000 } },
    });
}
