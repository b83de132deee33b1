//! The command line of the virtual camera, as a text for the bus's configuration (bus_json.zig).

const std = @import("std");
const bus_json = @import("../bus/bus_json.zig");

pub const usage =
    \\Emulates event cameras over USB/IP.
    \\
    \\    neuromorphic_virtual_camera [--port N]   serves TCP on 127.0.0.1 (default port 3240)
    \\    neuromorphic_virtual_camera --attach     plugs the cameras into this machine (root, vhci-hcd loaded)
    \\
    \\To see the served cameras on Linux: modprobe vhci-hcd && usbip attach --remote 127.0.0.1 --busid 1-1
    \\
    \\    --count N         how many cameras, 1 to 15 (default 1)
    \\    --serial S        of the first one, hexadecimal digits (default 00000001); the others count on
    \\    --model M         evk4 (default), evk4-00f4, silkyevcam-hd, silkyevcam-hd-lite,
    \\                      silkyevcam-vga, evk3-hd, evk3-genx320, evk3-genx320-es, ueye-xcpe,
    \\                      ueye-xlse
    \\    --recording FILE  show a RAW file in EVT3, in a loop; without it, a rotating star
    \\    --pattern         send 64-bit counters instead of events
    \\    --rate N          bytes per second, 0 = as fast as they are fetched
    \\    --cameras JSON    all of it as text, with faults, strings and chips: see zig/src/virtual/bus/bus_json.zig
    \\
;

pub const Options = struct {
    attach: bool = false,
    port: u16 = 3240,
    help: bool = false,
    /// What bus_json.zig reads.
    cameras: []const u8,
};

pub const Error = error{ OutOfMemory, Invalid };

const Cameras = struct {
    count: u32 = 1,
    serial: u32 = 1,
    model: []const u8 = "evk4",
    recording: ?[]const u8 = null,
    pattern: bool = false,
    rate: ?u64 = null,
};

/// `arguments` is without the program's name. `message` gets the reason of a failure.
pub fn parse(arena: std.mem.Allocator, arguments: []const []const u8, message: *std.Io.Writer) Error!Options {
    var options: Options = .{ .cameras = "" };
    var cameras: Cameras = .{};
    var rest: Arguments = .{ .list = arguments, .message = message };
    while (rest.next()) |name| {
        if (std.mem.eql(u8, name, "--help")) options.help = true //
        else if (std.mem.eql(u8, name, "--attach")) options.attach = true //
        else if (std.mem.eql(u8, name, "--port")) options.port = try rest.number(u16, 10) //
        else if (std.mem.eql(u8, name, "--count")) cameras.count = try rest.number(u32, 10) //
        else if (std.mem.eql(u8, name, "--serial")) cameras.serial = try rest.number(u32, 16) //
        else if (std.mem.eql(u8, name, "--model")) cameras.model = try rest.value() //
        else if (std.mem.eql(u8, name, "--recording")) cameras.recording = try rest.value() //
        else if (std.mem.eql(u8, name, "--pattern")) cameras.pattern = true //
        else if (std.mem.eql(u8, name, "--rate")) cameras.rate = try rest.number(u64, 10) //
        else if (std.mem.eql(u8, name, "--cameras")) options.cameras = try rest.value() //
        else return rest.fail("unknown option {s}", .{name});
    }
    // The virtual host controller has no more free ports.
    if (cameras.count < 1 or cameras.count > 15) return rest.fail("--count takes 1 to 15", .{});
    if (options.cameras.len == 0) options.cameras = try toJson(arena, cameras);
    return options;
}

fn toJson(arena: std.mem.Allocator, cameras: Cameras) error{OutOfMemory}![]const u8 {
    const Source = struct { kind: []const u8, path: ?[]const u8 = null };
    const Entry = struct { serial: []const u8, model: []const u8, source: Source, bytes_per_second: ?u64 };
    const entries = try arena.alloc(Entry, cameras.count);
    const source: Source = if (cameras.recording) |path|
        .{ .kind = "recording", .path = path }
    else
        .{ .kind = if (cameras.pattern) "pattern" else "scene" };
    for (entries, 0..) |*entry, index| entry.* = .{
        .serial = try std.fmt.allocPrint(arena, "{X:0>8}", .{cameras.serial +% @as(u32, @intCast(index))}),
        .model = cameras.model,
        .source = source,
        .bytes_per_second = cameras.rate,
    };
    return std.json.Stringify.valueAlloc(arena, .{ .cameras = entries }, .{ .emit_null_optional_fields = false });
}

const Arguments = struct {
    list: []const []const u8,
    index: usize = 0,
    message: *std.Io.Writer,

    fn next(arguments: *Arguments) ?[]const u8 {
        if (arguments.index == arguments.list.len) return null;
        defer arguments.index += 1;
        return arguments.list[arguments.index];
    }

    fn value(arguments: *Arguments) Error![]const u8 {
        const name = arguments.list[arguments.index - 1];
        return arguments.next() orelse arguments.fail("{s} lacks a value", .{name});
    }

    fn number(arguments: *Arguments, comptime Number: type, base: u8) Error!Number {
        const name = arguments.list[arguments.index - 1];
        const text = try arguments.value();
        return std.fmt.parseUnsigned(Number, text, base) catch
            arguments.fail("{s} takes a number from 0 to {d}, not \"{s}\"", .{ name, std.math.maxInt(Number), text });
    }

    fn fail(arguments: *Arguments, comptime format: []const u8, values: anytype) Error {
        arguments.message.print(format, values) catch {};
        return error.Invalid;
    }
};

fn expectCameras(expected: []const u8, arguments: []const []const u8) !void {
    var arena: std.heap.ArenaAllocator = .init(std.testing.allocator);
    defer arena.deinit();
    var buffer: [200]u8 = undefined;
    var message: std.Io.Writer = .fixed(&buffer);
    const options = try parse(arena.allocator(), arguments, &message);
    try std.testing.expectEqualStrings(expected, options.cameras);
    // The bus accepts it.
    if (std.mem.find(u8, expected, "recording") != null) return;
    var bus: @import("../bus/bus.zig").Bus = .{ .allocator = std.testing.allocator };
    defer bus.deinit();
    var reason: [200]u8 = undefined;
    try bus_json.apply(&bus, options.cameras, &reason);
}

test "options become cameras" {
    try expectCameras(
        \\{"cameras":[{"serial":"00000001","model":"evk4","source":{"kind":"scene"}}]}
    , &.{});
    try expectCameras(
        \\{"cameras":[{"serial":"00050ABC","model":"ueye-xcpe","source":{"kind":"pattern"},"bytes_per_second":0},{"serial":"00050ABD","model":"ueye-xcpe","source":{"kind":"pattern"},"bytes_per_second":0}]}
    , &.{ "--count", "2", "--serial", "50abc", "--model", "ueye-xcpe", "--pattern", "--rate", "0" });
    try expectCameras(
        \\{"cameras":[{"serial":"00000001","model":"evk4","source":{"kind":"recording","path":"a \"b\".raw"}}]}
    , &.{ "--recording", "a \"b\".raw" });
}

test "a refused option is named with the reason" {
    inline for (.{
        .{ "unknown option --serail", .{ "--serail", "1" } },
        .{ "--serial lacks a value", .{"--serial"} },
        .{ "--serial takes a number from 0 to 4294967295, not \"x\"", .{ "--serial", "x" } },
        .{ "--count takes 1 to 15", .{ "--count", "16" } },
    }) |case| {
        var buffer: [200]u8 = undefined;
        var message: std.Io.Writer = .fixed(&buffer);
        const arguments: []const []const u8 = &case[1];
        try std.testing.expectError(error.Invalid, parse(std.testing.failing_allocator, arguments, &message));
        try std.testing.expectEqualStrings(case[0], message.buffered());
    }
}
