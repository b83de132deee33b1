//! The account of a recording: its bytes decoded, counted and hashed block by block, as they were written.

const std = @import("std");
const abi = @import("../abi.zig");
const decoder_module = @import("../decoder/decoder.zig");
const Decoder = decoder_module.Decoder;
const Gap = @import("receipt_lines.zig").Gap;
const Lines = @import("receipt_lines.zig").Lines;
const Sums = @import("receipt_lines.zig").Sums;

/// `receiptBlockBytes` of `src/recording/receipt.ts`.
pub const block_length = 256 << 10;

/// Jumps of the sensor's clock in one block that have lines of their own. More are told together: what is no event
/// stream jumps with every other word, and its receipt would be as long as the recording.
const jumps_per_block = 16;

/// Events that are decoded at a time, to be counted: as many as in a packet. Their columns stay in the second cache, and
/// with fewer each call's beginning and end would cost more than the first cache saves.
const capacities: decoder_module.Capacities = .{ 65536, 64, 0, 0, 0 };

pub const Account = struct {
    decoder: Decoder,
    columns: []align(8) u8,
    /// Bytes of the file so far.
    position: u64 = 0,
    block_at: u64 = 0,
    hash: std.hash.XxHash64 = .init(0),
    block_events: [2]u64 = .{ 0, 0 },
    block_jumps: usize = 0,
    /// Jumps of this block beyond those with lines of their own.
    more_jumps: ?Gap = null,
    /// Polarity events and triggers.
    events: [2]u64 = .{ 0, 0 },
    gaps: u64 = 0,
    dropped_transfers: u64 = 0,
    dropped_bytes: u64 = 0,

    pub fn init(allocator: std.mem.Allocator, decoder: Decoder) error{OutOfMemory}!Account {
        return .{ .decoder = decoder, .columns = try makeColumns(allocator) };
    }

    pub fn makeColumns(allocator: std.mem.Allocator) error{OutOfMemory}![]align(8) u8 {
        return allocator.alignedAlloc(u8, .@"8", comptime decoder_module.byteLength(&capacities));
    }

    pub fn deinit(account: *Account, allocator: std.mem.Allocator) void {
        allocator.free(account.columns);
    }

    /// Bytes of the file that are no words.
    pub fn addHeader(account: *Account, bytes: []const u8, lines: *Lines) void {
        account.addParts(bytes, lines, .header);
    }

    pub fn add(account: *Account, bytes: []const u8, lines: *Lines) void {
        account.addParts(bytes, lines, .words);
    }

    /// Something is missing before the next byte.
    pub fn addGap(account: *Account, gap: Gap, lines: *Lines) void {
        account.tellMoreJumps(lines);
        account.gaps += 1;
        account.dropped_transfers += gap.dropped_transfers;
        account.dropped_bytes += gap.dropped_bytes;
        lines.gap(gap);
    }

    /// The last block, which may be shorter.
    pub fn finish(account: *Account, lines: *Lines) void {
        if (account.position > account.block_at) account.endBlock(lines);
    }

    pub fn sums(account: *const Account) Sums {
        var report: abi.Report = undefined;
        account.decoder.tell(account.decoder.faults(), &report);
        const told = [2]f64{ report.rate_controller_input, report.rate_controller_output };
        return .{
            .bytes = account.position,
            .polarity_events = account.events[0] + account.block_events[0],
            .trigger_events = account.events[1] + account.block_events[1],
            .gaps = account.gaps,
            .dropped_bytes = account.dropped_bytes,
            .rate_controller = .{
                if (std.math.isNan(told[0])) -1 else told[0],
                if (std.math.isNan(told[1])) -1 else told[1],
            },
        };
    }

    fn addParts(account: *Account, bytes: []const u8, lines: *Lines, comptime kind: enum { header, words }) void {
        var rest = bytes;
        while (rest.len > 0) {
            const left = account.block_at + block_length - account.position;
            const part = rest[0..@min(rest.len, left)];
            account.hash.update(part);
            if (kind == .words) account.decode(part, lines);
            account.position += part.len;
            rest = rest[part.len..];
            if (account.position == account.block_at + block_length) account.endBlock(lines);
        }
    }

    fn decode(account: *Account, bytes: []const u8, lines: *Lines) void {
        var consumed: usize = 0;
        while (consumed < bytes.len) {
            var packet: decoder_module.Packet = .at(account.columns.ptr, &capacities);
            const part = account.decoder.decodeUntilJump(bytes[consumed..], &packet);
            consumed += part.consumed;
            account.block_events[0] += packet.events.polarity.count;
            account.block_events[1] += packet.events.trigger.count;
            if (part.jump_us) |jump_us| account.addJump(.{
                .at = account.position + consumed,
                // Where the missing time begins.
                .t = account.decoder.currentTime() - @as(f64, @floatFromInt(jump_us)),
                .cause = if (jump_us > 0) .sensor else .clock,
                .time_jump_us = jump_us,
            }, lines);
        }
    }

    fn addJump(account: *Account, jump: Gap, lines: *Lines) void {
        account.block_jumps += 1;
        if (account.block_jumps <= jumps_per_block) return account.addGap(jump, lines);
        if (account.more_jumps) |*more| more.time_jump_us += jump.time_jump_us else account.more_jumps = jump;
    }

    /// The jumps without lines of their own, which lie before what is told next.
    fn tellMoreJumps(account: *Account, lines: *Lines) void {
        const more = account.more_jumps orelse return;
        account.more_jumps = null;
        account.addGap(more, lines);
    }

    fn endBlock(account: *Account, lines: *Lines) void {
        account.tellMoreJumps(lines);
        lines.block(.{
            .at = account.block_at,
            .bytes = account.position - account.block_at,
            .hash = account.hash.final(),
            .polarity_events = account.block_events[0],
            .trigger_events = account.block_events[1],
            .t = account.decoder.currentTime(),
        });
        account.events[0] += account.block_events[0];
        account.events[1] += account.block_events[1];
        account.block_events = .{ 0, 0 };
        account.block_jumps = 0;
        account.block_at = account.position;
        account.hash = .init(0);
    }
};

const testing = std.testing;

/// TIME_HIGH 1, TIME_LOW 7, ADDR_Y 100, ADDR_X 200 ON.
const words = [_]u8{ 0x01, 0x80, 0x07, 0x60, 0x64, 0x00, 0xc8, 0x28 };

test "blocks are counted and hashed at multiples of their length, however the bytes are cut" {
    const seed = testing.random_seed;
    errdefer std.debug.print("seed {d}\n", .{seed});
    var random_state: std.Random.DefaultPrng = .init(seed);
    const random = random_state.random();
    const header = "% end\n";
    const count = (2 * block_length + 1000) / words.len;
    const bytes = try testing.allocator.alloc(u8, count * words.len);
    defer testing.allocator.free(bytes);
    for (0..count) |index| @memcpy(bytes[index * words.len ..][0..words.len], &words);
    const file = try std.mem.concat(testing.allocator, u8, &.{ header, bytes });
    defer testing.allocator.free(file);

    var account: Account = try .init(testing.allocator, .init(.evt3, 1280, 720));
    defer account.deinit(testing.allocator);
    var lines: Lines = .{};
    account.addHeader(header, &lines);
    var rest: []const u8 = bytes;
    while (rest.len > 0) {
        const part = @min(rest.len, random.intRangeAtMost(usize, 1, 100_000));
        account.add(rest[0..part], &lines);
        rest = rest[part..];
    }
    account.finish(&lines);
    try testing.expectEqual([2]u64{ count, 0 }, account.events);

    var expected: Lines = .{};
    for (0..3) |index| {
        const at = index * block_length;
        const block = file[at..@min(at + block_length, file.len)];
        // The event of a word belongs to the block in which the word ends.
        const until = struct {
            fn events(position: usize) u64 {
                return (position -| header.len) / words.len;
            }
        };
        expected.block(.{
            .at = at,
            .bytes = block.len,
            .hash = std.hash.XxHash64.hash(0, block),
            .polarity_events = until.events(at + block.len) - until.events(at),
            .trigger_events = 0,
            .t = 4103,
        });
    }
    try testing.expectEqualStrings(expected.pending(), lines.pending());
}

test "a jump and a restart of the sensor's clock are gaps, and many in one block are told together" {
    var account: Account = try .init(testing.allocator, .init(.evt3, 1280, 720));
    defer account.deinit(testing.allocator);
    var lines: Lines = .{};
    // TIME_HIGH 1, 2, 12, 13.
    account.add(&.{ 0x01, 0x80, 0x02, 0x80, 0x0c, 0x80, 0x0d, 0x80 }, &lines);
    try testing.expectEqual(1, account.gaps);
    try testing.expectEqualStrings(
        \\{"kind":"gap","at":6,"t":12288,"cause":"sensor","droppedTransfers":0,"droppedBytes":0,"timeJumpUs":36864,"silenceUs":0}
        \\
    , lines.pending());
    for (0..100) |index| {
        const high: u16 = @intCast(0x8000 + 20 + 3 * index);
        account.add(std.mem.asBytes(&high), &lines);
    }
    account.finish(&lines);
    try testing.expectEqual(jumps_per_block + 1, account.gaps);
}

test "gaps are told in the order of the file, also jumps that are told together" {
    var account: Account = try .init(testing.allocator, .init(.evt3, 1280, 720));
    defer account.deinit(testing.allocator);
    var lines: Lines = .{};
    for (0..2) |round| {
        for (0..20) |index| {
            const high: u16 = @intCast(0x8000 + 1000 * round + 3 * index);
            account.add(std.mem.asBytes(&high), &lines);
        }
        account.addGap(.{ .at = account.position, .t = 0, .cause = .usb, .dropped_transfers = 1 }, &lines);
    }
    account.finish(&lines);
    var last: u64 = 0;
    var gaps: usize = 0;
    var each = std.mem.tokenizeScalar(u8, lines.pending(), '\n');
    while (each.next()) |line| {
        const Line = struct { kind: []const u8, at: u64 };
        const told = try std.json.parseFromSlice(Line, testing.allocator, line, .{ .ignore_unknown_fields = true });
        defer told.deinit();
        if (!std.mem.eql(u8, told.value.kind, "gap")) continue;
        try testing.expect(told.value.at >= last);
        last = told.value.at;
        gaps += 1;
    }
    try testing.expectEqual(account.gaps, gaps);
    try testing.expectEqual(jumps_per_block + 4, gaps); // each round ends with jumps that are told together
}
