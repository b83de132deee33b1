//! The endpoints of a camera: what each is for, and its number.

const std = @import("std");
const usb = @import("../../usb_abi.zig");

/// What an endpoint is for.
pub const Endpoint = enum {
    control,
    /// Bulk, to the camera: requests.
    commands,
    /// Bulk, to the host: the replies to the requests.
    replies,
    /// Bulk, to the host: the stream of events, which is lost where the host offers no room.
    events,
};

/// The number of each endpoint that a camera has, with the direction in its highest bit.
pub const EndpointNumbers = std.EnumMap(Endpoint, u8);

pub fn endpointOf(numbers: *const EndpointNumbers, number: u8) ?Endpoint {
    for (std.enums.values(Endpoint)) |endpoint| if (numbers.get(endpoint) == number) return endpoint;
    return null;
}

/// Of bulk endpoints, as USB has it.
pub fn maxPacketSize(speed: usb.Speed) u16 {
    return if (@backingInt(speed) >= @backingInt(usb.Speed.super)) 1024 else 512;
}
