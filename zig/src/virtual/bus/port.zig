//! A camera's place on the virtual bus: its owner, the transfers at its endpoints, and the memory that they take.

const std = @import("std");
const objects = @import("objects.zig");
const Bus = @import("bus.zig").Bus;
const Camera = @import("../camera/camera.zig").Camera;
const Endpoint = @import("../camera/endpoints.zig").Endpoint;

const List = std.DoublyLinkedList;

pub const default_memory_limit_bytes = 16 << 20;

/// A camera at its place on the bus.
pub const Port = struct {
    bus: *Bus,
    camera: *Camera,
    address: u8,
    /// Its place on the bus, from 1.
    number: u8 = 0,
    /// References of the bus while it is plugged in, and of libusb's devices.
    references: u32 = 1,
    /// Whether the user may open it.
    permission: bool = true,
    /// The limit for buffers of submitted transfers and DMA memory together, as of Linux's usbfs.
    memory_limit_bytes: u64 = default_memory_limit_bytes,
    memory_bytes: u64 = 0,
    dma: std.ArrayList([]const u8) = .empty,
    claimed_by: ?*objects.Handle = null,
    queues: std.EnumArray(Endpoint, List) = .initFill(.{}),
    /// Room in the queue of the event endpoint.
    event_room_bytes: u64 = 0,
    /// A thread is making what the camera shows.
    making_content: bool = false,

    /// False where the limit does not allow it.
    pub fn charge(port: *Port, length: u64) bool {
        if (port.memory_bytes + length > port.memory_limit_bytes) return false;
        port.memory_bytes += length;
        return true;
    }

    /// A buffer in DMA memory was charged when the memory was allocated (usbfs: `find_memory_area`).
    pub fn isDma(port: *const Port, buffer: []const u8) bool {
        const start = @intFromPtr(buffer.ptr);
        for (port.dma.items) |memory| {
            const offset = start -% @intFromPtr(memory.ptr);
            if (offset < memory.len) return buffer.len <= memory.len - offset;
        }
        return false;
    }
};
