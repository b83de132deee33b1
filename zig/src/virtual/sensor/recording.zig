//! A Prophesee RAW file with EVT3 data as the content of a loop.
//!
//! The file has a text header of lines that begin with "% ", which may end in "% end", and then the words as they came
//! from the sensor. A replay rewrites TIME_HIGH words only, so all other words stay as they are, also those that a
//! decoder would refuse.

const std = @import("std");
const looped_stream = @import("looped_stream.zig");

pub const Error = error{ OutOfMemory, NotReadable, NoHeader, NotEvt3, NoTime, TooLarge, TooLong };

/// Of a file. Larger offsets do not fit the index.
pub const maximum_bytes = 1 << 31;

/// The index has an entry for each slot, also for slots without bytes: a file with damaged times would fill the memory
/// with them.
const maximum_steps = 3600 * std.time.us_per_s / looped_stream.time_high_us;

/// Bytes become due in slots of this length.
const slot_us = 64;

pub fn describe(failure: Error) []const u8 {
    return switch (failure) {
        error.OutOfMemory => "out of memory",
        error.NotReadable => "the file cannot be read",
        error.NoHeader => "not a Prophesee RAW file: its header of lines \"% key value\" is missing",
        error.NotEvt3 => "the file's header does not say EVT3 (\"% evt 3.0\" or \"% format EVT3\")",
        error.NoTime => "the file holds no TIME_HIGH word",
        error.TooLarge => "the file is larger than 2 GiB",
        error.TooLong => "the file's times span more than an hour",
    };
}

pub fn parse(allocator: std.mem.Allocator, file: []const u8) Error!looped_stream.LoopedStream {
    return parseWithin(allocator, file, maximum_steps);
}

fn parseWithin(allocator: std.mem.Allocator, file: []const u8, limit: u64) Error!looped_stream.LoopedStream {
    const data = file[try headerLength(file)..];
    var builder: looped_stream.Builder = .{ .allocator = allocator, .slot_us = slot_us };
    defer builder.deinit();
    var first: ?u12 = null;
    for (0..data.len / 2) |index| {
        const word = std.mem.readInt(u16, data[2 * index ..][0..2], .little);
        const payload: u12 = @truncate(word);
        // Words before the first TIME_HIGH have no time.
        if (first == null) first = if (word >> 12 == 8) payload else continue;
        switch (word >> 12) {
            8 => {
                const steps = following(builder.time_high, payload -% first.?);
                if (steps >= limit) return error.TooLong;
                try builder.addTimeHigh(steps);
            },
            6 => try builder.addTimeLow(payload),
            0xA => try builder.addSwitched(word, .trigger),
            0x7, 0xE, 0xF => try builder.addSwitched(word, .report), // with its continued words
            else => try builder.add(word),
        }
    }
    if (first == null) return error.NoTime;
    const steps = builder.time_high + 1;
    return builder.finish(steps * looped_stream.time_high_us, 0);
}

/// Unwraps the 12-bit counter. A step back is not followed, so that time never decreases.
fn following(current: u64, counter: u12) u64 {
    const step = counter -% @as(u12, @truncate(current));
    return if (step < 1 << 11) current + step else current;
}

fn headerLength(file: []const u8) Error!usize {
    var evt3: ?bool = null;
    var offset: usize = 0;
    while (std.mem.startsWith(u8, file[offset..], "% ")) {
        const length = std.mem.indexOfScalar(u8, file[offset..], '\n') orelse return error.NoHeader;
        var tokens = std.mem.tokenizeAny(u8, file[offset + 2 ..][0 .. length - 2], " \t\r");
        offset += length + 1;
        const key = tokens.next() orelse continue;
        if (std.mem.eql(u8, key, "end")) break;
        const value = tokens.next() orelse "";
        if (std.mem.eql(u8, key, "format")) {
            evt3 = std.mem.eql(u8, value, "EVT3") or std.mem.startsWith(u8, value, "EVT3;");
        } else if (std.mem.eql(u8, key, "evt") and evt3 == null) {
            evt3 = std.mem.eql(u8, value, "3.0");
        }
    }
    if (offset == 0) return error.NoHeader;
    return if (evt3 orelse false) offset else error.NotEvt3;
}

inline fn words(comptime values: []const u16) []const u8 {
    comptime {
        var bytes: []const u8 = "";
        for (values) |value| bytes = bytes ++ [_]u8{ value & 0xFF, value >> 8 };
        return bytes;
    }
}

test "a recording from the middle of a stream starts at time 0 and loops on whole TIME_HIGH steps" {
    const file = "% format EVT3;height=720;width=1280\n% end\n" ++
        words(&.{ 0x2805, 0x8FFF, 0x6010, 0x0007, 0x2805, 0x8000, 0x2806, 0x8FFE, 0x2807 });
    var loop = try parse(std.testing.allocator, file);
    defer loop.deinit(std.testing.allocator);
    try std.testing.expectEqual(2 * 4096, loop.period_us);
    // The event before the first time is gone, the wrap is unwrapped, the step back is not followed.
    try std.testing.expectEqualSlices(
        u8,
        words(&.{ 0x8000, 0x6010, 0x0007, 0x2805, 0x8001, 0x2806, 0x8001, 0x2807 }),
        loop.bytes,
    );
}

test "triggers and reports of a recording can be switched off, in any cut of the copy" {
    const file = "% evt 3.0\n" ++ words(&.{ 0x8000, 0xA101, 0x2801, 0xE014, 0x7001, 0xF002, 0x8001, 0xA100, 0xE016, 0x2802 });
    var loop = try parse(std.testing.allocator, file);
    defer loop.deinit(std.testing.allocator);
    for ([_]struct { bool, bool, []const u8 }{
        .{ true, true, words(&.{ 0x8002, 0xA101, 0x2801, 0xE014, 0x7001, 0xF002, 0x8003, 0xA100, 0xE016, 0x2802 }) },
        .{ false, true, words(&.{ 0x8002, 0x8002, 0x2801, 0xE014, 0x7001, 0xF002, 0x8003, 0x8003, 0xE016, 0x2802 }) },
        .{ true, false, words(&.{ 0x8002, 0xA101, 0x2801, 0x8002, 0x8002, 0x8002, 0x8003, 0xA100, 0x8003, 0x2802 }) },
        .{ false, false, words(&.{ 0x8002, 0x8002, 0x2801, 0x8002, 0x8002, 0x8002, 0x8003, 0x8003, 0x8003, 0x2802 }) },
    }) |case| {
        loop.reports_enabled = case[1];
        for ([_]usize{ 2, 6, 20 }) |piece| {
            var output: [20]u8 = undefined;
            var done: usize = 0;
            while (done < output.len) : (done += piece) {
                const end = @min(done + piece, output.len);
                loop.copy(output.len + done, case[0], output[done..end]);
            }
            try std.testing.expectEqualSlices(u8, case[2], &output);
        }
    }
}

test "other files are refused" {
    const data = comptime words(&.{ 0x8000, 0x2801 });
    inline for (.{
        .{ error.NoHeader, "" ++ data },
        .{ error.NoHeader, "% evt 3.0" },
        .{ error.NotEvt3, "% evt 2.0\n" ++ data },
        .{ error.NotEvt3, "% format EVT21;height=720;width=1280\n% evt 3.0\n" ++ data },
        .{ error.NotEvt3, "% date today\n" ++ data },
        .{ error.NoTime, "% evt 3.0\n" },
        .{ error.NoTime, "% evt 3.0\n% end\n" ++ words(&.{ 0x2801, 0x6000 }) },
    }) |case| try std.testing.expectError(case[0], parse(std.testing.allocator, case[1]));
}

test "times that keep jumping are refused before their index fills the memory" {
    const file = "% evt 3.0\n" ++ words(&.{ 0x8000, 0x87FF, 0x8FFE, 0x87FD });
    var loop = try parseWithin(std.testing.allocator, file, 3 * 2047 + 1);
    loop.deinit(std.testing.allocator);
    try std.testing.expectError(error.TooLong, parseWithin(std.testing.allocator, file, 3 * 2047));
}
