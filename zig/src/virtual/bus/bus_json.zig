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
const camera_json = @import("../json/camera_json.zig");
const default_memory_limit_bytes = @import("port.zig").default_memory_limit_bytes;
const file = @import("../../system/file.zig");
const Bus = bus_module.Bus;
const Reader = @import("../json/json_reader.zig").Reader;

pub const maximum_cameras = 16;

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
    const camera = try camera_json.make(bus.allocator, &object, index, file.read);
    errdefer camera.destroy();
    const port = try bus.create(camera);
    port.permission = permission;
    port.memory_limit_bytes = memory_limit;
    return port;
}
