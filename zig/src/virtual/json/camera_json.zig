//! A camera of the virtual bus as JSON: its members stand in the head of `bus/bus_json.zig`, which reads those of its place
//! on the bus.

const std = @import("std");
const counting = @import("../sensor/counting.zig");
const endpoints = @import("../camera/endpoints.zig");
const faults = @import("../camera/faults.zig");
const lamp = @import("../sensor/lamp.zig");
const models = @import("../models.zig");
const recording = @import("../sensor/recording.zig");
const scene = @import("../sensor/scene.zig");
const Camera = @import("../camera/camera.zig").Camera;
const Filtered = @import("../sensor/filtered.zig").Filtered;
const LoopedStream = @import("../sensor/looped_stream.zig").LoopedStream;
const Object = @import("json_reader.zig").Object;
const Size = @import("../sensor/size.zig").Size;
const Source = @import("../sensor/source.zig").Source;
const UnreadReply = @import("../camera/model.zig").UnreadReply;
const Version = @import("../camera/model.zig").Version;
const maximum_text = @import("../camera/model.zig").maximum_text;
const nameOf = @import("json_reader.zig").nameOf;

const maximum_faults = 256;

/// Gives the content of a file of fewer than `limit` bytes, which the caller frees.
pub const ReadFile = *const fn (
    allocator: std.mem.Allocator,
    path: []const u8,
    limit: usize,
) error{ OutOfMemory, NotReadable, TooLarge }![]u8;

/// Makes a camera of the members that were not asked for yet. `index` is its place, from 0. The caller owns it.
pub fn make(
    allocator: std.mem.Allocator,
    object: *Object,
    index: usize,
    readFile: ReadFile,
) error{ OutOfMemory, Invalid }!*Camera {
    const name = try object.string("model", models.models[0].name);
    const model = models.byName(name) orelse return object.fail("model", "unknown model \"{s}\"", .{name});
    const serial = try readSerial(object, index);
    const speed = try object.choice("speed", enum { high, super, super_plus }, .super);
    const manufacturer = try readText(object, "manufacturer");
    const product = try readText(object, "product");
    const firmware = try readFirmware(object);
    const unread_reply = try object.choice("unread_reply", UnreadReply, .wait);
    var codes: [32]u8 = undefined;
    const bias_codes = try readBiasCodes(object, codes[0..model.bias_count]);
    const fault_list = try readFaults(allocator, object, &model.endpoints);
    errdefer allocator.free(fault_list);
    var source = try readSource(allocator, object, model.size, readFile);
    errdefer source.deinit(allocator);
    try object.done();
    return model.create(allocator, .{
        .serial = serial,
        .speed = switch (speed) {
            .high => .high,
            .super => .super,
            .super_plus => .super_plus,
        },
        .faults = fault_list,
        .source = source,
        .manufacturer = manufacturer,
        .product = product,
        .firmware = firmware,
        .bias_codes = bias_codes,
        .unread_reply = unread_reply,
    });
}

fn readText(object: *Object, name: []const u8) !?[]const u8 {
    const text = try object.string(name, "");
    if (!object.has(name)) return null;
    const length = std.unicode.calcUtf16LeLen(text) catch maximum_text + 1;
    return if (length <= maximum_text) text else object.fail(name, "at most {d} characters expected", .{maximum_text});
}

fn readFirmware(object: *Object) !?Version {
    const text = try object.string("firmware", "");
    if (!object.has("firmware")) return null;
    return Version.of(text) orelse object.fail("firmware", "three numbers up to 99 expected, as 3.9.0", .{});
}

fn readBiasCodes(object: *Object, codes: []u8) !?[]const u8 {
    const values = try object.array("bias_codes", codes.len);
    if (!object.has("bias_codes")) return null;
    if (values.len != codes.len) return object.fail("bias_codes", "{d} codes expected", .{codes.len});
    for (values, codes) |value, *code| {
        const known = value == .integer and value.integer >= 0 and value.integer <= 255;
        if (!known) return object.fail("bias_codes", "codes from 0 to 255 expected", .{});
        code.* = @intCast(value.integer);
    }
    return codes;
}

/// Without one, cameras are numbered from 1.
fn readSerial(object: *Object, index: usize) !u32 {
    const text = try object.string("serial", "");
    if (text.len == 0 and !object.has("serial")) return @intCast(index + 1);
    if (text.len == 0 or text.len > 8) return object.fail("serial", "1 to 8 hexadecimal digits expected", .{});
    for (text) |digit| if (!std.ascii.isHex(digit)) return object.fail("serial", "hexadecimal digits expected", .{});
    return std.fmt.parseInt(u32, text, 16) catch unreachable;
}

fn readSource(allocator: std.mem.Allocator, object: *Object, size: Size, readFile: ReadFile) !Source {
    const rate = try object.optionalInteger("bytes_per_second", 100_000_000_000);
    const trigger_hz = try object.integer("trigger_hz", 0, 1000, 0);
    var path: [48]u8 = undefined;
    var member = try object.child("source", &path);
    const kind = try member.choice("kind", enum { scene, recording, sequence, pattern }, .scene);
    if (trigger_hz > 0 and kind != .scene) return object.fail("trigger_hz", "only a scene has triggers", .{});
    var source: Source = .{ .pacing = if (rate) |bytes| .atRate(bytes) else .own };
    errdefer source.deinit(allocator);
    switch (kind) {
        .scene => {
            source.filtered = try Filtered.create(allocator);
            source.scene = try readScene(object, &member, rate, @intCast(trigger_hz));
            source.scene.?.size = size;
            // A scene is made for its rate and then has its own timing.
            if (rate != 0) source.pacing = .own;
        },
        .recording => {
            const path_of_file = try member.string("path", "");
            if (path_of_file.len == 0) return member.fail("path", "the path of a RAW file expected", .{});
            source.content = .{ .loop = loadRecording(allocator, path_of_file, readFile) catch |failure|
                return member.fail("path", "{s}: {s}", .{ path_of_file, recording.describe(failure) }) };
            source.filtered = try Filtered.create(allocator);
        },
        .sequence => {
            const interval_us = try member.integer("interval_us", 1, 4096, 1);
            if (!std.math.isPowerOfTwo(interval_us)) return member.fail("interval_us", "a power of 2 expected", .{});
            const loop = try counting.build(allocator, interval_us, size);
            source.content = .{ .loop = loop };
            source.filtered = try Filtered.create(allocator); // for EVT2.1
            source.filtered.?.keeps_events = true;
        },
        .pattern => if (rate == null) {
            source.pacing = .unlimited; // it has no timing of its own
        },
    }
    try member.done();
    return source;
}

fn loadRecording(allocator: std.mem.Allocator, path: []const u8, readFile: ReadFile) recording.Error!LoopedStream {
    const content = try readFile(allocator, path, recording.maximum_bytes);
    defer allocator.free(content);
    return recording.parse(allocator, content);
}

fn readScene(object: *Object, member: *Object, rate: ?u64, trigger_hz: u32) !scene.Options {
    _ = try member.choice("shape", enum { star }, .star);
    const seed = try member.integer("seed", 0, std.math.maxInt(u53), 1);
    const flicker_hz = try member.integer("flicker_hz", 0, lamp.maximum_hz, 0);
    const wanted = rate orelse scene.default_bytes_per_second;
    if (wanted != 0 and (wanted < scene.minimum_bytes_per_second or wanted > scene.maximum_bytes_per_second)) {
        return object.fail("bytes_per_second", "a scene takes {d} to {d}, 0 or null", .{
            scene.minimum_bytes_per_second, scene.maximum_bytes_per_second,
        });
    }
    return .{
        .seed = seed,
        .trigger_hz = trigger_hz,
        .flicker_hz = @intCast(flicker_hz),
        .bytes_per_second = if (wanted == 0) scene.bus_limit_bytes_per_second else wanted,
    };
}

fn readFaults(
    allocator: std.mem.Allocator,
    camera: *Object,
    numbers: *const endpoints.EndpointNumbers,
) ![]const faults.Fault {
    const values = try camera.array("faults", maximum_faults);
    const list = try allocator.alloc(faults.Fault, values.len);
    errdefer allocator.free(list);
    for (values, list, 0..) |value, *fault, index| {
        var path: [64]u8 = undefined;
        const name = std.fmt.bufPrint(&path, "{s}.faults[{d}]", .{ camera.path, index }) catch unreachable;
        var object = try camera.reader.object(name, value);
        fault.* = .{
            .kind = try object.required("kind", faults.Kind),
            .place = try readPlace(&object, numbers),
            .after = try object.integer("after", 0, std.math.maxInt(u53), 0),
            .times = try object.integer("times", 0, std.math.maxInt(u53), 1),
            .length = @intCast(try object.integer("length", 0, 1 << 30, 0)),
            .milliseconds = @intCast(try object.integer("milliseconds", 0, 3_600_000, 0)),
            .code = -@as(c_int, @intCast(try object.negative("code", 99, 1))),
        };
        if (!fault.kind.appliesTo(fault.place)) {
            return object.fail("kind", "\"{s}\" has no meaning at this place", .{nameOf(fault.kind)});
        }
        try object.done();
    }
    return list;
}

fn readPlace(object: *Object, numbers: *const endpoints.EndpointNumbers) !faults.Place {
    if (object.has("function") == object.has("endpoint")) {
        return object.fail("endpoint", "either an endpoint or a function expected", .{});
    }
    if (object.has("function")) {
        const name = try object.string("function", "");
        const function = std.meta.stringToEnum(faults.Function, name) orelse
            return object.fail("function", "unknown: \"{s}\"", .{name});
        return .{ .function = function };
    }
    const number = try object.integer("endpoint", 0, 255, 0);
    const endpoint = endpoints.endpointOf(numbers, @intCast(number)) orelse
        return object.fail("endpoint", "the number of an endpoint of the camera expected, not {d}", .{number});
    return .{ .endpoint = endpoint };
}
