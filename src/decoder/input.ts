import { wrongKind } from "../checks.ts";

const typedArray: object = Object.getPrototypeOf(Uint8Array.prototype);

/** A getter of all typed arrays, which nothing that a subclass or an array of its own has can stand before. */
function getterOf<Value>(name: PropertyKey): (this: unknown) => Value {
  return Object.getOwnPropertyDescriptor(typedArray, name)!.get!;
}

const byteLengthOf = getterOf<number>("byteLength");
const elementsOf = getterOf<number>("length");
const byteOffsetOf = getterOf<number>("byteOffset");
const bufferOf = getterOf<ArrayBufferLike>("buffer");

/**
 * Bytes that a decoder was given, and how far it has come. Of their array nothing is asked but what the engine itself
 * knows: a subclass may answer anything, or throw, and native code believes the length that it is told.
 */
export class Input {
  readonly #bytes: Uint8Array;
  readonly #length: number;
  #position = 0;
  #keptWord: Uint8Array | undefined;

  constructor(bytes: Uint8Array) {
    if (!(bytes instanceof Uint8Array)) throw wrongKind("bytes", "a Uint8Array", bytes);
    this.#bytes = bytes;
    this.#length = byteLengthOf.call(bytes);
    if (this.#length === 0 && hasNoMemory(bytes)) {
      throw new TypeError("bytes must not be detached, nor lie beyond the end of a buffer that became shorter");
    }
  }

  /** How many bytes have not been taken. */
  get left(): number {
    return this.#length - this.#position;
  }

  /** Bytes of it exist no more: they were moved away, or their buffer became shorter. */
  get isGone(): boolean {
    return byteLengthOf.call(this.#bytes) < this.#length;
  }

  /** The bytes that have not been taken, at most `longest`. The input must not be {@link isGone}. */
  rest(longest: number): Uint8Array {
    // Most bytes go at once, and making a view takes as long as a short call.
    if (this.#position === 0 && this.#length <= longest) return this.#bytes;
    return this.view(longest);
  }

  /** The same bytes, always as a plain `Uint8Array`. */
  view(longest: number = Infinity): Uint8Array {
    const bytes = this.#bytes;
    const start = byteOffsetOf.call(bytes) + this.#position;
    return new Uint8Array(bufferOf.call(bytes), start, Math.min(this.left, longest));
  }

  /** Takes this many bytes. */
  advance(count: number): void {
    this.#position += count;
    this.#keptWord = undefined;
  }

  /** Copies the next word, of this many bytes: one that the end of a packet may cut, as it has up to 32 events. */
  keepWord(byteLength: number): void {
    this.#keptWord = this.view(byteLength).slice();
  }

  /** The next word, if it was kept. It is there also where the bytes are gone. */
  get keptWord(): Uint8Array | undefined {
    return this.#keptWord;
  }

  /** What to throw where it {@link isGone}. */
  lossError(): TypeError {
    return new TypeError(
      "bytes were detached or became shorter before all of their packets were taken: " +
        `the last ${this.left} of ${this.#length} are lost`,
    );
  }
}

/** No bytes. */
export const noInput: Input = new Input(new Uint8Array(0));

/** How many elements a typed array has, whatever a subclass says. */
export function lengthOf(array: ArrayBufferView): number {
  return elementsOf.call(array);
}

/** Tells a typed array without memory from one that is empty: both have a length of 0. */
export function hasNoMemory(array: ArrayBufferView): boolean {
  try {
    Uint8Array.prototype.at.call(array as Uint8Array, 0);
    return false;
  } catch {
    return true;
  }
}
