//! The bus as JSON text: the cameras that are plugged in, what they show, and their faults.
//!
//!     { "cameras": [{
//!         "serial": "00000001",             1 to 8 hexadecimal digits; default: the position
//!         "model": "evk4",                  or evk4-00f4, silkyevcam-hd, silkyevcam-hd-lite, silkyevcam-vga,
//!                                           evk3-hd, evk3-genx320, evk3-genx320-es, ueye-xcpe, ueye-xlse
//!         "product": "EVK4",                the product string; default: that of the model
//!         "manufacturer": "Prophesee",      as well
//!         "firmware": "3.9.0",              its release, which also shows in other places; default: the model's
//!         "bias_codes": [124, 83, ...],     the chip's own, one for each bias; default: neuromorphic-drivers' authors'
//!         "unread_reply": "wait",           or replace: of a request whose predecessor's reply was not read
//!         "source": { "kind": "scene", "shape": "star", "seed": 1, "flicker_hz": 0 }   of a lamp
//!                   { "kind": "recording", "path": "recording.raw" }
//!                   { "kind": "pattern" }   64-bit counters
//!                   { "kind": "sequence", "interval_us": 1 }   an event each interval, a power of 2 up to 4096
//!         "bytes_per_second": null,         null: the source's own rate, 0: as fast as it is fetched
//!         "trigger_hz": 0,                  external triggers in a scene
//!         "speed": "super",                 or high, super-plus
//!         "permission": true,
//!         "memory_limit_bytes": 16777216,   of submitted transfers and DMA memory (usbfs)
//!         "faults": [{ "kind": "stall", "endpoint": 129, "after": 10, "times": 1 },
//!                    { "kind": "error", "function": "libusb_open", "code": -3, "times": 0 }]
//!     }] }
//!
//! Registers for masks, biases, filters and the rate limiter change a scene and a recording. A pattern and a sequence show
//! which bytes are missing, so no register leaves any out. In EVT2.1 come all of them but the pattern. Rates are those of
//! EVT3, before masks and limits.
//!
//! Every member may be left out. The first of several values is the default, and a scene's own rate is 12 MB/s. Any
//! other member or value is an error that names its path.

const std = @import("std");
const bus_module = @import("bus.zig");
const default_memory_limit_bytes = @import("port.zig").default_memory_limit_bytes;
const endpoints = @import("../camera/endpoints.zig");
const faults = @import("../camera/faults.zig");
const lamp = @import("../sensor/lamp.zig");
const models = @import("../models.zig");
const recording = @import("../sensor/recording.zig");
const scene = @import("../sensor/scene.zig");
const counting = @import("../sensor/counting.zig");
const Bus = bus_module.Bus;
const Camera = @import("../camera/camera.zig").Camera;
const UnreadReply = @import("../camera/model.zig").UnreadReply;
const Version = @import("../camera/model.zig").Version;
const maximum_text = @import("../camera/model.zig").maximum_text;
const Filtered = @import("../sensor/filtered.zig").Filtered;
const Reader = @import("json_reader.zig").Reader;
const Object = @import("json_reader.zig").Object;
const Size = @import("../sensor/size.zig").Size;
const Source = @import("../sensor/source.zig").Source;
const nameOf = @import("json_reader.zig").nameOf;

pub const maximum_cameras = 16;
const maximum_faults = 256;

/// The bus without a configuration: one camera that shows the star.
const default_text = "{\"cameras\":[{}]}";

/// Configures the bus by the text, or as if there were none, unless that was done before. As `apply` on failure.
pub fn ensureConfigured(bus: *Bus, text: ?[]const u8, message: []u8) error{ OutOfMemory, Invalid }!void {
    if (bus.isConfigured()) return;
    const ports = try readPorts(bus, text orelse default_text, message);
    defer bus.allocator.free(ports);
    try bus.plugInFirst(ports); // another thread may have been here meanwhile
}

/// Replaces the cameras. On failure nothing has changed, and `message` holds the reason, NUL-terminated.
pub fn apply(bus: *Bus, text: []const u8, message: []u8) error{ OutOfMemory, Invalid }!void {
    const ports = try readPorts(bus, text, message);
    defer bus.allocator.free(ports);
    try bus.replace(ports);
}

/// Cameras that are not plugged in yet. The slice is of the caller.
fn readPorts(bus: *Bus, text: []const u8, message: []u8) error{ OutOfMemory, Invalid }![]*bus_module.Port {
    var reader: Reader = .{ .message = message };
    const parsed = std.json.parseFromSlice(std.json.Value, bus.allocator, text, .{}) catch |failure| {
        return reader.fail("", "not JSON ({t})", .{failure});
    };
    defer parsed.deinit();
    var ports: std.ArrayList(*bus_module.Port) = .empty;
    defer ports.deinit(bus.allocator);
    errdefer for (ports.items) |port| bus.release(port);
    readBus(bus, &reader, parsed.value, &ports) catch |failure| {
        if (failure == error.OutOfMemory) return reader.fail("", "out of memory", .{});
        return failure;
    };
    return ports.toOwnedSlice(bus.allocator);
}

fn readBus(bus: *Bus, reader: *Reader, value: std.json.Value, ports: *std.ArrayList(*bus_module.Port)) !void {
    var root = try reader.object("", value);
    const cameras = try root.array("cameras", maximum_cameras);
    try root.done();
    for (cameras, 0..) |entry, index| {
        var path: [32]u8 = undefined;
        const name = std.fmt.bufPrint(&path, "cameras[{d}]", .{index}) catch unreachable;
        const port = try readCamera(bus, reader, name, index, entry);
        errdefer bus.release(port);
        try ports.append(bus.allocator, port);
    }
}

fn readCamera(bus: *Bus, reader: *Reader, path: []const u8, index: usize, value: std.json.Value) !*bus_module.Port {
    var object = try reader.object(path, value);
    const permission = try object.boolean("permission", true);
    const memory_limit = try object.integer("memory_limit_bytes", 0, 1 << 40, default_memory_limit_bytes);
    const camera = try makeCamera(bus.allocator, reader, &object, index);
    errdefer camera.destroy();
    const port = try bus.create(camera);
    port.permission = permission;
    port.memory_limit_bytes = memory_limit;
    return port;
}

/// Reads the rest of a camera's members.
fn makeCamera(allocator: std.mem.Allocator, reader: *Reader, object: *Object, index: usize) !*Camera {
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
    const fault_list = try readFaults(allocator, reader, object, &model.endpoints);
    errdefer allocator.free(fault_list);
    var source = try readSource(allocator, object, model.size);
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

fn readSource(allocator: std.mem.Allocator, object: *Object, size: Size) !Source {
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
            const file = try member.string("path", "");
            if (file.len == 0) return member.fail("path", "the path of a RAW file expected", .{});
            const loop = recording.load(allocator, file) catch |failure|
                return member.fail("path", "{s}: {s}", .{ file, recording.describe(failure) });
            source.content = .{ .loop = loop };
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
    reader: *Reader,
    camera: *Object,
    numbers: *const endpoints.EndpointNumbers,
) ![]const faults.Fault {
    const values = try camera.array("faults", maximum_faults);
    const list = try allocator.alloc(faults.Fault, values.len);
    errdefer allocator.free(list);
    for (values, list, 0..) |value, *fault, index| {
        var path: [64]u8 = undefined;
        const name = std.fmt.bufPrint(&path, "{s}.faults[{d}]", .{ camera.path, index }) catch unreachable;
        var object = try reader.object(name, value);
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
