//! The exports, two bare lists. `ffi/symbols.ts` is their twin in TypeScript, and `tests/ffi/abi_test.ts` compares the
//! two.

const library = @import("library_api.zig");
const stream = @import("stream_api.zig");
const decoder = @import("decoder_api.zig");
const encoder = @import("encoder_api.zig");
const accumulator = @import("accumulator_api.zig");
const libusb = @import("libusb_api.zig");
const recorder = @import("recorder_api.zig");

/// What needs no thread, no file and no USB: the native library has these, and WebAssembly.
pub const portable = .{
    .nd_abi_version = &library.abiVersion,
    .nd_abi_layout = &library.abiLayout,

    .nd_decoder_create = &decoder.create,
    .nd_decoder_decode = &decoder.decode,
    .nd_decoder_gap = &decoder.gap,
    .nd_decoder_pause = &decoder.pause,
    .nd_decoder_statistics = &decoder.statistics,
    .nd_decoder_reset = &decoder.reset,
    .nd_decoder_save = &decoder.save,
    .nd_decoder_restore = &decoder.restore,
    .nd_decoder_destroy = &decoder.destroy,
    .nd_decoder_info = &decoder.info,

    .nd_encoder_encode = &encoder.encode,

    .nd_accumulator_create = &accumulator.create,
    .nd_accumulator_add = &accumulator.add,
    .nd_accumulator_decode = &accumulator.decode,
    .nd_accumulator_draw = &accumulator.draw,
    .nd_accumulator_values = &accumulator.values,
    .nd_accumulator_clear = &accumulator.clear,
    .nd_accumulator_reset = &accumulator.reset,
    .nd_accumulator_destroy = &accumulator.destroy,
};

/// What only the native library has.
pub const native = .{
    .nd_memory_copy = &library.memoryCopy,

    .nd_context_watch = &libusb.context.watch,
    .nd_context_forget = &libusb.context.forget,
    .nd_device_watch = &libusb.device.watch,
    .nd_device_forget = &libusb.device.forget,

    .nd_stream_open = &stream.open,
    .nd_stream_wait = &stream.wait,
    .nd_stream_notifier = &stream.notifier,
    .nd_stream_arm = &stream.arm,
    .nd_stream_read = &stream.read,
    .nd_stream_read_raw = &stream.readRaw,
    .nd_stream_clear_backlog = &stream.clearBacklog,
    .nd_stream_statistics = &stream.statistics,
    .nd_stream_give_back = &stream.giveBack,
    .nd_stream_stop = &stream.stop,
    .nd_stream_close = &stream.close,

    .nd_recorder_open = &recorder.open,
    .nd_recorder_stop = &recorder.stop,
    .nd_recorder_wait = &recorder.wait,
    .nd_recorder_abandon = &recorder.abandon,
    .nd_recorder_statistics = &recorder.statistics,
    .nd_recorder_close = &recorder.close,
    .nd_recorder_find = &recorder.find,
};
