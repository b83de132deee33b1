/**
 * A buffer that is filled, lent out, and taken back by detaching what was lent. The memory behind it stays the same:
 * taking back moves it to a new ArrayBuffer, without copying where the engine can (Bun 1.4 copies). Only a buffer that
 * its borrower transferred away (to a Worker) is replaced by a new one.
 */
export class LentBuffer {
  readonly #byteLength: number;
  #buffer: ArrayBuffer | undefined;
  #isLent = false;

  /** Nothing is allocated before the first {@link take}. */
  constructor(byteLength: number) {
    this.#byteLength = byteLength;
  }

  /** The buffer to fill. One that is lent is detached first. */
  take(): ArrayBuffer {
    const buffer = this.#buffer;
    if (buffer === undefined || buffer.byteLength === 0) this.#buffer = new ArrayBuffer(this.#byteLength);
    else if (this.#isLent) this.#buffer = move(buffer);
    this.#isLent = false;
    return this.#buffer!;
  }

  /** The buffer taken last is somebody else's until the next {@link take}. */
  lend(): void {
    this.#isLent = true;
  }

  /** Detaches the buffer, for good. */
  close(): void {
    if (this.#isLent && this.#buffer !== undefined && this.#buffer.byteLength > 0) move(this.#buffer);
    this.#buffer = undefined;
  }
}

/** `ArrayBuffer.prototype.transfer`, or the same by structured clone on engines that lack it. */
function move(buffer: ArrayBuffer): ArrayBuffer {
  return buffer.transfer === undefined ? structuredClone(buffer, { transfer: [buffer] }) : buffer.transfer();
}
