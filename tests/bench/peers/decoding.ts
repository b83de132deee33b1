/** What a decoder did with a file: a line of JSON that it prints. */
export interface Decoding {
  readonly events: number;
  /** Of t, x, y and on of all events, modulo 2^53: they tell whether two decoders gave the same events. */
  readonly sums: [t: number, x: number, y: number, on: number];
  readonly seconds: number;
}

/** What a program did with a camera's stream. */
export interface Streaming {
  readonly seconds: number;
  readonly bytes: number;
  readonly events: number;
  /** Of the whole process, the virtual camera included. */
  readonly cpuSeconds: number;
  readonly droppedTransfers: number;
  readonly medianDelayMs: number;
  readonly p99DelayMs: number;
}
