//! `zig build package-check`: for systems on which no JavaScript runtime is at hand, as Windows in wine. Loads the two
//! libraries by their paths, as a runtime does, opens the virtual camera and decodes its events.
//!
//!     package_check LIBRARY VIRTUAL_CAMERA
//!
//! Prints what it saw and ends with status 0, or tells what is wrong and ends with status 1.

const std = @import("std");
const abi = @import("abi.zig");
const kinds = @import("kinds.zig");
const bus = @import("virtual/bus/bus.zig");
const register_writes = @import("virtual/evk4/testing/register_writes.zig");
const DynamicLibrary = @import("system/dynamic_library.zig").DynamicLibrary;

/// Only their types are used: what is called comes from the loaded libraries.
const exports = @import("api/exports.zig").functions;
const libusb_exports = @import("virtual/bus/exports.zig").functions;

const wanted_events = 1_000_000;
const width = 1280;
const height = 720;
const capacity = 1 << 16;

pub fn main(init: std.process.Init) !u8 {
    const arguments = try init.minimal.args.toSlice(init.arena.allocator());
    if (arguments.len != 3) return error.TwoPathsExpected;
    const native: Native = .{ .library = try .open(arguments[1]) };
    const version = (try native.function("nd_abi_version"))();
    if (version != abi.version) return error.OtherVersion;
    const camera: VirtualCamera = .{ .library = try .open(arguments[2]) };
    const context, const device = try camera.start();
    const events = try native.stream(arguments[2], context, device);
    try camera.end(context, device);
    std.debug.print("version {d}, {d} events in order\n", .{ version, events });
    return 0;
}

const VirtualCamera = struct {
    library: DynamicLibrary,

    fn function(camera: VirtualCamera, comptime name: []const u8) !@TypeOf(@field(libusb_exports, name)) {
        return camera.library.lookup(@TypeOf(@field(libusb_exports, name)), name ++ "");
    }

    /// Opens the camera and has it send events.
    fn start(camera: VirtualCamera) !struct { *bus.Context, *bus.Handle } {
        var context: ?*bus.Context = null;
        try expectOk((try camera.function("libusb_init"))(&context));
        var list: [*:null]?*bus.Device = undefined;
        if ((try camera.function("libusb_get_device_list"))(context, &list) != 1) return error.OneCameraExpected;
        defer if (camera.function("libusb_free_device_list")) |free| free(list, 1) else |_| {};
        var device: ?*bus.Handle = null;
        try expectOk((try camera.function("libusb_open"))(list[0].?, &device));
        try expectOk((try camera.function("libusb_claim_interface"))(device.?, 0));
        for (register_writes.start) |write| {
            var request = register_writes.command(write);
            if (try camera.bulk(device.?, 0x02, &request) != request.len) return error.CommandNotTaken;
            var reply: [1024]u8 = undefined;
            if (try camera.bulk(device.?, 0x82, &reply) != register_writes.reply_length) return error.OtherReply;
        }
        return .{ context.?, device.? };
    }

    fn bulk(camera: VirtualCamera, device: *bus.Handle, endpoint: u8, data: []u8) !c_int {
        var transferred: c_int = 0;
        const transfer = try camera.function("libusb_bulk_transfer");
        try expectOk(transfer(device, endpoint, data.ptr, @intCast(data.len), &transferred, 10_000));
        return transferred;
    }

    fn end(camera: VirtualCamera, context: *bus.Context, device: *bus.Handle) !void {
        try expectOk((try camera.function("libusb_release_interface"))(device, 0));
        (try camera.function("libusb_close"))(device);
        (try camera.function("libusb_exit"))(context);
    }
};

const Native = struct {
    library: DynamicLibrary,

    fn function(native: Native, comptime name: []const u8) !@TypeOf(@field(exports, name)) {
        return native.library.lookup(@TypeOf(@field(exports, name)), name ++ "");
    }

    /// Reads a stream until there were enough events, and returns how many.
    fn stream(native: Native, libusb: [*:0]const u8, context: *bus.Context, device: *bus.Handle) !u64 {
        var decoder: u32 = 0;
        const decoder_options: abi.DecoderOptions = .{ .format = 0, .width = width, .height = height };
        try expectOk((try native.function("nd_decoder_create"))(&decoder_options, &decoder));
        const options: abi.StreamOptions = .{
            .endpoint = 0x81,
            .format = 0,
            .buffer_length = 128 << 10,
            .ring_length = 256,
            .transfer_queue_length = 16,
            .allow_dma = 0,
        };
        var opened: abi.StreamOpened = undefined;
        const open = try native.function("nd_stream_open");
        try expectOk(open(libusb, @intFromPtr(context), @intFromPtr(device), &options, &opened));
        const handle: u32 = @trunc(opened.handle);
        var count: u64 = 0;
        while (count < wanted_events) count += try native.read(handle, decoder);
        try expectOk((try native.function("nd_stream_close"))(handle));
        try expectOk((try native.function("nd_decoder_destroy"))(decoder));
        return count;
    }

    fn read(native: Native, stream_handle: u32, decoder: u32) !u64 {
        if ((try native.function("nd_stream_wait"))(stream_handle, 10_000) != 0) return error.NothingArrives;
        var columns: [capacity * 13]u8 align(8) = undefined;
        var options: abi.ReadOptions = .{ .capacity = @splat(0), .maximum_raw_packets = 1 };
        options.capacity[@backingInt(kinds.Kind.polarity)] = capacity;
        var report: abi.Report = undefined;
        try expectOk((try native.function("nd_stream_read"))(stream_handle, decoder, &columns, &options, &report));
        const count: usize = @trunc(report.events[@backingInt(kinds.Kind.polarity)]);
        try checkEvents(kinds.columnsAt(kinds.Polarity, &columns, capacity), count);
        return count;
    }
};

fn checkEvents(events: kinds.Polarity, count: usize) !void {
    for (events.t[0..count], events.x[0..count], events.y[0..count], events.on[0..count], 0..) |t, x, y, on, index| {
        if (x >= width or y >= height or on > 1) return error.NoSuchPixel;
        if (index > 0 and t < events.t[index - 1]) return error.TimeRunsBackwards;
    }
}

fn expectOk(status: c_int) !void {
    if (status == 0) return;
    std.debug.print("status {d}\n", .{status});
    return error.Refused;
}
