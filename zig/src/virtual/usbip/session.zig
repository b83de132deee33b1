//! An imported camera: reads the client's commands from bytes, asks the camera on behalf of the transfers, and writes
//! the bytes of the replies. It has no socket, and takes the time from the caller.
//!
//!     receive ──▶ input ── progress ──▶ queues of pending transfers ── progress ──▶ output
//!
//! What a client can make it hold is bounded (`Limits`): a client that queues more is let go, and commands wait while
//! there is much output.

const std = @import("std");
const messages = @import("messages.zig");
const usb = @import("../../usb_abi.zig");
const Camera = @import("../camera/camera.zig").Camera;
const Outcome = @import("../camera/camera.zig").Outcome;
const Setup = @import("../camera/camera.zig").Setup;
const Endpoint = @import("../camera/endpoints.zig").Endpoint;
const Command = messages.Command;

pub const Error = error{
    OutOfMemory,
    /// The client does not speak the protocol.
    BadMessage,
    /// The client queues more than `Limits` grants.
    LimitExceeded,
    /// The camera was unplugged: the connection is to be closed, which is how USB/IP says so.
    Unplugged,
};

/// More than any program needs.
pub const Limits = struct {
    /// Pending transfers. Older kernels cut each one into pieces of 16 KiB.
    urbs: usize = 1 << 16,
    /// Data of pending transfers to the camera, and of one that has not arrived as a whole.
    data_bytes: usize = messages.maximum_urb_length,
    /// Commands wait, and heads of queues do not end, while there is this much output. One reply may exceed it.
    output_bytes: usize = 256 << 10,
};

/// A pending transfer of the client.
const Urb = struct {
    node: std.DoublyLinkedList.Node = .{},
    sequence: u32,
    direction_in: bool,
    setup: [8]u8,
    /// The length of the buffer.
    length: usize,
    /// The bytes to the camera; empty where the direction is in.
    data: []const u8,

    fn at(node: *std.DoublyLinkedList.Node) *Urb {
        return @fieldParentPtr("node", node);
    }
};

pub const Session = struct {
    allocator: std.mem.Allocator,
    camera: *Camera,
    queues: std.EnumArray(Endpoint, std.DoublyLinkedList) = .initFill(.{}),
    /// Room in the queue of the event endpoint.
    event_room_bytes: u64 = 0,
    limits: Limits = .{},
    /// How many transfers are pending, and their data.
    urbs: usize = 0,
    data_bytes: usize = 0,
    /// Bytes of commands that are not carried out.
    input: std.ArrayList(u8) = .empty,
    /// There are whole commands among them: there was too much output. The caller sends it before it receives more.
    has_commands: bool = false,
    /// Replies to send; the caller empties it.
    output: std.ArrayList(u8) = .empty,

    /// The camera is plugged in, as it is after power-on.
    pub fn init(allocator: std.mem.Allocator, camera: *Camera) Session {
        camera.powerOn();
        return .{ .allocator = allocator, .camera = camera };
    }

    pub fn deinit(session: *Session) void {
        for (std.enums.values(Endpoint)) |endpoint| {
            while (session.queues.getPtr(endpoint).first) |node| session.remove(endpoint, .at(node));
        }
        session.input.deinit(session.allocator);
        session.output.deinit(session.allocator);
        session.camera.powerOff();
    }

    /// Takes the next bytes, which may end anywhere in a command. `progress` carries the commands out.
    pub fn receive(session: *Session, bytes: []const u8) Error!void {
        try session.input.appendSlice(session.allocator, bytes);
    }

    /// False when there was no whole command.
    fn obey(session: *Session, now_ns: u64) Error!bool {
        var rest: []const u8 = session.input.items;
        session.has_commands = false;
        while (rest.len >= Command.length) {
            const command: Command = try .read(rest[0..Command.length]);
            const length = command.dataLength();
            if (length > session.limits.data_bytes - session.data_bytes) return error.LimitExceeded;
            const end = Command.length + length;
            if (rest.len < end) break;
            if (session.isFull()) {
                session.has_commands = true;
                break;
            }
            switch (command.kind) {
                .submit => |asked| try session.submit(now_ns, command.sequence, asked, rest[Command.length..end]),
                .unlink => |asked| try session.unlink(now_ns, command.sequence, asked.sequence),
            }
            rest = rest[end..];
        }
        const left = rest.len;
        if (left == session.input.items.len) return false;
        @memmove(session.input.items[0..left], rest);
        session.input.shrinkRetainingCapacity(left);
        return true;
    }

    fn isFull(session: *const Session) bool {
        return session.output.items.len >= session.limits.output_bytes;
    }

    fn submit(session: *Session, now_ns: u64, sequence: u32, asked: Command.Submit, data: []const u8) Error!void {
        const endpoint = session.camera.endpointOf(asked.endpoint) orelse return session.reply(sequence, .stall);
        if (session.urbs == session.limits.urbs) return error.LimitExceeded;
        const urb = try session.allocator.create(Urb);
        errdefer session.allocator.destroy(urb);
        urb.* = .{
            .sequence = sequence,
            .direction_in = asked.direction_in,
            .setup = asked.setup,
            .length = asked.length,
            .data = try session.allocator.dupe(u8, data),
        };
        if (endpoint == .events) {
            session.camera.advance(now_ns, session.event_room_bytes);
            session.event_room_bytes += urb.length;
        }
        session.queues.getPtr(endpoint).append(&urb.node);
        session.urbs += 1;
        session.data_bytes += urb.data.len;
    }

    /// The head of a queue may have received a part already. Then it ends with those bytes, and the reply to the unlink
    /// says that it had ended before: so the client loses no bytes.
    fn unlink(session: *Session, now_ns: u64, sequence: u32, target: u32) Error!void {
        const found = session.find(target) orelse return session.write(&messages.unlinkReply(sequence, .ok));
        defer session.remove(found.endpoint, found.urb);
        const is_head = session.queues.get(found.endpoint).first == &found.urb.node;
        if (is_head and found.urb.direction_in and found.endpoint != .control) {
            const start = try session.reserve(found.urb.length);
            const length = session.camera.readPartial(now_ns, found.endpoint, session.output.items[start + Command.length ..]);
            session.finish(start, target, .ok, length);
            if (length > 0) return session.write(&messages.unlinkReply(sequence, .ok));
            session.output.shrinkRetainingCapacity(start);
        }
        return session.write(&messages.unlinkReply(sequence, .connection_reset));
    }

    fn find(session: *Session, sequence: u32) ?struct { endpoint: Endpoint, urb: *Urb } {
        for (std.enums.values(Endpoint)) |endpoint| {
            var next = session.queues.get(endpoint).first;
            while (next) |node| : (next = node.next) {
                const urb: *Urb = .at(node);
                if (urb.sequence == sequence) return .{ .endpoint = endpoint, .urb = urb };
            }
        }
        return null;
    }

    /// Carries commands out, and ends the heads of queues that can end. At most one transfer of events does, so that
    /// its bytes are sent before the next ones are made. False when there was nothing to do.
    pub fn progress(session: *Session, now_ns: u64) Error!bool {
        var progressed = try session.obey(now_ns);
        session.camera.advance(now_ns, session.event_room_bytes);
        for ([_]Endpoint{ .control, .replies, .commands, .events }) |endpoint| {
            while (try session.settleHead(now_ns, endpoint)) {
                progressed = true;
                // A reply goes to a transfer that waits for it before the next request is taken, which might replace it.
                if (endpoint == .commands) while (try session.settleHead(now_ns, .replies)) {};
                if (endpoint == .events) break;
            }
        }
        return progressed or session.isFull();
    }

    /// False where the queue is empty, its head stays pending, or there is too much output.
    fn settleHead(session: *Session, now_ns: u64, endpoint: Endpoint) Error!bool {
        const node = session.queues.get(endpoint).first orelse return false;
        return !session.isFull() and try session.settle(now_ns, endpoint, .at(node));
    }

    /// When `progress` may end another transfer; null where that is not a matter of time.
    pub fn nextProgress(session: *const Session) ?u64 {
        var soonest: ?u64 = null;
        for (std.enums.values(Endpoint)) |endpoint| {
            const head = session.queues.get(endpoint).first orelse continue;
            const at_ns = session.camera.readyAt(endpoint, Urb.at(head).length) orelse continue;
            soonest = @min(soonest orelse at_ns, at_ns);
        }
        return soonest;
    }

    /// False when the transfer stays pending.
    fn settle(session: *Session, now_ns: u64, endpoint: Endpoint, urb: *Urb) Error!bool {
        const start = try session.reserve(if (urb.direction_in) urb.length else 0);
        const room = session.output.items[start + Command.length ..];
        const outcome = session.ask(now_ns, endpoint, urb, room);
        switch (outcome) {
            .pending, .gone => {
                session.output.shrinkRetainingCapacity(start);
                return if (outcome == .gone) error.Unplugged else false;
            },
            .done => |length| session.finish(start, urb.sequence, .ok, length),
            .stall => |length| session.finish(start, urb.sequence, .stall, length),
            .protocol_error => |length| session.finish(start, urb.sequence, .protocol_error, length),
            .overflow => |length| session.finish(start, urb.sequence, .overflow, length),
        }
        // The length of an OUT transfer is reported, too, but no data follows.
        if (!urb.direction_in) session.output.shrinkRetainingCapacity(start + Command.length);
        session.remove(endpoint, urb);
        return true;
    }

    fn ask(session: *Session, now_ns: u64, endpoint: Endpoint, urb: *const Urb, room: []u8) Outcome {
        switch (endpoint) {
            .control => {
                const setup: Setup = .of(&urb.setup);
                // Both say the direction of the data. Where they contradict, no data is there to be sent.
                const setup_in = setup.request_type & usb.endpoint_in != 0;
                if (setup.length > 0 and setup_in != urb.direction_in) return .{ .stall = 0 };
                // No control request carries data to the camera, so only its length matters.
                var ignored: [1 << 16]u8 = undefined;
                const data: []u8 = if (urb.direction_in) room else ignored[0..@min(urb.data.len, ignored.len)];
                return session.camera.control(now_ns, setup, data[0..@min(data.len, setup.length)]);
            },
            .commands => return session.camera.write(now_ns, endpoint, urb.data),
            .replies, .events => return session.camera.read(now_ns, endpoint, room),
        }
    }

    fn remove(session: *Session, endpoint: Endpoint, urb: *Urb) void {
        session.queues.getPtr(endpoint).remove(&urb.node);
        session.urbs -= 1;
        session.data_bytes -= urb.data.len;
        if (endpoint == .events) session.event_room_bytes -= urb.length;
        session.allocator.free(urb.data);
        session.allocator.destroy(urb);
    }

    // Replies

    /// Makes room for a reply with data, and returns where it begins.
    fn reserve(session: *Session, length: usize) Error!usize {
        const start = session.output.items.len;
        _ = try session.output.addManyAsSlice(session.allocator, Command.length + length);
        return start;
    }

    /// Completes a reserved reply whose data is in place, and gives the rest of the room back.
    fn finish(session: *Session, start: usize, sequence: u32, status: messages.UrbStatus, length: usize) void {
        session.output.items[start..][0..Command.length].* = messages.submitReply(sequence, status, length);
        session.output.shrinkRetainingCapacity(@min(session.output.items.len, start + Command.length + length));
    }

    fn reply(session: *Session, sequence: u32, status: messages.UrbStatus) Error!void {
        try session.write(&messages.submitReply(sequence, status, 0));
    }

    fn write(session: *Session, bytes: []const u8) Error!void {
        try session.output.appendSlice(session.allocator, bytes);
    }
};
