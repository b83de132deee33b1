//! A camera that can be plugged into the virtual bus, and what it is made from.

const std = @import("std");
const usb = @import("../../usb_abi.zig");
const Camera = @import("camera.zig").Camera;
const EndpointNumbers = @import("endpoints.zig").EndpointNumbers;
const Fault = @import("faults.zig").Fault;
const Source = @import("../sensor/source.zig").Source;

pub const Model = struct {
    /// In the bus's JSON and on the command line of the USB/IP program.
    name: []const u8,
    endpoints: EndpointNumbers,
    /// The camera takes `options.source` and `options.faults`, unless this fails.
    create: *const fn (allocator: std.mem.Allocator, options: Options) error{OutOfMemory}!*Camera,
};

pub const Options = struct {
    serial: u32,
    speed: usb.Speed,
    /// Of the same allocator.
    faults: []const Fault,
    source: Source,
};
