/**
 * A buffer that is filled, lent out, and taken back by detaching what was lent. The memory behind it stays the same:
 * taking back moves it to a new ArrayBuffer, which does not copy. Only a buffer that its borrower transferred away (to a
 * Worker) is replaced by a new one.
 */
export class LentBuffer {
  readonly #byteLength: number;
  #buffer: ArrayBuffer | undefined;
  #lent: ArrayBuffer | undefined;

  /** Nothing is allocated before the first {@link take}. */
  constructor(byteLength: number) {
    this.#byteLength = byteLength;
  }

  /** The buffer to fill. What is lent is detached first. */
  take(): ArrayBuffer {
    this.#takeBack();
    if (this.#buffer === undefined || this.#buffer.byteLength === 0) this.#buffer = new ArrayBuffer(this.#byteLength);
    return this.#buffer;
  }

  /**
   * What is lent, the buffer taken last or a small copy of what is in it, is somebody else's until the next
   * {@link take}.
   */
  lend(buffer: ArrayBuffer): void {
    this.#lent = buffer;
  }

  /** What is lent stays with its borrower, for good. */
  leave(): void {
    if (this.#lent === this.#buffer) this.#buffer = undefined;
    this.#lent = undefined;
  }

  /** Detaches what is lent, for good. */
  close(): void {
    this.#takeBack();
    this.#buffer = undefined;
  }

  #takeBack(): void {
    const lent = this.#lent;
    this.#lent = undefined;
    if (lent === undefined || lent.byteLength === 0) return;
    const moved = move(lent);
    if (lent === this.#buffer) this.#buffer = moved;
  }
}

/**
 * Up to so many bytes are lent as a copy of their own: copying them is quicker than making a large buffer anew, which
 * whoever sends each packet on to a Worker would have to pay for, and than the garbage collection that Bun's engine
 * begins when large buffers have been moved some times.
 */
export const largestCopy = 1 << 16;

/** `ArrayBuffer.prototype.transfer`, or the same by structured clone on engines that lack it. */
function move(buffer: ArrayBuffer): ArrayBuffer {
  return buffer.transfer === undefined ? structuredClone(buffer, { transfer: [buffer] }) : buffer.transfer();
}
