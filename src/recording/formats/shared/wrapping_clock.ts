const wrap = 2 ** 32;

/**
 * Follows a clock of 32 bits. A value that falls by more than half of its range has wrapped; one that falls by less is kept
 * at the greatest before it. For example 4,294,967,290 and then 3 is a wrap, 1000 and then 999 is 1000 twice.
 */
export class WrappingClock {
  /** The greatest value since the last wrap. */
  last = 0;
  /** What is to be added to it. */
  base: number;
  #hasTime = false;

  /** @param start The time when the clock was 0, in µs. */
  constructor(start = 0) {
    this.base = start;
  }

  /** The time after the last value, in µs; undefined before the first one. */
  get currentTime(): number | undefined {
    return this.#hasTime ? this.base + this.last : undefined;
  }

  /** The time of a value. */
  next(value: number): number {
    if (value < this.last) this.fall(this.last, value);
    else this.last = value;
    this.#hasTime = true;
    return this.base + this.last;
  }

  /** Takes a value that is below the last one, for loops that keep `last` and `base` in variables. */
  fall(last: number, value: number): this {
    this.last = last;
    if (last - value > wrap / 2) {
      this.base += wrap;
      this.last = value;
    }
    return this;
  }

  /** Takes over the last value of such a loop. */
  set(last: number): void {
    this.last = last;
    this.#hasTime = true;
  }
}
