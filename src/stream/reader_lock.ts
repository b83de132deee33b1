/**
 * Sees to it that a device or a recording has one reader at a time. Two would take each other's packets: each packet goes to one of
 * them, and neither knows what it misses.
 *
 * The reader is held weakly. An iterator that the program has dropped without ending it stands in the way until the
 * garbage collector finds it, and never keeps the source alive.
 */
export class ReaderLock {
  readonly #beforeReader: () => void;
  #reader: WeakRef<object> | undefined;

  /** `beforeReader` is called when a reader begins. */
  constructor(beforeReader: () => void = () => {}) {
    this.#beforeReader = beforeReader;
  }

  /** There is a reader. */
  get isTaken(): boolean {
    return this.#reader?.deref() !== undefined;
  }

  /**
   * From here on this is the reader.
   *
   * @throws {TypeError} while another one is.
   */
  acquire(reader: object, name: string, kind: "device" | "recording" = "device"): void {
    if (this.isTaken) {
      throw new TypeError(
        `${name} has a reader already: a loop, an iterator or a reader of ${kind}.readable that has begun and not ended. ` +
          `For two consumers use the two branches of ${kind}.readable.tee(); ` +
          "to end an iterator that is not used any more, call its return()",
      );
    }
    this.#beforeReader();
    this.#reader = new WeakRef(reader);
  }

  /** This is the reader no more, if it was. */
  release(reader: object): void {
    if (this.#reader?.deref() === reader) this.#reader = undefined;
  }
}
