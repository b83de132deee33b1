/** Encoders of EVT2 and EVT2.1 words, for tests. EVT2.1 words have 64 bits: bigints. */

/** Bytes of 32-bit words, little-endian. */
export function bytesOf32(words: readonly number[]): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(4 * words.length));
  words.forEach((word, index) => view.setUint32(4 * index, word, true));
  return new Uint8Array(view.buffer);
}

/** Bytes of 64-bit words: little-endian, or "legacy", the upper half first, as sensors send them. */
export function bytesOf64(words: readonly bigint[], order: "little" | "legacy"): Uint8Array<ArrayBuffer> {
  return bytesOf32(words.flatMap((word) => {
    const halves = [Number(word & 0xffff_ffffn), Number(word >> 32n)];
    return order === "little" ? halves : halves.reverse();
  }));
}

/** EVT2: time from bit 6 on. */
export function timeHigh(value: number): number {
  return 0x8 * 2 ** 28 + value;
}

/** EVT2: an event; `low` are the six lowest bits of its time. */
export function event(on: 0 | 1, low: number, x: number, y: number): number {
  return on * 2 ** 28 + low * 2 ** 22 + x * 2 ** 11 + y;
}

/** EVT2: an edge of a trigger input. */
export function trigger(low: number, id: number, rising: 0 | 1): number {
  return 0xa * 2 ** 28 + low * 2 ** 22 + id * 2 ** 8 + rising;
}

/** EVT2: an item of the sensor's own reports, whose payload follows in a CONTINUED word. */
export function other(subType: number): number {
  return 0xe * 2 ** 28 + subType;
}

/** EVT2: the payload of the word before. */
export function continued(payload: number): number {
  return 0xf * 2 ** 28 + payload;
}

/** EVT2.1: an event at x + i for each bit i of `pixels`. */
export function vector(on: 0 | 1, low: number, x: number, y: number, pixels: number): bigint {
  return BigInt(event(on, low, x, y)) << 32n | BigInt(pixels);
}

/** EVT2.1: an OTHERS word, which brings its payload along. */
export function others(subType: number, payload: number): bigint {
  return BigInt(other(subType)) << 32n | BigInt(payload);
}

/** EVT2.1: the words whose upper half is one of EVT2 and whose lower half is unused. */
export function widened(word: number): bigint {
  return BigInt(word) << 32n;
}
