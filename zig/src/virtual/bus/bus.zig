//! The virtual bus: the cameras that are plugged in, and the lifetimes of libusb's objects that programs hold.
//! Transfers are in transfers.zig.
//!
//! Everything here is under the bus's one `lock`.

const std = @import("std");
const usb = @import("../../usb_abi.zig");
const transfers = @import("transfers.zig");
const clock = @import("../../system/clock.zig");
const Camera = @import("../camera/camera.zig").Camera;
const Function = @import("../camera/faults.zig").Function;
const Lock = @import("lock.zig").Lock;
const SyncLine = @import("../camera/sync_line.zig").SyncLine;
const objects = @import("objects.zig");

pub const Port = @import("port.zig").Port;
pub const Device = objects.Device;
pub const Handle = objects.Handle;
pub const Context = objects.Context;
const Accounts = @import("accounts.zig").Accounts;
const ErrorCode = usb.ErrorCode;

pub const Bus = struct {
    allocator: std.mem.Allocator,
    lock: Lock = .{},
    ports: std.ArrayList(*Port) = .empty,
    configured: bool = false,
    next_address: u8 = 1,
    default_context: ?*Context = null,
    contexts: u32 = 0,
    handles: u32 = 0,
    claims: u32 = 0,
    transfers_allocated: u32 = 0,
    transfers_pending: u32 = 0,
    device_memory_bytes: u64 = 0,
    /// The cable between the cameras. The bus does not move while it has some.
    sync_line: SyncLine = .{},
    /// The accounts of unplugged cameras.
    departed: Accounts = .{},
    /// Event bytes of transfers whose handle was closed before their callbacks ran.
    bytes_uncollected: u64 = 0,

    // Cameras come and go

    /// Plugs cameras in, and unplugs all others. The bus owns `fresh` from here on, also on failure.
    pub fn replace(bus: *Bus, fresh: []const *Port) error{OutOfMemory}!void {
        bus.lock.acquire();
        defer bus.lock.release();
        try bus.plugIn(fresh);
    }

    /// As `replace`, unless the bus was configured before.
    pub fn plugInFirst(bus: *Bus, fresh: []const *Port) error{OutOfMemory}!void {
        bus.lock.acquire();
        defer bus.lock.release();
        if (!bus.configured) return bus.plugIn(fresh);
        for (fresh) |port| bus.release(port);
    }

    pub fn isConfigured(bus: *Bus) bool {
        bus.lock.acquire();
        defer bus.lock.release();
        return bus.configured;
    }

    fn plugIn(bus: *Bus, fresh: []const *Port) error{OutOfMemory}!void {
        bus.ports.ensureTotalCapacity(bus.allocator, fresh.len) catch |failure| {
            for (fresh) |port| bus.release(port);
            return failure;
        };
        while (bus.ports.items.len > 0) bus.unplug(bus.ports.items[0]);
        for (fresh, 1..) |port, number| {
            port.number = @intCast(number);
            port.address = bus.next_address;
            bus.next_address = if (bus.next_address == 127) 1 else bus.next_address + 1;
            bus.ports.appendAssumeCapacity(port);
        }
        bus.configured = true;
    }

    /// A port that is not plugged in yet, and owns the camera.
    pub fn create(bus: *Bus, camera: *Camera) error{OutOfMemory}!*Port {
        const port = try bus.allocator.create(Port);
        camera.sync_line = &bus.sync_line;
        port.* = .{ .bus = bus, .camera = camera, .address = 0 };
        return port;
    }

    /// A handle or a device keeps the port alive after it. Safe to call twice.
    pub fn unplug(bus: *Bus, port: *Port) void {
        port.camera.present = false;
        port.camera.powerOff();
        transfers.endAll(port);
        const index = std.mem.indexOfScalar(*Port, bus.ports.items, port) orelse return;
        _ = bus.ports.orderedRemove(index);
        bus.departed.add(.of(port.camera));
        bus.release(port);
    }

    pub fn release(bus: *Bus, port: *Port) void {
        port.references -= 1;
        if (port.references > 0) return;
        port.camera.destroy();
        port.dma.deinit(bus.allocator);
        bus.allocator.destroy(port);
    }

    pub fn deinit(bus: *Bus) void {
        bus.replace(&.{}) catch unreachable;
        bus.ports.deinit(bus.allocator);
    }

    /// The error of a fault that is due at this call; counts the call. Calls that concern no port meet the
    /// faults of every camera.
    pub fn failing(bus: *Bus, called_on: ?*Port, function: Function) ?ErrorCode {
        if (called_on) |port| return bus.failingAt(port, function);
        var index: usize = 0;
        while (index < bus.ports.items.len) {
            const port = bus.ports.items[index];
            if (bus.failingAt(port, function)) |code| return code;
            // An unplugged port has left the list, and may be freed.
            if (index < bus.ports.items.len and bus.ports.items[index] == port) index += 1;
        }
        return null;
    }

    fn failingAt(bus: *Bus, port: *Port, function: Function) ?ErrorCode {
        const fault = port.camera.faults.meet(.{ .function = function }) orelse return null;
        if (fault.kind != .unplug) return @fromBackingInt(fault.code);
        bus.unplug(port);
        return null; // the call meets a camera that is gone
    }

    // Contexts

    /// A null `output` stands for the default context.
    pub fn init(bus: *Bus, output: ?*?*Context) ErrorCode {
        bus.lock.acquire();
        defer bus.lock.release();
        if (bus.failing(null, .libusb_init)) |code| return code;
        if (output == null) if (bus.default_context) |context| {
            context.users += 1;
            return .success;
        };
        const context = bus.allocator.create(Context) catch return .no_mem;
        context.* = .{};
        bus.contexts += 1;
        if (output) |place| place.* = context else bus.default_context = context;
        return .success;
    }

    pub fn exit(bus: *Bus, given: ?*Context) void {
        bus.lock.acquire();
        defer bus.lock.release();
        const context = bus.contextOf(given) orelse return;
        context.users -= 1;
        if (context.users > 0) return;
        if (context == bus.default_context) bus.default_context = null;
        bus.contexts -= 1;
        bus.dropContext(context);
    }

    /// The context that an argument stands for: null is the default one.
    pub fn contextOf(bus: *Bus, given: ?*Context) ?*Context {
        return given orelse bus.default_context;
    }

    fn dropContext(bus: *Bus, context: *Context) void {
        context.references -= 1;
        if (context.references == 0) bus.allocator.destroy(context);
    }

    // Devices

    /// A list that ends in null, of referenced devices.
    pub fn list(bus: *Bus, given: ?*Context, output: *[*:null]?*Device) union(enum) { count: usize, failed: ErrorCode } {
        bus.lock.acquire();
        defer bus.lock.release();
        if (bus.failing(null, .libusb_get_device_list)) |code| return .{ .failed = code };
        const context = bus.contextOf(given) orelse return .{ .failed = .invalid_param };
        const ports = bus.ports.items;
        const entries = bus.allocator.allocSentinel(?*Device, ports.len, null) catch return .{ .failed = .no_mem };
        for (ports, entries, 0..) |port, *entry, count| {
            const device = bus.deviceOf(context, port) catch {
                for (entries[0..count]) |made| bus.releaseDevice(made.?);
                bus.allocator.free(entries);
                return .{ .failed = .no_mem };
            };
            device.references += 1;
            entry.* = device;
        }
        output.* = entries.ptr;
        return .{ .count = ports.len };
    }

    pub fn freeList(bus: *Bus, entries: [*:null]?*Device, unreference_devices: bool) void {
        bus.lock.acquire();
        defer bus.lock.release();
        const all: [:null]?*Device = std.mem.span(entries);
        if (unreference_devices) for (all) |device| bus.releaseDevice(device.?);
        bus.allocator.free(all);
    }

    pub fn reference(bus: *Bus, device: *Device) void {
        bus.lock.acquire();
        defer bus.lock.release();
        device.references += 1;
    }

    pub fn unreference(bus: *Bus, device: *Device) void {
        bus.lock.acquire();
        defer bus.lock.release();
        bus.releaseDevice(device);
    }

    /// The context's device for the port: the same one as long as it has references.
    fn deviceOf(bus: *Bus, context: *Context, port: *Port) error{OutOfMemory}!*Device {
        var next = context.devices.first;
        while (next) |node| : (next = node.next) if (Device.at(node).port == port) return .at(node);
        const device = try bus.allocator.create(Device);
        device.* = .{ .context = context, .port = port };
        context.devices.append(&device.node);
        context.references += 1;
        port.references += 1;
        return device;
    }

    fn releaseDevice(bus: *Bus, device: *Device) void {
        device.references -= 1;
        if (device.references > 0) return;
        device.context.devices.remove(&device.node);
        bus.dropContext(device.context);
        bus.release(device.port);
        bus.allocator.destroy(device);
    }

    // Handles

    pub fn open(bus: *Bus, device: *Device, output: *?*Handle) ErrorCode {
        bus.lock.acquire();
        defer bus.lock.release();
        const port = device.port;
        if (bus.failing(port, .libusb_open)) |code| return code;
        if (!port.camera.present) return .no_device;
        if (!port.permission) return .access;
        const handle = bus.allocator.create(Handle) catch return .no_mem;
        handle.* = .{ .context = device.context, .device = device, .port = port };
        device.references += 1;
        device.context.handles.append(&handle.node);
        bus.handles += 1;
        output.* = handle;
        return .success;
    }

    /// Transfers of the handle that are still pending never end, as with libusb.
    pub fn close(bus: *Bus, handle: *Handle) void {
        bus.lock.acquire();
        defer bus.lock.release();
        transfers.forget(handle);
        bus.unclaim(handle);
        handle.context.handles.remove(&handle.node);
        bus.handles -= 1;
        bus.releaseDevice(handle.device);
        bus.allocator.destroy(handle);
        bus.lock.changed();
    }

    pub fn claim(bus: *Bus, handle: *Handle, interface: c_int) ErrorCode {
        bus.lock.acquire();
        defer bus.lock.release();
        const port = handle.port;
        if (bus.failing(port, .libusb_claim_interface)) |code| return code;
        if (!port.camera.present) return .no_device;
        if (interface != 0) return .not_found;
        if (port.claimed_by) |owner| return if (owner == handle) .success else .busy;
        port.claimed_by = handle;
        bus.claims += 1;
        return .success;
    }

    pub fn releaseInterface(bus: *Bus, handle: *Handle, interface: c_int) ErrorCode {
        bus.lock.acquire();
        defer bus.lock.release();
        if (bus.failing(handle.port, .libusb_release_interface)) |code| return code;
        if (interface != 0 or handle.port.claimed_by != handle) return .not_found;
        bus.unclaim(handle);
        return if (handle.port.camera.present) .success else .no_device;
    }

    /// The camera learns nothing of it: Linux selects the alternate setting 0 only where another one is selected
    /// (`usb_unbind_interface`). So halts and a reply that was not read are there for the next program.
    fn unclaim(bus: *Bus, handle: *Handle) void {
        const port = handle.port;
        if (port.claimed_by != handle) return;
        port.claimed_by = null;
        bus.claims -= 1;
    }

    /// The camera has one setting, 0. As with the request SET_INTERFACE, which the USB/IP server passes on.
    pub fn selectAlternateSetting(bus: *Bus, handle: *Handle, interface: c_int, setting: c_int) ErrorCode {
        bus.lock.acquire();
        defer bus.lock.release();
        const port = handle.port;
        if (bus.failing(port, .libusb_set_interface_alt_setting)) |code| return code;
        if (!port.camera.present) return .no_device;
        if (interface != 0 or setting != 0 or port.claimed_by != handle) return .not_found;
        port.camera.resetEndpoints(clock.monotonicNs());
        bus.lock.changed();
        return .success;
    }

    pub fn clearHalt(bus: *Bus, handle: *Handle, number: u8) ErrorCode {
        bus.lock.acquire();
        defer bus.lock.release();
        const port = handle.port;
        if (bus.failing(port, .libusb_clear_halt)) |code| return code;
        if (!port.camera.present) return .no_device;
        const endpoint = port.camera.endpointOf(number) orelse return .not_found;
        if (endpoint == .control or port.claimed_by != handle) return .not_found;
        port.camera.clearHalt(clock.monotonicNs(), endpoint);
        bus.lock.changed();
        return .success;
    }
};
