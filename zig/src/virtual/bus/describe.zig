//! What is held and what has happened on the bus, as JSON: for accounts and checks for leaks.
//!
//!     { "contexts": 0, "handles": 0, "claims": 0, "transfers_pending": 0, "transfers_allocated": 0,
//!       "device_memory_bytes": 0,
//!       "bytes_emitted": 0, "bytes_in_failed_transfers": 0, "bytes_lost_in_camera": 0, "bytes_uncollected": 0,
//!       "cameras": [{ "serial": "00000001", "model": "evk4", "present": true, "streaming": false,
//!         "bytes_emitted": 0, "bytes_in_failed_transfers": 0, "bytes_lost_in_camera": 0, "transfers_completed": 0, "commands": 0,
//!         "registers_written": 0, "registers_hash": "cbf29ce484222325" }] }
//!
//! The bytes of the bus are those of all cameras that have ever been plugged in.
//!
//! The hash is FNV-1a (64 bits) over address and value, little-endian, of each register write in order.

const std = @import("std");
const model = @import("../evk4/descriptors.zig");
const Accounts = @import("accounts.zig").Accounts;
const Bus = @import("bus.zig").Bus;

/// Fields of the bus.
const totals = .{ "contexts", "handles", "claims", "transfers_pending", "transfers_allocated", "device_memory_bytes" };

pub fn write(bus: *Bus, output: *std.Io.Writer) std.Io.Writer.Error!void {
    bus.monitor.lock();
    defer bus.monitor.unlock();
    var json: std.json.Stringify = .{ .writer = output };
    try json.beginObject();
    inline for (totals) |name| {
        try json.objectField(name);
        try json.write(@field(bus, name));
    }
    var all = bus.departed;
    for (bus.ports.items) |port| all.add(.of(&port.camera));
    inline for (comptime std.meta.fieldNames(Accounts)) |name| {
        try json.objectField(name);
        try json.write(@field(all, name));
    }
    try json.objectField("bytes_uncollected");
    try json.write(bus.bytes_uncollected);
    try json.objectField("cameras");
    try json.beginArray();
    for (bus.ports.items) |port| {
        const camera = &port.camera;
        var serial: [8]u8 = undefined;
        var hash = camera.board.registers.hash;
        var hash_text: [16]u8 = undefined;
        try json.write(.{
            .serial = model.serialText(camera.board.serial, &serial),
            .model = camera.model.name,
            .present = camera.present,
            .streaming = camera.stream.running,
            .bytes_emitted = camera.stream.bytes_sent,
            .bytes_in_failed_transfers = camera.bytes_failed,
            .bytes_lost_in_camera = camera.stream.bytes_lost,
            .transfers_completed = camera.transfers,
            .commands = camera.commands,
            .registers_written = camera.board.registers.written,
            .registers_hash = std.fmt.bufPrint(&hash_text, "{x:0>16}", .{hash.final()}) catch unreachable,
        });
    }
    try json.endArray();
    try json.endObject();
}
