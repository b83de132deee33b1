//! The exports of the virtual camera's library, a bare list. `ffi/symbols.ts` and `ring/libusb.zig` say which
//! functions of libusb are called.

const control = @import("virtual/bus/control_api.zig");
const libusb = @import("virtual/bus/libusb_api.zig");

comptime {
    @export(&control.configure, .{ .name = "nd_virtual_configure" });
    @export(&control.describe, .{ .name = "nd_virtual_describe" });

    @export(&libusb.init, .{ .name = "libusb_init" });
    @export(&libusb.initContext, .{ .name = "libusb_init_context" });
    @export(&libusb.exit, .{ .name = "libusb_exit" });
    @export(&libusb.setOption, .{ .name = "libusb_set_option" });
    @export(&libusb.getVersion, .{ .name = "libusb_get_version" });
    @export(&libusb.hasCapability, .{ .name = "libusb_has_capability" });
    @export(&libusb.errorName, .{ .name = "libusb_error_name" });

    @export(&libusb.getDeviceList, .{ .name = "libusb_get_device_list" });
    @export(&libusb.freeDeviceList, .{ .name = "libusb_free_device_list" });
    @export(&libusb.refDevice, .{ .name = "libusb_ref_device" });
    @export(&libusb.unrefDevice, .{ .name = "libusb_unref_device" });
    @export(&libusb.getDeviceDescriptor, .{ .name = "libusb_get_device_descriptor" });
    @export(&libusb.getMaxPacketSize, .{ .name = "libusb_get_max_packet_size" });
    @export(&libusb.getBusNumber, .{ .name = "libusb_get_bus_number" });
    @export(&libusb.getDeviceAddress, .{ .name = "libusb_get_device_address" });
    @export(&libusb.getDeviceSpeed, .{ .name = "libusb_get_device_speed" });

    @export(&libusb.open, .{ .name = "libusb_open" });
    @export(&libusb.close, .{ .name = "libusb_close" });
    @export(&libusb.setAutoDetachKernelDriver, .{ .name = "libusb_set_auto_detach_kernel_driver" });
    @export(&libusb.claimInterface, .{ .name = "libusb_claim_interface" });
    @export(&libusb.releaseInterface, .{ .name = "libusb_release_interface" });
    @export(&libusb.clearHalt, .{ .name = "libusb_clear_halt" });
    @export(&libusb.controlTransfer, .{ .name = "libusb_control_transfer" });
    @export(&libusb.bulkTransfer, .{ .name = "libusb_bulk_transfer" });

    @export(&libusb.allocTransfer, .{ .name = "libusb_alloc_transfer" });
    @export(&libusb.freeTransfer, .{ .name = "libusb_free_transfer" });
    @export(&libusb.submitTransfer, .{ .name = "libusb_submit_transfer" });
    @export(&libusb.cancelTransfer, .{ .name = "libusb_cancel_transfer" });
    @export(&libusb.handleEventsTimeoutCompleted, .{ .name = "libusb_handle_events_timeout_completed" });
    @export(&libusb.interruptEventHandler, .{ .name = "libusb_interrupt_event_handler" });
    @export(&libusb.devMemAlloc, .{ .name = "libusb_dev_mem_alloc" });
    @export(&libusb.devMemFree, .{ .name = "libusb_dev_mem_free" });
}

test {
    _ = @import("virtual/evk4/camera_test.zig");
    _ = @import("virtual/sensor/event_filter_test.zig");
    _ = @import("virtual/sensor/filtered_test.zig");
    _ = @import("virtual/sensor/scene_test.zig");
    _ = @import("virtual/sensor/sensor_stream_test.zig");
    _ = @import("virtual/bus/libusb_api_test.zig");
    _ = control;
    _ = libusb;
}
