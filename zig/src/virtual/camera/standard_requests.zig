//! The requests that every USB device answers on its control endpoint (USB 3.2, chapter 9.4).

const std = @import("std");
const camera_module = @import("camera.zig");
const Camera = camera_module.Camera;
const Setup = camera_module.Setup;

/// bmRequestType << 8 | bRequest.
const Request = struct {
    const get_status = 0x8000;
    const get_endpoint_status = 0x8200;
    const get_descriptor = 0x8006;
    const get_configuration = 0x8008;
    const get_interface = 0x810A;
    const set_configuration = 0x0009;
    const set_interface = 0x010B;
    const clear_endpoint_feature = 0x0201;
    /// Features of the device: U1 and U2.
    const clear_feature = 0x0001;
    const set_feature = 0x0003;
    const set_exit_latency = 0x0030;
    const set_isochronous_delay = 0x0031;
};

/// Null for any other request, and for one that stalls.
pub fn answer(camera: *Camera, now_ns: u64, setup: Setup, buffer: *camera_module.Answer) ?[]const u8 {
    switch (@as(u16, setup.request_type) << 8 | setup.request) {
        Request.get_descriptor => return camera.descriptor(setup.value, buffer),
        Request.get_status => return "\x00\x00", // bus-powered
        Request.get_configuration => return "\x01",
        Request.get_interface => return "\x00", // alternate setting
        Request.get_endpoint_status => {
            const endpoint = camera.endpointOf(@truncate(setup.index)) orelse return null;
            return if (camera.halted.contains(endpoint)) "\x01\x00" else "\x00\x00";
        },
        Request.set_configuration => return if (setup.value == 1) resetEndpoints(camera, now_ns) else null,
        // There is one interface, 0, with one setting, 0.
        Request.set_interface => {
            return if (setup.value == 0 and setup.index == 0) resetEndpoints(camera, now_ns) else null;
        },
        Request.clear_endpoint_feature => {
            if (setup.value != 0) return null; // the only feature is the halt
            camera.clearHalt(now_ns, camera.endpointOf(@truncate(setup.index)) orelse return null);
            return "";
        },
        Request.clear_feature, Request.set_feature, Request.set_exit_latency, Request.set_isochronous_delay => return "",
        else => return null,
    }
}

fn resetEndpoints(camera: *Camera, now_ns: u64) []const u8 {
    camera.resetEndpoints(now_ns);
    return "";
}
