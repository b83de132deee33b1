//! The binary interface between the native library and TypeScript, in one place:
//! statuses, and the blocks of numbers that native calls fill in buffers owned by JavaScript.
//!
//! Rules (the weakest FFI of the three runtimes sets them): every export returns an i32 status, takes
//! numbers and buffers, and writes its results into buffers of the caller. No struct by value, no
//! returned pointer, no 64-bit return value. Blocks are made of f64 only, single ones and tables of them (exact for
//! integers up to 2^53), so that JavaScript reads a block as one Float64Array, without alignment rules and without BigInt.
//!
//! `ffi/abi.ts` is the twin of this file. `nd_abi_layout` describes the types below as JSON and a test
//! compares that with the twin, so the two cannot drift apart.

const std = @import("std");
const kinds = @import("kinds.zig");
const accumulator = @import("abi_accumulator.zig");
const recorder = @import("abi_recorder.zig");

/// Raised by one whenever an export, a status or a block changes its meaning.
pub const version: i32 = 13;

/// What an export returns. Zero and above: it did its work; below: it did not.
pub const Status = enum(i32) {
    ok = 0,
    /// `nd_stream_wait`: nothing arrived in time.
    timeout = 1,
    /// The stream is over and everything that it received has been read; `Report.end_reason` says why.
    ended = 2,
    /// The handle was never given out, or what it named has been closed.
    invalid_handle = -1,
    invalid_argument = -2,
    out_of_memory = -3,
    /// The output buffer cannot hold even one item.
    buffer_too_small = -4,
    /// libusb could not be loaded from the given path, or lacks a function.
    libusb_unavailable = -5,
    thread_unavailable = -6,
    /// libusb refused the first transfers; the block of the call holds libusb's own error.
    submit_failed = -7,
    unsupported = -8,
    /// Another thread is inside a call on the same handle; or a recorder writes the file.
    busy = -9,
    /// The table of handles is full.
    too_many = -10,
    /// A file could not be made; the block of the call says which, and why.
    file_refused = -11,

    pub fn code(status: Status) i32 {
        return @backingInt(status);
    }
};

/// Why a stream came to its end.
pub const EndReason = enum(u8) {
    running = 0,
    /// `nd_stream_stop` or `nd_stream_close`.
    closed = 1,
    /// The device is gone (unplugged).
    disconnected = 2,
    /// Transfers keep failing.
    io = 3,
};

/// Byte streams that a decoder understands.
pub const Format = enum(u32) { evt3 = 0, evt2 = 1, evt21 = 2, evt21_legacy = 3, evt4 = 4 };

/// What an event or a trigger has that an encoder cannot write.
pub const EncoderFault = enum(u8) {
    none = 0,
    /// No whole number of µs.
    event_time = 1,
    /// A time below the one before.
    event_order = 2,
    /// A time that the format cannot hold.
    event_range = 3,
    event_x = 4,
    event_y = 5,
    event_on = 6,
    trigger_time = 7,
    trigger_order = 8,
    trigger_range = 9,
    /// An input that the format cannot hold.
    trigger_id = 10,
    /// Neither falling nor rising.
    trigger_edge = 11,
};

/// An entry for each kind of events, by its number.
pub const PerKind = [kinds.count]f64;

/// Options of calls that hand out events.
pub const ReadOptions = extern struct {
    /// How many events of each kind the columns have room for: multiples of 8.
    capacity: PerKind,
    /// The most raw packets to take, 0 = no limit.
    maximum_raw_packets: f64,
};

/// Where bytes were lost: the first event of each kind and the first byte of this read that came after the loss.
pub const Gap = extern struct {
    index: PerKind,
    byte_index: f64,
    transfers: f64,
    bytes: f64,
    /// On the host's clock, from the last raw packet before the loss to the first one after it, µs.
    silence_us: f64,
    /// Where the sensor's clock jumps without a loss in the ring: how much of its time is missing, µs.
    jump_us: f64,
};

pub const gaps_per_report = 16;

/// Filled by every call that hands out events or raw bytes.
pub const Report = extern struct {
    /// Events written.
    events: PerKind,
    /// Bytes of the input that were consumed (`nd_decoder_decode`).
    consumed_bytes: f64,
    /// Sensor clock after the last decoded word, µs; NaN before the first time word.
    current_time: f64,
    /// As in `DecoderStatistics`, of this call alone.
    time_discontinuities: f64,
    out_of_sensor: f64,
    /// As in `DecoderStatistics`, NaN in raw mode.
    rate_controller_input: f64,
    rate_controller_output: f64,
    /// Raw packets (USB transfers) that this call finished.
    raw_packets: f64,
    /// Bytes of the ring that this call consumed.
    bytes: f64,
    /// Host clock when the first raw packet of this call with an event was received, Unix milliseconds; the first raw
    /// packet where all are idle.
    received_ms: f64,
    /// Host clock at the end of this call, Unix milliseconds.
    consumed_ms: f64,
    /// Time between the two on the monotonic clock, milliseconds.
    delay_ms: f64,
    /// Raw packets received and not yet read.
    backlog: f64,
    /// Transfers and bytes lost because the ring was full, since the previous call that reported them.
    dropped_transfers: f64,
    dropped_bytes: f64,
    /// How many requested transfers are not with libusb, because it refuses them.
    transfers_missing: f64,
    /// An `EndReason`.
    end_reason: f64,
    /// Entries of `gap` in use.
    gaps: f64,
    gap: [gaps_per_report]Gap,

    /// Nothing read, and nothing known of the sensor. The table of gaps stays as it is: none of it is in use.
    pub fn clear(report: *Report) void {
        @memset(std.mem.asBytes(report)[0..@offsetOf(Report, "gap")], 0);
        report.current_time = std.math.nan(f64);
        report.rate_controller_input = std.math.nan(f64);
        report.rate_controller_output = std.math.nan(f64);
    }
};

/// Options of `nd_stream_open`.
pub const StreamOptions = extern struct {
    endpoint: f64,
    /// A `Format`: what the device sends, decoded or not.
    format: f64,
    buffer_length: f64,
    ring_length: f64,
    transfer_queue_length: f64,
    /// 0 or 1.
    allow_dma: f64,
};

/// Result of `nd_stream_open`.
pub const StreamOpened = extern struct {
    handle: f64,
    /// libusb's error code (0 or negative) where libusb refused.
    libusb_error: f64,
};

/// Totals of a stream since it was opened.
pub const StreamStatistics = extern struct {
    transfers: f64,
    bytes: f64,
    dropped_transfers: f64,
    dropped_bytes: f64,
    zero_length_transfers: f64,
    /// STALLs that were cleared.
    stalls: f64,
    /// Transfers that ended in another error.
    errors: f64,
    /// Requested transfers, and those that are with libusb now.
    transfers_requested: f64,
    transfers_in_flight: f64,
    /// Slots with unread bytes, now and at most so far.
    backlog: f64,
    backlog_peak: f64,
    /// Bytes received and not read. With the bytes read and dropped they are `bytes`.
    backlog_bytes: f64,
    /// Slots of the ring, and how many of them have memory behind them now.
    slots: f64,
    slots_committed: f64,
    dma_slots: f64,
    /// A `ReaderPriority`.
    reader_priority: f64,
};

/// What the system lets the reader thread have: `system/thread_priority.zig` says more.
pub const ReaderPriority = enum(u8) { usual = 0, raised = 1, realtime = 2 };

/// Options of `nd_decoder_create`.
pub const DecoderOptions = extern struct {
    /// A `Format`.
    format: f64,
    /// Of the sensor, from 1 to 2048.
    width: f64,
    height: f64,
    /// 0: a camera's bytes, 1: a file's, whose jumps ahead are followed at once.
    is_file: f64,
};

/// Totals of a decoder since it was made or reset. Words are of the format: 2 bytes in EVT3, 4 in EVT2 and EVT4, 8 in
/// EVT2.1.
pub const DecoderStatistics = extern struct {
    words: f64,
    /// Events handed out.
    events: PerKind,
    /// Words by their kind.
    address_y_words: f64,
    address_x_words: f64,
    vector_base_words: f64,
    vector_words: f64,
    time_low_words: f64,
    time_high_words: f64,
    trigger_words: f64,
    others_words: f64,
    continued_words: f64,
    unknown_words: f64,
    /// Words that only fill the stream; not among the unknown ones.
    padding_words: f64,
    /// Events dropped because x or y lies beyond the sensor.
    out_of_sensor: f64,
    /// Words skipped because no time, row or vector base was known yet.
    skipped_words: f64,
    /// Steps of the time that were not followed, and jumps that were.
    time_discontinuities: f64,
    /// Wraps of the sensor's time counter.
    time_wraps: f64,
    /// Last counters of the sensor's event rate controller, NaN before the first.
    rate_controller_input: f64,
    rate_controller_output: f64,
};

/// An encoder: what it writes, and what it remembers from call to call, which the caller keeps. NaN stands for what has
/// not been written yet.
pub const Encoder = extern struct {
    /// A `Format`.
    format: f64,
    /// Of the sensor, from 1 to 2048.
    width: f64,
    height: f64,
    /// µs: of the last event or trigger.
    last_time: f64,
    /// The last TIME_HIGH, with the wraps before it.
    time_high: f64,
    /// EVT3: the last TIME_LOW, ADDR_Y, and what a VECT_BASE_X would say that vectors say already.
    time_low: f64,
    row: f64,
    vector: f64,
};

/// The columns of a call of `nd_encoder_encode`: how long they are, and the first event and the first trigger to encode.
pub const EncoderInput = extern struct {
    first_event: f64,
    events: f64,
    first_trigger: f64,
    triggers: f64,
};

/// What a call of `nd_encoder_encode` has done.
pub const Encoded = extern struct {
    /// The first event and the first trigger that are left.
    next_event: f64,
    next_trigger: f64,
    /// Written.
    bytes: f64,
    /// An `EncoderFault`, and the index of the event or trigger that has it. Nothing was written then.
    fault: f64,
    fault_index: f64,
};

pub const AccumulatorKind = accumulator.AccumulatorKind;
pub const AccumulatorOptions = accumulator.AccumulatorOptions;
pub const Accumulated = accumulator.Accumulated;
pub const AccumulatorView = accumulator.AccumulatorView;

pub const RecorderOptions = recorder.RecorderOptions;
pub const RecorderOpened = recorder.RecorderOpened;
pub const RecorderStatistics = recorder.RecorderStatistics;

/// All blocks, by the names that TypeScript has for them.
pub const blocks = .{
    .gap = Gap,
    .read_options = ReadOptions,
    .report = Report,
    .stream_options = StreamOptions,
    .stream_opened = StreamOpened,
    .stream_statistics = StreamStatistics,
    .decoder_options = DecoderOptions,
    .decoder_statistics = DecoderStatistics,
    .encoder = Encoder,
    .encoder_input = EncoderInput,
    .encoded = Encoded,
    .accumulator_options = AccumulatorOptions,
    .accumulated = Accumulated,
    .accumulator_view = AccumulatorView,
    .recorder_options = RecorderOptions,
    .recorder_opened = RecorderOpened,
    .recorder_statistics = RecorderStatistics,
};

/// How many f64 a field of a block has.
pub fn elements(comptime Block: type, comptime field: []const u8) usize {
    const Field = @FieldType(Block, field);
    comptime std.debug.assert(@alignOf(Field) == @alignOf(f64) and @sizeOf(Field) % @sizeOf(f64) == 0);
    return @sizeOf(Field) / @sizeOf(f64);
}

/// A field of a block as a whole number up to `maximum`; null where it is none.
pub fn integer(comptime Integer: type, value: f64, maximum: Integer) ?Integer {
    return if (isWhole(value, @intCast(maximum))) @intFromFloat(value) else null;
}

/// Whether a field of a block is a whole number from 0 to `maximum`, which is below 2^53.
pub fn isWhole(value: f64, maximum: u64) bool {
    if (!(value >= 0 and value <= @as(f64, @floatFromInt(maximum)))) return false;
    const whole: u64 = @intFromFloat(value);
    return @as(f64, @floatFromInt(whole)) == value;
}
