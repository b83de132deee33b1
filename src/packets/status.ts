/** A place in a packet before which data was lost, because the ring was full or a transfer failed. */
export interface Gap {
  /** Index in `polarityEvents` of the first event after the gap (its length if there is none). */
  readonly polarityEventIndex: number;
  /** Index in `triggerEvents` of the first trigger after the gap. */
  readonly triggerEventIndex: number;
  /** Offset in the bytes of this batch (in raw mode, in the packet) of the first byte after the gap. */
  readonly byteIndex: number;
  /** USB transfers lost. */
  readonly droppedTransfers: number;
  /** Bytes lost. */
  readonly droppedBytes: number;
}

/** What is known about a packet, and about the stream at that moment. */
export interface Status {
  /**
   * Host clock when the first raw packet of this batch was received that may hold an event or a trigger, or else the
   * first one: Unix time in ms, as `Date.now()`. Without a raw packet, the time of the status.
   */
  readonly receivedMs: number;
  /** Host clock when the packet was handed over: Unix time in ms. */
  readonly consumedMs: number;
  /** From receipt to hand-over in ms, on a clock that nobody sets. */
  readonly delayMs: number;
  /** Raw packets received and not yet read. */
  readonly backlog: number;
  /** Raw packets (USB transfers) that this batch finished. 0 when a long one goes on in the next packet. */
  readonly rawPackets: number;
  /** Bytes that this batch took from the ring. */
  readonly bytes: number;
  /**
   * Sensor clock after this batch in µs; undefined before the first time word, and in raw mode. It may go back by some
   * µs, but not behind an event or a trigger (see `Decoder.currentTime`).
   */
  readonly currentTime: number | undefined;
  /**
   * USB transfers lost since the previous status. A stream that breaks tells what it lost at its very end by a last status
   * with an empty packet; what is lost while the program closes the device stands in `statistics` only.
   */
  readonly droppedTransfers: number;
  /** Bytes lost since the previous status. */
  readonly droppedBytes: number;
  /**
   * A warning where it is not 0: so many of the transfers asked for (`transferQueueLength`) do not wait on the bus,
   * because the system has no memory for them. The stream works with the others, but the bus has less time to spare.
   */
  readonly missingTransfers: number;
  /** Where in this packet bytes are missing. A loss at the very end of the stream has no place. */
  readonly gaps: readonly Gap[];
}
