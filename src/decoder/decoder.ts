import type { Geometry } from "../types.ts";
import type { Packet } from "../packets/packet.ts";

/**
 * Formats of event streams, as Prophesee cameras and files use them.
 *
 * | format           | words   | found in                                              |
 * | ---------------- | ------- | ----------------------------------------------------- |
 * | `"evt3"`         | 16 bits | EVK4, EVK3 HD, most RAW files                         |
 * | `"evt2"`         | 32 bits | older RAW files                                       |
 * | `"evt21"`        | 64 bits | EVK3 GenX320, RAW files with `endianness=little`      |
 * | `"evt21-legacy"` | 64 bits, upper half first | what IMX636 and Gen4.1 sensors send |
 * | `"evt4"`         | 32 bits | RAW files of newer sensors                            |
 */
export type EventFormat = "evt3" | "evt2" | "evt21" | "evt21-legacy" | "evt4";

/** All formats. */
export const eventFormats: readonly EventFormat[] = ["evt3", "evt2", "evt21", "evt21-legacy", "evt4"];

/** The largest sensor that the formats' 11-bit coordinates can address. */
export const maximumDimension = 2048;

/** The most polarity events that one packet has. */
export const maximumEventsPerPacket = 65_536;

/** What a decoder must know of the stream: its format, and the size of the sensor (from 1 to 2048 pixels a side). */
export interface DecoderOptions extends Geometry {
  /** What the bytes mean. */
  readonly format: EventFormat;
  /**
   * True: a packet is valid until the next one is asked for; then it is detached, and its memory is used again. Default
   * false: it is valid as long as it is held, which costs what allocation costs. In a web page true also saves a copy, and
   * only a packet's {@link Packet.clone} can be moved to a Worker.
   */
  readonly reuseBuffers?: boolean | undefined;
}

/** Totals of a decoder since it was made or reset. A word has 2 bytes in EVT3, 4 in EVT2 and EVT4, 8 in EVT2.1. */
export interface DecoderStatistics {
  /** Words decoded. */
  readonly words: number;
  /** Polarity events handed out. */
  readonly polarityEvents: number;
  /** Trigger events handed out. */
  readonly triggerEvents: number;
  /** Samples of an inertial measurement unit handed out. */
  readonly imuEvents: number;
  /** Frames handed out. */
  readonly frames: number;
  /** Words by kind; kinds that a format does not have stay 0. */
  readonly wordsByKind: {
    /** Rows (ADDR_Y). */
    readonly addressY: number;
    /** Single events (ADDR_X); in EVT2 and EVT4, events. */
    readonly addressX: number;
    /** Bases of vectors (VECT_BASE_X; in EVT4, CD_VEC). */
    readonly vectorBase: number;
    /** Vectors of up to 12 pixels (VECT_12, VECT_8); in EVT2.1 and EVT4, of up to 32. */
    readonly vector: number;
    /** Lower bits of the time (TIME_LOW). */
    readonly timeLow: number;
    /** Upper bits of the time (TIME_HIGH). */
    readonly timeHigh: number;
    /** Edges of trigger inputs (EXT_TRIGGER). */
    readonly trigger: number;
    /** Reports of the sensor, such as its rate controller's (OTHERS). */
    readonly others: number;
    /** Words that continue a report (CONTINUED). */
    readonly continued: number;
    /** Words that the format does not define. */
    readonly unknown: number;
    /** Words that only fill the stream: in EVT3 0x9999, in EVT4 those with all bits set. */
    readonly padding: number;
  };
  /** Events dropped because x or y lies beyond the sensor. */
  readonly outOfSensor: number;
  /** Words skipped because no time, row or vector base was known yet. */
  readonly skippedWords: number;
  /**
   * Where the sensor's time did not go on as a clock does: it jumped, went back, or started again. Each counts once, and
   * so does a time word that those after it contradict. `t` never goes back: after a restart it goes on from the last one.
   */
  readonly timeDiscontinuities: number;
  /** Wraps of the sensor's time counter, from its largest value to 0. */
  readonly timeWraps: number;
  /** Events in front of the sensor's rate controller, as it told last; undefined before it has told. */
  readonly rateControllerInput: number | undefined;
  /** Events that it let pass. */
  readonly rateControllerOutput: number | undefined;
}

/** Turns bytes of an event stream into packets, keeping its state from call to call. */
export interface Decoder {
  /** The options that it was made with. */
  readonly options: DecoderOptions;
  /**
   * Decodes bytes, which may be cut anywhere. A packet has at most {@link maximumEventsPerPacket} events, so one call
   * gives several packets, one, or none; each belongs to its holder (see {@link Packet}). The bytes are read while the
   * packets are taken: leave them as they are until then. Leaving the loop early drops the rest of the events, but not
   * the state: the next call goes on as if they had been taken.
   *
   * The bytes may lie in memory of any kind, also shared or WebAssembly's. They may be moved away (by `postMessage`,
   * `transfer` or WebAssembly's `memory.grow`), or their buffer may become shorter, before all packets were taken. Then
   * the loop throws, or the next call after a loop that was left. The rest of the bytes is lost, and the decoder goes on
   * from those before: {@link reset} it where the next bytes do not follow them.
   *
   * The header of a RAW file at the beginning of a stream is refused, whole or in pieces. It is noticed by its first key
   * (`% date `, `% format `) or by its first two lines; one line with an unknown key alone is decoded, to no events.
   *
   * @throws {TypeError} where `bytes` is not a `Uint8Array`, is detached, or changes as said above; where a stream begins
   * with the header of a RAW file. The message says where its events begin, and to {@link reset} the decoder where
   * earlier pieces of the header were decoded. A loop throws one, too, where the next call of `decode`, {@link gap} or
   * {@link pause} came before it had taken all packets.
   * @throws {NeuromorphicError} "closed" after {@link close}.
   */
  decode(bytes: Uint8Array): Iterable<Packet>;
  /**
   * Tells that bytes were lost between those of the last {@link decode} and those of the next. What began before the gap
   * ends there: the rest of a cut word, the row of the last event.
   *
   * How often the sensor's time counter wrapped meanwhile (in EVT3 each 16.8 s) the host's clock tells: `elapsedUs` is how
   * much later the bytes after the gap were received than those before it, in µs, from 0 to 4.29e12 (49 days).
   * It may be wrong by some seconds. A gap of a raw stream has it as `silenceUs`; where the program itself left packets
   * out, it is the difference of their `receivedMs`, times 1000.
   *
   * After a pause of the program or its machine, the transfers that were complete before it come first. So where the time
   * goes on as if nothing was missing, it is the next jump whose wraps the host's clock tells.
   *
   * @throws {TypeError | RangeError} for what is no such number.
   * @throws {NeuromorphicError} "closed" after {@link close}.
   *
   * @example A raw stream, decoded as the device itself would
   * ```ts
   * import { createDecoder, open } from "@neuromorphic/drivers";
   *
   * await using device = await open({ libusb: "virtual", raw: true });
   * using decoder = await createDecoder(device.decoderOptions);
   * let events = 0;
   * for await (const { status, packet } of device) {
   *   let start = 0;
   *   const decodeUntil = (end: number) => {
   *     for (const { polarityEvents } of decoder.decode(packet.subarray(start, end))) events += polarityEvents?.t.length ?? 0;
   *     start = end;
   *   };
   *   for (const { byteIndex, droppedTransfers, silenceUs } of status.gaps) {
   *     decodeUntil(byteIndex);
   *     if (droppedTransfers > 0) decoder.gap(silenceUs);
   *     else decoder.pause(silenceUs); // the program or its machine stood still
   *   }
   *   decodeUntil(packet.length);
   *   if (events > 1000) break;
   * }
   * console.log(`${events} events until ${decoder.currentTime} µs`);
   * ```
   */
  gap(elapsedUs: number): void;
  /**
   * Tells that the program or its machine stood still between the last {@link decode} and the next, and that no bytes
   * were lost on the way to it. What began before the pause goes on. Where the sensor's time jumps behind it, the host's
   * clock tells how often the counter has wrapped: `elapsedUs` is how long nothing was received, as of {@link gap}. A gap
   * of a raw stream that has a `silenceUs` and no `droppedTransfers` is such a pause.
   *
   * @throws {TypeError | RangeError} for what is no such number.
   * @throws {NeuromorphicError} "closed" after {@link close}.
   */
  pause(elapsedUs: number): void;
  /**
   * Sensor clock after the last decoded word, in µs; undefined before the first time word. In EVT3 it may go back by
   * some µs, but not behind an event or a trigger: a TIME_LOW may go back as long as nothing had the later time. The
   * times of events and triggers themselves never go back.
   */
  readonly currentTime: number | undefined;
  /** Totals, read now. */
  readonly statistics: DecoderStatistics;
  /**
   * Forgets state, totals and bytes that were not decoded yet, as if it had just been made. The packet taken last stays
   * valid; a loop over others ends.
   */
  reset(): void;
  /**
   * Frees native memory and the decoder's place among the 256 of the process; safe to call twice. A loop over packets
   * ends; with `reuseBuffers` the packet taken last is detached.
   *
   * Call it, or declare the decoder with `using`. One that is forgotten is closed when the garbage collector finds it,
   * which may be much later, or never. A Worker that is terminated closes its decoders (not under Windows).
   */
  close(): void;
  /** The same as {@link close}. */
  [Symbol.dispose](): void;
}
