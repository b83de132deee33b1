//! The EVK4 and the cameras with its board: the firmware's commands and replies on two endpoints, events on a third.

const std = @import("std");
const usb = @import("../../usb_abi.zig");
const camera_module = @import("../camera/camera.zig");
const descriptors = @import("descriptors.zig");
const firmware = @import("firmware.zig");
const scene = @import("../sensor/scene.zig");
const identity_module = @import("identity.zig");
const Camera = camera_module.Camera;
const Clock = @import("clock.zig").Clock;
const Endpoint = @import("../camera/endpoints.zig").Endpoint;
const Exchange = @import("exchange.zig").Exchange;
const LoopedStream = @import("../sensor/looped_stream.zig").LoopedStream;
const Model = @import("../camera/model.zig").Model;
const Options = @import("../camera/model.zig").Options;
const Outcome = camera_module.Outcome;
const Place = @import("../camera/faults.zig").Place;
const SensorStream = @import("../sensor/sensor_stream.zig").SensorStream;
const maxPacketSize = @import("../camera/endpoints.zig").maxPacketSize;

pub const models = models: {
    var list: [identity_module.models.len]Model = undefined;
    for (&list, &identity_module.models) |*model, *own| model.* = modelOf(own);
    break :models list;
};

fn modelOf(comptime own: *const identity_module.Model) Model {
    return .{
        .name = own.name,
        .endpoints = descriptors.endpoints,
        .bias_count = own.sensor.biasCount(),
        .size = own.sensor.size(),
        .create = struct {
            fn create(allocator: std.mem.Allocator, options: Options) error{OutOfMemory}!*Camera {
                const evk4 = try allocator.create(Evk4);
                evk4.* = .init(allocator, own, options);
                return &evk4.camera;
            }
        }.create,
    };
}

pub const Evk4 = struct {
    camera: Camera,
    allocator: std.mem.Allocator,
    identity: identity_module.Identity,
    board: firmware.Board,
    stream: SensorStream,
    /// A scene that is still to be built; until then the camera sends nothing.
    scene: ?scene.Options = null,
    /// It is built, and not installed yet.
    built: ?LoopedStream = null,
    exchange: Exchange,
    clock: Clock = .{},
    /// When the clock that the stream follows showed 0.
    followed_ns: ?u64 = null,

    const functions: camera_module.Functions = .{
        .destroy = destroy,
        .powerOn = powerOn,
        .powerOff = powerOff,
        .deviceDescriptor = deviceDescriptor,
        .descriptor = descriptor,
        .vendorRequest = vendorRequest,
        .write = write,
        .read = read,
        .readPartial = readPartial,
        .readyAt = readyAt,
        .haltCleared = haltCleared,
        .advance = advance,
        .wantsContent = wantsContent,
        .makeContent = makeContent,
        .installContent = installContent,
        .account = account,
    };

    pub fn init(allocator: std.mem.Allocator, model: *const identity_module.Model, options: Options) Evk4 {
        const identity: identity_module.Identity = .of(model, .{
            .manufacturer = options.manufacturer,
            .product = options.product,
            .version = options.firmware,
        });
        return .{
            .camera = .{
                .functions = &functions,
                .model = model.name,
                .endpoints = descriptors.endpoints,
                .serial = options.serial,
                .speed = options.speed,
                .faults = .{ .list = options.faults },
            },
            .allocator = allocator,
            .identity = identity,
            .board = .{
                .serial = options.serial,
                .version = identity.version,
                .sensor = .of(model.sensor, options.bias_codes),
            },
            .stream = .{
                .content = options.source.content,
                .pacing = options.source.pacing,
                .filtered = options.source.filtered,
            },
            .scene = options.source.scene,
            .exchange = .{ .unread = options.unread_reply },
        };
    }

    pub fn of(camera: *Camera) *Evk4 {
        return @fieldParentPtr("camera", camera);
    }

    fn constOf(camera: *const Camera) *const Evk4 {
        return @fieldParentPtr("camera", camera);
    }

    /// Frees what the camera holds, but not itself.
    pub fn deinit(evk4: *Evk4) void {
        switch (evk4.stream.content) {
            .counter => {},
            .loop => |*loop| loop.deinit(evk4.allocator),
        }
        if (evk4.stream.filtered) |filtered| filtered.destroy();
        if (evk4.built) |*loop| loop.deinit(evk4.allocator);
        evk4.allocator.free(evk4.camera.faults.list);
    }

    fn destroy(camera: *Camera) void {
        const evk4: *Evk4 = .of(camera);
        evk4.deinit();
        evk4.allocator.destroy(evk4);
    }

    fn powerOn(camera: *Camera) void {
        const evk4: *Evk4 = .of(camera);
        const board = &evk4.board;
        board.sensor.powerOn();
        board.* = .{ .serial = board.serial, .version = board.version, .sensor = board.sensor };
        evk4.exchange.forgetReply();
        evk4.followRegisters(0); // which are those after a reset: nothing runs
    }

    fn powerOff(camera: *Camera) void {
        const evk4: *Evk4 = .of(camera);
        evk4.clock.set(camera.sync_line, .off, 0);
        evk4.followClock(0);
    }

    // The control endpoint

    fn deviceDescriptor(camera: *const Camera) usb.DeviceDescriptor {
        return descriptors.deviceDescriptor(&Evk4.constOf(camera).identity, camera.speed);
    }

    fn descriptor(camera: *const Camera, value: u16, answer: *camera_module.Answer) ?[]const u8 {
        return descriptors.descriptor(&Evk4.constOf(camera).identity, camera.serial, camera.speed, value, answer);
    }

    fn vendorRequest(camera: *Camera, setup: camera_module.Setup, answer: *camera_module.Answer) ?[]const u8 {
        const asks_for_system = setup.request_type == 0xC0 and setup.request == 0x72;
        if (!asks_for_system) return null;
        answer[0..2].* = .{ Evk4.of(camera).identity.model.sensor.systemId(), 0 };
        return answer[0..2];
    }

    /// Drops what is queued: events, as OpenEB says where it does so before each start, and a reply that was not fetched,
    /// so that requests and replies alternate again. Whether the board does the latter is unknown.
    fn haltCleared(camera: *Camera, now_ns: u64, endpoint: Endpoint) void {
        const evk4: *Evk4 = .of(camera);
        switch (endpoint) {
            .commands, .replies => evk4.exchange.forgetReply(),
            .events => evk4.stream.drop(now_ns),
            .control => {},
        }
    }

    fn write(camera: *Camera, now_ns: u64, endpoint: Endpoint, bytes: []const u8) Outcome {
        return switch (endpoint) {
            .commands => Evk4.of(camera).takeCommand(now_ns, bytes),
            .control, .replies, .events => .{ .stall = 0 },
        };
    }

    fn read(camera: *Camera, now_ns: u64, endpoint: Endpoint, buffer: []u8) Outcome {
        return switch (endpoint) {
            .replies => Evk4.of(camera).exchange.give(camera, now_ns, buffer),
            .events => Evk4.of(camera).giveEvents(now_ns, buffer),
            .control, .commands => .{ .stall = 0 },
        };
    }

    // Commands

    fn takeCommand(evk4: *Evk4, now_ns: u64, request: []const u8) Outcome {
        const outcome = evk4.exchange.take(&evk4.camera, &evk4.board, now_ns, request);
        if (outcome == .done) evk4.followRegisters(now_ns);
        return outcome;
    }

    fn followRegisters(evk4: *Evk4, now_ns: u64) void {
        const sensor = &evk4.board.sensor;
        const stream = &evk4.stream;
        stream.triggers_enabled = sensor.externalTriggerEnabled();
        switch (stream.content) {
            .counter => {},
            .loop => |*loop| loop.reports_enabled = sensor.reportsEnabled(),
        }
        stream.packet_period_ns = @as(u64, sensor.packetPeriodUs()) * std.time.ns_per_us;
        stream.format = sensor.format();
        if (stream.filtered != null) stream.setFilter(sensor.settings());
        // The clock of a camera without content starts when it has one.
        evk4.clock.set(evk4.camera.sync_line, if (evk4.scene == null) sensor.clockMode() else .off, now_ns);
        evk4.followClock(now_ns);
    }

    fn followClock(evk4: *Evk4, now_ns: u64) void {
        const stream = &evk4.stream;
        const zero_ns = evk4.clock.zero_ns;
        const is_new = zero_ns != evk4.followed_ns;
        evk4.followed_ns = zero_ns;
        const output = zero_ns != null and evk4.board.sensor.outputEnabled();
        if (stream.running and (is_new or !output)) stream.stop();
        if (is_new) stream.resetClock(zero_ns orelse return);
        if (output and !stream.running) stream.start(if (is_new) zero_ns.? else now_ns);
    }

    // Events

    fn wantsContent(camera: *const Camera) bool {
        const evk4: *const Evk4 = .constOf(camera);
        return evk4.scene != null and evk4.board.sensor.outputEnabled();
    }

    fn makeContent(camera: *Camera) error{OutOfMemory}!void {
        const evk4: *Evk4 = .of(camera);
        const options = evk4.scene orelse return;
        evk4.built = try scene.build(evk4.allocator, options);
    }

    fn installContent(camera: *Camera, now_ns: u64) void {
        const evk4: *Evk4 = .of(camera);
        const loop = evk4.built orelse return; // an assignment that returns half-way would set the union's tag
        evk4.stream.content = .{ .loop = loop };
        evk4.built = null;
        evk4.scene = null;
        evk4.followRegisters(now_ns); // its clock starts now
    }

    fn advance(camera: *Camera, now_ns: u64, room_bytes: u64) void {
        const evk4: *Evk4 = .of(camera);
        if (evk4.clock.mode == .secondary) {
            evk4.clock.look(camera.sync_line, now_ns);
            evk4.followClock(now_ns);
        }
        evk4.stream.advance(now_ns, room_bytes);
    }

    fn giveEvents(evk4: *Evk4, now_ns: u64, output: []u8) Outcome {
        const camera = &evk4.camera;
        const stream = &evk4.stream;
        if (!stream.running) return .pending;
        const packet = maxPacketSize(camera.speed);
        const place: Place = .{ .endpoint = .events };
        var limit = output.len;
        stream.pull(now_ns, output.len + packet);
        if (camera.faults.next(place)) |met| {
            if (camera.strike(.events, met)) |outcome| {
                camera.faults.pass(place);
                return evk4.partly(outcome, now_ns, output[0..@min(output.len, met.length)]);
            }
            limit = met.shortened(limit);
            if (stream.wholeWords(limit) == 0) { // and would stay so for ever
                camera.faults.pass(place);
                return evk4.sent(0);
            }
        }
        // Packets are whole: one that does not fit into the end of the buffer is babble.
        if (limit == output.len and limit % packet != 0) {
            const whole = limit - limit % packet;
            if (stream.waiting(now_ns, limit + packet) > limit) {
                return if (whole == 0) .{ .overflow = 0 } else evk4.take(now_ns, output[0..whole]);
            }
        }
        const length = stream.ready(now_ns, limit) orelse return .pending;
        camera.faults.pass(place);
        return evk4.take(now_ns, output[0..length]);
    }

    fn readPartial(camera: *Camera, now_ns: u64, endpoint: Endpoint, output: []u8) usize {
        if (endpoint != .events) return 0;
        const stream = &Evk4.of(camera).stream;
        stream.pull(now_ns, output.len);
        const length = stream.waiting(now_ns, output.len);
        if (length > 0) stream.send(now_ns, output[0..length]);
        return length;
    }

    fn take(evk4: *Evk4, now_ns: u64, output: []u8) Outcome {
        evk4.stream.send(now_ns, output);
        return evk4.sent(output.len);
    }

    /// A transfer that fails brings the bytes that there are, up to the length of `output`.
    fn partly(evk4: *Evk4, outcome: Outcome, now_ns: u64, output: []u8) Outcome {
        const length = evk4.stream.waiting(now_ns, output.len);
        const failed: Outcome = switch (outcome) {
            .pending, .done, .gone => return outcome,
            .stall => .{ .stall = length },
            .protocol_error => .{ .protocol_error = length },
            .overflow => .{ .overflow = length },
        };
        if (length > 0) evk4.stream.send(now_ns, output[0..length]);
        evk4.camera.bytes_failed += length;
        return failed;
    }

    fn sent(evk4: *Evk4, length: usize) Outcome {
        evk4.camera.transfers += 1;
        return .{ .done = length };
    }

    fn readyAt(camera: *const Camera, endpoint: Endpoint, length: usize) ?u64 {
        const evk4: *const Evk4 = .constOf(camera);
        return switch (endpoint) {
            .events => evk4.stream.readyAt(length) orelse evk4.clock.lookAgainAt(),
            .replies => evk4.exchange.readyAt(camera),
            .control, .commands => null,
        };
    }

    fn account(camera: *const Camera) camera_module.Account {
        const evk4: *const Evk4 = .constOf(camera);
        const written = evk4.board.sensor.written();
        return .{
            .streaming = evk4.stream.running,
            .bytes_emitted = evk4.stream.bytes_sent,
            .bytes_lost = evk4.stream.bytes_lost,
            .registers_written = written.count,
            .registers_hash = written.hash,
        };
    }
};
