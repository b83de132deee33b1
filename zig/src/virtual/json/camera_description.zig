//! What a camera has done, as JSON text.
//!
//!     { "serial": "00000001", "model": "evk4", "present": true, "streaming": false,
//!       "bytes_emitted": 0, "bytes_in_failed_transfers": 0, "bytes_lost_in_camera": 0, "transfers_completed": 0, "commands": 0,
//!       "registers_written": 0, "registers_hash": "cbf29ce484222325" }
//!
//! The hash is FNV-1a (64 bits) over address and value, little-endian, of each register write in order.

const std = @import("std");
const Camera = @import("../camera/camera.zig").Camera;
const serialText = @import("../camera/camera.zig").serialText;

pub fn write(camera: *const Camera, json: *std.json.Stringify) std.Io.Writer.Error!void {
    const account = camera.account();
    var serial: [8]u8 = undefined;
    var hash_text: [16]u8 = undefined;
    try json.write(.{
        .serial = serialText(camera.serial, &serial),
        .model = camera.model,
        .present = camera.present,
        .streaming = account.streaming,
        .bytes_emitted = account.bytes_emitted,
        .bytes_in_failed_transfers = camera.bytes_failed,
        .bytes_lost_in_camera = account.bytes_lost,
        .transfers_completed = camera.transfers,
        .commands = camera.commands,
        .registers_written = account.registers_written,
        .registers_hash = std.fmt.bufPrint(&hash_text, "{x:0>16}", .{account.registers_hash}) catch unreachable,
    });
}
