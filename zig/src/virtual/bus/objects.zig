//! The objects of libusb that programs hold. Their lifetimes are in bus.zig.

const std = @import("std");
const Port = @import("port.zig").Port;

const List = std.DoublyLinkedList;

/// A `libusb_device`: a port as one context sees it.
pub const Device = struct {
    node: List.Node = .{},
    context: *Context,
    port: *Port,
    /// References of device lists, of programs and of handles.
    references: u32 = 0,

    pub fn at(node: *List.Node) *Device {
        return @fieldParentPtr("node", node);
    }
};

/// A `libusb_device_handle`.
pub const Handle = struct {
    node: List.Node = .{},
    context: *Context,
    device: *Device,
    port: *Port,

    pub fn at(node: *List.Node) *Handle {
        return @fieldParentPtr("node", node);
    }
};

/// A `libusb_context`.
pub const Context = struct {
    /// How often it was initialised (the default one can be several times).
    users: u32 = 1,
    /// One reference of all users together, and one of each device.
    references: u32 = 1,
    devices: List = .{},
    handles: List = .{},
    /// Ended transfers whose callbacks are due.
    ended: List = .{},
    /// A thread is handling events.
    handling: bool = false,
    interrupted: bool = false,
};
