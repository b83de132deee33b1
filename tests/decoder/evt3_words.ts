/** EVT3 words, for tests. */

/** Bytes of 16-bit words, little-endian. */
export function bytesOf16(words: readonly number[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new Uint16Array(words).buffer);
}

/** TIME_HIGH 1, TIME_LOW 7, ADDR_Y 100: time 4103 µs, row 100. */
export const preamble: readonly number[] = [0x8001, 0x6007, 0x0064];

/** This many times VECT_BASE_X 0 ON and a VECT_12 of all pixels: twelve events each. */
export function flashes(count: number): number[] {
  return Array.from({ length: count }, () => [0x3800, 0x4fff]).flat();
}
