//! A camera as the bus sees it: four endpoints that answer when they are asked. It knows nothing of who asks
//! (the look-alike of libusb, or a USB/IP server), has no thread and no lock, and takes the time from the
//! caller.

const std = @import("std");
const usb = @import("../../usb_abi.zig");
const model_module = @import("descriptors.zig");
const protocol = @import("firmware.zig");
const scene = @import("../sensor/scene.zig");
const sensor = @import("../sensor/sensor_stream.zig");
const EventLoop = @import("../sensor/looped_stream.zig").EventLoop;
const Faults = @import("faults.zig").Faults;
const Fault = @import("faults.zig").Fault;
const Endpoint = model_module.Endpoint;

/// What a transfer meets at an endpoint.
pub const Outcome = union(enum) {
    /// NAK: the transfer stays where it is.
    pending,
    /// It has come to its end with so many bytes.
    done: usize,
    /// So it fails, after so many bytes.
    stall: usize,
    protocol_error: usize,
    overflow: usize,
    /// The camera is not there any more.
    gone,
};

/// The eight bytes that begin a control transfer.
pub const Setup = struct {
    request_type: u8,
    request: u8,
    value: u16,
    index: u16,
    length: u16,

    pub fn of(bytes: *const [usb.control_setup_size]u8) Setup {
        return .{
            .request_type = bytes[0],
            .request = bytes[1],
            .value = std.mem.readInt(u16, bytes[2..4], .little),
            .index = std.mem.readInt(u16, bytes[4..6], .little),
            .length = std.mem.readInt(u16, bytes[6..8], .little),
        };
    }
};

/// The system id of boards with the IMX636.
const system_id = 0x31;

pub const Camera = struct {
    model: *const model_module.Model,
    speed: usb.Speed = .super,
    board: protocol.Board,
    stream: sensor.SensorStream,
    /// A scene that is still to be built (which takes long, so the one who drives the camera does it, see
    /// `sceneWanted`); until then the camera sends nothing.
    scene: ?scene.Options = null,
    faults: Faults = .{},
    present: bool = true,
    halted: std.EnumSet(Endpoint) = .empty,
    hung: std.EnumSet(Endpoint) = .empty,
    reply: [protocol.maximum_reply]u8 = undefined,
    /// Null when no reply waits.
    reply_length: ?usize = null,
    reply_ns: u64 = 0,
    commands: u64 = 0,
    transfers: u64 = 0,
    /// Event bytes that transfers brought which failed.
    bytes_failed: u64 = 0,

    pub fn deinit(camera: *Camera, allocator: std.mem.Allocator) void {
        switch (camera.stream.content) {
            .counter => {},
            .loop => |*loop| loop.deinit(allocator),
        }
        if (camera.stream.filtered) |filtered| filtered.destroy();
        allocator.free(camera.faults.list);
    }

    /// As it is after it was plugged in. What it shows stays, and so do faults and counts.
    pub fn powerOn(camera: *Camera) void {
        camera.stream.stop();
        camera.board = .{ .serial = camera.board.serial };
        camera.stream.setFilter(.none);
        camera.present = true;
        camera.halted = .empty;
        camera.hung = .empty;
        camera.reply_length = null;
    }

    // The control endpoint

    /// `data` holds `setup.length` bytes.
    pub fn control(camera: *Camera, setup: Setup, data: []u8) Outcome {
        if (camera.blocked(.control)) |outcome| return outcome;
        const fault = camera.faults.meet(.{ .endpoint = .control });
        if (fault) |met| if (camera.strike(.control, met)) |outcome| return switch (outcome) {
            .stall => stall: {
                camera.halted.remove(.control); // the next SETUP clears it
                break :stall .{ .stall = 0 };
            },
            else => outcome,
        };
        var buffer: [128]u8 = undefined;
        const answer = camera.answerControl(setup, &buffer) orelse return .{ .stall = 0 };
        if (setup.request_type & usb.endpoint_in == 0) return .{ .done = data.len };
        var length = @min(answer.len, data.len);
        if (fault) |met| length = shortened(met, length);
        @memcpy(data[0..length], answer[0..length]);
        return .{ .done = length };
    }

    fn answerControl(camera: *Camera, setup: Setup, buffer: *[128]u8) ?[]const u8 {
        const key = @as(u16, setup.request_type) << 8 | setup.request;
        switch (key) {
            0x8006 => {
                const serial = camera.board.serial;
                return model_module.descriptor(camera.model, serial, camera.speed, setup.value, buffer);
            },
            0x8000 => return "\x00\x00", // status: bus-powered
            0x8008 => return "\x01", // configuration
            0x810A => return "\x00", // alternate setting
            0x8200 => { // status of an endpoint
                const endpoint = Endpoint.from(@truncate(setup.index)) orelse return null;
                return if (camera.halted.contains(endpoint)) "\x01\x00" else "\x00\x00";
            },
            0x0009, 0x010B => { // set configuration 1, alternate setting 0
                if (setup.value != @as(u16, if (key == 0x0009) 1 else 0)) return null;
                for (std.enums.values(Endpoint)) |endpoint| camera.clearHalt(endpoint);
                return "";
            },
            0x0201 => { // clear feature: halt
                if (setup.value != 0) return null;
                camera.clearHalt(Endpoint.from(@truncate(setup.index)) orelse return null);
                return "";
            },
            // Device features (U1, U2), system exit latency, isochronous delay.
            0x0001, 0x0003, 0x0030, 0x0031 => return "",
            0xC072 => return &.{ system_id, 0 },
            else => return null,
        }
    }

    /// Also forgets a reply that nobody fetched, so that requests and replies alternate again. Whether the
    /// board does that too is unknown.
    pub fn clearHalt(camera: *Camera, endpoint: Endpoint) void {
        camera.halted.remove(endpoint);
        if (endpoint == .commands or endpoint == .replies) camera.reply_length = null;
    }

    // Commands

    /// A second request has to wait (NAK) until the reply to the first was fetched.
    pub fn sendCommand(camera: *Camera, now_ns: u64, request: []const u8) Outcome {
        if (camera.blocked(.commands)) |outcome| return outcome;
        if (camera.reply_length != null) return .pending;
        if (camera.faults.meet(.{ .endpoint = .commands })) |met| {
            if (camera.strike(.commands, met)) |outcome| return outcome;
        }
        const clock_ran = camera.board.registers.timeBaseEnabled();
        camera.reply_length = camera.board.answer(request, &camera.reply).len;
        camera.reply_ns = now_ns;
        camera.commands += 1;
        camera.followRegisters(now_ns, clock_ran);
        return .{ .done = request.len };
    }

    pub fn readReply(camera: *Camera, now_ns: u64, output: []u8) Outcome {
        if (camera.blocked(.replies)) |outcome| return outcome;
        var length = camera.reply_length orelse return .pending;
        const place: @import("faults.zig").Place = .{ .endpoint = .replies };
        const fault = camera.faults.next(place);
        if (fault) |met| {
            const delay_ns = @as(u64, met.milliseconds) * std.time.ns_per_ms;
            if (met.kind == .delay and now_ns < camera.reply_ns + delay_ns) return .pending;
        }
        camera.faults.pass(place);
        if (fault) |met| {
            if (camera.strike(.replies, met)) |outcome| return outcome;
            length = falsify(met, &camera.reply, length);
        }
        camera.reply_length = null;
        if (length > output.len) return .{ .overflow = 0 };
        @memcpy(output[0..length], camera.reply[0..length]);
        return .{ .done = length };
    }

    fn falsify(fault: Fault, reply: *[protocol.maximum_reply]u8, length: usize) usize {
        switch (fault.kind) {
            .wrong_command => reply[0] ^= 0x01,
            .failure_flag => reply[3] |= protocol.failure_flag >> 24,
            else => {},
        }
        return shortened(fault, length);
    }

    fn followRegisters(camera: *Camera, now_ns: u64, clock_ran: bool) void {
        const registers = &camera.board.registers;
        const stream = &camera.stream;
        stream.triggers_enabled = registers.externalTriggerEnabled();
        if (stream.filtered != null) stream.setFilter(.of(registers));
        if (registers.timeBaseEnabled() and !clock_ran) stream.resetClock(now_ns);
        const output = registers.outputEnabled() and camera.scene == null;
        if (output and !stream.running) stream.start(now_ns);
        if (!output and stream.running) stream.stop();
    }

    // Events

    /// What must be built before the camera can send what its registers ask for.
    pub fn sceneWanted(camera: *const Camera) ?scene.Options {
        return if (camera.board.registers.outputEnabled()) camera.scene else null;
    }

    /// The camera takes the loop. Its clock starts now.
    pub fn installScene(camera: *Camera, now_ns: u64, loop: EventLoop) void {
        std.debug.assert(camera.scene != null);
        camera.scene = null;
        camera.stream.content = .{ .loop = loop };
        camera.followRegisters(now_ns, false);
    }

    pub fn readEvents(camera: *Camera, now_ns: u64, output: []u8) Outcome {
        if (camera.blocked(.events)) |outcome| return outcome;
        const stream = &camera.stream;
        if (!stream.running) return .pending;
        const place: @import("faults.zig").Place = .{ .endpoint = .events };
        var limit = output.len;
        stream.pull(now_ns, output.len + model_module.maxPacketSize(camera.speed));
        if (camera.faults.next(place)) |met| {
            if (camera.strike(.events, met)) |outcome| {
                camera.faults.pass(place);
                return camera.partly(outcome, now_ns, output[0..@min(output.len, met.length)]);
            }
            limit = shortened(met, limit);
            if (stream.wholeWords(limit) == 0) { // and would stay so for ever
                camera.faults.pass(place);
                return camera.sent(0);
            }
        }
        // Packets are whole: one that does not fit into the end of the buffer is babble.
        const packet = model_module.maxPacketSize(camera.speed);
        if (limit == output.len and limit % packet != 0) {
            const whole = limit - limit % packet;
            if (stream.waiting(now_ns, limit + packet) > limit) {
                return if (whole == 0) .{ .overflow = 0 } else camera.take(now_ns, output[0..whole]);
            }
        }
        const length = stream.ready(now_ns, limit) orelse return .pending;
        camera.faults.pass(place);
        return camera.take(now_ns, output[0..length]);
    }

    /// The bytes that a transfer on the event endpoint got before it was cancelled or timed out.
    pub fn takePartial(camera: *Camera, now_ns: u64, output: []u8) usize {
        if (camera.blocked(.events) != null) return 0;
        camera.stream.pull(now_ns, output.len);
        const length = camera.stream.waiting(now_ns, output.len);
        if (length > 0) camera.stream.send(now_ns, output[0..length]);
        return length;
    }

    fn take(camera: *Camera, now_ns: u64, output: []u8) Outcome {
        camera.stream.send(now_ns, output);
        return camera.sent(output.len);
    }

    /// A transfer that fails brings what there is of its bytes.
    fn partly(camera: *Camera, outcome: Outcome, now_ns: u64, output: []u8) Outcome {
        const length = camera.stream.waiting(now_ns, output.len);
        const failed: Outcome = switch (outcome) {
            .pending, .done, .gone => return outcome,
            .stall => .{ .stall = length },
            .protocol_error => .{ .protocol_error = length },
            .overflow => .{ .overflow = length },
        };
        if (length > 0) camera.stream.send(now_ns, output[0..length]);
        camera.bytes_failed += length;
        return failed;
    }

    fn sent(camera: *Camera, length: usize) Outcome {
        camera.transfers += 1;
        return .{ .done = length };
    }

    /// When the endpoint may have something for a transfer of this length; null when that is not a matter of time.
    pub fn readyAt(camera: *const Camera, endpoint: Endpoint, length: usize) ?u64 {
        if (camera.hung.contains(endpoint)) return null;
        return switch (endpoint) {
            .events => camera.stream.readyAt(length),
            .replies => at: {
                if (camera.reply_length == null) break :at null;
                // Not there yet although answered: it is delayed. Look again soon.
                break :at camera.reply_ns + camera.replyDelayNs();
            },
            .control, .commands => null,
        };
    }

    fn replyDelayNs(camera: *const Camera) u64 {
        var faults = camera.faults;
        const fault = faults.next(.{ .endpoint = .replies }) orelse return 0;
        return @as(u64, fault.milliseconds) * std.time.ns_per_ms;
    }

    // What all endpoints have in common

    /// How much a transfer brings in place of so much.
    fn shortened(fault: Fault, length: usize) usize {
        return switch (fault.kind) {
            .zero_length => 0,
            .short => @min(length, fault.length),
            else => length,
        };
    }

    fn blocked(camera: *const Camera, endpoint: Endpoint) ?Outcome {
        if (!camera.present) return .gone;
        if (camera.hung.contains(endpoint)) return .pending;
        return if (camera.halted.contains(endpoint)) .{ .stall = 0 } else null;
    }

    /// What a fault does to the transfer itself; null where it only changes the bytes.
    fn strike(camera: *Camera, endpoint: Endpoint, fault: Fault) ?Outcome {
        switch (fault.kind) {
            .unplug => {
                camera.present = false;
                return .gone;
            },
            .stall => {
                camera.halted.insert(endpoint);
                return .{ .stall = 0 };
            },
            .hang => {
                camera.hung.insert(endpoint);
                return .pending;
            },
            .protocol_error => return .{ .protocol_error = 0 },
            .overflow => return .{ .overflow = 0 },
            .zero_length, .short, .delay, .wrong_command, .failure_flag, .@"error" => return null,
        }
    }
};
