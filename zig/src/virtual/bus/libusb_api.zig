//! The functions of libusb-1.0 on the virtual bus: arguments and results only. libusb's documentation describes them,
//! and the codes that they return are libusb's.

const std = @import("std");
const usb = @import("../../usb_abi.zig");
const clock = @import("../../system/clock.zig");
const environment = @import("../../system/environment.zig");
const heap = @import("../../system/heap.zig");
const standard_stream = @import("../../system/standard_stream.zig");
const bus_module = @import("bus.zig");
const bus_json = @import("bus_json.zig");
const events = @import("event_handling.zig");
const transfers = @import("transfers.zig");
const Bus = bus_module.Bus;
const Context = bus_module.Context;
const Device = bus_module.Device;
const Handle = bus_module.Handle;
const ErrorCode = usb.ErrorCode;

/// The one bus of the process.
pub var bus: Bus = .{ .allocator = heap.allocator };

const version: usb.Version = .{
    .major = 1,
    .minor = 0,
    .micro = 27,
    .nano = 0,
    .release_candidate = "",
    .describe = "neuromorphic-drivers virtual camera, no real USB",
};

fn result(code: ErrorCode) c_int {
    return @backingInt(code);
}

// Library

pub fn init(context: ?*?*Context) callconv(.c) c_int {
    const code = configure();
    return result(if (code == .success) bus.init(context) else code);
}

/// Programs that know nothing of the virtual bus have its JSON in a variable of their environment.
fn configure() ErrorCode {
    if (bus.isConfigured()) return .success;
    const text = environment.get(bus.allocator, bus_variable) catch return .no_mem;
    defer if (text) |json| bus.allocator.free(json);
    var message: [200]u8 = undefined;
    bus_json.ensureConfigured(&bus, text, &message) catch |failure| {
        if (failure == error.OutOfMemory) return .no_mem;
        var line: [300]u8 = undefined;
        const reason = std.mem.sliceTo(&message, 0);
        standard_stream.write(.failure, std.fmt.bufPrint(&line, "{s}: {s}\n", .{ bus_variable, reason }) catch unreachable);
        return .invalid_param;
    };
    return .success;
}

const bus_variable = "NEUROMORPHIC_DRIVERS_VIRTUAL_BUS";

/// The options are ignored: none has a meaning here.
pub fn initContext(context: ?*?*Context, _: ?*const anyopaque, _: c_int) callconv(.c) c_int {
    return init(context);
}

pub fn exit(context: ?*Context) callconv(.c) void {
    bus.exit(context);
}

/// In C it takes further arguments for some options, which are not needed.
pub fn setOption(_: ?*Context, option: c_int) callconv(.c) c_int {
    const log_level = 0;
    const no_device_discovery = 2;
    return result(if (option == log_level or option == no_device_discovery) .success else .not_supported);
}

pub fn getVersion() callconv(.c) *const usb.Version {
    return &version;
}

/// Only "has capabilities": no hotplug callbacks.
pub fn hasCapability(capability: u32) callconv(.c) c_int {
    return @intFromBool(capability == 0);
}

pub fn errorName(code: c_int) callconv(.c) [*:0]const u8 {
    return switch (@as(ErrorCode, @fromBackingInt(code))) {
        .success => "LIBUSB_SUCCESS",
        .io => "LIBUSB_ERROR_IO",
        .invalid_param => "LIBUSB_ERROR_INVALID_PARAM",
        .access => "LIBUSB_ERROR_ACCESS",
        .no_device => "LIBUSB_ERROR_NO_DEVICE",
        .not_found => "LIBUSB_ERROR_NOT_FOUND",
        .busy => "LIBUSB_ERROR_BUSY",
        .timeout => "LIBUSB_ERROR_TIMEOUT",
        .overflow => "LIBUSB_ERROR_OVERFLOW",
        .pipe => "LIBUSB_ERROR_PIPE",
        .interrupted => "LIBUSB_ERROR_INTERRUPTED",
        .no_mem => "LIBUSB_ERROR_NO_MEM",
        .not_supported => "LIBUSB_ERROR_NOT_SUPPORTED",
        .other => "LIBUSB_ERROR_OTHER",
        _ => "**UNKNOWN**",
    };
}

// Devices

pub fn getDeviceList(context: ?*Context, list: *[*:null]?*Device) callconv(.c) isize {
    return switch (bus.list(context, list)) {
        .count => |count| @intCast(count),
        .failed => |code| result(code),
    };
}

pub fn freeDeviceList(list: ?[*:null]?*Device, unreference: c_int) callconv(.c) void {
    bus.freeList(list orelse return, unreference != 0);
}

pub fn refDevice(device: *Device) callconv(.c) *Device {
    bus.reference(device);
    return device;
}

pub fn unrefDevice(device: *Device) callconv(.c) void {
    bus.unreference(device);
}

pub fn getDeviceDescriptor(device: *Device, descriptor: *usb.DeviceDescriptor) callconv(.c) c_int {
    bus.lock.acquire();
    defer bus.lock.release();
    if (bus.failing(device.port, .libusb_get_device_descriptor)) |code| return result(code);
    descriptor.* = device.port.camera.deviceDescriptor();
    return result(.success);
}

pub fn getMaxPacketSize(device: *Device, endpoint: u8) callconv(.c) c_int {
    bus.lock.acquire();
    defer bus.lock.release();
    if (bus.failing(device.port, .libusb_get_max_packet_size)) |code| return result(code);
    const camera = device.port.camera;
    const known = camera.endpointOf(endpoint) orelse return result(.not_found);
    return if (known == .control) result(.not_found) else camera.maxPacketSize();
}

pub fn getBusNumber(_: *Device) callconv(.c) u8 {
    return 1;
}

pub fn getDeviceAddress(device: *Device) callconv(.c) u8 {
    return device.port.address;
}

pub fn getDeviceSpeed(device: *Device) callconv(.c) c_int {
    return @backingInt(device.port.camera.speed);
}

// Handles

pub fn open(device: *Device, handle: *?*Handle) callconv(.c) c_int {
    return result(bus.open(device, handle));
}

pub fn close(handle: ?*Handle) callconv(.c) void {
    bus.close(handle orelse return);
}

/// There are no kernel drivers to detach.
pub fn setAutoDetachKernelDriver(handle: *Handle, _: c_int) callconv(.c) c_int {
    bus.lock.acquire();
    defer bus.lock.release();
    return result(bus.failing(handle.port, .libusb_set_auto_detach_kernel_driver) orelse .success);
}

pub fn claimInterface(handle: *Handle, interface: c_int) callconv(.c) c_int {
    return result(bus.claim(handle, interface));
}

pub fn releaseInterface(handle: *Handle, interface: c_int) callconv(.c) c_int {
    return result(bus.releaseInterface(handle, interface));
}

pub fn setInterfaceAltSetting(handle: *Handle, interface: c_int, setting: c_int) callconv(.c) c_int {
    return result(bus.selectAlternateSetting(handle, interface, setting));
}

pub fn clearHalt(handle: *Handle, endpoint: u8) callconv(.c) c_int {
    return result(bus.clearHalt(handle, endpoint));
}

// Transfers

pub fn controlTransfer(
    handle: *Handle,
    request_type: u8,
    request: u8,
    value: u16,
    index: u16,
    data: ?[*]u8,
    length: u16,
    timeout_ms: c_uint,
) callconv(.c) c_int {
    var buffer: [usb.control_setup_size + std.math.maxInt(u16)]u8 = undefined;
    buffer[0] = request_type;
    buffer[1] = request;
    std.mem.writeInt(u16, buffer[2..4], value, .little);
    std.mem.writeInt(u16, buffer[4..6], index, .little);
    std.mem.writeInt(u16, buffer[6..8], length, .little);
    const payload = buffer[usb.control_setup_size..][0..length];
    const to_host = request_type & usb.endpoint_in != 0;
    if (!to_host and length > 0) @memcpy(payload, (data orelse return result(.invalid_param))[0..length]);
    var cell = synchronousCell(.control, 0, &buffer, usb.control_setup_size + @as(c_int, length), timeout_ms);
    bus.lock.acquire();
    defer bus.lock.release();
    if (bus.failing(handle.port, .libusb_control_transfer)) |code| return result(code);
    const code = events.run(&bus, handle, &cell);
    if (code != .success) return result(code);
    const received: usize = @intCast(cell.transfer.actual_length);
    if (to_host and received > 0) {
        const output = data orelse return result(.invalid_param);
        @memcpy(output[0..received], payload[0..received]);
    }
    return cell.transfer.actual_length;
}

pub fn bulkTransfer(
    handle: *Handle,
    endpoint: u8,
    data: ?[*]u8,
    length: c_int,
    transferred: ?*c_int,
    timeout_ms: c_uint,
) callconv(.c) c_int {
    var cell = synchronousCell(.bulk, endpoint, data, length, timeout_ms);
    bus.lock.acquire();
    defer bus.lock.release();
    if (bus.failing(handle.port, .libusb_bulk_transfer)) |code| return result(code);
    const code = events.run(&bus, handle, &cell);
    if (transferred) |count| count.* = cell.transfer.actual_length;
    return result(code);
}

fn synchronousCell(
    kind: usb.TransferType,
    endpoint: u8,
    data: ?[*]u8,
    length: c_int,
    timeout_ms: c_uint,
) transfers.Cell {
    var transfer = std.mem.zeroes(usb.Transfer);
    transfer.status = .cancelled; // until it ends otherwise
    transfer.type = @backingInt(kind);
    transfer.endpoint = endpoint;
    transfer.buffer = data;
    transfer.length = length;
    transfer.timeout = timeout_ms;
    return .{ .transfer = transfer };
}

pub fn allocTransfer(iso_packets: c_int) callconv(.c) ?*usb.Transfer {
    if (iso_packets != 0) return null; // the camera has no isochronous endpoints
    return events.allocate(&bus);
}

pub fn freeTransfer(transfer: ?*usb.Transfer) callconv(.c) void {
    bus.lock.acquire();
    defer bus.lock.release();
    events.free(&bus, transfer orelse return);
}

pub fn submitTransfer(transfer: *usb.Transfer) callconv(.c) c_int {
    bus.lock.acquire();
    defer bus.lock.release();
    const handle: *Handle = @ptrCast(@alignCast(transfer.device_handle orelse return result(.invalid_param)));
    if (bus.failing(handle.port, .libusb_submit_transfer)) |code| return result(code);
    return result(transfers.submit(.of(transfer), handle, clock.monotonicNs()));
}

pub fn cancelTransfer(transfer: *usb.Transfer) callconv(.c) c_int {
    bus.lock.acquire();
    defer bus.lock.release();
    const handle: *Handle = @ptrCast(@alignCast(transfer.device_handle orelse return result(.not_found)));
    if (bus.failing(handle.port, .libusb_cancel_transfer)) |code| return result(code);
    return result(transfers.cancel(.of(transfer), clock.monotonicNs()));
}

pub fn handleEventsTimeoutCompleted(
    context: ?*Context,
    timeout: ?*const usb.Timeval,
    completed: ?*c_int,
) callconv(.c) c_int {
    const default_timeout_ns = 60 * std.time.ns_per_s;
    const timeout_ns: u64 = if (timeout) |time| ns: {
        const seconds: u64 = @intCast(@max(0, time.seconds));
        const microseconds: u64 = @intCast(@max(0, time.microseconds));
        break :ns seconds *| std.time.ns_per_s +| microseconds *| std.time.ns_per_us;
    } else default_timeout_ns;
    return result(events.handle(&bus, context, timeout_ns, completed));
}

pub fn interruptEventHandler(context: ?*Context) callconv(.c) void {
    events.interrupt(&bus, context);
}

/// Ordinary memory, which is charged here and not with each transfer.
pub fn devMemAlloc(handle: *Handle, length: usize) callconv(.c) ?[*]u8 {
    bus.lock.acquire();
    defer bus.lock.release();
    const port = handle.port;
    if (bus.failing(port, .libusb_dev_mem_alloc) != null or length == 0) return null;
    port.dma.ensureUnusedCapacity(bus.allocator, 1) catch return null;
    const memory = bus.allocator.alignedAlloc(u8, .fromByteUnits(std.heap.page_size_min), length) catch return null;
    if (!port.charge(length)) {
        bus.allocator.free(memory);
        return null;
    }
    port.dma.appendAssumeCapacity(memory);
    bus.device_memory_bytes += length;
    return memory.ptr;
}

pub fn devMemFree(handle: *Handle, memory: [*]align(std.heap.page_size_min) u8, length: usize) callconv(.c) c_int {
    bus.lock.acquire();
    defer bus.lock.release();
    const port = handle.port;
    if (bus.failing(port, .libusb_dev_mem_free)) |code| return result(code);
    const index = for (port.dma.items, 0..) |known, index| {
        if (known.ptr == memory and known.len == length) break index;
    } else return result(.invalid_param);
    _ = port.dma.swapRemove(index);
    port.memory_bytes -= length;
    bus.device_memory_bytes -= length;
    bus.allocator.free(memory[0..length]);
    return result(.success);
}
