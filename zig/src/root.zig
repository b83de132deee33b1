//! The exports of the native library, a bare list. `ffi/symbols.ts` is its twin in TypeScript.

const library = @import("api/library_api.zig");
const stream = @import("api/stream_api.zig");
const decoder = @import("api/decoder_api.zig");
const libusb = @import("api/libusb_api.zig");

comptime {
    @export(&library.abiVersion, .{ .name = "nd_abi_version" });
    @export(&library.abiLayout, .{ .name = "nd_abi_layout" });
    @export(&library.memoryCopy, .{ .name = "nd_memory_copy" });

    @export(&decoder.create, .{ .name = "nd_decoder_create" });
    @export(&decoder.decode, .{ .name = "nd_decoder_decode" });
    @export(&decoder.statistics, .{ .name = "nd_decoder_statistics" });
    @export(&decoder.reset, .{ .name = "nd_decoder_reset" });
    @export(&decoder.destroy, .{ .name = "nd_decoder_destroy" });
    @export(&decoder.info, .{ .name = "nd_decoder_info" });

    @export(&libusb.context.watch, .{ .name = "nd_context_watch" });
    @export(&libusb.context.forget, .{ .name = "nd_context_forget" });
    @export(&libusb.device.watch, .{ .name = "nd_device_watch" });
    @export(&libusb.device.forget, .{ .name = "nd_device_forget" });

    @export(&stream.open, .{ .name = "nd_stream_open" });
    @export(&stream.wait, .{ .name = "nd_stream_wait" });
    @export(&stream.notifier, .{ .name = "nd_stream_notifier" });
    @export(&stream.arm, .{ .name = "nd_stream_arm" });
    @export(&stream.read, .{ .name = "nd_stream_read" });
    @export(&stream.readRaw, .{ .name = "nd_stream_read_raw" });
    @export(&stream.clearBacklog, .{ .name = "nd_stream_clear_backlog" });
    @export(&stream.statistics, .{ .name = "nd_stream_statistics" });
    @export(&stream.stop, .{ .name = "nd_stream_stop" });
    @export(&stream.close, .{ .name = "nd_stream_close" });
}

test {
    _ = library;
    _ = decoder;
    _ = stream;
    _ = @import("api/orphans.zig");
    _ = @import("api/handles.zig");
    _ = @import("system/memory.zig");
    _ = @import("system/thread_exit.zig");
    _ = @import("ring/notifier.zig");
    _ = @import("ring/slots.zig");
    _ = @import("ring/quiet.zig");
    _ = @import("ring/stream_test.zig");
    _ = @import("ring/waiting_test.zig");
    _ = @import("ring/explorer_test.zig");
    _ = @import("decoder/evt3/evt3_test.zig");
    _ = @import("decoder/evt2/evt2_test.zig");
    _ = @import("tools/bench/yardstick_test.zig");
}
