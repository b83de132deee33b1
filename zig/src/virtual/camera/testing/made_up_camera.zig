//! For tests: a camera that resembles none that exists. It has events on 0x82 and no commands, as DAVIS346 has, and is
//! started by a request of its vendor on the control endpoint. Its events are bytes that count.

const std = @import("std");
const usb = @import("../../../usb_abi.zig");
const camera_module = @import("../camera.zig");
const Camera = camera_module.Camera;
const Endpoint = @import("../endpoints.zig").Endpoint;
const EndpointNumbers = @import("../endpoints.zig").EndpointNumbers;
const Outcome = camera_module.Outcome;
const Setup = camera_module.Setup;

pub const events_number = 0x82;
pub const endpoints: EndpointNumbers = .init(.{ .control = 0x00, .events = events_number });

/// The vendor's request that starts the events.
pub const start: Setup = .{ .request_type = 0x40, .request = 0x01, .value = 0, .index = 0, .length = 0 };

pub const MadeUpCamera = struct {
    camera: Camera = .{ .functions = &functions, .model = "made-up", .endpoints = endpoints, .serial = 7 },
    streaming: bool = false,
    next: u8 = 0,
    bytes_sent: u64 = 0,

    const functions: camera_module.Functions = .{
        .destroy = destroy,
        .powerOn = powerOff,
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

    fn of(camera: *Camera) *MadeUpCamera {
        return @fieldParentPtr("camera", camera);
    }

    /// It is the test's.
    fn destroy(_: *Camera) void {}

    fn powerOff(camera: *Camera) void {
        MadeUpCamera.of(camera).streaming = false;
    }

    fn deviceDescriptor(_: *const Camera) usb.DeviceDescriptor {
        var device = std.mem.zeroes(usb.DeviceDescriptor);
        device.idVendor = 0x1234;
        device.idProduct = 0x5678;
        return device;
    }

    fn descriptor(_: *const Camera, value: u16, _: *camera_module.Answer) ?[]const u8 {
        return if (value == 0x0302) "\x06\x03M\x00U\x00" else null;
    }

    fn vendorRequest(camera: *Camera, setup: Setup, _: *camera_module.Answer) ?[]const u8 {
        if (!std.meta.eql(setup, start)) return null;
        MadeUpCamera.of(camera).streaming = true;
        return "";
    }

    fn write(_: *Camera, _: u64, _: Endpoint, _: []const u8) Outcome {
        unreachable; // it has no such endpoint
    }

    fn read(camera: *Camera, _: u64, endpoint: Endpoint, buffer: []u8) Outcome {
        std.debug.assert(endpoint == .events);
        const made_up: *MadeUpCamera = .of(camera);
        if (!made_up.streaming) return .pending;
        if (camera.faults.meet(.{ .endpoint = .events })) |fault| {
            if (camera.strike(.events, fault)) |outcome| return outcome;
        }
        for (buffer) |*byte| {
            byte.* = made_up.next;
            made_up.next +%= 1;
        }
        made_up.bytes_sent += buffer.len;
        camera.transfers += 1;
        return .{ .done = buffer.len };
    }

    fn readPartial(_: *Camera, _: u64, _: Endpoint, _: []u8) usize {
        return 0;
    }

    fn readyAt(camera: *const Camera, _: Endpoint, _: usize) ?u64 {
        const made_up: *const MadeUpCamera = @fieldParentPtr("camera", camera);
        return if (made_up.streaming) 0 else null;
    }

    fn haltCleared(_: *Camera, _: u64, _: Endpoint) void {}

    fn advance(_: *Camera, _: u64, _: u64) void {}

    fn wantsContent(_: *const Camera) bool {
        return false;
    }

    fn makeContent(_: *Camera) error{OutOfMemory}!void {}

    fn installContent(_: *Camera, _: u64) void {}

    fn account(camera: *const Camera) camera_module.Account {
        const made_up: *const MadeUpCamera = @fieldParentPtr("camera", camera);
        return .{
            .streaming = made_up.streaming,
            .bytes_emitted = made_up.bytes_sent,
            .bytes_lost = 0,
            .registers_written = 0,
            .registers_hash = 0,
        };
    }
};
