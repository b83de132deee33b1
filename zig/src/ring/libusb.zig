//! The functions of libusb that the ring calls, looked up in the library that JavaScript loaded.

const std = @import("std");
const usb = @import("../usb_abi.zig");
const DynamicLibrary = @import("../system/dynamic_library.zig").DynamicLibrary;

pub const Context = opaque {};
pub const DeviceHandle = opaque {};

pub const Libusb = struct {
    alloc_transfer: *const fn (iso_packets: c_int) callconv(.c) ?*usb.Transfer,
    free_transfer: *const fn (transfer: *usb.Transfer) callconv(.c) void,
    submit_transfer: *const fn (transfer: *usb.Transfer) callconv(.c) c_int,
    cancel_transfer: *const fn (transfer: *usb.Transfer) callconv(.c) c_int,
    handle_events_timeout_completed: *const fn (
        context: *Context,
        timeout: *const usb.Timeval,
        completed: ?*c_int,
    ) callconv(.c) c_int,
    interrupt_event_handler: *const fn (context: *Context) callconv(.c) void,
    clear_halt: *const fn (device: *DeviceHandle, endpoint: u8) callconv(.c) c_int,
    dev_mem_alloc: *const fn (device: *DeviceHandle, length: usize) callconv(.c) ?[*]u8,
    dev_mem_free: *const fn (device: *DeviceHandle, bytes: [*]u8, length: usize) callconv(.c) c_int,
};

/// Closes what an ended thread has left open.
pub const Closing = struct {
    close: *const fn (device: usize) callconv(.c) void,
    exit: *const fn (context: usize) callconv(.c) void,
};

/// `path` is the one that JavaScript loaded libusb from, so the loader gives the same library again.
pub fn load(comptime Functions: type, path: [*:0]const u8) error{LibusbUnavailable}!Functions {
    const library = DynamicLibrary.open(path) catch return error.LibusbUnavailable;
    var functions: Functions = undefined;
    inline for (comptime std.meta.fieldNames(Functions)) |name| {
        @field(functions, name) = library.lookup(@FieldType(Functions, name), "libusb_" ++ name) catch
            return error.LibusbUnavailable;
    }
    return functions;
}
