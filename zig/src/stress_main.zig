//! `zig build stress-ring -- --rounds N --seed S`: threads that read, wait, ask, command and close a stream of the
//! virtual camera all at once, with faults and with rings that overflow, in many short rounds. For builds with
//! ThreadSanitizer (-Dtsan) and for runs under valgrind. Without them it tests the accounts, and that nothing is left
//! open.

const std = @import("std");
const abi = @import("abi.zig");
const clock = @import("system/clock.zig");
const control_api = @import("virtual/bus/control_api.zig");
const stream_api = @import("api/stream_api.zig");
const look_alike = @import("virtual/bus/libusb_api.zig");
const virtual_bus = @import("virtual/bus/bus.zig");
const Evk4 = @import("virtual/evk4/evk4.zig").Evk4;
const Consumer = @import("tools/stress/consumer.zig").Consumer;
const Libusb = @import("ring/libusb.zig").Libusb;
const Options = @import("ring/stream.zig").Options;

const io = clock.io;

pub fn main(init: std.process.Init) !void {
    const arguments = try init.minimal.args.toSlice(init.arena.allocator());
    var rounds: u64 = 200;
    var seed: u64 = 1;
    var index: usize = 1;
    while (index + 1 < arguments.len) : (index += 2) {
        const value = try std.fmt.parseUnsigned(u64, arguments[index + 1], 10);
        if (std.mem.eql(u8, arguments[index], "--rounds")) rounds = value //
        else if (std.mem.eql(u8, arguments[index], "--seed")) seed = value //
        else return error.UnknownOption;
    }
    if (index < arguments.len) return error.UnknownOption;
    var totals: Totals = .{};
    for (seed..seed + rounds) |each| {
        errdefer std.debug.print("seed {d}\n", .{each});
        var prng: std.Random.DefaultPrng = .init(each);
        try round(prng.random(), &totals);
    }
    look_alike.bus.deinit();
    std.debug.print("{d} rounds from seed {d} on: {d} raw packets read, {d} transfers dropped, {d} streams read to their end\n", .{
        rounds, seed, totals.raw_packets, totals.dropped_transfers, totals.ended,
    });
}

const Totals = struct { raw_packets: u64 = 0, dropped_transfers: u64 = 0, ended: u64 = 0 };

/// Faults of the event endpoint. `after` tells how many transfers go well before.
const faults = .{
    "{{\"kind\":\"stall\",\"endpoint\":129,\"after\":{d},\"times\":2}}",
    "{{\"kind\":\"protocol-error\",\"endpoint\":129,\"after\":{d},\"times\":3}}",
    "{{\"kind\":\"overflow\",\"endpoint\":129,\"after\":{d},\"times\":0}}",
    "{{\"kind\":\"zero-length\",\"endpoint\":129,\"after\":{d},\"times\":5}}",
    "{{\"kind\":\"short\",\"endpoint\":129,\"length\":104,\"after\":{d},\"times\":50}}",
    "{{\"kind\":\"unplug\",\"endpoint\":129,\"after\":{d}}}",
    "{{\"kind\":\"error\",\"function\":\"libusb_submit_transfer\",\"code\":-11,\"after\":{d},\"times\":9}}",
    "{{\"kind\":\"error\",\"function\":\"libusb_handle_events_timeout_completed\",\"code\":-1,\"after\":{d}}}",
};

fn configure(random: std.Random) !void {
    var buffer: [200]u8 = undefined;
    var fault: []const u8 = "";
    const after = 40 + random.uintLessThan(u32, 200);
    const chosen = random.uintLessThan(usize, faults.len + 1);
    inline for (faults, 0..) |format, number| if (number == chosen) {
        fault = try std.fmt.bufPrint(&buffer, format, .{after});
    };
    var json: [400]u8 = undefined;
    const text = try std.fmt.bufPrint(
        &json,
        "{{\"cameras\":[{{\"source\":{{\"kind\":\"pattern\"}},\"faults\":[{s}]}}]}}",
        .{fault},
    );
    var message: [200]u8 = @splat(0);
    if (control_api.configure(text.ptr, @intCast(text.len), &message, message.len) == 0) return;
    std.debug.print("{s}\n", .{std.mem.sliceTo(&message, 0)});
    return error.NotConfigured;
}

/// One stream, from the opening of the device to its closing.
fn round(random: std.Random, totals: *Totals) !void {
    try configure(random);
    var context: ?*virtual_bus.Context = null;
    if (look_alike.init(&context) != 0) return error.NoContext;
    var list: [*:null]?*virtual_bus.Device = undefined;
    if (look_alike.getDeviceList(context, &list) != 1) return error.NoDevice;
    var handle: ?*virtual_bus.Handle = null;
    if (look_alike.open(list[0].?, &handle) != 0) return error.NotOpened;
    look_alike.freeDeviceList(list, 1);
    if (look_alike.claimInterface(handle.?, 0) != 0) return error.NotClaimed;
    startCamera(handle.?.port);
    try stream(random, context.?, handle.?, totals);
    _ = look_alike.releaseInterface(handle.?, 0);
    look_alike.close(handle);
    look_alike.exit(context);
    const bus = &look_alike.bus;
    const left = .{ bus.contexts, bus.handles, bus.claims, bus.transfers_allocated, bus.transfers_pending };
    inline for (left) |count| if (count != 0) return error.SomethingLeft;
    if (bus.device_memory_bytes != 0) return error.SomethingLeft;
}

/// Starts the events without registers, which the camera's own tests cover.
fn startCamera(port: *virtual_bus.Port) void {
    look_alike.bus.lock.acquire();
    defer look_alike.bus.lock.release();
    const stream_of_sensor = &Evk4.of(port.camera).stream;
    stream_of_sensor.resetClock(clock.monotonicNs());
    stream_of_sensor.start(clock.monotonicNs());
}

fn stream(random: std.Random, context: *virtual_bus.Context, device: *virtual_bus.Handle, totals: *Totals) !void {
    const transfers = 1 + random.uintLessThan(u32, 4);
    const options: Options = .{
        .endpoint = 0x81,
        .format = .evt3,
        .buffer_length = 1024 * (1 + random.uintLessThan(u31, 4)),
        .ring_length = transfers + 1 + random.uintLessThan(u32, 12),
        .transfer_queue_length = transfers,
        .allow_dma = random.uintLessThan(u32, 4) == 0,
    };
    var opened: abi.StreamOpened = undefined;
    if (stream_api.start(libusb, @ptrCast(context), @ptrCast(device), options, &opened) != .ok) return error.NoStream;
    const handle: u32 = @intFromFloat(opened.handle);
    var consumer: Consumer = try .init(handle, random.int(u64), random.boolean());
    defer consumer.deinit();
    var over: std.atomic.Value(bool) = .init(false);
    const reading = try std.Thread.spawn(.{}, Consumer.run, .{&consumer});
    const asking = try std.Thread.spawn(.{}, ask, .{ handle, &over });
    const commanding = try std.Thread.spawn(.{}, command, .{ context, device, &over });
    sleepUpTo(random, 8_000);
    // An unplugged stream is read to its end, and every byte is accounted for. One that two threads close is not.
    const unplug = random.boolean();
    if (unplug) {
        try configure(random);
        reading.join();
    }
    var closed: [2]i32 = undefined;
    const other = try std.Thread.spawn(.{}, close, .{ handle, &closed[1] });
    close(handle, &closed[0]);
    other.join();
    if (!unplug) reading.join();
    over.store(true, .release);
    asking.join();
    commanding.join();
    const ok = abi.Status.ok.code();
    if ((closed[0] == ok) == (closed[1] == ok)) return error.ClosedTwice;
    if (stream_api.wait(handle, 0) != abi.Status.invalid_handle.code()) return error.StillThere;
    if (consumer.failure) |failure| return failure;
    totals.raw_packets += consumer.raw_packets;
    totals.dropped_transfers += consumer.dropped_transfers;
    if (!unplug) return;
    totals.ended += 1;
    const sent = device.port.camera.account().bytes_emitted;
    if (consumer.read_bytes + consumer.dropped_bytes == sent) return;
    std.debug.print("{d} read, {d} dropped, {d} sent\n", .{ consumer.read_bytes, consumer.dropped_bytes, sent });
    return error.WrongAccount;
}

fn close(handle: u32, status: *i32) void {
    status.* = stream_api.close(handle);
}

/// Asks, as other parts of a program do, also after the stream was closed.
fn ask(handle: u32, over: *const std.atomic.Value(bool)) void {
    var totals: abi.StreamStatistics = undefined;
    var descriptor: i32 = -1;
    const piped = stream_api.notifier(handle, 0, 0, &descriptor) == abi.Status.ok.code();
    defer if (piped) {
        _ = std.c.close(descriptor);
    };
    while (!over.load(.acquire)) {
        _ = stream_api.statistics(handle, &totals);
        _ = stream_api.wait(handle, 1);
        _ = stream_api.arm(handle);
        var byte: [1]u8 = undefined;
        if (piped) _ = std.c.read(descriptor, &byte, 1);
    }
}

/// Commands go on beside the stream. With libusb they handle events, too, and so run the stream's callbacks on this
/// thread. The look-alike's do not, so events are handled here.
fn command(context: *virtual_bus.Context, device: *virtual_bus.Handle, over: *const std.atomic.Value(bool)) void {
    var data: [18]u8 = undefined;
    while (!over.load(.acquire)) {
        _ = look_alike.handleEventsTimeoutCompleted(context, &.{ .seconds = 0, .microseconds = 0 }, null);
        _ = look_alike.controlTransfer(device, 0x80, 6, 0x0100, 0, &data, data.len, 100);
        std.Io.sleep(io, .fromMilliseconds(1), .awake) catch {};
    }
}

fn sleepUpTo(random: std.Random, microseconds: u32) void {
    std.Io.sleep(io, .fromMicroseconds(random.uintLessThan(u32, microseconds)), .awake) catch {};
}

const libusb: Libusb = .{
    .alloc_transfer = look_alike.allocTransfer,
    .free_transfer = @ptrCast(&look_alike.freeTransfer),
    .submit_transfer = look_alike.submitTransfer,
    .cancel_transfer = look_alike.cancelTransfer,
    .handle_events_timeout_completed = @ptrCast(&look_alike.handleEventsTimeoutCompleted),
    .interrupt_event_handler = @ptrCast(&look_alike.interruptEventHandler),
    .clear_halt = @ptrCast(&look_alike.clearHalt),
    .dev_mem_alloc = @ptrCast(&look_alike.devMemAlloc),
    .dev_mem_free = @ptrCast(&look_alike.devMemFree),
};
