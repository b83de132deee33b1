//! Faults on demand: what goes wrong, where, and when. Pure data: the camera and libusb's functions ask at each
//! passage, and act.
//!
//! A place is an endpoint of the camera or a function of libusb. Its passages are counted: transfers that end on the
//! endpoint, calls of the function. The fault strikes at the passages from `after` on, `times` times.

const std = @import("std");
const Endpoint = @import("endpoints.zig").Endpoint;

/// | kind           | at an endpoint                                                 | at a function              |
/// | -------------- | -------------------------------------------------------------- | -------------------------- |
/// | unplug         | the camera is gone                                             | the camera is gone         |
/// | stall          | STALL; bulk endpoints stay halted until the halt is cleared    |                            |
/// | hang           | never an answer again (NAK)                                    |                            |
/// | protocol-error | the transfer fails as with a broken cable (EPROTO)             |                            |
/// | overflow       | the transfer fails with babble                                 |                            |
/// | zero-length    | an empty packet                                                |                            |
/// | short          | no more than `length` bytes; of events, whole words            |                            |
/// | delay          | the reply comes `milliseconds` later                           |                            |
/// | wrong-command  | the reply of another command                                   |                            |
/// | failure-flag   | a reply that says "failed"                                     |                            |
/// | error          |                                                                | returns `code`             |
///
/// A transfer of events that fails still brings up to `length` bytes.
pub const Kind = enum {
    unplug,
    stall,
    hang,
    protocol_error,
    overflow,
    zero_length,
    short,
    delay,
    wrong_command,
    failure_flag,
    @"error",

    /// Whether the kind has a meaning there.
    pub fn appliesTo(kind: Kind, place: Place) bool {
        return switch (place) {
            .function => kind == .unplug or kind == .@"error",
            .endpoint => |endpoint| switch (kind) {
                .unplug, .stall, .hang, .protocol_error => true,
                .overflow, .zero_length, .short => endpoint != .commands,
                .delay, .wrong_command, .failure_flag => endpoint == .replies,
                .@"error" => false,
            },
        };
    }
};

/// Functions of libusb that can be made to fail, by name. Those that return a pointer return null;
/// `libusb_init_context` counts as `libusb_init`, and all functions that handle events as the one below.
pub const Function = enum {
    libusb_init,
    libusb_get_device_list,
    libusb_get_device_descriptor,
    libusb_get_active_config_descriptor,
    libusb_get_config_descriptor,
    libusb_get_max_packet_size,
    libusb_open,
    libusb_get_configuration,
    libusb_set_configuration,
    libusb_reset_device,
    libusb_kernel_driver_active,
    libusb_detach_kernel_driver,
    libusb_attach_kernel_driver,
    libusb_set_auto_detach_kernel_driver,
    libusb_claim_interface,
    libusb_release_interface,
    libusb_set_interface_alt_setting,
    libusb_clear_halt,
    libusb_control_transfer,
    libusb_bulk_transfer,
    libusb_alloc_transfer,
    libusb_submit_transfer,
    libusb_cancel_transfer,
    libusb_handle_events_timeout_completed,
    libusb_dev_mem_alloc,
    libusb_dev_mem_free,
};

pub const Place = union(enum) { endpoint: Endpoint, function: Function };

pub const Fault = struct {
    kind: Kind,
    place: Place,
    /// Passages that go well before it.
    after: u64 = 0,
    /// How often it strikes; 0 = from then on always.
    times: u64 = 1,
    length: u32 = 0,
    milliseconds: u32 = 0,
    /// An error code of libusb.
    code: c_int = -1,

    /// How much a transfer brings in place of `length` bytes.
    pub fn shortened(fault: Fault, length: usize) usize {
        return switch (fault.kind) {
            .zero_length => 0,
            .short => @min(length, fault.length),
            else => length,
        };
    }

    fn strikes(fault: Fault, passage: u64) bool {
        return passage >= fault.after and (fault.times == 0 or passage - fault.after < fault.times);
    }
};

pub const Faults = struct {
    list: []const Fault = &.{},
    endpoint_passages: std.EnumArray(Endpoint, u64) = .initFill(0),
    function_passages: std.EnumArray(Function, u64) = .initFill(0),

    /// The fault that the next passage meets.
    pub fn next(faults: *Faults, place: Place) ?Fault {
        for (faults.list) |fault| {
            if (std.meta.eql(fault.place, place) and fault.strikes(faults.passages(place).*)) return fault;
        }
        return null;
    }

    pub fn pass(faults: *Faults, place: Place) void {
        faults.passages(place).* += 1;
    }

    /// `next` and `pass` at once.
    pub fn meet(faults: *Faults, place: Place) ?Fault {
        defer faults.pass(place);
        return faults.next(place);
    }

    fn passages(faults: *Faults, place: Place) *u64 {
        return switch (place) {
            .endpoint => |endpoint| faults.endpoint_passages.getPtr(endpoint),
            .function => |function| faults.function_passages.getPtr(function),
        };
    }
};

test "a fault strikes after `after` passages of its place, `times` times" {
    const place: Place = .{ .endpoint = .replies };
    var faults: Faults = .{ .list = &.{
        .{ .kind = .stall, .place = place, .after = 2, .times = 2 },
        .{ .kind = .@"error", .place = .{ .function = .libusb_open }, .times = 0, .code = -3 },
    } };
    for ([_]bool{ false, false, true, true, false }) |strikes| {
        try std.testing.expectEqual(strikes, faults.meet(place) != null);
        try std.testing.expectEqual(null, faults.meet(.{ .endpoint = .events }));
    }
    for (0..3) |_| try std.testing.expectEqual(-3, faults.meet(.{ .function = .libusb_open }).?.code);
}
