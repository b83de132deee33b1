//! The exports of the virtual camera as WebAssembly. `src/web/virtual/camera_module.ts` has their types.

const camera = @import("camera_api.zig");

pub const functions = .{
    .nd_virtual_allocate = &camera.allocate,
    .nd_virtual_free = &camera.free,
    .nd_virtual_create = &camera.create,
    .nd_virtual_destroy = &camera.destroy,
    .nd_virtual_endpoint = &camera.endpoint,
    .nd_virtual_control = &camera.control,
    .nd_virtual_write = &camera.write,
    .nd_virtual_read = &camera.read,
    .nd_virtual_ready_at = &camera.readyAt,
    .nd_virtual_advance = &camera.advance,
    .nd_virtual_clear_halt = &camera.clearHalt,
    .nd_virtual_reset_endpoints = &camera.resetEndpoints,
    .nd_virtual_make_content = &camera.makeContent,
    .nd_virtual_install_content = &camera.installContent,
    .nd_virtual_describe = &camera.describe,
};
