/** The most of the host's time that the events of one packet have. */
const stepMs = 10;

/** So often a packet without events comes where nothing happens. */
const tickMs = 50;

/** The clock of a recording that is played at a speed: it maps times of the sensor to times of the host. */
export class Pacer {
  readonly #speed: number;
  /** A time of the sensor and of the host's monotonic clock that belong together; undefined before the first wait. */
  #anchor: { readonly sensorUs: number; readonly hostMs: number } | undefined;
  /** Where the sensor's clock stands while the host's does not count. */
  #standsAtUs = -Infinity;
  #lastTickMs = 0;
  #wake: (() => void) | undefined;

  constructor(speed: number) {
    this.#speed = speed;
  }

  /** The most of the sensor's time that the events of one packet have. */
  get stepUs(): number {
    return stepMs * 1000 * this.#speed;
  }

  /** The clock begins anew at a time of the sensor; at that of the first event for -Infinity. */
  begin(sensorUs: number): void {
    this.#anchor = undefined;
    this.#standsAtUs = sensorUs;
  }

  pause(): void {
    if (this.#anchor !== undefined) this.begin(this.#now());
  }

  /**
   * Waits for a time of the sensor. Undefined: it has come, or the wait was ended. A number: it has not come, but time
   * goes on; the number is the sensor's.
   */
  async wait(sensorUs: number | undefined): Promise<number | undefined> {
    if (sensorUs === undefined) return undefined;
    if (this.#anchor === undefined) {
      const hostMs = performance.now();
      this.#anchor = { sensorUs: this.#standsAtUs === -Infinity ? sensorUs : this.#standsAtUs, hostMs };
      this.#lastTickMs = hostMs;
    }
    const { sensorUs: startUs, hostMs: startMs } = this.#anchor;
    const dueMs = startMs + (sensorUs - startUs) / 1000 / this.#speed;
    const isTick = dueMs > this.#lastTickMs + tickMs;
    await this.#sleepUntil(isTick ? this.#lastTickMs + tickMs : dueMs);
    this.#lastTickMs = performance.now();
    return isTick && this.#lastTickMs < dueMs ? this.#now() : undefined;
  }

  wake(): void {
    this.#wake?.();
  }

  #now(): number {
    const { sensorUs, hostMs } = this.#anchor!;
    return Math.floor(sensorUs + (performance.now() - hostMs) * 1000 * this.#speed);
  }

  /** A timer may come early, as it counts from when its event loop has last read the clock: so it looks again. */
  #sleepUntil(hostMs: number): Promise<void> {
    return new Promise((resolve) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const look = () => {
        const leftMs = hostMs - performance.now();
        if (leftMs <= 0) resolve();
        else timer = setTimeout(look, Math.ceil(leftMs));
      };
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
      look();
    });
  }
}
