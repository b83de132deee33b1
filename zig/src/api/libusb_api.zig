//! Exports over what TypeScript opens of libusb: watched, so that it is closed where its thread ends before it is
//! forgotten.

const abi = @import("../abi.zig");
const libusb = @import("../ring/libusb.zig");
const orphans = @import("orphans.zig");
const Status = abi.Status;

pub fn watchContext(libusb_path: ?[*:0]const u8, context: usize) callconv(.c) i32 {
    const path = libusb_path orelse return Status.invalid_argument.code();
    if (context == 0) return Status.invalid_argument.code();
    const functions = libusb.load(libusb.Closing, path) catch return Status.libusb_unavailable.code();
    orphans.watch(.{ .context = .{ .address = context, .exit = functions.exit } });
    return Status.ok.code();
}

pub fn forgetContext(context: usize) callconv(.c) i32 {
    orphans.forget(.context, context);
    return Status.ok.code();
}

pub fn watchDevice(libusb_path: ?[*:0]const u8, device: usize) callconv(.c) i32 {
    const path = libusb_path orelse return Status.invalid_argument.code();
    if (device == 0) return Status.invalid_argument.code();
    const functions = libusb.load(libusb.Closing, path) catch return Status.libusb_unavailable.code();
    orphans.watch(.{ .device = .{ .address = device, .close = functions.close } });
    return Status.ok.code();
}

pub fn forgetDevice(device: usize) callconv(.c) i32 {
    orphans.forget(.device, device);
    return Status.ok.code();
}
