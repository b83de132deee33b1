/** What accumulators make of events, by the definitions alone: all events are kept, and each pixel looks through its own. */

import type { AccumulatorOptions, FadingKind, ImageOptions, PolarityEvents } from "../../mod.ts";

interface Event {
  readonly t: number;
  readonly on: boolean;
}

/** After this time an event is forgotten, µs. */
const memoryUs = 2 ** 30;

/** Half to even, as IEEE 754 rounds. */
function rounded(t: number): number {
  const below = Math.floor(t);
  const rest = t - below;
  return rest > 0.5 || rest === 0.5 && below % 2 === 1 ? below + 1 : below;
}

export class Reference {
  readonly #options: AccumulatorOptions;
  #pixels: Event[][];
  #newest: number | undefined;

  constructor(options: AccumulatorOptions) {
    this.#options = options;
    this.#pixels = Array.from({ length: options.width * options.height }, () => []);
  }

  clear(): void {
    for (const events of this.#pixels) events.length = 0;
  }

  /** Returns how many events are left out. */
  add({ t, x, y, on }: PolarityEvents): number {
    const { width, height } = this.#options;
    let outside = 0;
    for (const [index, time] of t.entries()) {
      const isTime = time >= 0 && time < 2 ** 51;
      if (isTime && this.#follow(rounded(time)) && x[index]! < width && y[index]! < height) {
        this.#pixels[y[index]! * width + x[index]!]!.push({ t: rounded(time), on: on[index] !== 0 });
      } else outside++;
    }
    return outside;
  }

  /** False where the time is before the oldest bin. */
  #follow(t: number): boolean {
    if (this.#options.kind !== "voxel") return true;
    const { bins = 5, binUs = 10_000 } = this.#options;
    const bin = Math.floor(t / binUs);
    this.#newest = Math.max(this.#newest ?? bin, bin);
    return bin > this.#newest - bins;
  }

  /** Values between -1 and 1 for drawing, and those that programs read: the kind's own. */
  values(t: number, view: ImageOptions = {}): number[] {
    const { kind } = this.#options;
    if (kind === "count") return this.#pixels.map(saturatedSum);
    if (kind === "voxel") return this.#bins(t).flat();
    const { tauUs = 100_000 } = this.#options;
    return this.#pixels.map((events) => fading(events.at(-1), rounded(t), view.kind ?? kind, view.tauUs ?? tauUs));
  }

  #bins(t: number): number[][] {
    if (this.#options.kind !== "voxel") throw new Error("not of this kind");
    const { bins = 5, binUs = 10_000 } = this.#options;
    const last = Math.max(this.#newest ?? -1, Math.floor(rounded(t) / binUs));
    return Array.from({ length: bins }, (_, index) => {
      const bin = last - bins + 1 + index;
      return this.#pixels.map((events) => saturatedSum(events.filter((event) => Math.floor(event.t / binUs) === bin)));
    });
  }

  /** For each pixel the level from 0 to 255, negative for OFF. */
  levels(t: number, view: ImageOptions = {}): number[] {
    const options = this.#options;
    if (options.kind === "count" || options.kind === "voxel") {
      const full = view.fullCount ?? options.fullCount ?? 4;
      const planes = options.kind === "voxel" ? this.#bins(t) : [this.values(t)];
      return this.#pixels.map((_, pixel) => {
        const sum = planes.reduce((all, plane) => all + plane[pixel]!, 0);
        return Math.sign(sum) * Math.min(255, Math.round(255 * Math.abs(sum) / full));
      });
    }
    const kind = view.kind ?? options.kind;
    const tau = view.tauUs ?? options.tauUs ?? 100_000;
    return this.#pixels.map((events) => {
      const last = events.at(-1);
      if (last === undefined) return 0;
      const age = ageOf(last, rounded(t));
      if (age >= memoryUs) return 0;
      // Whole numbers until the division: their halves are halves.
      const level = kind === "decay"
        ? Math.round(255 * Math.exp(-age / tau))
        : kind === "window"
        ? (age < tau ? 255 : 0)
        : Math.max(0, Math.round(255 * (tau - age) / tau));
      return kind === "time-surface" || last.on ? level : -level;
    });
  }
}

function ageOf(event: Event, now: number): number {
  return Math.max(0, now - event.t);
}

function fading(last: Event | undefined, now: number, kind: FadingKind, tau: number): number {
  const age = last === undefined ? Infinity : ageOf(last, now);
  const isKnown = last !== undefined && age < memoryUs;
  if (kind === "time-surface") return isKnown ? age : Infinity;
  if (!isKnown) return 0;
  const value = kind === "decay"
    ? Math.exp(-age / tau)
    : kind === "linear"
    ? Math.max(0, 1 - age / tau)
    : age < tau
    ? 1
    : 0;
  return last.on ? value : 0 - value;
}

function saturatedSum(events: readonly Event[]): number {
  return events.reduce((sum, { on }) => Math.max(-32_768, Math.min(32_767, sum + (on ? 1 : -1))), 0);
}

/** Colours of levels by a map that has a colour of its own for each: red is the level, green tells OFF and ON apart. */
export const levelMap = {
  off: Array.from({ length: 256 }, (_, level) => [level, 100, 7, level] as const),
  on: Array.from({ length: 256 }, (_, level) => [level, 200, 9, 255] as const),
};

/** The picture of levels in that map. */
export function pictureOf(levels: readonly number[]): number[] {
  return levels.flatMap((level) => level < 0 ? levelMap.off[-level]! : levelMap.on[level]!);
}
