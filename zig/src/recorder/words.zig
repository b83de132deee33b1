//! The whole words of a stream that is cut anywhere, without those that no reader could place.

const std = @import("std");
const abi = @import("../abi.zig");
const headroom = @import("byte_queue.zig").headroom;
const resync_module = @import("resync.zig");
const Resync = resync_module.Resync;

pub const Words = struct {
    word_length: usize,
    resync: Resync,
    /// The beginning of a word whose end has not come; in EVT4 a vector whose mask has not come, and that.
    tail: [headroom]u8 = undefined,
    tail_length: usize = 0,
    /// Bytes of a cut word before the first whole one; null before the first bytes.
    misaligned: ?usize = null,
    left_out: u64 = 0,

    pub fn init(format: abi.Format, word_length: usize) Words {
        std.debug.assert(word_length <= headroom);
        return .{ .word_length = word_length, .resync = .{ .format = format } };
    }

    /// Something was lost: the next bytes begin with a word.
    pub fn lose(words: *Words) void {
        words.left_out += words.tail_length;
        words.tail_length = 0;
        words.misaligned = 0;
        words.resync.lose();
    }

    /// The words of the next bytes, which stand behind headroom, and may be changed. `bytes_before` came in front of the
    /// first ones.
    pub fn take(words: *Words, memory: []u8, bytes_before: u64) []u8 {
        const start = headroom - words.tail_length;
        @memcpy(memory[start..headroom], words.tail[0..words.tail_length]);
        var bytes = memory[start..];
        const size = words.word_length;
        const misaligned = words.misaligned orelse (size - bytes_before % size) % size;
        const cut = @min(misaligned, bytes.len);
        words.misaligned = misaligned - cut;
        bytes = bytes[cut..];
        const whole = bytes.len - bytes.len % size;
        words.tail_length = bytes.len - whole;
        @memcpy(words.tail[0..words.tail_length], bytes[whole..]);
        const kept = words.resync.filter(bytes[0..whole]);
        words.left_out += cut + whole - kept.len;
        return if (words.resync.format == .evt4) words.withoutOpenVector(kept) else kept;
    }

    /// A vector without its mask waits for it: behind a loss, a reader would take the next word for the mask.
    fn withoutOpenVector(words: *Words, kept: []u8) []u8 {
        var is_open = false;
        for (resync_module.wordsOf(u32, kept)) |word| is_open = !is_open and resync_module.isVectorOfEvt4(word);
        if (!is_open) return kept;
        const before = kept[0 .. kept.len - 4];
        std.mem.copyBackwards(u8, words.tail[4..], words.tail[0..words.tail_length]);
        @memcpy(words.tail[0..4], kept[before.len..]);
        words.tail_length += 4;
        return before;
    }

    /// Bytes that were left out, with those that wait for the rest of their word.
    pub fn skipped(words: *const Words) u64 {
        return words.left_out + words.tail_length;
    }
};

const testing = std.testing;

test "words that are cut anywhere come whole, from the first whole one on" {
    const stream = [_]u8{ 9, 1, 0x80, 2, 0x60, 3, 0, 4, 0x20, 5 };
    const expected = [_]u8{ 1, 0x80, 2, 0x60, 3, 0, 4, 0x20 };
    for (1..stream.len) |length| {
        var words: Words = .init(.evt3, 2);
        var got: std.ArrayList(u8) = .empty;
        defer got.deinit(testing.allocator);
        var position: usize = 0;
        while (position < stream.len) {
            const part = @min(length, stream.len - position);
            var memory: [headroom + stream.len]u8 = undefined;
            @memcpy(memory[headroom..][0..part], stream[position..][0..part]);
            // The stream has had an odd number of bytes before: the first is the end of a word.
            try got.appendSlice(testing.allocator, words.take(memory[0 .. headroom + part], 7));
            position += part;
        }
        try testing.expectEqualSlices(u8, &expected, got.items);
        try testing.expectEqual(2, words.skipped());
    }
}

test "after a loss the stream begins anew, with a whole word" {
    var words: Words = .init(.evt2, 4);
    var memory = @as([headroom]u8, @splat(0)) ++ [_]u8{ 1, 0, 0, 0x80, 5, 5 };
    try testing.expectEqualSlices(u8, &.{ 1, 0, 0, 0x80 }, words.take(&memory, 0));
    words.lose();
    var next = @as([headroom]u8, @splat(0)) ++ [_]u8{ 7, 0, 0, 0, 2, 0, 0, 0x80 };
    try testing.expectEqualSlices(u8, &.{ 2, 0, 0, 0x80 }, words.take(&next, 0));
    try testing.expectEqual(6, words.skipped());
}

test "EVT4: a vector is kept with its mask, or not at all" {
    const stream = [_]u32{ 0xe000_0010, 0xd000_0064, 0xd000_0063, 0xb000_0801, 0xc000_0064, 0xe000_0063, 0xb000_0802 };
    const bytes = std.mem.sliceAsBytes(&stream);
    for (1..bytes.len) |cut| {
        var words: Words = .init(.evt4, 4);
        var got: std.ArrayList(u8) = .empty;
        defer got.deinit(testing.allocator);
        for ([_][]const u8{ bytes[0..cut], bytes[cut..] }) |part| {
            var memory: [headroom + stream.len * 4]u8 = undefined;
            @memcpy(memory[headroom..][0..part.len], part);
            try got.appendSlice(testing.allocator, words.take(memory[0 .. headroom + part.len], 0));
        }
        try testing.expectEqualSlices(u8, bytes, got.items);
        try testing.expectEqual(0, words.skipped());
    }
    var words: Words = .init(.evt4, 4);
    var memory: [headroom + 11]u8 = undefined;
    @memcpy(memory[headroom..], bytes[0..11]);
    try testing.expectEqualSlices(u8, bytes[0..4], words.take(&memory, 0));
    words.lose();
    try testing.expectEqual(7, words.skipped());
}
