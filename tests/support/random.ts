/** Runs a test at random. Its error tells the seed that repeats it. */
export async function atRandom(run: (random: Random) => Promise<void>): Promise<void> {
  const seed = Math.floor(Math.random() * 2 ** 32);
  try {
    await run(new Random(seed));
  } catch (error) {
    throw new Error(`seed ${seed}: ${(error as Error).message}`, { cause: error });
  }
}

/** Parts of at most this many bytes, some of them empty. */
export function* cutRandomly(bytes: Uint8Array, random: Random, longest: number): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length;) {
    const end = start + random.whole(0, longest);
    yield bytes.subarray(start, end);
    start = end;
  }
}

/** Random numbers that a seed repeats (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 to below 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ this.#state >>> 15, this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ mixed >>> 7, mixed | 61);
    return ((mixed ^ mixed >>> 14) >>> 0) / 2 ** 32;
  }

  /** A number from the first to below the second. */
  between(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  /** A whole number from the first to the second, both included. */
  whole(low: number, high: number): number {
    return Math.floor(this.between(low, high + 1));
  }

  /** True so often. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** One of them. */
  pick<Item>(items: readonly Item[]): Item {
    return items[this.whole(0, items.length - 1)]!;
  }
}
