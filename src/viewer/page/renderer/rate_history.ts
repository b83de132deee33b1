import type { Packet } from "../../../packets/packet.ts";
import { lowerBound } from "../../../packets/slice.ts";

/** Events in a span of time. */
export interface RateBin {
  readonly on: number;
  readonly off: number;
}

/** What the plot shows: spans of equal length up to the newest one, and what happened between. */
export interface RateWindow {
  /** Where the first span begins, in µs. */
  readonly start: number;
  readonly binUs: number;
  readonly bins: readonly RateBin[];
  /** Times of triggers, in µs. */
  readonly triggers: readonly number[];
  /** Times at which data is missing, in µs. */
  readonly losses: readonly number[];
}

/** Events that came in a span of time, µs. */
export interface EvenEvents extends RateBin {
  readonly start: number;
  readonly end: number;
}

/** Marks beyond this number are too close for a plot. */
const mostMarks = 500;

/** Counts the last events by time, for the plot. Each event is counted once. */
export class RateHistory {
  readonly binUs: number;
  readonly #length: number;
  readonly #on: Float64Array;
  readonly #off: Float64Array;
  /** Number of the newest span since time 0; undefined before the first event. */
  #newest: number | undefined;
  #triggers: number[] = [];
  #losses: number[] = [];

  /** Of `length` spans, each `binUs` long. */
  constructor(binUs: number, length: number) {
    this.binUs = binUs;
    this.#length = length;
    this.#on = new Float64Array(length);
    this.#off = new Float64Array(length);
  }

  /** Counts events and triggers; their times do not decrease. `onEvents`: how many are ON, where that is known. */
  add({ polarityEvents, triggerEvents }: Pick<Packet, "polarityEvents" | "triggerEvents">, onEvents?: number): void {
    if (polarityEvents !== undefined) {
      const { t, on } = polarityEvents;
      for (let index = 0; index < t.length;) {
        const bin = Math.floor(t[index]! / this.binUs);
        const next = Math.max(index + 1, lowerBound(t, (bin + 1) * this.binUs));
        const place = this.#placeOf(bin);
        const isWhole = index === 0 && next === t.length;
        const onInBin = isWhole && onEvents !== undefined ? onEvents : sumOf(on, index, next);
        if (place !== undefined) {
          this.#on[place]! += onInBin;
          this.#off[place]! += next - index - onInBin;
        }
        index = next;
      }
    }
    for (const time of triggerEvents?.t ?? []) this.#triggers.push(time);
    this.#triggers = this.#triggers.slice(-mostMarks);
  }

  /**
   * Counts events of which only the span of time is known, from after `start` to `end` in µs: as if they were evenly
   * spaced.
   */
  addEvenly({ start, end, on, off }: EvenEvents): void {
    const length = end - start;
    let [onCounted, offCounted] = [0, 0];
    for (let bin = length > 0 ? Math.floor(start / this.binUs) : Math.floor(end / this.binUs);; bin++) {
      const share = Math.min(1, length > 0 ? ((bin + 1) * this.binUs - start) / length : 1);
      const [onSoFar, offSoFar] = [Math.round(on * share), Math.round(off * share)];
      const place = this.#placeOf(bin);
      if (place !== undefined) {
        this.#on[place]! += onSoFar - onCounted;
        this.#off[place]! += offSoFar - offCounted;
      }
      [onCounted, offCounted] = [onSoFar, offSoFar];
      if (share === 1) return;
    }
  }

  /** Time goes on, also where nothing happens. */
  advance(time: number): void {
    this.#placeOf(Math.floor(time / this.binUs));
  }

  /** Data is missing before this time. */
  markLoss(time: number): void {
    this.#losses = [...this.#losses, time].slice(-mostMarks);
  }

  /** Forgets all, as after a seek. */
  reset(): void {
    this.#on.fill(0);
    this.#off.fill(0);
    this.#newest = undefined;
    this.#triggers = [];
    this.#losses = [];
  }

  /** What the plot shows now. */
  window(): RateWindow {
    const first = (this.#newest ?? 0) - this.#length + 1;
    const start = first * this.binUs;
    const bins = Array.from({ length: this.#length }, (_, index) => {
      const place = modulo(first + index, this.#length);
      return { on: this.#on[place]!, off: this.#off[place]! };
    });
    const isShown = (time: number) => time >= start;
    return {
      start,
      binUs: this.binUs,
      bins,
      triggers: this.#triggers.filter(isShown),
      losses: this.#losses.filter(isShown),
    };
  }

  /** Where a span is counted; the spans between it and the newest one are emptied. Undefined for what is too old. */
  #placeOf(bin: number): number | undefined {
    const newest = this.#newest ??= bin;
    const steps = Math.min(bin - newest, this.#length);
    for (let step = 1; step <= steps; step++) {
      const place = modulo(bin - steps + step, this.#length);
      this.#on[place] = 0;
      this.#off[place] = 0;
    }
    this.#newest = Math.max(newest, bin);
    return bin <= this.#newest - this.#length ? undefined : modulo(bin, this.#length);
  }
}

/** Values are 0 and 1, so their sum is the count. */
function sumOf(values: Uint8Array, from: number, to: number): number {
  let sum = 0;
  for (let index = from; index < to; index++) sum += values[index]!;
  return sum;
}

function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}
