//! For tests: a client's commands as bytes, and its look at the replies.

const std = @import("std");
const testing = std.testing;
const messages = @import("../messages.zig");
const Session = @import("../session.zig").Session;

pub const Submit = struct {
    sequence: u32,
    endpoint: u8,
    /// Of an IN transfer.
    length: u32 = 0,
    setup: [8]u8 = @splat(0),
    data: []const u8 = "",
    /// Of a control transfer: false or true in place of what the setup packet says.
    direction_in: ?bool = null,
};

/// Writes a USBIP_CMD_SUBMIT.
pub fn submit(writer: *std.Io.Writer, urb: Submit) !void {
    const direction_in = urb.direction_in orelse (urb.endpoint & 0x80 != 0 or urb.setup[0] & 0x80 != 0);
    const length: u32 = if (direction_in) urb.length else @intCast(urb.data.len);
    for ([_]u32{ 1, urb.sequence, 0x10001, @intFromBool(direction_in), urb.endpoint & 15, 0, length, 0, 0, 0 }) |number| {
        try writer.writeInt(u32, number, .big);
    }
    try writer.writeAll(&urb.setup);
    try writer.writeAll(urb.data);
}

pub fn unlink(writer: *std.Io.Writer, sequence: u32, target: u32) !void {
    for ([_]u32{ 2, sequence, 0x10001, 0, 0, target }) |number| try writer.writeInt(u32, number, .big);
    try writer.splatByteAll(0, 24);
}

/// The client of a test: writes commands, and checks replies in their order.
pub const Client = struct {
    buffer: [4096]u8 = undefined,
    length: usize = 0,
    taken: usize = 0,

    pub fn sendSubmit(client: *Client, urb: Submit) !void {
        var writer: std.Io.Writer = .fixed(client.buffer[client.length..]);
        try submit(&writer, urb);
        client.length += writer.end;
    }

    pub fn sendUnlink(client: *Client, sequence: u32, target: u32) !void {
        var writer: std.Io.Writer = .fixed(client.buffer[client.length..]);
        try unlink(&writer, sequence, target);
        client.length += writer.end;
    }

    /// Sends the written commands in pieces of this length, and lets the camera answer.
    pub fn flush(client: *Client, session: *Session, now_ns: u64, piece: usize) !void {
        var rest: []const u8 = client.buffer[0..client.length];
        while (rest.len > 0) {
            const length = @min(piece, rest.len);
            try session.receive(rest[0..length]);
            rest = rest[length..];
            while (try session.progress(now_ns)) {}
        }
        client.length = 0;
    }

    pub fn expectReply(client: *Client, session: *Session, kind: u32, sequence: u32, status: messages.UrbStatus, length: u32) !void {
        const head = session.output.items[client.taken..][0..48];
        try testing.expectEqual(kind, std.mem.readInt(u32, head[0..4], .big));
        try testing.expectEqual(sequence, std.mem.readInt(u32, head[4..8], .big));
        try testing.expectEqual(@backingInt(status), std.mem.readInt(i32, head[20..24], .big));
        try testing.expectEqual(length, std.mem.readInt(u32, head[24..28], .big));
        client.taken += 48;
    }

    pub fn takeData(client: *Client, session: *Session, length: usize) []const u8 {
        defer client.taken += length;
        return session.output.items[client.taken..][0..length];
    }

    pub fn expectNoMore(client: *Client, session: *Session) !void {
        try testing.expectEqual(client.taken, session.output.items.len);
        client.taken = 0;
        session.output.clearRetainingCapacity();
    }
};

/// The setup packet of GET_DESCRIPTOR for the string with the product's name.
pub const get_product_string: [8]u8 = .{ 0x80, 6, 2, 3, 9, 4, 255, 0 };
