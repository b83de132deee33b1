//! The exports of the virtual camera's library, a bare list. `ffi/symbols.ts` and `ring/libusb.zig` say which
//! functions of libusb are called.

const control = @import("control_api.zig");
const libusb = @import("libusb_api.zig");

pub const functions = .{
    .nd_virtual_configure = &control.configure,
    .nd_virtual_describe = &control.describe,
    .nd_virtual_layout = &control.layout,

    .libusb_init = &libusb.init,
    .libusb_init_context = &libusb.initContext,
    .libusb_exit = &libusb.exit,
    .libusb_set_option = &libusb.setOption,
    .libusb_get_version = &libusb.getVersion,
    .libusb_has_capability = &libusb.hasCapability,
    .libusb_error_name = &libusb.errorName,

    .libusb_get_device_list = &libusb.getDeviceList,
    .libusb_free_device_list = &libusb.freeDeviceList,
    .libusb_ref_device = &libusb.refDevice,
    .libusb_unref_device = &libusb.unrefDevice,
    .libusb_get_device_descriptor = &libusb.getDeviceDescriptor,
    .libusb_get_max_packet_size = &libusb.getMaxPacketSize,
    .libusb_get_bus_number = &libusb.getBusNumber,
    .libusb_get_device_address = &libusb.getDeviceAddress,
    .libusb_get_device_speed = &libusb.getDeviceSpeed,

    .libusb_open = &libusb.open,
    .libusb_close = &libusb.close,
    .libusb_set_auto_detach_kernel_driver = &libusb.setAutoDetachKernelDriver,
    .libusb_claim_interface = &libusb.claimInterface,
    .libusb_release_interface = &libusb.releaseInterface,
    .libusb_set_interface_alt_setting = &libusb.setInterfaceAltSetting,
    .libusb_clear_halt = &libusb.clearHalt,
    .libusb_control_transfer = &libusb.controlTransfer,
    .libusb_bulk_transfer = &libusb.bulkTransfer,

    .libusb_alloc_transfer = &libusb.allocTransfer,
    .libusb_free_transfer = &libusb.freeTransfer,
    .libusb_submit_transfer = &libusb.submitTransfer,
    .libusb_cancel_transfer = &libusb.cancelTransfer,
    .libusb_handle_events_timeout_completed = &libusb.handleEventsTimeoutCompleted,
    .libusb_interrupt_event_handler = &libusb.interruptEventHandler,
    .libusb_dev_mem_alloc = &libusb.devMemAlloc,
    .libusb_dev_mem_free = &libusb.devMemFree,
};
