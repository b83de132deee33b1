import assert from "node:assert/strict";
import type { Gap, PolarityEvents } from "../../mod.ts";

/** What a batch of decoded bytes says of itself. */
export interface Batch {
  readonly bytes: number;
  readonly gaps: readonly Gap[];
}

const timeHighUs = 4096;
const periodUs = 2 ** 20;
const wrapUs = 2 ** 24;

/**
 * Reads the virtual camera's sequence from its beginning. From the bytes that came and those that are reported as dropped
 * it knows which events must be in each packet, and fails where one more, one less or another one is.
 */
export class SequenceReader {
  /** Events read. */
  events = 0;
  /** Bytes read, and bytes reported as dropped. */
  read = 0;
  dropped = 0;
  gaps = 0;
  /** Of the last event. */
  time = -1;
  readonly #intervalUs: number;
  /** Events from one TIME_HIGH to the next, and their bytes with it. */
  readonly #blockEvents: number;
  readonly #blockBytes: number;
  #position = 0;
  /** Where the stream begins, or goes on after the last gap: the decoder has to see a TIME_HIGH first. */
  #begin = 0;

  constructor(intervalUs: number) {
    this.#intervalUs = intervalUs;
    this.#blockEvents = timeHighUs / intervalUs;
    this.#blockBytes = 2 + 6 * this.#blockEvents;
  }

  /** Takes the packets of one stream in their order. */
  take({ bytes, gaps }: Batch, events: PolarityEvents | undefined): void {
    let byte = 0;
    let event = 0;
    for (const { byteIndex, polarityEventIndex, droppedBytes } of gaps) {
      this.#takeRun(byteIndex - byte, events, event, polarityEventIndex);
      this.#position += droppedBytes;
      this.#begin = this.#position;
      this.dropped += droppedBytes;
      this.gaps += 1;
      byte = byteIndex;
      event = polarityEventIndex;
    }
    this.#takeRun(bytes - byte, events, event, events?.t.length ?? 0);
    this.read += bytes;
  }

  #takeRun(bytes: number, events: PolarityEvents | undefined, start: number, end: number): void {
    const firstWithTime = Math.ceil(this.#begin / this.#blockBytes) * this.#blockEvents;
    const first = Math.max(firstWithTime, this.#eventsBefore(this.#position));
    this.#position += bytes;
    const count = Math.max(0, this.#eventsBefore(this.#position) - first);
    assert.equal(end - start, count, `events of the bytes up to ${this.#position}`);
    if (count > 0) this.#compare(events!, start, end, first);
    this.events += count;
  }

  /** How many events end before a position of the stream. */
  #eventsBefore(position: number): number {
    const block = Math.floor(position / this.#blockBytes);
    const rest = position - block * this.#blockBytes;
    return block * this.#blockEvents + Math.max(0, Math.floor((rest - 2) / 6));
  }

  #compare({ t, x, y, on }: PolarityEvents, start: number, end: number, first: number): void {
    const period = periodUs / this.#intervalUs;
    // At full rate the sensor's time runs faster than the host's: wraps during a gap are then not to be known, nor
    // that it wrapped at all where the TIME_HIGHs before and after are the same; then t holds until it is passed.
    const offset = this.gaps === 0 ? 0 : Math.round((t[start]! - first * this.#intervalUs) / wrapUs) * wrapUs;
    const held = this.time;
    let time = first * this.#intervalUs + offset;
    assert.ok(time > held - timeHighUs, `t ${t[start]} of event ${first} after ${held}`);
    for (let index = start, number = first % period; index < end; index++) {
      if (
        t[index] !== Math.max(time, held) || x[index] !== number % 1280 || y[index] !== number % 720 ||
        on[index] !== number % 2
      ) {
        assert.fail(
          `(${t[index]}, ${x[index]}, ${y[index]}, ${on[index]}) for event ${number} of the period, t ${time}`,
        );
      }
      time += this.#intervalUs;
      number = number + 1 === period ? 0 : number + 1;
    }
    this.time = t[end - 1]!;
  }
}
