//! Leaves out the words that no reader could place: at the beginning of a recording, which may be anywhere in the
//! stream, and behind a loss.
//!
//! A reader that does not know of the loss would take an old time, row or vector base for that of the next words. So in
//! EVT3 all is left out before the next TIME_HIGH, and then each word until what it needs has come:
//!
//!     lost ──▶  ADDR_X  TIME_LOW  TIME_HIGH  ADDR_X  TIME_LOW  ADDR_X  ADDR_Y  VECT_12  ADDR_X …
//!               ──────  ────────             ──────            ──────          ───────
//!                            left out       no TIME_LOW        no row      no VECT_BASE_X
//!
//! In EVT2, EVT2.1 and EVT4 each event has its row, its column and the low bits of its time: only TIME_HIGH is missing.
//! In EVT4 the mask behind a vector may look like one.

const std = @import("std");
const abi = @import("../abi.zig");

/// A stream whose words never become complete in this many bytes is kept as it is: it is no such format.
const longest = 4 << 20;

pub const Resync = struct {
    format: abi.Format,
    /// What was not seen yet. Nothing is left out any more where all was seen.
    missing: Missing = .{},
    /// Bytes looked at.
    seen: u64 = 0,
    /// EVT4: the next word is the mask of a vector that was left out.
    is_mask: bool = false,

    const Missing = packed struct(u4) {
        time_high: bool = true,
        time_low: bool = true,
        row: bool = true,
        base: bool = true,

        const none: Missing = .{ .time_high = false, .time_low = false, .row = false, .base = false };
    };

    /// Something was lost before the next word.
    pub fn lose(resync: *Resync) void {
        resync.missing = .{};
        resync.seen = 0;
        resync.is_mask = false;
    }

    pub fn isDone(resync: *const Resync) bool {
        return resync.missing == Missing.none;
    }

    /// Moves the words that are kept to the beginning of the bytes, which are whole words, and returns them.
    pub fn filter(resync: *Resync, bytes: []u8) []u8 {
        if (resync.isDone()) return bytes;
        return switch (resync.format) {
            .evt3 => resync.filterEvt3(bytes),
            .evt2 => resync.skip(u32, 28, 0x8, bytes),
            .evt21 => resync.skip(u64, 60, 0x8, bytes),
            .evt21_legacy => resync.skip(u64, 28, 0x8, bytes), // its upper half comes first
            .evt4 => resync.skipEvt4(bytes),
        };
    }

    /// To the first word whose four bits from `shift` on are those of a TIME_HIGH.
    fn skip(resync: *Resync, comptime Word: type, comptime shift: comptime_int, time_high: Word, bytes: []u8) []u8 {
        for (wordsOf(Word, bytes), 0..) |word, index| {
            if (word >> shift & 0xf != time_high) continue;
            resync.missing = .none;
            return bytes[index * @sizeOf(Word) ..];
        }
        return resync.giveUpAfter(bytes, bytes[0..0]);
    }

    fn skipEvt4(resync: *Resync, bytes: []u8) []u8 {
        for (wordsOf(u32, bytes), 0..) |word, index| {
            const was_mask = resync.is_mask;
            resync.is_mask = !was_mask and isVectorOfEvt4(word);
            if (was_mask or word >> 28 != 0xe) continue;
            resync.missing = .none;
            return bytes[4 * index ..];
        }
        return resync.giveUpAfter(bytes, bytes[0..0]);
    }

    fn filterEvt3(resync: *Resync, bytes: []u8) []u8 {
        const words = wordsOf(u16, bytes);
        var kept: usize = 0;
        for (words, 0..) |word, index| {
            if (resync.isDone()) {
                std.mem.copyForwards(u8, bytes[2 * kept ..], bytes[2 * index ..]);
                return bytes[0 .. bytes.len - 2 * (index - kept)];
            }
            if (!resync.keeps(@intCast(word >> 12))) continue;
            words[kept] = word;
            kept += 1;
        }
        return resync.giveUpAfter(bytes, bytes[0 .. 2 * kept]);
    }

    /// Whether a word of this kind is kept.
    fn keeps(resync: *Resync, kind: u4) bool {
        const missing = &resync.missing;
        if (kind == 0x8) missing.time_high = false;
        if (missing.time_high) return false;
        const timeless = missing.time_low;
        switch (kind) {
            0x0, 0x1 => missing.row = false, // ADDR_Y
            0x2 => return !timeless and !missing.row, // ADDR_X
            0x3 => { // VECT_BASE_X
                if (timeless or missing.row) return false;
                missing.base = false;
            },
            0x4, 0x5 => return !timeless and !missing.base, // VECT_12, VECT_8
            0x6 => missing.time_low = false,
            0xa => return !timeless, // EXT_TRIGGER
            else => {},
        }
        return true;
    }

    /// A sensor that sends single events only never sends a base.
    fn giveUpAfter(resync: *Resync, bytes: []u8, kept: []u8) []u8 {
        resync.seen += bytes.len;
        if (resync.seen >= longest) resync.missing = .none;
        return kept;
    }
};

/// Whether the next word is a mask, whatever it looks like. This word itself is none.
pub fn isVectorOfEvt4(word: u32) bool {
    return word >> 29 == 0x6; // 0xC and 0xD
}

pub fn wordsOf(comptime Word: type, bytes: []u8) []align(1) Word {
    return @as([*]align(1) Word, @ptrCast(bytes))[0 .. bytes.len / @sizeOf(Word)];
}

const testing = std.testing;

fn expectKept(format: abi.Format, comptime Word: type, words: []const Word, expected: []const Word) !void {
    // Cut at each place, the same words are kept.
    for (0..words.len + 1) |cut| {
        var resync: Resync = .{ .format = format };
        var first: [64]Word = undefined;
        var second: [64]Word = undefined;
        @memcpy(first[0..cut], words[0..cut]);
        @memcpy(second[0 .. words.len - cut], words[cut..]);
        const before = resync.filter(std.mem.sliceAsBytes(first[0..cut]));
        const after = resync.filter(std.mem.sliceAsBytes(second[0 .. words.len - cut]));
        const both = try std.mem.concat(testing.allocator, u8, &.{ before, after });
        defer testing.allocator.free(both);
        try testing.expectEqualSlices(u8, std.mem.sliceAsBytes(expected), both);
    }
}

test "EVT3 begins with a TIME_HIGH, and each word has what it needs" {
    const words = [_]u16{
        0x28c8, 0x6007, 0x8001, 0x2001, 0xa101, 0x6008, 0xa102, 0x2002, 0x4fff, 0x3003, //
        0x0064, 0x2004, 0x4001, 0x3005, 0x4002, 0x2006, 0x0065, 0x2007,
    };
    const kept = [_]u16{ 0x8001, 0x6008, 0xa102, 0x0064, 0x2004, 0x3005, 0x4002, 0x2006, 0x0065, 0x2007 };
    try expectKept(.evt3, u16, &words, &kept);
}

test "EVT2 and EVT2.1 begin with a TIME_HIGH" {
    try expectKept(.evt2, u32, &.{ 0x1fff_ffff, 0x8000_0001, 0x1000_0001 }, &.{ 0x8000_0001, 0x1000_0001 });
    try expectKept(.evt21, u64, &.{ 0x8000_0001, 0x8 << 60 | 1, 1 << 60 }, &.{ 0x8 << 60 | 1, 1 << 60 });
    try expectKept(.evt21_legacy, u64, &.{ 0x8 << 60, 1 << 32 | 0x8000_0001, 5 }, &.{ 1 << 32 | 0x8000_0001, 5 });
}

test "EVT4 begins with a TIME_HIGH, which no mask of a vector is" {
    const words = [_]u32{ 0xd000_0064, 0xe000_0063, 0xc000_0064, 0xd000_0064, 0xe000_0010, 0xd000_0064, 0xe000_0063 };
    try expectKept(.evt4, u32, &words, words[4..]);
}

test "after a loss words are left out again, and what is no such stream is kept in the end" {
    var resync: Resync = .{ .format = .evt2 };
    var words = [_]u32{ 0x8000_0001, 1 };
    try testing.expectEqual(8, resync.filter(std.mem.sliceAsBytes(&words)).len);
    try testing.expect(resync.isDone());
    resync.lose();
    const zeros = try testing.allocator.alloc(u8, longest);
    defer testing.allocator.free(zeros);
    @memset(zeros, 0);
    try testing.expectEqual(0, resync.filter(zeros).len);
    try testing.expectEqual(4, resync.filter(zeros[0..4]).len);
}
