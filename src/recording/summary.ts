/** What is in a recording, for people: `info` of the command line. */

import { options as optionsOf } from "../checks.ts";
import { NeuromorphicError } from "../errors.ts";
import type { TriggerEvents } from "../packets/columns.ts";
import type { Packet } from "../packets/packet.ts";
import type { Status } from "../packets/status.ts";
import type { Geometry } from "../types.ts";
import { openRecording, type RecordingSource } from "./open_recording.ts";
import { anyFormat, anyGeometry, anySignal, anyTime, callback } from "./option_checks.ts";
import { type HotPixel, PixelCounts } from "./pixel_counts.ts";
import type { RecordingProgress } from "./progress.ts";
import { type EventRates, RateBins } from "./rate_bins.ts";
import type { OpenRecordingOptions } from "./recording.ts";

/** A place where data is missing. */
export interface SummaryGap {
  /** The sensor's clock before it, in µs; undefined before the first time. */
  readonly t: number | undefined;
  /** Bytes lost in the computer. */
  readonly droppedBytes: number;
  /** How much of the sensor's time is missing, in µs. */
  readonly timeJumpUs: number;
}

/** Triggers of one input. */
export interface TriggerCounts {
  /** Number of the input. */
  readonly id: number;
  /** Rising edges. */
  readonly rising: number;
  /** Falling edges. */
  readonly falling: number;
  /** Whole pulses. */
  readonly pulses: number;
}

/** What {@link summarizeRecording} found. */
export interface RecordingSummary {
  /** What it was read from. */
  readonly name: string;
  /** Name of its format, for example `"raw-evt3"`. */
  readonly format: string;
  /** Name of its format for people. */
  readonly title: string;
  /** Bytes of it. */
  readonly bytes: number;
  /** The size of the sensor; undefined where the recording does not tell. */
  readonly geometry: Geometry | undefined;
  /** What it says of itself: keys and values as they stand there. */
  readonly header: Readonly<Record<string, string>>;
  /** Time of the first event, triggers and others among them, in µs; undefined where there is none. */
  readonly first: number | undefined;
  /** Time of the last one. */
  readonly last: number | undefined;
  /** How many polarity events there are. */
  readonly polarityEvents: number;
  /** How many of them are ON. */
  readonly onEvents: number;
  /** How many triggers there are. */
  readonly triggerEvents: number;
  /** The triggers of each input that has some, by number. */
  readonly triggers: readonly TriggerCounts[];
  /** How many samples of an inertial measurement unit there are. */
  readonly imuEvents: number;
  /** How many frames there are. */
  readonly frames: number;
  /** Events that were left out, because they lie outside of the sensor. */
  readonly outOfSensor: number;
  /** Where data is missing. */
  readonly gaps: readonly SummaryGap[];
  /** How many events came when; undefined where there are none. */
  readonly rates: EventRates | undefined;
  /** Pixels that are far busier than those around them, the busiest first. */
  readonly hotPixels: readonly HotPixel[];
  /** Why it could not be read to its end: what stands here is about all before that. Undefined where it could. */
  readonly damage: NeuromorphicError | undefined;
}

/** Options of {@link summarizeRecording}. */
export interface SummarizeOptions extends Pick<OpenRecordingOptions, "format" | "geometry" | "from" | "to" | "signal"> {
  /** Is called after each packet. */
  readonly onProgress?: ((progress: RecordingProgress) => void) | undefined;
}

/**
 * Reads a whole recording, or a part of it, and tells what is in it: times, counts, rates, gaps, hot pixels.
 *
 * A pixel is called hot when it has at least 20 events, more than ten times as many as its third busiest neighbour, and
 * more than ten times as many as the median pixel.
 *
 * Damage within it does not throw, but stands in the result.
 *
 * @param source As for {@link openRecording}: a path, a `Blob`, bytes or a stream.
 * @throws {NeuromorphicError} as {@link openRecording} does; "io".
 * @throws the signal's reason.
 *
 * @example
 * ```ts
 * import { summarizeRecording } from "@neuromorphic/drivers";
 *
 * const header = "% format EVT3;height=720;width=1280\n% end\n";
 * // TIME_HIGH 1, TIME_LOW 7, ADDR_Y 100, ADDR_X 200 ON
 * const words = [0x01, 0x80, 0x07, 0x60, 0x64, 0x00, 0xc8, 0x28];
 * const bytes = new Uint8Array([...new TextEncoder().encode(header), ...words]);
 * const { first, polarityEvents, onEvents, hotPixels } = await summarizeRecording(bytes);
 * console.log(first, polarityEvents, onEvents, hotPixels); // 4103 1 1 []
 * ```
 */
export async function summarizeRecording(
  source: RecordingSource,
  given: SummarizeOptions = {},
): Promise<RecordingSummary> {
  const { onProgress, ...options } = checkOptions(given);
  const recording = await openRecording(source, { ...options, reuseBuffers: true });
  const { name, format, geometry, header, size } = recording;
  const counts = new SummaryCounts(geometry);
  let damage: NeuromorphicError | undefined;
  try {
    for await (const { status, packet } of recording) {
      counts.add(packet, status);
      onProgress?.({ bytes: counts.bytes, totalBytes: size });
    }
  } catch (error) {
    if (!(error instanceof NeuromorphicError && error.code === "damaged")) throw error;
    damage = error;
  } finally {
    await recording.close();
  }
  return {
    name,
    format: format.name,
    title: format.title,
    geometry,
    header,
    ...counts.facts(),
    bytes: size ?? counts.bytes,
    damage,
  };
}

const checkOptions = optionsOf<SummarizeOptions>("summarizeRecording", {
  format: anyFormat,
  geometry: anyGeometry,
  from: anyTime,
  to: anyTime,
  signal: anySignal,
  onProgress: callback(),
});

/** The facts that come from the events. */
type CountedFacts = Omit<RecordingSummary, "name" | "format" | "title" | "geometry" | "header" | "damage">;

/** Adds up packets. */
class SummaryCounts {
  readonly #rates = new RateBins();
  readonly #pixels: PixelCounts;
  readonly #gaps: SummaryGap[] = [];
  readonly #triggers = new Map<number, [falling: number, rising: number, pulses: number]>();
  readonly #sums = {
    bytes: 0,
    polarityEvents: 0,
    onEvents: 0,
    triggerEvents: 0,
    imuEvents: 0,
    frames: 0,
    outOfSensor: 0,
  };
  #first: number | undefined;
  #last: number | undefined;
  #currentTime: number | undefined;

  constructor(geometry: Geometry | undefined) {
    this.#pixels = new PixelCounts(geometry);
  }

  get bytes(): number {
    return this.#sums.bytes;
  }

  add({ polarityEvents, triggerEvents, imuEvents, frames = [] }: Packet, status: Status): void {
    const sums = this.#sums;
    for (const { polarityEventIndex, triggerEventIndex, droppedBytes, timeJumpUs } of status.gaps) {
      const [event, trigger] = [polarityEvents?.t[polarityEventIndex - 1], triggerEvents?.t[triggerEventIndex - 1]];
      const t = Math.max(event ?? -Infinity, trigger ?? -Infinity, this.#currentTime ?? -Infinity);
      this.#gaps.push({ t: t === -Infinity ? undefined : t, droppedBytes, timeJumpUs });
    }
    this.#currentTime = status.currentTime;
    sums.bytes += status.bytes;
    sums.outOfSensor += status.outOfSensor;
    if (polarityEvents !== undefined) {
      this.#rates.add(polarityEvents.t);
      this.#pixels.add(polarityEvents);
      sums.polarityEvents += polarityEvents.t.length;
      sums.onEvents += sumOf(polarityEvents.on);
    }
    if (triggerEvents !== undefined) this.#addTriggers(triggerEvents);
    sums.imuEvents += imuEvents?.t.length ?? 0;
    sums.frames += frames.length;
    for (const { t } of [polarityEvents, triggerEvents, imuEvents].filter((events) => events !== undefined)) {
      this.#extend(t[0]!, t[t.length - 1]!);
    }
    for (const { t } of frames) this.#extend(t, t);
  }

  facts(): CountedFacts {
    const triggers = Array.from(this.#triggers, ([id, [falling, rising, pulses]]) => ({ id, rising, falling, pulses }));
    return {
      ...this.#sums,
      first: this.#first,
      last: this.#last,
      triggers: triggers.sort((one, other) => one.id - other.id),
      gaps: this.#gaps,
      rates: this.#rates.rates,
      hotPixels: this.#pixels.hotPixels(),
    };
  }

  #addTriggers({ t, id, edge }: TriggerEvents): void {
    this.#sums.triggerEvents += t.length;
    for (let index = 0; index < t.length; index++) {
      const counts = this.#triggers.get(id[index]!) ?? [0, 0, 0];
      counts[edge[index]!]! += 1;
      this.#triggers.set(id[index]!, counts);
    }
  }

  #extend(first: number, last: number): void {
    this.#first = Math.min(this.#first ?? first, first);
    this.#last = Math.max(this.#last ?? last, last);
  }
}

/** Values are 0 and 1, so that this counts the ones, quicker than an iterator does. */
function sumOf(values: Uint8Array): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index]!;
  return sum;
}
