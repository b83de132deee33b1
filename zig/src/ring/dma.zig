//! Slots in memory that the kernel fills directly (`allowDma`).

const libusb_functions = @import("libusb.zig");
const Libusb = libusb_functions.Libusb;
const Slots = @import("slots.zig").Slots;

/// Slot by slot, until the kernel gives no more. Returns how many slots have such memory.
pub fn allocate(slots: *Slots, libusb: Libusb, device: *libusb_functions.DeviceHandle, length: u31) u32 {
    for (slots.entries, 0..) |*entry, count| {
        entry.bytes = libusb.dev_mem_alloc(device, length) orelse return @intCast(count);
        entry.dma = true;
    }
    return @intCast(slots.entries.len);
}

/// Gives it back; the slots have the ring's own memory again.
pub fn free(slots: *Slots, libusb: Libusb, device: *libusb_functions.DeviceHandle, length: u31) void {
    for (slots.entries, 0..) |*entry, index| {
        if (!entry.dma) continue;
        _ = libusb.dev_mem_free(device, entry.bytes, length);
        entry.bytes = slots.reserved.ptr + index * slots.slot_length;
        entry.dma = false;
    }
}
