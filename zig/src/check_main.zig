//! `zig build package-check`: for systems on which no JavaScript runtime is at hand, as Windows in wine. Loads the two
//! libraries by their paths, as a runtime does, opens the virtual camera and decodes its events.
//!
//!     package_check LIBRARY VIRTUAL_CAMERA
//!
//! Prints what it saw and ends with status 0, or tells what is wrong and ends with status 1.

const std = @import("std");
const abi = @import("abi.zig");
const kinds = @import("kinds.zig");
const heap = @import("system/heap.zig");
const standard_stream = @import("system/standard_stream.zig");
const bus = @import("virtual/bus/bus.zig");
const register_writes = @import("virtual/evk4/testing/register_writes.zig");
const DynamicLibrary = @import("system/dynamic_library.zig").DynamicLibrary;

/// Only the types of their functions are used. What is called comes from the loaded libraries.
const decoder_api = @import("api/decoder_api.zig");
const library_api = @import("api/library_api.zig");
const stream_api = @import("api/stream_api.zig");
const virtual_api = @import("virtual/bus/libusb_api.zig");

const wanted_events = 1_000_000;
const width = 1280;
const height = 720;
const capacity = 1 << 16;
const trigger_capacity = 64;
const length = capacity * kinds.bytesPerEvent(kinds.Polarity) + trigger_capacity * kinds.bytesPerEvent(kinds.Trigger);
const timeout_ms = 10_000;

pub fn main(init: std.process.Init.Minimal) u8 {
    var buffer: [100]u8 = undefined;
    const events = run(init) catch |failure| {
        say(std.fmt.bufPrint(&buffer, "{s}\n", .{@errorName(failure)}) catch unreachable);
        return 1;
    };
    say(std.fmt.bufPrint(&buffer, "{d} events in order\n", .{events}) catch unreachable);
    return 0;
}

fn run(init: std.process.Init.Minimal) !u64 {
    var arena: std.heap.ArenaAllocator = .init(heap.allocator);
    defer arena.deinit();
    const arguments = try init.args.toSlice(arena.allocator());
    if (arguments.len != 3) return error.TwoPathsExpected;
    const native = try load(Native, "nd_", arguments[1]);
    if (native.abi_version() != abi.version) return error.OtherVersion;
    const libusb = try load(Libusb, "libusb_", arguments[2]);
    const context, const device = try startCamera(libusb);
    const events = try readStream(native, arguments[2], context, device);
    try expectOk("libusb_release_interface", libusb.release_interface(device, 0));
    libusb.close(device);
    libusb.exit(context);
    return events;
}

const Native = struct {
    abi_version: *const @TypeOf(library_api.abiVersion),
    decoder_create: *const @TypeOf(decoder_api.create),
    decoder_destroy: *const @TypeOf(decoder_api.destroy),
    stream_open: *const @TypeOf(stream_api.open),
    stream_wait: *const @TypeOf(stream_api.wait),
    stream_read: *const @TypeOf(stream_api.read),
    stream_close: *const @TypeOf(stream_api.close),
};

const Libusb = struct {
    init: *const @TypeOf(virtual_api.init),
    exit: *const @TypeOf(virtual_api.exit),
    get_device_list: *const @TypeOf(virtual_api.getDeviceList),
    free_device_list: *const @TypeOf(virtual_api.freeDeviceList),
    open: *const @TypeOf(virtual_api.open),
    close: *const @TypeOf(virtual_api.close),
    claim_interface: *const @TypeOf(virtual_api.claimInterface),
    release_interface: *const @TypeOf(virtual_api.releaseInterface),
    bulk_transfer: *const @TypeOf(virtual_api.bulkTransfer),
};

fn load(comptime Functions: type, comptime prefix: []const u8, path: [*:0]const u8) !Functions {
    const library: DynamicLibrary = try .open(path);
    var functions: Functions = undefined;
    inline for (comptime std.meta.fieldNames(Functions)) |name| {
        @field(functions, name) = try library.lookup(@FieldType(Functions, name), prefix ++ name);
    }
    return functions;
}

/// Opens the camera and has it send events.
fn startCamera(libusb: Libusb) !struct { *bus.Context, *bus.Handle } {
    var context: ?*bus.Context = null;
    try expectOk("libusb_init", libusb.init(&context));
    var list: [*:null]?*bus.Device = undefined;
    if (libusb.get_device_list(context, &list) != 1) return error.OneCameraExpected;
    defer libusb.free_device_list(list, 1);
    var opened: ?*bus.Handle = null;
    try expectOk("libusb_open", libusb.open(list[0].?, &opened));
    const device = opened.?;
    try expectOk("libusb_claim_interface", libusb.claim_interface(device, 0));
    for (register_writes.start) |write| {
        var request = register_writes.command(write);
        if (try transferBulk(libusb, device, 0x02, &request) != request.len) return error.CommandNotTaken;
        var reply: [1024]u8 = undefined;
        if (try transferBulk(libusb, device, 0x82, &reply) != register_writes.reply_length) return error.OtherReply;
    }
    return .{ context.?, device };
}

fn transferBulk(libusb: Libusb, device: *bus.Handle, endpoint: u8, data: []u8) !c_int {
    var transferred: c_int = 0;
    const code = libusb.bulk_transfer(device, endpoint, data.ptr, @intCast(data.len), &transferred, timeout_ms);
    try expectOk("libusb_bulk_transfer", code);
    return transferred;
}

/// Reads a stream until there were enough events, and returns how many.
fn readStream(native: Native, libusb_path: [*:0]const u8, context: *bus.Context, device: *bus.Handle) !u64 {
    var decoder: u32 = 0;
    const decoder_options: abi.DecoderOptions = .{ .format = 0, .width = width, .height = height, .is_file = 0 };
    try expectOk("nd_decoder_create", native.decoder_create(&decoder_options, &decoder));
    const options: abi.StreamOptions = .{
        .endpoint = 0x81,
        .format = 0,
        .buffer_length = 128 << 10,
        .ring_length = 256,
        .transfer_queue_length = 16,
        .allow_dma = 0,
    };
    var opened: abi.StreamOpened = undefined;
    const status = native.stream_open(libusb_path, @intFromPtr(context), @intFromPtr(device), &options, &opened);
    try expectOk("nd_stream_open", status);
    const stream: u32 = @trunc(opened.handle);
    var count: u64 = 0;
    while (count < wanted_events) {
        try expectOk("nd_stream_wait", native.stream_wait(stream, timeout_ms));
        count += try readPacket(native, stream, decoder);
    }
    try expectOk("nd_stream_close", native.stream_close(stream));
    try expectOk("nd_decoder_destroy", native.decoder_destroy(decoder));
    return count;
}

fn readPacket(native: Native, stream: u32, decoder: u32) !usize {
    var columns: [length]u8 align(8) = undefined;
    var options: abi.ReadOptions = .{ .capacity = @splat(0), .maximum_raw_packets = 1 };
    options.capacity[@backingInt(kinds.Kind.polarity)] = capacity;
    options.capacity[@backingInt(kinds.Kind.trigger)] = trigger_capacity;
    var report: abi.Report = undefined;
    try expectOk("nd_stream_read", native.stream_read(stream, decoder, &columns, &options, &report));
    const count: usize = @trunc(report.events[@backingInt(kinds.Kind.polarity)]);
    const events = kinds.columnsAt(kinds.Polarity, &columns, capacity);
    for (events.t[0..count], events.x[0..count], events.y[0..count], events.on[0..count], 0..) |t, x, y, on, index| {
        if (x >= width or y >= height or on > 1) return error.NoSuchPixel;
        if (index > 0 and t < events.t[index - 1]) return error.TimeRunsBackwards;
    }
    return count;
}

fn expectOk(function: []const u8, status: c_int) !void {
    if (status == 0) return;
    var buffer: [100]u8 = undefined;
    say(std.fmt.bufPrint(&buffer, "{s}: {d}\n", .{ function, status }) catch unreachable);
    return error.Refused;
}

fn say(line: []const u8) void {
    standard_stream.write(.output, line);
}
