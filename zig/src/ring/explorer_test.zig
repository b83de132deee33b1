//! Every state that a small ring can reach by any order of what libusb, the device and the program do:
//! testing/model/explorer.zig has the actions, testing/model/account.zig the rules.

const std = @import("std");
const Explorer = @import("testing/model/explorer.zig").Explorer;
const Size = @import("testing/model/world.zig").Size;

/// A ring has more slots than transfers. Each further failure in a row multiplies the states, so only the smallest ring
/// is explored with as many failures as end the stream.
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
    // 444,240 when this was written. With far fewer, the model would leave out what can happen.
    try std.testing.expect(states > 300_000);
}
