//! The exports of the virtual camera's library, a bare list. `ffi/symbols.ts` and `ring/libusb.zig` say which
//! functions of libusb ours calls; other programs call those of `foreign_api.zig`, too.

const control = @import("control_api.zig");
const foreign = @import("foreign_api.zig");
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

    .libusb_strerror = &foreign.strerror,
    .libusb_setlocale = &foreign.setlocale,
    .libusb_set_debug = &foreign.setDebug,
    .libusb_set_log_cb = &foreign.setLogCb,
    .libusb_hotplug_register_callback = &foreign.hotplugRegisterCallback,
    .libusb_hotplug_deregister_callback = &foreign.hotplugDeregisterCallback,
    .libusb_hotplug_get_user_data = &foreign.hotplugGetUserData,

    .libusb_get_parent = &foreign.getParent,
    .libusb_get_port_number = &foreign.getPortNumber,
    .libusb_get_port_numbers = &foreign.getPortNumbers,
    .libusb_get_active_config_descriptor = &foreign.getActiveConfigDescriptor,
    .libusb_get_config_descriptor = &foreign.getConfigDescriptor,
    .libusb_get_config_descriptor_by_value = &foreign.getConfigDescriptorByValue,
    .libusb_free_config_descriptor = &foreign.freeConfigDescriptor,

    .libusb_get_device = &foreign.getDevice,
    .libusb_open_device_with_vid_pid = &foreign.openDeviceWithVidPid,
    .libusb_wrap_sys_device = &foreign.wrapSysDevice,
    .libusb_get_configuration = &foreign.getConfiguration,
    .libusb_set_configuration = &foreign.setConfiguration,
    .libusb_reset_device = &foreign.resetDevice,
    .libusb_kernel_driver_active = &foreign.kernelDriverActive,
    .libusb_detach_kernel_driver = &foreign.detachKernelDriver,
    .libusb_attach_kernel_driver = &foreign.attachKernelDriver,
    .libusb_get_string_descriptor_ascii = &foreign.getStringDescriptorAscii,

    .libusb_interrupt_transfer = &foreign.interruptTransfer,
    .libusb_transfer_set_stream_id = &foreign.transferSetStreamId,
    .libusb_transfer_get_stream_id = &foreign.transferGetStreamId,
    .libusb_handle_events = &foreign.handleEvents,
    .libusb_handle_events_completed = &foreign.handleEventsCompleted,
    .libusb_handle_events_timeout = &foreign.handleEventsTimeout,
    .libusb_get_next_timeout = &foreign.getNextTimeout,
};
