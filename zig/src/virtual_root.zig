//! The virtual camera's library: its exports stand in virtual/bus/exports.zig.

const export_table = @import("system/export_table.zig");
const exports = @import("virtual/bus/exports.zig");

comptime {
    export_table.exportAll(exports.functions);
}

test {
    _ = @import("system/environment.zig");
    _ = @import("system/file.zig");
    _ = @import("system/heap.zig");
    _ = @import("virtual/evk4/digital_test.zig");
    _ = @import("virtual/evk4/evk4_test.zig");
    _ = @import("virtual/evk4/firmware_test.zig");
    _ = @import("virtual/evk4/genx320/filter_registers_test.zig");
    _ = @import("virtual/evk4/genx320/registers_test.zig");
    _ = @import("virtual/evk4/registers_test.zig");
    _ = @import("virtual/sensor/event_filter_test.zig");
    _ = @import("virtual/sensor/evt21_stream_test.zig");
    _ = @import("virtual/sensor/evt21_writer_test.zig");
    _ = @import("virtual/sensor/filter_property_test.zig");
    _ = @import("virtual/sensor/filtered_test.zig");
    _ = @import("virtual/sensor/scene_test.zig");
    _ = @import("virtual/sensor/sensor_stream_test.zig");
    _ = @import("virtual/bus/bus_json_test.zig");
    _ = @import("virtual/bus/configuration_test.zig");
    _ = @import("virtual/bus/libusb_api_test.zig");
    _ = @import("virtual/bus/config_descriptor.zig");
    _ = @import("virtual/bus/foreign_api_test.zig");
    _ = @import("virtual/bus/made_up_camera_test.zig");
    _ = @import("virtual/bus/unread_reply_test.zig");
    _ = @import("virtual/bus/control_api.zig");
    _ = @import("virtual/bus/libusb_api.zig");
}
