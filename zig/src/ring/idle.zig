//! Idle raw packets: time words and the sensor's own reports, without an event or a trigger.

const std = @import("std");
const abi = @import("../abi.zig");

/// Longer raw packets count as busy without a look at them. A Gen4.1 sensor sends TIME_HIGH and TIME_LOW every 16 µs
/// (in a recording), so this many bytes of time take it 16 ms. The IMX636's interval is unknown.
const maximum_length = 4096;

/// The kind of a word is the upper half of one of its bytes.
const Layout = struct {
    word_length: usize,
    kind_byte: usize,
    /// Kinds of words from which no event comes, in any context.
    idle: []const u4,
    /// Kinds of words after which a word of any kind may bring events.
    leading: []const u4 = &.{},

    fn of(format: abi.Format) Layout {
        return switch (format) {
            .evt3 => .{ .word_length = 2, .kind_byte = 1, .idle = &.{ 0x6, 0x7, 0x8, 0xe, 0xf } },
            .evt2 => .{ .word_length = 4, .kind_byte = 3, .idle = &.{ 0x8, 0xe, 0xf } },
            .evt21 => .{ .word_length = 8, .kind_byte = 7, .idle = &.{ 0x8, 0xe, 0xf } },
            .evt21_legacy => .{ .word_length = 8, .kind_byte = 3, .idle = &.{ 0x8, 0xe, 0xf } },
            .evt4 => .{ .word_length = 4, .kind_byte = 3, .idle = &.{ 0x6, 0x7, 0xe, 0xf }, .leading = &.{ 0xc, 0xd } },
        };
    }
};

/// Looks at the raw packets of a stream one after the other.
pub const IdleScan = struct {
    format: abi.Format,
    /// Bytes of a word that the previous raw packet began and did not end.
    partial: usize = 0,
    /// The last whole word before the next raw packet leads another one.
    is_led: bool = false,

    /// Whether the next raw packet is idle. `after_loss`: bytes were lost just before it.
    pub fn isIdle(scan: *IdleScan, bytes: []const u8, after_loss: bool) bool {
        const layout: Layout = .of(scan.format);
        if (after_loss) scan.* = .{ .format = scan.format };
        const partial_before = scan.partial;
        const was_led = scan.is_led;
        scan.partial = (partial_before + bytes.len) % layout.word_length;
        scan.lookAtLastWord(&layout, bytes);
        // A word that two raw packets share makes both of them busy.
        if (partial_before != 0 or scan.partial != 0 or was_led or bytes.len > maximum_length) return false;
        var index = layout.kind_byte;
        while (index < bytes.len) : (index += layout.word_length) {
            const kind: u4 = @intCast(bytes[index] >> 4);
            if (std.mem.indexOfScalar(u4, layout.idle, kind) == null) return false;
        }
        return true;
    }

    /// Its kind is in these bytes where its last byte is: then a kind in the last byte suffices.
    fn lookAtLastWord(scan: *IdleScan, layout: *const Layout, bytes: []const u8) void {
        if (layout.leading.len == 0 or bytes.len <= scan.partial) return;
        std.debug.assert(layout.kind_byte == layout.word_length - 1);
        const kind: u4 = @intCast(bytes[bytes.len - scan.partial - 1] >> 4);
        scan.is_led = std.mem.indexOfScalar(u4, layout.leading, kind) != null;
    }
};

const testing = std.testing;
const decoder_module = @import("../decoder/decoder.zig");

test "time words and reports are idle, everything else is not" {
    var scan: IdleScan = .{ .format = .evt3 };
    const time = [_]u8{ 0x05, 0x80, 0x10, 0x60, 0x14, 0xe0, 0x01, 0xf0, 0x02, 0xf0, 0x03, 0x70 };
    try testing.expect(scan.isIdle(&time, false));
    for ([_]u8{ 0x0, 0x1, 0x2, 0x3, 0x4, 0x5, 0x9, 0xa, 0xb, 0xc, 0xd }) |kind| {
        try testing.expect(!scan.isIdle(&(time ++ [_]u8{ 0, kind << 4 }), false));
    }
    const long: [maximum_length + 2]u8 = @splat(0x60);
    try testing.expect(!scan.isIdle(&long, false));
    try testing.expect(scan.isIdle(long[0..maximum_length], false));
}

test "a word that two raw packets share makes both busy, and a loss ends the word" {
    var scan: IdleScan = .{ .format = .evt3 };
    try testing.expect(!scan.isIdle(&.{ 0x00, 0x60, 0x05 }, false));
    // The second half of an ADDR_X and the first half of the next: at even places they would look like time.
    try testing.expect(!scan.isIdle(&.{ 0x28, 0x60 }, false));
    try testing.expect(!scan.isIdle(&.{0x60}, false));
    try testing.expect(scan.isIdle(&.{ 0x00, 0x60 }, false));
    try testing.expect(!scan.isIdle(&.{0x60}, false));
    try testing.expect(scan.isIdle(&.{ 0x00, 0x60 }, true));
}

test "what follows a vector of EVT4 in the next raw packet is its mask, whatever it looks like" {
    var scan: IdleScan = .{ .format = .evt4 };
    const time = [_]u8{ 0x05, 0, 0, 0xe0 };
    try testing.expect(scan.isIdle(&time, false));
    try testing.expect(!scan.isIdle(&.{ 0x01, 0, 0, 0xd0 }, false));
    try testing.expect(!scan.isIdle(&time, false));
    try testing.expect(scan.isIdle(&time, false));
    // Cut within the mask.
    try testing.expect(!scan.isIdle(&.{ 0x01, 0, 0, 0xd0, 0x05 }, false));
    try testing.expect(!scan.isIdle(&.{ 0, 0, 0xe0 }, false));
    try testing.expect(scan.isIdle(&time, false));
    try testing.expect(!scan.isIdle(&.{ 0x01, 0, 0, 0xd0 }, false));
    try testing.expect(scan.isIdle(&time, true));
}

test "no event and no trigger comes from idle words, in any format" {
    const seed = testing.random_seed;
    errdefer std.debug.print("seed {d}\n", .{seed});
    var generator: std.Random.DefaultPrng = .init(seed);
    const random = generator.random();
    var columns: [13 * 128 + 10 * 128]u8 align(8) = undefined;
    for (std.enums.values(abi.Format)) |format| {
        var scan: IdleScan = .{ .format = format };
        // The decoder is in the middle of rows and vectors when the idle words come.
        var decoder: decoder_module.Decoder = .init(format, 1280, 720);
        var idle: usize = 0;
        for (0..200_000) |_| {
            var bytes: [16]u8 = undefined;
            random.bytes(&bytes);
            const length = 2 * random.intRangeAtMost(usize, 1, bytes.len / 2);
            const is_idle = scan.isIdle(bytes[0..length], false);
            var packet: decoder_module.Packet = .at(&columns, &.{ 128, 128, 0, 0, 0 });
            try testing.expectEqual(length, decoder.decode(bytes[0..length], &packet));
            if (!is_idle) continue;
            idle += 1;
            try testing.expectEqual([_]f64{ 0, 0, 0, 0, 0 }, packet.counts());
        }
        try testing.expect(idle > 100);
    }
}
