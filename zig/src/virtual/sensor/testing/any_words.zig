//! For tests: a stream that no sensor sends.

const std = @import("std");

/// Fills the output with random words in any order, except that time does not go back.
pub fn anyWords(random: std.Random, output: []u8) void {
    var high: u12 = 0;
    const last = output.len / 2 - 1;
    for (0..last + 1) |index| {
        // No group of vectors and no row wait at the end.
        const kind: u16 = if (index == 0 or index == last) 0x8 else if (index == 1) 0x0 else random.int(u4);
        const payload: u16 = switch (kind) {
            0x0 => random.uintLessThan(u16, 800),
            0x8 => high,
            else => random.int(u12),
        };
        if (random.uintLessThan(u8, 50) == 0) high +%= 1;
        std.mem.writeInt(u16, output[2 * index ..][0..2], kind << 12 | payload, .little);
    }
}
