//! Every state that a small ring can reach, whatever libusb, the device and the program do and in whatever order:
//! see testing/model/explorer.zig for what happens, and testing/model/account.zig for the rules.

const std = @import("std");
const Explorer = @import("testing/model/explorer.zig").Explorer;
const Size = @import("testing/model/world.zig").Size;

/// A ring has more slots than transfers. Each failure more that may come in a row multiplies the states, so all of
/// them, up to the end of the stream, are tried with the smallest ring only.
const sizes = [_]Size{
    .{ .slots = 2, .transfers = 1, .failures = 5 },
    .{ .slots = 3, .transfers = 1, .failures = 2 },
    .{ .slots = 4, .transfers = 1, .failures = 1 },
    .{ .slots = 3, .transfers = 2, .failures = 1 },
    .{ .slots = 4, .transfers = 2, .failures = 1 },
    .{ .slots = 4, .transfers = 3, .failures = 1 },
};

test "no state of a small ring breaks a rule" {
    var states: usize = 0;
    for (sizes) |size| states += try Explorer.explore(std.testing.allocator, size);
    // 444,240 when this was written: far fewer, and the model no longer does what can happen.
    try std.testing.expect(states > 300_000);
}
