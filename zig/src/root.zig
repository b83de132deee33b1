//! The native library: its exports stand in api/exports.zig.

const export_table = @import("system/export_table.zig");
const exports = @import("api/exports.zig");

comptime {
    export_table.exportAll(exports.portable);
    export_table.exportAll(exports.native);
}

test {
    _ = @import("api/library_api.zig");
    _ = @import("api/decoder_api.zig");
    _ = @import("api/encoder_api.zig");
    _ = @import("api/accumulator_api.zig");
    _ = @import("api/stream_api.zig");
    _ = @import("kinds.zig");
    _ = @import("decoder/packet.zig");
    _ = @import("api/thread_cleanup.zig");
    _ = @import("api/thread_cleanup_test.zig");
    _ = @import("api/handles.zig");
    _ = @import("system/export_table.zig");
    _ = @import("system/memory.zig");
    _ = @import("system/thread_exit.zig");
    _ = @import("ring/notifier.zig");
    _ = @import("ring/preference.zig");
    _ = @import("ring/slots.zig");
    _ = @import("ring/idle.zig");
    _ = @import("ring/stream_test.zig");
    _ = @import("ring/end_test.zig");
    _ = @import("ring/loss_test.zig");
    _ = @import("ring/giving_back_test.zig");
    _ = @import("ring/waiting_test.zig");
    _ = @import("ring/jump_test.zig");
    _ = @import("ring/explorer_test.zig");
    _ = @import("decoder/snapshot.zig");
    _ = @import("decoder/snapshot_test.zig");
    _ = @import("system/output_file.zig");
    _ = @import("system/input_file.zig");
    _ = @import("system/file_lock.zig");
    _ = @import("system/thread_priority.zig");
    _ = @import("recorder/byte_queue_test.zig");
    _ = @import("recorder/handover.zig");
    _ = @import("recorder/counter_test.zig");
    _ = @import("recorder/resync.zig");
    _ = @import("recorder/words.zig");
    _ = @import("recorder/receipt_lines.zig");
    _ = @import("recorder/account.zig");
    _ = @import("recorder/recorder_test.zig");
    _ = @import("decoder/time_jumps_test.zig");
    _ = @import("decoder/evt3/evt3_test.zig");
    _ = @import("decoder/evt2/evt2_test.zig");
    _ = @import("decoder/evt4/evt4_test.zig");
    _ = @import("encoder/encoder_test.zig");
    _ = @import("accumulator/accumulator_test.zig");
    _ = @import("accumulator/decoding_test.zig");
    _ = @import("accumulator/painting_test.zig");
    _ = @import("tools/bench/baseline_test.zig");
}
