//! The virtual camera's functions for a web page. The module has no threads, no clock and no operating system: the page
//! passes the time, keeps the queues of transfers, and asks on behalf of the head of each, as `bus/transfers.zig` does.
//!
//! Times are whole nanoseconds of the page's clock, as f64: below 2^53 they are exact. A module is a bus: all its
//! cameras are on one cable for the clock. `src/web/virtual/camera_module.ts` calls these functions.

const std = @import("std");
const abi = @import("../../abi.zig");
const camera_description = @import("../json/camera_description.zig");
const camera_json = @import("../json/camera_json.zig");
const camera_module = @import("../camera/camera.zig");
const usb = @import("../../usb_abi.zig");
const Camera = camera_module.Camera;
const Endpoint = @import("../camera/endpoints.zig").Endpoint;
const Reader = @import("../json/json_reader.zig").Reader;
const SyncLine = @import("../camera/sync_line.zig").SyncLine;

const allocator = std.heap.wasm_allocator;

const maximum_cameras = 16;
var cameras: [maximum_cameras]?*Camera = @splat(null);
var sync_line: SyncLine = .{};

/// How a transfer ended, or that it has not.
const Ended = enum(i32) { done = 0, pending = 1, stall = 2, protocol_error = 3, overflow = 4, gone = 5 };

/// Null where there is no memory. `free` gives it back.
pub fn allocate(length: u32) callconv(.c) ?[*]u8 {
    return (allocator.alloc(u8, length) catch return null).ptr;
}

pub fn free(memory: ?[*]u8, length: u32) callconv(.c) void {
    if (memory) |bytes| allocator.free(bytes[0..length]);
}

/// The file that the JSON of a camera that is being made may name.
var given_file: ?[]u8 = null;

fn takeFile(_: std.mem.Allocator, _: []const u8, limit: usize) error{ OutOfMemory, NotReadable, TooLarge }![]u8 {
    const file = given_file orelse return error.NotReadable;
    if (file.len >= limit) return error.TooLarge;
    given_file = null;
    return file;
}

/// Makes a camera of JSON (`bus/bus_json.zig` has its members), and returns its number. Where that names a recording, its
/// content is in `file`, of `allocate`, which is freed here in any case. On failure `message` gets the reason,
/// NUL-terminated.
pub fn create(
    json: ?[*]const u8,
    json_length: u32,
    file: ?[*]u8,
    file_length: u32,
    message: ?[*]u8,
    message_capacity: u32,
) callconv(.c) i32 {
    given_file = if (file) |bytes| bytes[0..file_length] else null;
    defer {
        if (given_file) |bytes| allocator.free(bytes);
        given_file = null;
    }
    const text = (json orelse return abi.Status.invalid_argument.code())[0..json_length];
    const number = std.mem.indexOfScalar(?*Camera, &cameras, null) orelse return abi.Status.out_of_memory.code();
    var reader: Reader = .{ .message = if (message) |bytes| bytes[0..message_capacity] else &.{} };
    cameras[number] = make(&reader, text, number) catch |failure| return switch (failure) {
        error.OutOfMemory => abi.Status.out_of_memory.code(),
        error.Invalid => abi.Status.invalid_argument.code(),
    };
    cameras[number].?.sync_line = &sync_line;
    return @intCast(number);
}

fn make(reader: *Reader, text: []const u8, number: usize) error{ OutOfMemory, Invalid }!*Camera {
    const parsed = std.json.parseFromSlice(std.json.Value, allocator, text, .{}) catch |failure| {
        return reader.fail("", "not JSON ({t})", .{failure});
    };
    defer parsed.deinit();
    var object = try reader.object("camera", parsed.value);
    return camera_json.make(allocator, &object, number, takeFile);
}

/// Unplugs the camera, and frees it.
pub fn destroy(number: u32) callconv(.c) void {
    const camera = cameras[number] orelse return;
    cameras[number] = null;
    camera.powerOff();
    camera.destroy();
}

/// The number of a camera's endpoint with a role: an `Endpoint` in the order of its declaration. -1 where it has none.
pub fn endpoint(number: u32, role: u32) callconv(.c) i32 {
    const all = std.enums.values(Endpoint);
    return if (role < all.len) cameras[number].?.endpoints.get(all[role]) orelse -1 else -1;
}

/// A control transfer: `setup` has eight bytes, `data` as many as they say. Returns how it ended, and of how many bytes.
pub fn control(number: u32, now_ns: f64, setup: *const [usb.control_setup_size]u8, data: [*]u8, length: *u32) callconv(.c) i32 {
    const request: camera_module.Setup = .of(setup);
    return end(cameras[number].?.control(nanoseconds(now_ns), request, data[0..request.length]), length);
}

/// A bulk transfer to the camera.
pub fn write(number: u32, now_ns: f64, address: u32, data: [*]const u8, data_length: u32, length: *u32) callconv(.c) i32 {
    const camera = cameras[number].?;
    return end(camera.write(nanoseconds(now_ns), endpointOf(camera, address), data[0..data_length]), length);
}

/// A bulk transfer from the camera, into `data`.
pub fn read(number: u32, now_ns: f64, address: u32, data: [*]u8, capacity: u32, length: *u32) callconv(.c) i32 {
    const camera = cameras[number].?;
    return end(camera.read(nanoseconds(now_ns), endpointOf(camera, address), data[0..capacity]), length);
}

fn end(outcome: camera_module.Outcome, length: *u32) i32 {
    length.* = switch (outcome) {
        .pending, .gone => 0,
        .done, .stall, .protocol_error, .overflow => |bytes| @intCast(bytes),
    };
    const ended: Ended = switch (outcome) {
        .pending => .pending,
        .done => .done,
        .stall => .stall,
        .protocol_error => .protocol_error,
        .overflow => .overflow,
        .gone => .gone,
    };
    return @backingInt(ended);
}

/// When a transfer of this length may end; infinity where that is not a matter of time.
pub fn readyAt(number: u32, address: u32, length: u32) callconv(.c) f64 {
    const camera = cameras[number].?;
    const at_ns = camera.readyAt(endpointOf(camera, address), length) orelse return std.math.inf(f64);
    return @floatFromInt(at_ns);
}

/// The pending transfers of events offer this much room from now on; called before the room changes.
pub fn advance(number: u32, now_ns: f64, room_bytes: f64) callconv(.c) void {
    cameras[number].?.advance(nanoseconds(now_ns), @intFromFloat(room_bytes));
}

pub fn clearHalt(number: u32, now_ns: f64, address: u32) callconv(.c) void {
    const camera = cameras[number].?;
    camera.clearHalt(nanoseconds(now_ns), endpointOf(camera, address));
}

/// As selecting a configuration or an alternate setting does.
pub fn resetEndpoints(number: u32, now_ns: f64) callconv(.c) void {
    cameras[number].?.resetEndpoints(nanoseconds(now_ns));
}

/// Makes what a started camera shows, where it waits for that: 1. It takes a tenth of a second or more, so the page reads
/// its clock again for `installContent`. 0 where there is nothing to make.
pub fn makeContent(number: u32) callconv(.c) i32 {
    const camera = cameras[number].?;
    if (!camera.wantsContent()) return 0;
    camera.makeContent() catch return abi.Status.out_of_memory.code();
    return 1;
}

pub fn installContent(number: u32, now_ns: f64) callconv(.c) void {
    cameras[number].?.installContent(nanoseconds(now_ns));
}

/// Describes the camera as JSON text (`json/camera_description.zig`); returns its length.
pub fn describe(number: u32, output: [*]u8, capacity: u32) callconv(.c) i32 {
    var writer: std.Io.Writer = .fixed(output[0..capacity]);
    var json: std.json.Stringify = .{ .writer = &writer };
    camera_description.write(cameras[number].?, &json) catch return abi.Status.out_of_memory.code();
    return @intCast(writer.end);
}

fn nanoseconds(time: f64) u64 {
    return @intFromFloat(time);
}

/// The page has read the camera's descriptors, and names no other endpoint.
fn endpointOf(camera: *const Camera, address: u32) Endpoint {
    return camera.endpointOf(@intCast(address)).?;
}
