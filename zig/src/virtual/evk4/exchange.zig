//! Requests and their replies: one request, one reply.
//!
//! No source knows what a board does with a request whose predecessor's reply was not read, so both are modelled
//! (`UnreadReply`).

const std = @import("std");
const camera_module = @import("../camera/camera.zig");
const firmware = @import("firmware.zig");
const Camera = camera_module.Camera;
const Fault = @import("../camera/faults.zig").Fault;
const Outcome = camera_module.Outcome;
const Place = @import("../camera/faults.zig").Place;
const UnreadReply = @import("../camera/model.zig").UnreadReply;

const replies: Place = .{ .endpoint = .replies };

pub const Exchange = struct {
    unread: UnreadReply = .wait,
    reply: [firmware.maximum_reply]u8 = undefined,
    /// Null when no reply waits.
    length: ?usize = null,
    answered_ns: u64 = 0,

    /// A transfer with a request.
    pub fn take(exchange: *Exchange, camera: *Camera, board: *firmware.Board, now_ns: u64, request: []const u8) Outcome {
        if (exchange.length != null and exchange.unread == .wait) return .pending;
        if (camera.faults.meet(.{ .endpoint = .commands })) |met| {
            if (camera.strike(.commands, met)) |outcome| return outcome;
        }
        exchange.length = board.answer(request, &exchange.reply).len;
        exchange.answered_ns = now_ns;
        camera.commands += 1;
        return .{ .done = request.len };
    }

    /// A transfer for a reply.
    pub fn give(exchange: *Exchange, camera: *Camera, now_ns: u64, output: []u8) Outcome {
        var length = exchange.length orelse return .pending;
        const fault = camera.faults.next(replies);
        if (fault) |met| {
            if (met.kind == .delay and now_ns < exchange.answered_ns + delayNs(met)) return .pending;
        }
        camera.faults.pass(replies);
        if (fault) |met| {
            if (camera.strike(.replies, met)) |outcome| return outcome;
            length = falsify(met, &exchange.reply, length);
        }
        exchange.length = null;
        if (length > output.len) return .{ .overflow = 0 };
        @memcpy(output[0..length], exchange.reply[0..length]);
        return .{ .done = length };
    }

    /// When a reply can be given. One that was not fetched at once is delayed by a fault.
    pub fn readyAt(exchange: *const Exchange, camera: *const Camera) ?u64 {
        if (exchange.length == null) return null;
        var faults = camera.faults;
        const delay_ns = if (faults.next(replies)) |fault| delayNs(fault) else 0;
        return exchange.answered_ns + delay_ns;
    }

    pub fn forgetReply(exchange: *Exchange) void {
        exchange.length = null;
    }
};

fn delayNs(fault: Fault) u64 {
    return @as(u64, fault.milliseconds) * std.time.ns_per_ms;
}

fn falsify(fault: Fault, reply: *[firmware.maximum_reply]u8, length: usize) usize {
    switch (fault.kind) {
        .wrong_command => reply[0] ^= 0x01,
        .failure_flag => reply[3] |= firmware.failure_flag >> 24,
        else => {},
    }
    return fault.shortened(length);
}
