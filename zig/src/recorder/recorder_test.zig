//! A recorder over the scripted libusb: what is in the file and in the receipt.

const std = @import("std");
const abi = @import("../abi.zig");
const fake = @import("../ring/testing/fake_libusb.zig");
const recorder_module = @import("recorder.zig");
const tapping = @import("../ring/tapping.zig");
const test_stream = @import("../ring/testing/test_stream.zig");
const Recorder = recorder_module.Recorder;
const testing = std.testing;

const header = "% end\n";

/// A folder with a recording in it.
const Place = struct {
    folder: testing.TmpDir,
    path: [256:0]u8 = undefined,
    receipt_path: [256:0]u8 = undefined,

    fn options(place: *Place) recorder_module.Options {
        return .{
            .path = std.fmt.bufPrintSentinel(&place.path, ".zig-cache/tmp/{s}/a.raw", .{place.folder.sub_path}, 0) catch unreachable,
            .receipt_path = std.fmt.bufPrintSentinel(&place.receipt_path, ".zig-cache/tmp/{s}/a.jsonl", .{place.folder.sub_path}, 0) catch unreachable,
            .header = header,
            .start_line = "{\"kind\":\"start\"}\n",
            .overwrite = false,
            .format = .evt3,
            .width = 1280,
            .height = 720,
            .buffer_length = 1 << 20,
            .maximum_bytes = 0,
            .maximum_ns = 0,
        };
    }

    fn read(place: *Place, name: []const u8, buffer: []u8) ![]u8 {
        return place.folder.dir.readFile(testing.io, name, buffer);
    }
};

fn open(options: *const recorder_module.Options) !*Recorder {
    var refused: recorder_module.Refused = undefined;
    return Recorder.open(testing.allocator, options, &refused);
}

/// Waits for the end, and for the threads, which let go last.
fn close(recorder: *Recorder) !abi.RecorderStatistics {
    try testing.expect(recorder.wait(10_000));
    var statistics: abi.RecorderStatistics = undefined;
    recorder.statistics(&statistics);
    while (recorder.parties.load(.acquire) > 1) std.Thread.yield() catch {};
    while (recorder.counter.users.load(.acquire) > 1) std.Thread.yield() catch {};
    recorder.letGo();
    return statistics;
}

/// Bytes from `first` to `end` of the scripted pattern 0, 1, 2, …, which is EVT3 words: what a recording that begins
/// there keeps. TIME_HIGH is at 0x80; TIME_LOW, at 0x60, comes too late for pixels and triggers before it.
fn kept(buffer: []u8, first: usize, end: usize) []u8 {
    var length: usize = 0;
    var begun = false;
    var timed = false;
    for (first..end) |index| {
        const byte: u8 = @truncate(index);
        if (byte == 0x80) begun = true;
        if (begun and byte == 0x60) timed = true;
        const needs_time = byte >= 0x20 and byte < 0x60 or byte >= 0xa0 and byte < 0xb0;
        if (!begun or (needs_time and !timed)) continue;
        buffer[length] = byte;
        length += 1;
    }
    return buffer[0..length];
}

test "the file has what the stream received, also what its ring had no room for, and a failed transfer is a gap" {
    if (!@import("builtin").link_libc) return error.SkipZigTest;
    var place: Place = .{ .folder = testing.tmpDir(.{}) };
    defer place.folder.cleanup();
    const recorder = try open(&place.options());
    const good: fake.Step = .{ .data = .{ .length = 1024 } };
    const bad: fake.Step = .{ .data = .{ .length = 100, .status = .@"error" } };
    // Six slots, of which two are with libusb: eight transfers overflow the ring.
    const script: [10]fake.Step = @as([8]fake.Step, @splat(good)) ++ [_]fake.Step{ bad, good };
    const stream = try test_stream.prepare(test_stream.small, &script);
    recorder.attached.store(true, .release);
    tapping.attach(stream, &recorder.tap);
    test_stream.happen(script.len);
    try testing.expect(stream.totals.dropped_transfers > 1);
    try test_stream.closePrepared(stream);
    try testing.expect(!recorder.attached.load(.acquire));
    const statistics = try close(recorder);

    var buffer: [16 << 10]u8 = undefined;
    const file = try place.read("a.raw", &buffer);
    try testing.expectEqual(@as(f64, @floatFromInt(file.len)), statistics.bytes);
    try testing.expectEqualStrings(header, file[0..header.len]);
    var expected: [16 << 10]u8 = undefined;
    const before = kept(&expected, 0, 8 * 1024);
    const behind = kept(expected[before.len..], 8 * 1024 + 100, 9 * 1024 + 100);
    try testing.expectEqualSlices(u8, expected[0 .. before.len + behind.len], file[header.len..]);
    const sent = 9 * 1024 + 100;
    const skipped: f64 = @floatFromInt(sent - 100 - before.len - behind.len);
    try testing.expectEqual(skipped, statistics.skipped_bytes);
    try testing.expectEqual(1, statistics.dropped_transfers);
    try testing.expectEqual(100, statistics.dropped_bytes);

    var lines: [16 << 10]u8 = undefined;
    const receipt = try place.read("a.jsonl", &lines);
    try testing.expect(std.mem.find(u8, receipt, "\"cause\":\"usb\",\"droppedTransfers\":1,\"droppedBytes\":100,") != null);
    try testing.expect(std.mem.find(u8, receipt, "\"reason\":\"closed\"") != null);
}

test "the size of a file is kept, with whole words" {
    if (!@import("builtin").link_libc) return error.SkipZigTest;
    var place: Place = .{ .folder = testing.tmpDir(.{}) };
    defer place.folder.cleanup();
    var options = place.options();
    options.maximum_bytes = 1001 + header.len;
    const recorder = try open(&options);
    const good: fake.Step = .{ .data = .{ .length = 1024 } };
    const script: [4]fake.Step = @splat(good);
    const stream = try test_stream.prepare(test_stream.small, &script);
    tapping.attach(stream, &recorder.tap);
    test_stream.happen(script.len);
    try testing.expect(recorder.wait(10_000));
    try test_stream.closePrepared(stream);
    const statistics = try close(recorder);
    try testing.expectEqual(1000 + header.len, statistics.bytes);
    try testing.expectEqual(@as(f64, @floatFromInt(@backingInt(@import("receipt_lines.zig").End.size))), statistics.end);
}

test "a file that exists stays as it is, and leaves no receipt; nor does a receipt that exists leave a file" {
    if (!@import("builtin").link_libc) return error.SkipZigTest;
    var place: Place = .{ .folder = testing.tmpDir(.{}) };
    defer place.folder.cleanup();
    var buffer: [16]u8 = undefined;
    for ([_][]const u8{ "a.raw", "a.jsonl" }, [_][]const u8{ "a.jsonl", "a.raw" }) |there, absent| {
        try place.folder.dir.writeFile(testing.io, .{ .sub_path = there, .data = "mine" });
        var refused: recorder_module.Refused = undefined;
        try testing.expectError(error.Refused, Recorder.open(testing.allocator, &place.options(), &refused));
        try testing.expectEqual(.exists, refused.failed.failure);
        try testing.expectEqual(std.mem.eql(u8, there, "a.jsonl"), refused.is_receipt);
        try testing.expectEqualStrings("mine", try place.read(there, &buffer));
        try testing.expectError(error.FileNotFound, place.read(absent, &buffer));
        try place.folder.dir.deleteFile(testing.io, there);
    }
}

test "a recording that was there stays where its new receipt cannot be made" {
    if (!@import("builtin").link_libc) return error.SkipZigTest;
    var place: Place = .{ .folder = testing.tmpDir(.{}) };
    defer place.folder.cleanup();
    var options = place.options();
    options.overwrite = true;
    try place.folder.dir.writeFile(testing.io, .{ .sub_path = "a.raw", .data = "mine" });
    try place.folder.dir.createDir(testing.io, "a.jsonl", .default_dir);
    try testing.expectError(error.Refused, open(&options));
    var buffer: [16]u8 = undefined;
    try testing.expectEqualStrings("mine", try place.read("a.raw", &buffer));
    try place.folder.dir.deleteDir(testing.io, "a.jsonl");
    const recorder = try open(&options);
    recorder.stop(.stopped);
    _ = try close(recorder);
    try testing.expectEqualStrings(header, try place.read("a.raw", &buffer));
}

test "of two causes at one place only the first tells how long nothing was received" {
    if (!@import("builtin").link_libc) return error.SkipZigTest;
    var place: Place = .{ .folder = testing.tmpDir(.{}) };
    defer place.folder.cleanup();
    const options = place.options();
    const recorder = try open(&options);
    const functions = recorder.tap.functions;
    // TIME_HIGH 1, TIME_LOW 7.
    const words = [_]u8{ 0x01, 0x80, 0x07, 0x60 };
    functions.bytes(&recorder.tap, &words, 1000);
    functions.lost(&recorder.tap, 5);
    const too_long = try testing.allocator.alloc(u8, options.buffer_length + 1);
    defer testing.allocator.free(too_long);
    functions.bytes(&recorder.tap, too_long, 2000);
    functions.bytes(&recorder.tap, &words, 9_001_000);
    recorder.stop(.stopped);
    const statistics = try close(recorder);
    try testing.expectEqual(2, statistics.gaps);
    var buffer: [4096]u8 = undefined;
    const receipt = try place.read("a.jsonl", &buffer);
    for ([_][]const u8{
        "\"at\":10,\"t\":4103,\"cause\":\"usb\",\"droppedTransfers\":1,\"droppedBytes\":5,\"timeJumpUs\":0,\"silenceUs\":9000",
        "\"at\":10,\"t\":4103,\"cause\":\"disk\",\"droppedTransfers\":1,\"droppedBytes\":1048577,\"timeJumpUs\":0,\"silenceUs\":0",
    }) |gap| try testing.expect(std.mem.find(u8, receipt, gap) != null);
}

test "a tap that comes to a stream that has ended is told so, and is not kept" {
    if (!@import("builtin").link_libc) return error.SkipZigTest;
    var place: Place = .{ .folder = testing.tmpDir(.{}) };
    defer place.folder.cleanup();
    const recorder = try open(&place.options());
    const stream = try test_stream.prepare(test_stream.small, &.{});
    stream.end(.disconnected);
    while (stream.step(2)) test_stream.happen(1);
    stream.finish();
    recorder.attached.store(true, .release);
    tapping.attach(stream, &recorder.tap);
    try testing.expect(!recorder.attached.load(.acquire));
    try testing.expectEqual(null, stream.taps.first);
    try test_stream.close(stream);
    const statistics = try close(recorder);
    try testing.expectEqual(@as(f64, @floatFromInt(@backingInt(@import("receipt_lines.zig").End.disconnected))), statistics.end);
}

test "a second recorder of a file is refused, and what the first one writes stays" {
    if (!@import("builtin").link_libc or @import("builtin").os.tag == .windows) return error.SkipZigTest;
    var place: Place = .{ .folder = testing.tmpDir(.{}) };
    defer place.folder.cleanup();
    var options = place.options();
    options.overwrite = true;
    const recorder = try open(&options);
    const words = [_]u8{ 0x01, 0x80, 0x07, 0x60 };
    recorder.tap.functions.bytes(&recorder.tap, &words, 1000);
    var refused: recorder_module.Refused = undefined;
    try testing.expectError(error.Refused, Recorder.open(testing.allocator, &options, &refused));
    try testing.expectEqual(.in_use, refused.failed.failure);
    recorder.stop(.stopped);
    const statistics = try close(recorder);
    try testing.expectEqual(header.len + 4, statistics.counted_bytes);
    var buffer: [64]u8 = undefined;
    try testing.expectEqualStrings(header ++ words, try place.read("a.raw", &buffer));
    const again = try open(&options);
    again.stop(.stopped);
    _ = try close(again);
}

test "a loss stands in the receipt before it is counted" {
    if (!@import("builtin").link_libc) return error.SkipZigTest;
    var place: Place = .{ .folder = testing.tmpDir(.{}) };
    defer place.folder.cleanup();
    const recorder = try open(&place.options());
    const words = [_]u8{ 0x01, 0x80, 0x07, 0x60 };
    recorder.tap.functions.bytes(&recorder.tap, &words, 1000);
    recorder.tap.functions.lost(&recorder.tap, 5);
    recorder.tap.functions.bytes(&recorder.tap, &words, 2000);
    recorder.stop(.stopped);
    _ = try close(recorder);
    var buffer: [4096]u8 = undefined;
    const receipt = try place.read("a.jsonl", &buffer);
    const loss = "{\"kind\":\"loss\",\"at\":10,\"cause\":\"usb\",\"droppedTransfers\":1,\"droppedBytes\":5,\"silenceUs\":1}\n";
    const gap = "{\"kind\":\"gap\",\"at\":10,\"t\":4103,\"cause\":\"usb\",";
    try testing.expect(std.mem.find(u8, receipt, loss).? < std.mem.find(u8, receipt, gap).?);
}
