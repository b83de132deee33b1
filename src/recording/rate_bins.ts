/** How many events came in equal spans of time. */
export interface EventRates {
  /** Where the first span begins, in µs. */
  readonly start: number;
  /** The length of each, in µs. The last event lies in the last span, which may be shorter. */
  readonly intervalUs: number;
  /** Events in each span. */
  readonly counts: readonly number[];
}

/** The most spans; from half of them on are used, where a recording is that long in µs. */
const maximumBins = 256;

/**
 * Counts events by time without knowing how long the recording is: the spans begin with 1 µs and double when a time lies
 * behind the last one. So each count is exact.
 */
export class RateBins {
  readonly #counts = new Float64Array(maximumBins);
  #start: number | undefined;
  #intervalUs = 1;
  #used = 0;

  /** Counts events by their times in µs, which never decrease. */
  add(t: Float64Array): void {
    if (t.length === 0) return;
    const start = this.#start ??= t[0]!;
    const last = t[t.length - 1]! - start;
    while (last >= this.#intervalUs * maximumBins) this.#double();
    for (let index = 0; index < t.length;) {
      const bin = Math.max(0, Math.floor((t[index]! - start) / this.#intervalUs));
      const next = firstFrom(t, start + (bin + 1) * this.#intervalUs, index + 1);
      this.#counts[bin]! += next - index;
      this.#used = Math.max(this.#used, bin + 1);
      index = next;
    }
  }

  /** What was counted; undefined where there was no event. */
  get rates(): EventRates | undefined {
    if (this.#start === undefined) return undefined;
    const counts = Array.from(this.#counts.subarray(0, this.#used));
    return { start: this.#start, intervalUs: this.#intervalUs, counts };
  }

  #double(): void {
    const counts = this.#counts;
    for (let bin = 0; bin < maximumBins / 2; bin++) counts[bin] = counts[2 * bin]! + counts[2 * bin + 1]!;
    counts.fill(0, maximumBins / 2);
    this.#used = Math.ceil(this.#used / 2);
    this.#intervalUs *= 2;
  }
}

/** The first index from `begin` on whose time is at least `time`; the length where there is none. */
function firstFrom(t: Float64Array, time: number, begin: number): number {
  let [low, high] = [begin, t.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (t[middle]! < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
