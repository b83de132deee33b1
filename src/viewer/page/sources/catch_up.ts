/** What a page leaves out that is too slow to show everything. */

/** Data as old as this when it comes is left out, ... */
const lateMs = 1000;

/** ... until some comes that is no older than this. */
const presentMs = 250;

/** Where the page does not even come to read what is new, it shows something this often. */
const longestSkipMs = 100;

/**
 * Between a camera and a slow page the buffers of server, system and browser fill: tens of MB, seconds at the page's rate.
 * Decoding and drawing take time, reading takes hardly any. So a page that is late reads up to the present.
 */
export class CatchUp {
  #isLate = false;
  #shownAtMs = -Infinity;

  /** Whether data is to be shown that was received `ageMs` ago; `nowMs` is a monotonic time. */
  admits(ageMs: number, nowMs: number): boolean {
    this.#isLate = ageMs > (this.#isLate ? presentMs : lateMs);
    if (this.#isLate && nowMs - this.#shownAtMs < longestSkipMs) return false;
    this.#shownAtMs = nowMs;
    return true;
  }
}
