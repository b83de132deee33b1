//! Slots in memory that the kernel fills directly (`allowDma`).

const libusb_functions = @import("libusb.zig");
const Libusb = libusb_functions.Libusb;
const Slots = @import("slots.zig").Slots;

/// Gives slots such memory, one by one, until the kernel refuses. Returns how many have it.
///
/// Linux takes it, and ordinary buffers while they are submitted, from one account (`usbfs_memory_mb`; usbdev_mmap and
/// proc_do_submiturb in drivers/usb/core/devio.c). A backlog may hold all of these slots, so that every transfer needs
/// an ordinary one: memory for those, and a buffer for commands, is given back.
pub fn allocate(
    slots: *Slots,
    libusb: Libusb,
    device: *libusb_functions.DeviceHandle,
    length: u31,
    transfers: u32,
) u32 {
    const given = for (slots.entries, 0..) |*entry, count| {
        entry.bytes = libusb.dev_mem_alloc(device, length) orelse break count;
        entry.dma = true;
    } else slots.entries.len;
    const kept = if (given < slots.entries.len) given -| (transfers + 1) else given;
    freeFrom(kept, slots, libusb, device, length);
    return @intCast(kept);
}

/// Gives the kernel's memory back; the slots have the ring's own memory again.
pub fn free(slots: *Slots, libusb: Libusb, device: *libusb_functions.DeviceHandle, length: u31) void {
    freeFrom(0, slots, libusb, device, length);
}

fn freeFrom(first: usize, slots: *Slots, libusb: Libusb, device: *libusb_functions.DeviceHandle, length: u31) void {
    for (slots.entries[first..], first..) |*entry, index| {
        if (!entry.dma) continue;
        _ = libusb.dev_mem_free(device, entry.bytes, length);
        entry.bytes = slots.reserved.ptr + index * slots.slot_length;
        entry.dma = false;
    }
}
