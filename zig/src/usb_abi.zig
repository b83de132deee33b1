//! libusb-1.0's binary interface, as far as it is used: the structures, numbers and codes that cross the
//! boundary. The ring speaks it to libusb; the virtual camera's look-alike of libusb speaks it to the ring.
//!
//! Layouts and values are those of libusb 1.0 (`libusb.h`); the sizes below hold on 64-bit systems.

const std = @import("std");
const builtin = @import("builtin");

/// What functions return: 0 or a positive result, or one of these.
pub const ErrorCode = enum(c_int) {
    success = 0,
    io = -1,
    invalid_param = -2,
    access = -3,
    no_device = -4,
    not_found = -5,
    busy = -6,
    timeout = -7,
    overflow = -8,
    pipe = -9,
    interrupted = -10,
    no_mem = -11,
    not_supported = -12,
    other = -99,
    _,
};

/// How an asynchronous transfer ended.
pub const TransferStatus = enum(c_int) {
    completed = 0,
    @"error" = 1,
    timed_out = 2,
    cancelled = 3,
    stall = 4,
    no_device = 5,
    overflow = 6,
    _,
};

pub const TransferType = enum(u8) { control = 0, isochronous = 1, bulk = 2, interrupt = 3, bulk_stream = 4 };

/// Bits of `Transfer.flags`.
pub const TransferFlags = packed struct(u8) {
    /// A completed transfer that is not full is an error.
    short_not_ok: bool = false,
    /// `libusb_free_transfer` also frees the buffer.
    free_buffer: bool = false,
    /// libusb frees the transfer after its callback.
    free_transfer: bool = false,
    add_zero_packet: bool = false,
    _reserved: u4 = 0,
};

pub const TransferCallback = *const fn (transfer: *Transfer) callconv(.c) void;

/// `struct libusb_transfer`. Made by `libusb_alloc_transfer` only: libusb keeps its own state beside it.
pub const Transfer = extern struct {
    device_handle: ?*anyopaque,
    flags: u8,
    endpoint: u8,
    /// A `TransferType`.
    type: u8,
    /// Milliseconds, 0 = none.
    timeout: c_uint,
    status: TransferStatus,
    length: c_int,
    actual_length: c_int,
    callback: ?TransferCallback,
    user_data: ?*anyopaque,
    buffer: ?[*]u8,
    iso_packets: c_int,
    // Descriptors of isochronous packets would follow.
};

/// `struct timeval`.
pub const Timeval = extern struct {
    seconds: c_long,
    microseconds: if (builtin.os.tag.isDarwin()) i32 else c_long,
};

/// `struct libusb_version`.
pub const Version = extern struct {
    major: u16,
    minor: u16,
    micro: u16,
    nano: u16,
    release_candidate: [*:0]const u8,
    describe: [*:0]const u8,
};

/// `struct libusb_device_descriptor`; its numbers are in the host's order.
pub const DeviceDescriptor = extern struct {
    bLength: u8,
    bDescriptorType: u8,
    bcdUSB: u16,
    bDeviceClass: u8,
    bDeviceSubClass: u8,
    bDeviceProtocol: u8,
    bMaxPacketSize0: u8,
    idVendor: u16,
    idProduct: u16,
    bcdDevice: u16,
    iManufacturer: u8,
    iProduct: u8,
    iSerialNumber: u8,
    bNumConfigurations: u8,
};

/// `struct libusb_config_descriptor`.
pub const ConfigDescriptor = extern struct {
    bLength: u8,
    bDescriptorType: u8,
    wTotalLength: u16,
    bNumInterfaces: u8,
    bConfigurationValue: u8,
    iConfiguration: u8,
    bmAttributes: u8,
    MaxPower: u8,
    interface: [*]const Interface,
    extra: ?[*]const u8,
    extra_length: c_int,
};

/// `struct libusb_interface`.
pub const Interface = extern struct {
    altsetting: [*]const InterfaceDescriptor,
    num_altsetting: c_int,
};

/// `struct libusb_interface_descriptor`.
pub const InterfaceDescriptor = extern struct {
    bLength: u8,
    bDescriptorType: u8,
    bInterfaceNumber: u8,
    bAlternateSetting: u8,
    bNumEndpoints: u8,
    bInterfaceClass: u8,
    bInterfaceSubClass: u8,
    bInterfaceProtocol: u8,
    iInterface: u8,
    endpoint: ?[*]const EndpointDescriptor,
    extra: ?[*]const u8,
    extra_length: c_int,
};

/// `struct libusb_endpoint_descriptor`.
pub const EndpointDescriptor = extern struct {
    bLength: u8,
    bDescriptorType: u8,
    bEndpointAddress: u8,
    bmAttributes: u8,
    wMaxPacketSize: u16,
    bInterval: u8,
    /// This and the next one belong to audio devices.
    bRefresh: u8,
    bSynchAddress: u8,
    extra: ?[*]const u8,
    extra_length: c_int,
};

/// Results of `libusb_get_device_speed`.
pub const Speed = enum(c_int) { unknown = 0, low = 1, full = 2, high = 3, super = 4, super_plus = 5 };

/// Set in the number of an endpoint that carries data to the host.
pub const endpoint_in: u8 = 0x80;

/// What precedes the data in the buffer of an asynchronous control transfer.
pub const control_setup_size = 8;

comptime {
    std.debug.assert(@sizeOf(DeviceDescriptor) == 18);
    if (@sizeOf(usize) == 8) {
        std.debug.assert(@sizeOf(Transfer) == 64);
        std.debug.assert(@offsetOf(Transfer, "timeout") == 12);
        std.debug.assert(@offsetOf(Transfer, "callback") == 32);
        std.debug.assert(@offsetOf(Transfer, "iso_packets") == 56);
        std.debug.assert(@sizeOf(ConfigDescriptor) == 40);
        std.debug.assert(@sizeOf(InterfaceDescriptor) == 40);
        std.debug.assert(@sizeOf(EndpointDescriptor) == 32);
    }
}
