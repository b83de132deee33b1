/**
 * The twin of `zig/src/abi.zig`: statuses and blocks of numbers, as the native library lays them out.
 *
 * A block is a `Float64Array`; a name's position in its list is the index of the field.
 * `tests/ffi/abi_test.ts` compares these tables with what the loaded library says of itself.
 */

/** The version of the binary interface that this code speaks. */
export const abiVersion = 4;

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
} as const;

/** Why a stream came to its end, by `end_reason`. */
export const endReasons = ["running", "closed", "disconnected", "io"] as const;

/** Formats by their number. */
export const formats = ["evt3", "evt2", "evt21", "evt21_legacy"] as const;

/** Entries of the table of gaps in a report. */
export const gapsPerReport = 16;

const gapFields = ["event_index", "trigger_index", "byte_index", "transfers", "bytes"] as const;

/** Names of the fields of each block, in order. Lists that end in a table give the table's first entry only. */
export const blocks = {
  gap: gapFields,
  report: [
    "events",
    "triggers",
    "consumed_bytes",
    "current_time",
    "raw_packets",
    "bytes",
    "received_ms",
    "consumed_ms",
    "delay_ms",
    "backlog",
    "dropped_transfers",
    "dropped_bytes",
    "transfers_missing",
    "gaps",
    "end_reason",
    "gap",
  ],
  stream_options: [
    "endpoint",
    "format",
    "buffer_length",
    "ring_length",
    "transfer_queue_length",
    "allow_dma",
  ],
  stream_opened: ["handle", "libusb_error", "dma_slots"],
  stream_statistics: [
    "transfers",
    "bytes",
    "dropped_transfers",
    "dropped_bytes",
    "zero_length_transfers",
    "stalls",
    "errors",
    "transfers_requested",
    "transfers_in_flight",
    "backlog",
    "backlog_peak",
    "backlog_bytes",
    "slots",
    "slots_committed",
    "dma_slots",
  ],
  decoder_statistics: [
    "words",
    "events",
    "triggers",
    "address_y_words",
    "address_x_words",
    "vector_base_words",
    "vector_words",
    "time_low_words",
    "time_high_words",
    "trigger_words",
    "others_words",
    "continued_words",
    "unknown_words",
    "out_of_sensor",
    "skipped_words",
    "time_discontinuities",
    "time_wraps",
    "rate_controller_input",
    "rate_controller_output",
  ],
} as const;

/** The name of a block. */
export type BlockName = keyof typeof blocks;

/** The index of each field of a block. */
export type BlockIndex<Name extends BlockName> = {
  readonly [Field in (typeof blocks)[Name][number]]: number;
};

/** Indexes of the fields of a block, by name. */
export function blockIndex<Name extends BlockName>(name: Name): BlockIndex<Name> {
  return Object.fromEntries(blocks[name].map((field, index) => [field, index])) as BlockIndex<Name>;
}

/** Length of a block in f64 elements, tables included. */
export function blockLength(name: BlockName): number {
  const { length } = blocks[name];
  return name === "report" ? length - 1 + gapsPerReport * gapFields.length : length;
}
