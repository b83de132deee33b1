//! The bus as JSON, for accounts and checks for leaks: objects that programs hold, and counts.
//!
//!     { "contexts": 0, "handles": 0, "claims": 0, "transfers_pending": 0, "transfers_allocated": 0,
//!       "device_memory_bytes": 0,
//!       "bytes_emitted": 0, "bytes_in_failed_transfers": 0, "bytes_lost_in_camera": 0, "bytes_uncollected": 0,
//!       "cameras": [{ "serial": "00000001", "model": "evk4", "present": true, "streaming": false,
//!         "bytes_emitted": 0, "bytes_in_failed_transfers": 0, "bytes_lost_in_camera": 0, "transfers_completed": 0, "commands": 0,
//!         "registers_written": 0, "registers_hash": "cbf29ce484222325" }] }
//!
//! The bytes of the bus are those of all cameras that have ever been plugged in.

const std = @import("std");
const Accounts = @import("accounts.zig").Accounts;
const camera_description = @import("../json/camera_description.zig");
const Bus = @import("bus.zig").Bus;

/// Fields of the bus.
const totals = .{ "contexts", "handles", "claims", "transfers_pending", "transfers_allocated", "device_memory_bytes" };

pub fn write(bus: *Bus, output: *std.Io.Writer) std.Io.Writer.Error!void {
    bus.lock.acquire();
    defer bus.lock.release();
    var json: std.json.Stringify = .{ .writer = output };
    try json.beginObject();
    inline for (totals) |name| {
        try json.objectField(name);
        try json.write(@field(bus, name));
    }
    var all = bus.departed;
    for (bus.ports.items) |port| all.add(.of(port.camera));
    inline for (comptime std.meta.fieldNames(Accounts)) |name| {
        try json.objectField(name);
        try json.write(@field(all, name));
    }
    try json.objectField("bytes_uncollected");
    try json.write(bus.bytes_uncollected);
    try json.objectField("cameras");
    try json.beginArray();
    for (bus.ports.items) |port| try camera_description.write(port.camera, &json);
    try json.endArray();
    try json.endObject();
}
