/**
 * The twin of `zig/src/abi.zig`: statuses and blocks of numbers, as the native library lays them out.
 *
 * A block is a `Float64Array` in which each field has one element, or is a table of several.
 * `tests/ffi/abi_test.ts` compares these tables with what the loaded library says of itself.
 */

/** The version of the binary interface that this code speaks. */
export const abiVersion = 13;

/** What native calls return: zero and above, the work was done; below, it was not. */
export const statuses = {
  ok: 0,
  timeout: 1,
  ended: 2,
  invalid_handle: -1,
  invalid_argument: -2,
  out_of_memory: -3,
  buffer_too_small: -4,
  libusb_unavailable: -5,
  thread_unavailable: -6,
  submit_failed: -7,
  unsupported: -8,
  busy: -9,
  too_many: -10,
  file_refused: -11,
} as const;

/** Why a stream came to its end, by `end_reason`. */
export const endReasons = ["running", "closed", "disconnected", "io"] as const;

/** What the system lets the reader thread have, by `reader_priority`. */
export const readerPriorities = ["usual", "raised", "realtime"] as const;

/** Formats by their number. */
export const formats = ["evt3", "evt2", "evt21", "evt21_legacy", "evt4"] as const;

/** What an event or a trigger has that an encoder cannot write, by number. */
export const encoderFaults = [
  "none",
  "event_time",
  "event_order",
  "event_range",
  "event_x",
  "event_y",
  "event_on",
  "trigger_time",
  "trigger_order",
  "trigger_range",
  "trigger_id",
  "trigger_edge",
] as const;

/** What an accumulator makes of events, by number. */
export const accumulatorKinds = ["decay", "linear", "window", "time_surface", "count", "voxel"] as const;

/** Why a recording ended, by `end`. */
export const recordingEnds = [
  "running",
  "time",
  "size",
  "signal",
  "closed",
  "disconnected",
  "no_space",
  "io",
  "stopped",
] as const;

/** Why a file could not be made or written, by `failure`. */
export const fileFailures = [
  "none",
  "exists",
  "not_found",
  "denied",
  "folder",
  "no_space",
  "io",
  "in_use",
  "unreadable",
] as const;

/** Kinds of events by their number; `src/packets/kinds.ts` has the columns of each. */
export const kinds = ["polarity", "trigger", "imu", "frame", "pixel"] as const;

/** A table with an entry for each kind. */
const perKind = kinds.length;

/** Entries of the table of gaps in a report. */
export const gapsPerReport = 16;

const gap = { index: perKind, byte_index: 1, transfers: 1, bytes: 1, silence_us: 1, jump_us: 1 } as const;

/** The fields of each block, in order, and how many elements each has. */
export const blocks = {
  gap,
  read_options: { capacity: perKind, maximum_raw_packets: 1 },
  report: {
    events: perKind,
    consumed_bytes: 1,
    current_time: 1,
    time_discontinuities: 1,
    out_of_sensor: 1,
    rate_controller_input: 1,
    rate_controller_output: 1,
    raw_packets: 1,
    bytes: 1,
    received_ms: 1,
    consumed_ms: 1,
    delay_ms: 1,
    backlog: 1,
    dropped_transfers: 1,
    dropped_bytes: 1,
    transfers_missing: 1,
    end_reason: 1,
    gaps: 1,
    gap: gapsPerReport * lengthOf(gap),
  },
  stream_options: {
    endpoint: 1,
    format: 1,
    buffer_length: 1,
    ring_length: 1,
    transfer_queue_length: 1,
    allow_dma: 1,
  },
  stream_opened: { handle: 1, libusb_error: 1 },
  stream_statistics: {
    transfers: 1,
    bytes: 1,
    dropped_transfers: 1,
    dropped_bytes: 1,
    zero_length_transfers: 1,
    stalls: 1,
    errors: 1,
    transfers_requested: 1,
    transfers_in_flight: 1,
    backlog: 1,
    backlog_peak: 1,
    backlog_bytes: 1,
    slots: 1,
    slots_committed: 1,
    dma_slots: 1,
    reader_priority: 1,
  },
  decoder_options: { format: 1, width: 1, height: 1, is_file: 1 },
  decoder_statistics: {
    words: 1,
    events: perKind,
    address_y_words: 1,
    address_x_words: 1,
    vector_base_words: 1,
    vector_words: 1,
    time_low_words: 1,
    time_high_words: 1,
    trigger_words: 1,
    others_words: 1,
    continued_words: 1,
    unknown_words: 1,
    padding_words: 1,
    out_of_sensor: 1,
    skipped_words: 1,
    time_discontinuities: 1,
    time_wraps: 1,
    rate_controller_input: 1,
    rate_controller_output: 1,
  },
  encoder: {
    format: 1,
    width: 1,
    height: 1,
    last_time: 1,
    time_high: 1,
    time_low: 1,
    row: 1,
    vector: 1,
  },
  encoder_input: { first_event: 1, events: 1, first_trigger: 1, triggers: 1 },
  encoded: { next_event: 1, next_trigger: 1, bytes: 1, fault: 1, fault_index: 1 },
  accumulator_options: { kind: 1, width: 1, height: 1, bins: 1, bin_us: 1 },
  accumulated: { events: 1, on_events: 1, outside: 1, triggers: 1, consumed_bytes: 1, current_time: 1 },
  accumulator_view: { t: 1, kind: 1, tau_us: 1, full_count: 1 },
  recorder_options: {
    format: 1,
    width: 1,
    height: 1,
    overwrite: 1,
    buffer_length: 1,
    maximum_bytes: 1,
    maximum_ms: 1,
  },
  recorder_opened: { handle: 1, failure: 1, system_error: 1, is_receipt: 1 },
  recorder_statistics: {
    end: 1,
    is_written: 1,
    failure: 1,
    system_error: 1,
    bytes: 1,
    counted_bytes: 1,
    polarity_events: 1,
    trigger_events: 1,
    gaps: 1,
    dropped_transfers: 1,
    dropped_bytes: 1,
    skipped_bytes: 1,
    queued_bytes: 1,
    current_time: 1,
    elapsed_ms: 1,
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, number>>>>;

/** The name of a block. */
export type BlockName = keyof typeof blocks;

/** The index of each field of a block, of a table that of its first element. */
export type BlockIndex<Name extends BlockName> = { readonly [Field in keyof (typeof blocks)[Name]]: number };

/** Indexes of the fields of a block, by name. */
export function blockIndex<Name extends BlockName>(name: Name): BlockIndex<Name> {
  let next = 0;
  const index: Record<string, number> = {};
  for (const [field, length] of Object.entries<number>(blocks[name])) {
    index[field] = next;
    next += length;
  }
  return index as BlockIndex<Name>;
}

/** Length of a block in elements. */
export function blockLength(name: BlockName): number {
  return lengthOf(blocks[name]);
}

function lengthOf(fields: Readonly<Record<string, number>>): number {
  return Object.values(fields).reduce((sum, length) => sum + length, 0);
}
