/**
 * A place in a packet before which data is missing, for one of these reasons:
 *
 * - The ring was full or a transfer failed: {@link droppedTransfers} is not 0.
 * - The sensor's time jumps, although the ring lost nothing: {@link timeJumpUs} is not 0. The camera lost events, because
 *   the host fetched none for a while: the program or its machine was too busy, or stood still (Ctrl-Z and `fg`, a frozen
 *   container). How many is not known. A camera whose `output` was off for a while has such a gap, too.
 * - The sensor's clock has started again: neither. Times go on from the last one.
 *
 * In raw mode the sensor's time is not known. There the first raw packet after a pause longer than half a wrap of the
 * sensor's time counter (8.4 s in EVT3) has a gap with a {@link silenceUs} and nothing else.
 *
 * @example How much of the sensor's time the camera itself has lost
 * ```ts
 * import { open } from "@neuromorphic/drivers";
 *
 * await using device = await open({ libusb: "virtual" });
 * let lostUs = 0;
 * for await (const { status, packet } of device) {
 *   for (const { timeJumpUs } of status.gaps) lostUs += timeJumpUs;
 *   if (packet.polarityEvents !== undefined) break;
 * }
 * console.log(`${lostUs} µs`);
 * ```
 */
export interface Gap {
  /** Index in `polarityEvents` of the first event after the gap (its length if there is none). */
  readonly polarityEventIndex: number;
  /** The same in `triggerEvents`. */
  readonly triggerEventIndex: number;
  /** The same in `imuEvents`. */
  readonly imuEventIndex: number;
  /** The same in `frames`. */
  readonly frameIndex: number;
  /**
   * Offset in the bytes of this batch (in raw mode, in the packet) of the first byte after the gap. Where the sensor's time
   * jumps, of the first byte behind its time word.
   */
  readonly byteIndex: number;
  /** USB transfers lost; 0 where the ring lost none. */
  readonly droppedTransfers: number;
  /** Bytes lost; 0 where the ring lost none. */
  readonly droppedBytes: number;
  /**
   * How long after the bytes before the gap those after it were received, on the host's clock, in µs. A decoder that
   * follows raw packets needs it: see `Decoder.gap` and `Decoder.pause`. 0 where the sensor's time jumps or starts again.
   */
  readonly silenceUs: number;
  /**
   * How much of the sensor's time is missing where it jumps, in µs: that of the time words that did not come, in EVT3 4096
   * for each. A jump of a second or more is followed at its second time word, as a single one may be wrong. In EVT2 and
   * EVT2.1 only such jumps are told, since their streams may leave out times without events. 0 in all other gaps.
   */
  readonly timeJumpUs: number;
}

/** A gap at the very beginning of a packet, of which nothing else is known. */
export const noGap: Gap = Object.freeze({
  polarityEventIndex: 0,
  triggerEventIndex: 0,
  imuEventIndex: 0,
  frameIndex: 0,
  byteIndex: 0,
  droppedTransfers: 0,
  droppedBytes: 0,
  silenceUs: 0,
  timeJumpUs: 0,
});

/**
 * What the sensor's rate controller counted. Each is the number that the sensor sent last, undefined while it has sent
 * none. For how long an IMX636 counts, and whether it sends its counts without being asked to, is unknown.
 */
export interface RateControllerCounts {
  /** Events that came to it. */
  readonly input: number | undefined;
  /** Those that it let pass. */
  readonly output: number | undefined;
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
  /** From receipt to hand-over in ms, on a monotonic clock. */
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
   * Events since the previous status that the decoder dropped, because x or y lies beyond the sensor. A camera that works
   * sends none. 0 in raw mode, where nothing is decoded.
   */
  readonly outOfSensor: number;
  /**
   * Since the previous status: where the sensor's time jumped, went back or started again, each counted once (see
   * `DecoderStatistics`). A camera that works does so only where data is missing. 0 in raw mode.
   */
  readonly timeDiscontinuities: number;
  /** What the sensor's rate controller told last; undefined where it has told nothing, and in raw mode. */
  readonly rateController: RateControllerCounts | undefined;
  /**
   * USB transfers lost since the previous status. A stream that breaks tells what it lost at its very end by a last status
   * with an empty packet; what is lost while the program closes the device stands in `statistics` only.
   */
  readonly droppedTransfers: number;
  /** Bytes lost since the previous status. */
  readonly droppedBytes: number;
  /**
   * A warning where it is not 0: the transfers asked for (`transferQueueLength`) that do not wait on the bus, because the
   * system has no memory for them. The stream works with the others, but the bus has less time to spare.
   */
  readonly missingTransfers: number;
  /** Where in this packet data is missing. A loss at the very end of the stream has no place. */
  readonly gaps: readonly Gap[];
}
