//! A camera as the bus and the USB/IP server know it: its endpoints, and what a transfer meets there.
//!
//!     bus/    (libusb's functions) ──┐              ┌── evk4/
//!                                    ├──▶ Camera ◀──┤
//!     usbip/  (USB/IP)             ──┘              └── the next camera
//!
//! This is the cut that libusb makes for operating systems (`usbi_os_backend`), seen from the other end of the cable. A
//! camera embeds a `Camera` and finds itself by `@fieldParentPtr`. It has no thread and no lock, and takes the time
//! from the caller: a transfer that cannot end yet is `pending`, and the caller asks again at `readyAt`.

const std = @import("std");
const usb = @import("../../usb_abi.zig");
const endpoints = @import("endpoints.zig");
const standard_requests = @import("standard_requests.zig");
const Endpoint = endpoints.Endpoint;
const SyncLine = @import("sync_line.zig").SyncLine;
const Fault = @import("faults.zig").Fault;
const Faults = @import("faults.zig").Faults;

/// What a transfer meets at an endpoint.
pub const Outcome = union(enum) {
    /// NAK: the transfer stays in its queue.
    pending,
    /// It ends with this many bytes.
    done: usize,
    /// It fails after this many bytes.
    stall: usize,
    protocol_error: usize,
    overflow: usize,
    /// The camera is unplugged.
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

/// The longest answer on the control endpoint: descriptors, and what the vendor's requests say.
pub const Answer = [256]u8;

/// What a camera has done, for tests and for `describe.zig`.
pub const Account = struct {
    streaming: bool,
    /// Bytes of events: handed to transfers, and lost because the host offered no room.
    bytes_emitted: u64,
    bytes_lost: u64,
    registers_written: u64,
    /// FNV-1a (64 bits) over address and value, little-endian, of each register write in order.
    registers_hash: u64,
};

/// What each camera implements. `camera` is the field of that type that it embeds.
pub const Functions = struct {
    /// Frees the camera and everything that it holds.
    destroy: *const fn (camera: *Camera) void,
    /// Brings everything back to the state after plugging in. What the camera shows, its faults and its counts stay.
    powerOn: *const fn (camera: *Camera) void,
    /// Stops the events: the host has let go of the camera.
    powerOff: *const fn (camera: *Camera) void,

    deviceDescriptor: *const fn (camera: *const Camera) usb.DeviceDescriptor,
    /// The descriptor of wValue (type << 8 | index); null for one that does not exist.
    descriptor: *const fn (camera: *const Camera, value: u16, answer: *Answer) ?[]const u8,
    /// The answer to a request of the vendor; null where the request stalls.
    vendorRequest: *const fn (camera: *Camera, setup: Setup, answer: *Answer) ?[]const u8,

    /// A transfer to the camera. The endpoint is neither hung nor halted.
    write: *const fn (camera: *Camera, now_ns: u64, endpoint: Endpoint, bytes: []const u8) Outcome,
    /// A transfer from the camera. The endpoint is neither hung nor halted.
    read: *const fn (camera: *Camera, now_ns: u64, endpoint: Endpoint, buffer: []u8) Outcome,
    /// What a transfer from the camera has received before it is cancelled or times out.
    readPartial: *const fn (camera: *Camera, now_ns: u64, endpoint: Endpoint, buffer: []u8) usize,
    /// When a transfer of this length may end; null where that is not a matter of time.
    readyAt: *const fn (camera: *const Camera, endpoint: Endpoint, length: usize) ?u64,
    /// The host clears a halt, also of an endpoint that has none.
    haltCleared: *const fn (camera: *Camera, now_ns: u64, endpoint: Endpoint) void,
    /// The pending transfers of the event endpoint offer this much room from now on; called before the room changes.
    advance: *const fn (camera: *Camera, now_ns: u64, room_bytes: u64) void,

    /// The camera was started and waits for something to show that takes long to make (a tenth of a second).
    wantsContent: *const fn (camera: *const Camera) bool,
    /// Makes it. The caller holds no lock, so nothing is touched that another function uses.
    makeContent: *const fn (camera: *Camera) error{OutOfMemory}!void,
    /// Shows what was made, from now on.
    installContent: *const fn (camera: *Camera, now_ns: u64) void,

    account: *const fn (camera: *const Camera) Account,
};

pub const Camera = struct {
    functions: *const Functions,
    /// The name in the bus's JSON, as "evk4".
    model: []const u8,
    endpoints: endpoints.EndpointNumbers,
    serial: u32,
    speed: usb.Speed = .super,
    faults: Faults = .{},
    /// Null where the camera is on no bus.
    sync_line: ?*SyncLine = null,
    present: bool = true,
    halted: std.EnumSet(Endpoint) = .empty,
    hung: std.EnumSet(Endpoint) = .empty,
    /// Requests that were answered on the command endpoint.
    commands: u64 = 0,
    /// Completed transfers of events.
    transfers: u64 = 0,
    /// Event bytes in transfers that failed.
    bytes_failed: u64 = 0,

    pub fn destroy(camera: *Camera) void {
        camera.functions.destroy(camera);
    }

    pub fn powerOn(camera: *Camera) void {
        camera.present = true;
        camera.halted = .empty;
        camera.hung = .empty;
        camera.functions.powerOn(camera);
    }

    pub fn powerOff(camera: *Camera) void {
        camera.functions.powerOff(camera);
    }

    pub fn deviceDescriptor(camera: *const Camera) usb.DeviceDescriptor {
        return camera.functions.deviceDescriptor(camera);
    }

    pub fn descriptor(camera: *const Camera, value: u16, answer: *Answer) ?[]const u8 {
        return camera.functions.descriptor(camera, value, answer);
    }

    pub fn endpointOf(camera: *const Camera, number: u8) ?Endpoint {
        return endpoints.endpointOf(&camera.endpoints, number);
    }

    /// Of the bulk endpoints.
    pub fn maxPacketSize(camera: *const Camera) u16 {
        return endpoints.maxPacketSize(camera.speed);
    }

    /// `data` holds `setup.length` bytes.
    pub fn control(camera: *Camera, now_ns: u64, setup: Setup, data: []u8) Outcome {
        if (camera.blocked(.control)) |outcome| return outcome;
        const fault = camera.faults.meet(.{ .endpoint = .control });
        if (fault) |met| if (camera.strike(.control, met)) |outcome| {
            camera.halted.remove(.control); // the next SETUP clears it
            return outcome;
        };
        var buffer: Answer = undefined;
        const answer = standard_requests.answer(camera, now_ns, setup, &buffer) orelse
            camera.functions.vendorRequest(camera, setup, &buffer) orelse return .{ .stall = 0 };
        if (setup.request_type & usb.endpoint_in == 0) return .{ .done = data.len };
        var length = @min(answer.len, data.len);
        if (fault) |met| length = met.shortened(length);
        @memcpy(data[0..length], answer[0..length]);
        return .{ .done = length };
    }

    pub fn write(camera: *Camera, now_ns: u64, endpoint: Endpoint, bytes: []const u8) Outcome {
        return camera.blocked(endpoint) orelse camera.functions.write(camera, now_ns, endpoint, bytes);
    }

    pub fn read(camera: *Camera, now_ns: u64, endpoint: Endpoint, buffer: []u8) Outcome {
        return camera.blocked(endpoint) orelse camera.functions.read(camera, now_ns, endpoint, buffer);
    }

    pub fn readPartial(camera: *Camera, now_ns: u64, endpoint: Endpoint, buffer: []u8) usize {
        return if (camera.blocked(endpoint) != null) 0 else camera.functions.readPartial(camera, now_ns, endpoint, buffer);
    }

    pub fn readyAt(camera: *const Camera, endpoint: Endpoint, length: usize) ?u64 {
        return if (camera.hung.contains(endpoint)) null else camera.functions.readyAt(camera, endpoint, length);
    }

    pub fn clearHalt(camera: *Camera, now_ns: u64, endpoint: Endpoint) void {
        camera.halted.remove(endpoint);
        camera.functions.haltCleared(camera, now_ns, endpoint);
    }

    /// Clears the halts of all endpoints, as selecting a configuration or an alternate setting does.
    pub fn resetEndpoints(camera: *Camera, now_ns: u64) void {
        for (std.enums.values(Endpoint)) |endpoint| camera.clearHalt(now_ns, endpoint);
    }

    pub fn advance(camera: *Camera, now_ns: u64, room_bytes: u64) void {
        camera.functions.advance(camera, now_ns, room_bytes);
    }

    pub fn wantsContent(camera: *const Camera) bool {
        return camera.functions.wantsContent(camera);
    }

    pub fn makeContent(camera: *Camera) error{OutOfMemory}!void {
        return camera.functions.makeContent(camera);
    }

    pub fn installContent(camera: *Camera, now_ns: u64) void {
        camera.functions.installContent(camera, now_ns);
    }

    pub fn account(camera: *const Camera) Account {
        return camera.functions.account(camera);
    }

    // For implementations

    /// What a fault does to the transfer itself; null where it only changes the bytes.
    pub fn strike(camera: *Camera, endpoint: Endpoint, fault: Fault) ?Outcome {
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

    fn blocked(camera: *const Camera, endpoint: Endpoint) ?Outcome {
        if (!camera.present) return .gone;
        if (camera.hung.contains(endpoint)) return .pending;
        return if (camera.halted.contains(endpoint)) .{ .stall = 0 } else null;
    }
};

/// A serial is written as eight upper-case hexadecimal digits.
pub fn serialText(serial: u32, buffer: *[8]u8) []const u8 {
    return std.fmt.bufPrint(buffer, "{X:0>8}", .{serial}) catch unreachable;
}
