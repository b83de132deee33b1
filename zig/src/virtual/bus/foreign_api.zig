//! The functions of libusb that other programs call and ours does not: those that the crates rusb and neuromorphic-drivers and
//! OpenEB's plugin link. As in `libusb_api.zig`, libusb's documentation describes them.

const std = @import("std");
const usb = @import("../../usb_abi.zig");
const clock = @import("../../system/clock.zig");
const config_descriptor = @import("config_descriptor.zig");
const libusb = @import("libusb_api.zig");
const transfers = @import("transfers.zig");
const bus_module = @import("bus.zig");
const Answer = @import("../camera/camera.zig").Answer;
const Context = bus_module.Context;
const Device = bus_module.Device;
const Function = @import("../camera/faults.zig").Function;
const Handle = bus_module.Handle;
const ErrorCode = usb.ErrorCode;

fn result(code: ErrorCode) c_int {
    return @backingInt(code);
}

// Library

pub fn strerror(code: c_int) callconv(.c) [*:0]const u8 {
    return switch (@as(ErrorCode, @fromBackingInt(code))) {
        .success => "Success",
        .io => "Input or output failed",
        .invalid_param => "Invalid parameter",
        .access => "Access denied",
        .no_device => "The device is gone",
        .not_found => "Not found",
        .busy => "The resource is busy",
        .timeout => "Timed out",
        .overflow => "Overflow",
        .pipe => "Pipe error",
        .interrupted => "Interrupted by a signal",
        .no_mem => "Out of memory",
        .not_supported => "Not supported on the virtual bus",
        .other => "Other error",
        _ => "Unknown error",
    };
}

/// Messages are in English only.
pub fn setlocale(_: ?[*:0]const u8) callconv(.c) c_int {
    return result(.success);
}

/// There is no log.
pub fn setDebug(_: ?*Context, _: c_int) callconv(.c) void {}

/// There is no log.
pub fn setLogCb(_: ?*Context, _: ?*const anyopaque, _: c_int) callconv(.c) void {}

/// `libusb_has_capability` says that there are no hotplug callbacks.
pub fn hotplugRegisterCallback(
    _: ?*Context,
    _: c_int,
    _: c_int,
    _: c_int,
    _: c_int,
    _: c_int,
    _: ?*const anyopaque,
    _: ?*anyopaque,
    _: ?*c_int,
) callconv(.c) c_int {
    return result(.not_supported);
}

pub fn hotplugDeregisterCallback(_: ?*Context, _: c_int) callconv(.c) void {}

pub fn hotplugGetUserData(_: ?*Context, _: c_int) callconv(.c) ?*anyopaque {
    return null;
}

// Devices

/// A camera is plugged into the bus itself, so there is no hub above it.
pub fn getParent(_: *Device) callconv(.c) ?*Device {
    return null;
}

pub fn getPortNumber(device: *Device) callconv(.c) u8 {
    return device.port.number;
}

pub fn getPortNumbers(device: *Device, numbers: ?[*]u8, capacity: c_int) callconv(.c) c_int {
    if (capacity <= 0) return result(.invalid_param);
    (numbers orelse return result(.invalid_param))[0] = device.port.number;
    return 1;
}

pub fn getActiveConfigDescriptor(device: *Device, output: *?*usb.ConfigDescriptor) callconv(.c) c_int {
    return result(readConfigDescriptor(device, .libusb_get_active_config_descriptor, output));
}

pub fn getConfigDescriptor(device: *Device, index: u8, output: *?*usb.ConfigDescriptor) callconv(.c) c_int {
    if (index != 0) return result(.not_found);
    return result(readConfigDescriptor(device, .libusb_get_config_descriptor, output));
}

pub fn getConfigDescriptorByValue(device: *Device, value: u8, output: *?*usb.ConfigDescriptor) callconv(.c) c_int {
    if (value != configuration_value) return result(.not_found);
    return result(readConfigDescriptor(device, .libusb_get_config_descriptor, output));
}

fn readConfigDescriptor(device: *Device, function: Function, output: *?*usb.ConfigDescriptor) ErrorCode {
    const bus = &libusb.bus;
    bus.lock.acquire();
    defer bus.lock.release();
    if (bus.failing(device.port, function)) |code| return code;
    var answer: Answer = undefined;
    const bytes = device.port.camera.descriptor(0x0200, &answer) orelse return .not_found;
    const owned = config_descriptor.parse(bus.allocator, bytes) catch |failure| return switch (failure) {
        error.OutOfMemory => .no_mem,
        error.Malformed => .io,
    };
    output.* = &owned.descriptor;
    return .success;
}

pub fn freeConfigDescriptor(descriptor: ?*usb.ConfigDescriptor) callconv(.c) void {
    config_descriptor.Owned.of(descriptor orelse return).destroy();
}

// Handles

/// The device is not referenced again.
pub fn getDevice(handle: *Handle) callconv(.c) *Device {
    return handle.device;
}

/// The first device with these ids; null where there is none or it cannot be opened.
pub fn openDeviceWithVidPid(context: ?*Context, vendor_id: u16, product_id: u16) callconv(.c) ?*Handle {
    var list: [*:null]?*Device = undefined;
    if (libusb.getDeviceList(context, &list) < 0) return null;
    defer libusb.freeDeviceList(list, 1);
    for (std.mem.span(list)) |device| {
        var descriptor: usb.DeviceDescriptor = undefined;
        if (libusb.getDeviceDescriptor(device.?, &descriptor) != 0) continue;
        if (descriptor.idVendor != vendor_id or descriptor.idProduct != product_id) continue;
        var handle: ?*Handle = null;
        return if (libusb.open(device.?, &handle) == 0) handle else null;
    }
    return null;
}

/// There are no files of a system behind the bus.
pub fn wrapSysDevice(_: ?*Context, _: isize, _: ?*?*Handle) callconv(.c) c_int {
    return result(.not_supported);
}

pub fn getConfiguration(handle: *Handle, value: *c_int) callconv(.c) c_int {
    const code = check(handle, .libusb_get_configuration);
    if (code == .success) value.* = configuration_value;
    return result(code);
}

/// Selecting the active configuration again resets the endpoints, and is refused while the interface is claimed.
pub fn setConfiguration(handle: *Handle, value: c_int) callconv(.c) c_int {
    const bus = &libusb.bus;
    bus.lock.acquire();
    defer bus.lock.release();
    const port = handle.port;
    if (bus.failing(port, .libusb_set_configuration)) |code| return result(code);
    if (!port.camera.present) return result(.no_device);
    if (value != configuration_value) return result(.not_found);
    if (port.claimed_by != null) return result(.busy);
    port.camera.resetEndpoints(clock.monotonicNs());
    return result(.success);
}

/// A camera keeps its registers and its stream, as over USB/IP, where no reset reaches it. Claims stay, as in libusb.
pub fn resetDevice(handle: *Handle) callconv(.c) c_int {
    const bus = &libusb.bus;
    bus.lock.acquire();
    defer bus.lock.release();
    const port = handle.port;
    if (bus.failing(port, .libusb_reset_device)) |code| return result(code);
    if (!port.camera.present) return result(.no_device);
    port.camera.resetEndpoints(clock.monotonicNs());
    bus.lock.changed();
    return result(.success);
}

/// No driver of a kernel ever has a camera.
pub fn kernelDriverActive(handle: *Handle, interface: c_int) callconv(.c) c_int {
    if (interface != 0) return result(.not_found);
    return result(check(handle, .libusb_kernel_driver_active));
}

pub fn detachKernelDriver(handle: *Handle, _: c_int) callconv(.c) c_int {
    const code = check(handle, .libusb_detach_kernel_driver);
    return result(if (code == .success) .not_found else code);
}

pub fn attachKernelDriver(handle: *Handle, _: c_int) callconv(.c) c_int {
    const code = check(handle, .libusb_attach_kernel_driver);
    return result(if (code == .success) .not_found else code);
}

fn check(handle: *Handle, function: Function) ErrorCode {
    const bus = &libusb.bus;
    bus.lock.acquire();
    defer bus.lock.release();
    if (bus.failing(handle.port, function)) |code| return code;
    return if (handle.port.camera.present) .success else .no_device;
}

/// NUL-terminated; returns the length without the NUL. What is not ASCII becomes a question mark.
pub fn getStringDescriptorAscii(handle: *Handle, index: u8, output: ?[*]u8, capacity: c_int) callconv(.c) c_int {
    if (index == 0 or capacity <= 0) return result(.invalid_param);
    const text = output orelse return result(.invalid_param);
    var languages: [4]u8 = undefined;
    const known = readStringDescriptor(handle, 0, 0, &languages);
    if (known < 0) return known;
    if (known != languages.len) return result(.io);
    var descriptor: [255]u8 = undefined;
    const language = std.mem.readInt(u16, languages[2..4], .little);
    const length = readStringDescriptor(handle, index, language, &descriptor);
    if (length < 0) return length;
    if (length < 2 or descriptor[1] != 3 or descriptor[0] > length) return result(.io);
    const units = @divFloor(descriptor[0] -| 2, 2);
    const count: usize = @min(units, @as(usize, @intCast(capacity)) - 1);
    for (0..count) |position| {
        const unit = std.mem.readInt(u16, descriptor[2 + 2 * position ..][0..2], .little);
        text[position] = if (unit < 0x80) @intCast(unit) else '?';
    }
    text[count] = 0;
    return @intCast(count);
}

fn readStringDescriptor(handle: *Handle, index: u8, language: u16, output: []u8) c_int {
    const get_descriptor = 6;
    const value = @as(u16, 3) << 8 | index;
    return libusb.controlTransfer(handle, usb.endpoint_in, get_descriptor, value, language, output.ptr, @intCast(output.len), 1000);
}

// Transfers

/// No camera has interrupt endpoints.
pub fn interruptTransfer(
    _: *Handle,
    _: u8,
    _: ?[*]u8,
    _: c_int,
    _: ?*c_int,
    _: c_uint,
) callconv(.c) c_int {
    return result(.not_found);
}

/// No camera has streams: the number is kept, and no more.
pub fn transferSetStreamId(transfer: *usb.Transfer, stream_id: u32) callconv(.c) void {
    transfers.Cell.of(transfer).stream_id = stream_id;
}

pub fn transferGetStreamId(transfer: *usb.Transfer) callconv(.c) u32 {
    return transfers.Cell.of(transfer).stream_id;
}

pub fn handleEvents(context: ?*Context) callconv(.c) c_int {
    return libusb.handleEventsTimeoutCompleted(context, null, null);
}

pub fn handleEventsCompleted(context: ?*Context, completed: ?*c_int) callconv(.c) c_int {
    return libusb.handleEventsTimeoutCompleted(context, null, completed);
}

pub fn handleEventsTimeout(context: ?*Context, timeout: ?*const usb.Timeval) callconv(.c) c_int {
    return libusb.handleEventsTimeoutCompleted(context, timeout, null);
}

/// None: the functions that handle events see to timeouts themselves.
pub fn getNextTimeout(_: ?*Context, _: ?*usb.Timeval) callconv(.c) c_int {
    return 0;
}

const configuration_value = 1;
