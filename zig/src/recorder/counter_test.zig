//! The counter beside a writer thread that does not wait for it.

const std = @import("std");
const Account = @import("account.zig").Account;
const Break = @import("pass.zig").Break;
const Counted = @import("counter.zig").Counted;
const Counter = @import("counter.zig").Counter;
const OutputFile = @import("../system/output_file.zig").OutputFile;

const testing = std.testing;

const header = "% end\n";

fn create() !*Counter {
    var account: Account = try .init(testing.allocator, .init(.evt3, 1280, 720));
    errdefer account.deinit(testing.allocator);
    return Counter.create(testing.allocator, account);
}

/// Waits for the thread, which lets go last.
fn destroy(counter: *Counter) void {
    counter.takeOver();
    while (counter.users.load(.acquire) > 1) std.Thread.yield() catch {};
    counter.letGo();
}

/// Takes the lines as the writer thread does.
fn takeLines(counter: *Counter, text: *std.ArrayList(u8)) !void {
    while (counter.texts.waiting().len > 0) {
        const part = counter.texts.waiting();
        try text.appendSlice(testing.allocator, part);
        counter.texts.take(part.len);
    }
}

/// Random words of EVT3, which jump in time and wrap, and have events and triggers.
fn fillWords(random: std.Random, bytes: []u8) void {
    var high: u16 = 0;
    for (@as([*]align(1) u16, @ptrCast(bytes))[0 .. bytes.len / 2], 0..) |*word, index| {
        if (index % 97 == 0) high +%= if (random.uintLessThan(u16, 100) == 0) 400 else 1;
        word.* = switch (index % 97) {
            0 => 0x8000 | (high & 0xfff),
            1 => 0x6000,
            2 => random.uintLessThan(u16, 720),
            3 => 0xa001,
            else => 0x2000 | random.uintLessThan(u16, 1280),
        };
    }
}

const breaks = [_]Break{
    .{ .at = header.len + 1000, .mark = .{ .usb = .{ .transfers = 1, .bytes = 5 }, .silence_ns = 9_000_000 } },
    .{ .at = header.len + 300_000, .mark = .{ .silence_ns = 20_000_000_000 } },
    .{ .at = header.len + 300_000, .mark = .{ .disk = .{ .transfers = 2, .bytes = 7 }, .silence_ns = 1_000_000 } },
};

/// What is told of bytes that are counted while they are in memory.
fn countedNow(bytes: []const u8, text: *std.ArrayList(u8)) !Counted {
    const counter = try create();
    defer destroy(counter);
    counter.begin(null, header);
    try testing.expect(counter.needsBytes());
    for (breaks) |each| counter.tellBreak(each);
    counter.countNow(bytes);
    counter.finish();
    try takeLines(counter, text);
    return counter.counted.get();
}

test "the counter gives the same of the file as of the bytes themselves, whenever it reads them" {
    if (!@import("builtin").link_libc) return error.SkipZigTest;
    const seed = testing.random_seed;
    errdefer std.debug.print("seed {d}\n", .{seed});
    var random_state: std.Random.DefaultPrng = .init(seed);
    const random = random_state.random();
    var folder = testing.tmpDir(.{});
    defer folder.cleanup();
    var buffer: [256]u8 = undefined;
    const path = try std.fmt.bufPrintSentinel(&buffer, ".zig-cache/tmp/{s}/a.raw", .{folder.sub_path}, 0);
    const bytes = try testing.allocator.alloc(u8, 3 << 20);
    defer testing.allocator.free(bytes);
    fillWords(random, bytes);
    var expected: std.ArrayList(u8) = .empty;
    defer expected.deinit(testing.allocator);
    const expected_counts = try countedNow(bytes, &expected);

    const file = OutputFile.create(path, false).file;
    defer _ = file.close();
    _ = file.write(header);
    const counter = try create();
    defer destroy(counter);
    counter.begin(path, header);
    try testing.expect(!counter.needsBytes());
    for (breaks) |each| counter.tellBreak(each);
    var text: std.ArrayList(u8) = .empty;
    defer text.deinit(testing.allocator);
    var position: usize = 0;
    while (position < bytes.len) {
        const length = @min(bytes.len - position, 2 * random.intRangeAtMost(usize, 1, 100_000));
        _ = file.write(bytes[position..][0..length]);
        position += length;
        counter.tellWritten(header.len + position);
        if (random.boolean()) try takeLines(counter, &text);
        if (random.uintLessThan(u8, 8) == 0) std.Io.sleep(testing.io, .fromMilliseconds(1), .awake) catch {};
    }
    counter.takeOver();
    while (counter.step() != .nothing) try takeLines(counter, &text);
    counter.finish();
    try takeLines(counter, &text);
    try testing.expectEqualStrings(expected.items, text.items);
    try testing.expectEqual(expected_counts, counter.counted.get());
}

test "a file that ends too early, and one that is another, are not counted" {
    if (!@import("builtin").link_libc) return error.SkipZigTest;
    var folder = testing.tmpDir(.{});
    defer folder.cleanup();
    var buffer: [256]u8 = undefined;
    const path = try std.fmt.bufPrintSentinel(&buffer, ".zig-cache/tmp/{s}/a.raw", .{folder.sub_path}, 0);
    try folder.dir.writeFile(testing.io, .{ .sub_path = "a.raw", .data = header ++ "abcd" });
    {
        const counter = try create();
        defer destroy(counter);
        counter.begin(path, header);
        counter.tellWritten(header.len + 6);
        counter.takeOver();
        try testing.expectEqual(.failed, counter.step());
    }
    const counter = try create();
    defer destroy(counter);
    counter.begin(path, "% other\n");
    try testing.expect(counter.needsBytes());
}
