import type { MissingPart } from "../../recording/account.ts";

/** Bytes that wait for the target, and what is missing before them. */
export interface Chunk {
  readonly bytes: Uint8Array;
  readonly missing: readonly MissingPart[];
  /** How long after the bytes before, where that is a pause or a loss. */
  readonly silenceUs: number;
}

/** Two transfers may always wait, however large they are. */
const smallestLength = 2;

/** What waits for a slow target. Where there is no room, whole transfers are lost, counted, and marked. */
export class ChunkQueue {
  readonly #capacity: number;
  readonly #chunks: Chunk[] = [];
  #bytes = 0;
  #lost = new Map<MissingPart["cause"], { transfers: number; bytes: number }>();
  #droppedTransfers = 0;
  #droppedBytes = 0;
  #lastMs: number | undefined;
  #more: (() => void) | undefined;

  /** `capacity`: the most bytes that wait. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Bytes that wait, with those that are being written. */
  get bytes(): number {
    return this.#bytes;
  }

  get droppedTransfers(): number {
    return this.#droppedTransfers;
  }

  get droppedBytes(): number {
    return this.#droppedBytes;
  }

  push(bytes: Uint8Array, nowMs: number): void {
    if (this.#chunks.length >= smallestLength && this.#bytes + bytes.length > this.#capacity) {
      return this.lose("disk", bytes.length);
    }
    const silenceUs = Math.round(1000 * Math.max(0, nowMs - (this.#lastMs ?? nowMs)));
    const missing = this.takeLost(silenceUs);
    this.#lastMs = nowMs;
    this.#chunks.push({ bytes, missing, silenceUs });
    this.#bytes += bytes.length;
    this.wake();
  }

  /** A transfer is lost before the next bytes. */
  lose(cause: "usb" | "disk", bytes: number): void {
    const lost = this.#lost.get(cause) ?? { transfers: 0, bytes: 0 };
    this.#lost.set(cause, { transfers: lost.transfers + 1, bytes: lost.bytes + bytes });
    this.#droppedTransfers += 1;
    this.#droppedBytes += bytes;
  }

  /** What was lost since the last bytes, a part for each cause. Only the first has the time, which counts once. */
  takeLost(silenceUs: number): MissingPart[] {
    const lost = Array.from(this.#lost, ([cause, { transfers, bytes }], index) => ({
      cause,
      droppedTransfers: transfers,
      droppedBytes: bytes,
      silenceUs: index === 0 ? silenceUs : 0,
    }));
    this.#lost.clear();
    return lost;
  }

  /** The oldest chunk; its bytes count as waiting until {@link settle}. */
  shift(): Chunk | undefined {
    return this.#chunks.shift();
  }

  /** A chunk is written. */
  settle({ bytes }: Chunk): void {
    this.#bytes -= bytes.length;
  }

  /** Resolves when there is more, or at the next {@link wake}. */
  async wait(): Promise<void> {
    await new Promise<void>((resolve) => this.#more = resolve);
  }

  wake(): void {
    this.#more?.();
    this.#more = undefined;
  }

  /** Loses what waits. */
  abandon(): void {
    const chunks = this.#chunks.splice(0);
    for (const { bytes } of chunks) this.lose("disk", bytes.length);
    this.#bytes = 0;
  }

  /** Forgets what waits: it belongs to the recording no more. */
  clear(): void {
    this.#chunks.length = 0;
    this.#bytes = 0;
  }
}
