/**
 * Every native function that the library calls, in one neutral table.
 * Each runtime's adapter translates the types; the C declaration stands beside each parameter.
 *
 * | type     | C                  | in JavaScript                                                   |
 * | -------- | ------------------ | --------------------------------------------------------------- |
 * | u8 … i32 | integers           | number                                                          |
 * | address  | a native pointer   | bigint, opaque: JavaScript never dereferences it                |
 * | buffer   | pointer to bytes   | a typed array, lent for the duration of the call; null is NULL  |
 * | void     | no result          | undefined                                                       |
 */

/** A type of a parameter or a result. */
export type NativeType = "u8" | "u16" | "u32" | "i32" | "address" | "buffer" | "void";

/** The signature of a native function. */
export interface NativeSymbol {
  readonly parameters: readonly NativeType[];
  readonly result: NativeType;
}

/** Functions by their native names. */
export type SymbolTable = Readonly<Record<string, NativeSymbol>>;

/** The native library's own functions (`zig/src/api/exports.zig`). All return a status of `ffi/abi.ts`. */
export const nativeSymbols = {
  /** Returns the version of the binary interface. */
  nd_abi_version: { parameters: [], result: "i32" },
  /** Describes statuses, blocks and signatures as JSON text; returns its length in bytes, which may exceed the capacity. */
  nd_abi_layout: {
    parameters: [
      "buffer", // uint8_t *output
      "u32", // uint32_t capacity
    ],
    result: "i32",
  },
  /** Copies native memory into a buffer. */
  nd_memory_copy: {
    parameters: [
      "address", // const void *source
      "u32", // uint32_t length
      "buffer", // uint8_t *output
    ],
    result: "i32",
  },

  /** Makes a decoder. Where the calling thread ends before nd_decoder_destroy, it is freed. */
  nd_decoder_create: {
    parameters: [
      "buffer", // const nd_decoder_options *options
      "buffer", // uint32_t *handle
    ],
    result: "i32",
  },
  /** Decodes bytes into columns until the input or the room is used up. */
  nd_decoder_decode: {
    parameters: [
      "u32", // uint32_t decoder
      "buffer", // const uint8_t *input
      "u32", // uint32_t input_length
      "buffer", // uint8_t *columns, 8-byte aligned, as long as the capacities of the options need
      "buffer", // const nd_read_options *options, of which maximum_raw_packets has no meaning here
      "buffer", // nd_report *report
    ],
    result: "i32",
  },
  /** Tells that bytes were lost between the last input and the next one, and how much later that was received. */
  nd_decoder_gap: {
    parameters: [
      "u32", // uint32_t decoder
      "u32", // uint32_t elapsed_ms
    ],
    result: "i32",
  },
  /** Tells that nothing was received for so long between the last input and the next one, and nothing was lost. */
  nd_decoder_pause: {
    parameters: [
      "u32", // uint32_t decoder
      "u32", // uint32_t elapsed_ms
    ],
    result: "i32",
  },
  /** Fills a decoder_statistics block. */
  nd_decoder_statistics: {
    parameters: [
      "u32", // uint32_t decoder
      "buffer", // nd_decoder_statistics *statistics
    ],
    result: "i32",
  },
  /** Forgets the state and the totals. */
  nd_decoder_reset: { parameters: ["u32"], result: "i32" },
  /** Writes a snapshot of the state where there is room for it; returns its length in bytes. */
  nd_decoder_save: {
    parameters: [
      "u32", // uint32_t decoder
      "buffer", // uint8_t *output
      "u32", // uint32_t capacity
    ],
    result: "i32",
  },
  /** Goes on where a decoder was when it was saved; `unsupported` for bytes that are no snapshot of such a decoder. */
  nd_decoder_restore: {
    parameters: [
      "u32", // uint32_t decoder
      "buffer", // const uint8_t *snapshot
      "u32", // uint32_t length
    ],
    result: "i32",
  },
  /** Frees a decoder. */
  nd_decoder_destroy: { parameters: ["u32"], result: "i32" },
  /** Describes the kernels as JSON text; returns its length in bytes, which may exceed the capacity. */
  nd_decoder_info: {
    parameters: [
      "buffer", // uint8_t *output
      "u32", // uint32_t capacity
    ],
    result: "i32",
  },

  /**
   * Encodes events and triggers until they or the room are used up. Columns without events may be NULL. Where the format
   * cannot hold one of them, nothing is written, and the report tells which.
   */
  nd_encoder_encode: {
    parameters: [
      "buffer", // nd_encoder *encoder, which keeps what is remembered from call to call
      "buffer", // const double *event_t
      "buffer", // const uint16_t *event_x
      "buffer", // const uint16_t *event_y
      "buffer", // const uint8_t *event_on
      "buffer", // const double *trigger_t
      "buffer", // const uint8_t *trigger_id
      "buffer", // const uint8_t *trigger_edge
      "buffer", // const nd_encoder_input *input
      "buffer", // uint8_t *output, 8-byte aligned
      "u32", // uint32_t capacity, at least 128
      "buffer", // nd_encoded *report
    ],
    result: "i32",
  },

  /** Makes an accumulator. Where the calling thread ends before nd_accumulator_destroy, it is freed. */
  nd_accumulator_create: {
    parameters: [
      "buffer", // const nd_accumulator_options *options
      "buffer", // uint32_t *handle
    ],
    result: "i32",
  },
  /** Adds columns of events, which may be NULL without events. */
  nd_accumulator_add: {
    parameters: [
      "u32", // uint32_t accumulator
      "buffer", // const double *t
      "buffer", // const uint16_t *x
      "buffer", // const uint16_t *y
      "buffer", // const uint8_t *on
      "u32", // uint32_t count
      "buffer", // nd_accumulated *accumulated
    ],
    result: "i32",
  },
  /** Decodes bytes and adds the events, until the input or the room for triggers is used up. */
  nd_accumulator_decode: {
    parameters: [
      "u32", // uint32_t accumulator
      "u32", // uint32_t decoder
      "buffer", // const uint8_t *input
      "u32", // uint32_t input_length
      "buffer", // uint8_t *triggers, columns as in nd_decoder_decode, 8-byte aligned
      "u32", // uint32_t trigger_capacity, a multiple of 8
      "buffer", // nd_accumulated *accumulated
    ],
    result: "i32",
  },
  /** Draws the picture: red, green, blue and opacity of each pixel. */
  nd_accumulator_draw: {
    parameters: [
      "u32", // uint32_t accumulator
      "buffer", // const nd_accumulator_view *view
      "buffer", // const uint32_t *colors, 256 of OFF and 256 of ON, by level
      "buffer", // uint32_t *output
      "u32", // uint32_t capacity, in pixels
    ],
    result: "i32",
  },
  /** Writes the values of all pixels, of the kind voxel bin after bin. */
  nd_accumulator_values: {
    parameters: [
      "u32", // uint32_t accumulator
      "buffer", // const nd_accumulator_view *view
      "buffer", // float *output
      "u32", // uint32_t capacity, in values
    ],
    result: "i32",
  },
  /** Forgets the events. */
  nd_accumulator_clear: { parameters: ["u32"], result: "i32" },
  /** Forgets the events and their times. */
  nd_accumulator_reset: { parameters: ["u32"], result: "i32" },
  /** Frees an accumulator. */
  nd_accumulator_destroy: { parameters: ["u32"], result: "i32" },

  /** From now on libusb_exit is called where the calling thread ends, as that of a Worker that is terminated. */
  nd_context_watch: {
    parameters: [
      "buffer", // const char *libusb_path, the path that libusb was loaded from, NUL-terminated
      "address", // libusb_context *context
    ],
    result: "i32",
  },
  /** To be called before libusb_exit. */
  nd_context_forget: { parameters: ["address"], result: "i32" },
  /** As nd_context_watch, of a device: libusb_close. */
  nd_device_watch: {
    parameters: [
      "buffer", // const char *libusb_path
      "address", // libusb_device_handle *device
    ],
    result: "i32",
  },
  /** To be called before libusb_close. */
  nd_device_forget: { parameters: ["address"], result: "i32" },

  /**
   * Starts the ring, its transfers and its reader thread. Where the calling thread ends before nd_stream_close, the
   * stream is closed.
   */
  nd_stream_open: {
    parameters: [
      "buffer", // const char *libusb_path, the path that libusb was loaded from, NUL-terminated
      "address", // libusb_context *context
      "address", // libusb_device_handle *device
      "buffer", // const nd_stream_options *options
      "buffer", // nd_stream_opened *opened
    ],
    result: "i32",
  },
  /**
   * Blocks until a raw packet is there that is not held back, the stream ends, or the time is over. Touches no JavaScript
   * memory, so any thread may wait.
   */
  nd_stream_wait: {
    parameters: [
      "u32", // uint32_t stream
      "u32", // uint32_t timeout_ms
    ],
    result: "i32",
  },
  /**
   * Makes the stream's pipe, or a pair of sockets that serves as one: its read end becomes readable after
   * `nd_stream_arm`. Who keeps the read end closes it; another call changes who does, and nothing else.
   */
  nd_stream_notifier: {
    parameters: [
      "u32", // uint32_t stream
      "u32", // uint32_t keep, 0 = the caller keeps the read end, 1 = the stream does
      "u32", // uint32_t sockets, 1 = a pair of sockets
      "buffer", // int32_t *file_descriptor
    ],
    result: "i32",
  },
  /** Asks for one byte in the pipe when `nd_stream_wait` would return (at once if so already). */
  nd_stream_arm: { parameters: ["u32"], result: "i32" },
  /** Decodes received raw packets into columns. */
  nd_stream_read: {
    parameters: [
      "u32", // uint32_t stream
      "u32", // uint32_t decoder
      "buffer", // uint8_t *columns, as in nd_decoder_decode
      "buffer", // const nd_read_options *options
      "buffer", // nd_report *report
    ],
    result: "i32",
  },
  /** Copies received raw packets. */
  nd_stream_read_raw: {
    parameters: [
      "u32", // uint32_t stream
      "buffer", // uint8_t *output
      "u32", // uint32_t capacity, at least the buffer length
      "u32", // uint32_t maximum_raw_packets, 0 = no limit
      "buffer", // nd_report *report
    ],
    result: "i32",
  },
  /** Discards raw packets until at most `until` of those that wait now are left; a decoder (0 = none) follows their time and rows. */
  nd_stream_clear_backlog: {
    parameters: [
      "u32", // uint32_t stream
      "u32", // uint32_t decoder
      "u32", // uint32_t until
      "buffer", // nd_report *report
    ],
    result: "i32",
  },
  /** Fills a stream_statistics block. */
  nd_stream_statistics: {
    parameters: [
      "u32", // uint32_t stream
      "buffer", // nd_stream_statistics *statistics
    ],
    result: "i32",
  },
  /** Takes one transfer back for good, and waits for it: its memory is free for commands. The last one stays. */
  nd_stream_give_back: { parameters: ["u32"], result: "i32" },
  /** Cancels the transfers and ends the reader thread. Nothing comes any more; what came stays, and so do the totals. */
  nd_stream_stop: { parameters: ["u32"], result: "i32" },
  /** The same, and frees the stream. What waits on it returns. */
  nd_stream_close: { parameters: ["u32"], result: "i32" },

  /**
   * Makes a file and its receipt, and writes what the stream receives from now on, on a thread of its own. Where the
   * calling thread ends before nd_recorder_close, the recorder is closed.
   */
  nd_recorder_open: {
    parameters: [
      "u32", // uint32_t stream
      "buffer", // const char *path, in UTF-8, NUL-terminated
      "buffer", // const char *receipt_path
      "buffer", // const uint8_t *header, the first bytes of the file
      "u32", // uint32_t header_length
      "buffer", // const uint8_t *start_line, the first line of the receipt
      "u32", // uint32_t start_line_length
      "buffer", // const nd_recorder_options *options
      "buffer", // nd_recorder_opened *opened
    ],
    result: "i32",
  },
  /** Takes nothing in any more. What waits is written; `end` of the statistics tells when that is done. */
  nd_recorder_stop: {
    parameters: [
      "u32", // uint32_t recorder
      "u32", // uint32_t reason, an index of recordingEnds
    ],
    result: "i32",
  },
  /** Blocks until all is written, or the time is over. */
  nd_recorder_wait: {
    parameters: [
      "u32", // uint32_t recorder
      "u32", // uint32_t timeout_ms
    ],
    result: "i32",
  },
  /** Takes nothing in any more, and loses what waits; the receipt says so. */
  nd_recorder_abandon: { parameters: ["u32"], result: "i32" },
  /** Fills a recorder_statistics block. */
  nd_recorder_statistics: {
    parameters: [
      "u32", // uint32_t recorder
      "buffer", // nd_recorder_statistics *statistics
    ],
    result: "i32",
  },
  /** The same, and frees the recorder. */
  nd_recorder_close: { parameters: ["u32"], result: "i32" },
  /** `busy` where a recorder of any process still writes a receipt. */
  nd_recorder_find: {
    parameters: [
      "buffer", // const char *receipt_path, in UTF-8, NUL-terminated
    ],
    result: "i32",
  },
} as const satisfies SymbolTable;

/** What the library calls of libusb-1.0. Results below zero are libusb's errors. */
export const libusbSymbols = {
  libusb_init: {
    parameters: [
      "buffer", // libusb_context **context
    ],
    result: "i32",
  },
  libusb_exit: { parameters: ["address"], result: "void" },
  /** Returns a const struct libusb_version *: four uint16_t, then two const char *. */
  libusb_get_version: { parameters: [], result: "address" },
  /** Returns the count (ssize_t, small enough for an i32). */
  libusb_get_device_list: {
    parameters: [
      "address", // libusb_context *context
      "buffer", // libusb_device ***list
    ],
    result: "i32",
  },
  libusb_free_device_list: {
    parameters: [
      "address", // libusb_device **list
      "i32", // int unref_devices
    ],
    result: "void",
  },
  libusb_ref_device: { parameters: ["address"], result: "address" },
  libusb_unref_device: { parameters: ["address"], result: "void" },
  libusb_get_device_descriptor: {
    parameters: [
      "address", // libusb_device *device
      "buffer", // struct libusb_device_descriptor *descriptor, 18 bytes
    ],
    result: "i32",
  },
  libusb_get_bus_number: { parameters: ["address"], result: "u8" },
  libusb_get_device_address: { parameters: ["address"], result: "u8" },
  libusb_get_device_speed: { parameters: ["address"], result: "i32" },
  libusb_open: {
    parameters: [
      "address", // libusb_device *device
      "buffer", // libusb_device_handle **handle
    ],
    result: "i32",
  },
  libusb_close: { parameters: ["address"], result: "void" },
  libusb_set_auto_detach_kernel_driver: {
    parameters: [
      "address", // libusb_device_handle *handle
      "i32", // int enable
    ],
    result: "i32",
  },
  libusb_claim_interface: {
    parameters: [
      "address", // libusb_device_handle *handle
      "i32", // int interface
    ],
    result: "i32",
  },
  libusb_release_interface: {
    parameters: [
      "address", // libusb_device_handle *handle
      "i32", // int interface
    ],
    result: "i32",
  },
  libusb_set_interface_alt_setting: {
    parameters: [
      "address", // libusb_device_handle *handle
      "i32", // int interface
      "i32", // int alternate_setting
    ],
    result: "i32",
  },
  libusb_clear_halt: {
    parameters: [
      "address", // libusb_device_handle *handle
      "u8", // unsigned char endpoint
    ],
    result: "i32",
  },
  libusb_control_transfer: {
    parameters: [
      "address", // libusb_device_handle *handle
      "u8", // uint8_t request_type
      "u8", // uint8_t request
      "u16", // uint16_t value
      "u16", // uint16_t index
      "buffer", // unsigned char *data
      "u16", // uint16_t length
      "u32", // unsigned int timeout_ms, 0 = none
    ],
    result: "i32",
  },
  libusb_bulk_transfer: {
    parameters: [
      "address", // libusb_device_handle *handle
      "u8", // unsigned char endpoint
      "buffer", // unsigned char *data
      "i32", // int length
      "buffer", // int *transferred
      "u32", // unsigned int timeout_ms, 0 = none
    ],
    result: "i32",
  },
} as const satisfies SymbolTable;

/** Extra functions of the virtual camera's library, which otherwise looks like libusb-1.0. */
export const virtualSymbols = {
  ...libusbSymbols,
  /** Replaces the cameras on the virtual bus by those of a JSON text; on failure writes a message, returns < 0. */
  nd_virtual_configure: {
    parameters: [
      "buffer", // const uint8_t *json
      "u32", // uint32_t length
      "buffer", // uint8_t *message, NUL-terminated on failure
      "u32", // uint32_t message_capacity
    ],
    result: "i32",
  },
  /** Describes the bus as JSON text; returns its length in bytes, which may exceed the capacity. */
  nd_virtual_describe: {
    parameters: [
      "buffer", // uint8_t *output
      "u32", // uint32_t capacity
    ],
    result: "i32",
  },
} as const satisfies SymbolTable;
