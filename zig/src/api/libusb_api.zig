//! Exports over libusb's objects that TypeScript opens: each is watched, and closed if its thread ends before
//! TypeScript forgets it.

const abi = @import("../abi.zig");
const libusb = @import("../ring/libusb.zig");
const thread_cleanup = @import("thread_cleanup.zig");
const Status = abi.Status;

pub const context = Watched(.context, "exit");
pub const device = Watched(.device, "close");

/// The exports for one kind of libusb's objects. `closing` is libusb's function that closes it.
fn Watched(comptime kind: thread_cleanup.Open.Kind, comptime closing: []const u8) type {
    return struct {
        pub fn watch(libusb_path: ?[*:0]const u8, address: usize) callconv(.c) i32 {
            const path = libusb_path orelse return Status.invalid_argument.code();
            if (address == 0) return Status.invalid_argument.code();
            const functions = libusb.load(libusb.Closing, path) catch return Status.libusb_unavailable.code();
            const native: thread_cleanup.Native = .{ .address = address, .close = @field(functions, closing) };
            thread_cleanup.watch(@unionInit(thread_cleanup.Open, @tagName(kind), native));
            return Status.ok.code();
        }

        pub fn forget(address: usize) callconv(.c) i32 {
            thread_cleanup.forget(kind, address);
            return Status.ok.code();
        }
    };
}
