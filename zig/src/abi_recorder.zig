//! The blocks of recorders: a part of `abi.zig`, which names them.

/// Options of `nd_recorder_open`.
pub const RecorderOptions = extern struct {
    /// A `Format`: what the device sends.
    format: f64,
    /// Of the sensor, from 1 to 2048.
    width: f64,
    height: f64,
    /// 0 or 1: whether files that exist are emptied.
    overwrite: f64,
    /// Bytes that may wait for the disk.
    buffer_length: f64,
    /// Of the file, and of the time; 0 = no limit.
    maximum_bytes: f64,
    maximum_ms: f64,
};

/// Result of `nd_recorder_open`.
pub const RecorderOpened = extern struct {
    handle: f64,
    /// Of `file_failures`, where a file was refused; the system's own code; 0 = the recording, 1 = its receipt.
    failure: f64,
    system_error: f64,
    is_receipt: f64,
};

/// What a recorder has written.
pub const RecorderStatistics = extern struct {
    /// Of `recording_ends`: "running" until all is written and counted.
    end: f64,
    /// 0 or 1: whether the file is complete. What is left then is counting.
    is_written: f64,
    /// Of `file_failures`, where writing failed, and the system's own code.
    failure: f64,
    system_error: f64,
    /// Of the file, header included.
    bytes: f64,
    /// Those of them that events, gaps and time below tell of.
    counted_bytes: f64,
    polarity_events: f64,
    trigger_events: f64,
    /// Gaps with lines of their own in the receipt.
    gaps: f64,
    dropped_transfers: f64,
    dropped_bytes: f64,
    /// Left out at the beginning and behind losses, as no reader could place them.
    skipped_bytes: f64,
    /// Bytes that wait for the disk.
    queued_bytes: f64,
    /// Sensor clock behind what is counted, µs; NaN before the first time word.
    current_time: f64,
    /// Since the recording began, on the host's clock; of one that has ended, until its last byte was written.
    elapsed_ms: f64,
};
