/** A libusb whose functions are written in JavaScript: it answers what a test wants and notes what it is asked. */

import type { LibusbLibrary } from "../../src/native/libusb_library.ts";

type Symbols = LibusbLibrary["symbols"];

/** A library whose functions return 0 but for those given. */
export function madeUpLibusb(functions: Partial<Symbols> = {}): { library: LibusbLibrary; calls: string[] } {
  const calls: string[] = [];
  const symbols = new Proxy({}, {
    get: (_target, name: keyof Symbols) => (...values: never[]): unknown => {
      calls.push(`${name}(${values.map(describe)})`);
      const answer = functions[name] as ((...values: never[]) => unknown) | undefined;
      return answer === undefined ? 0 : answer(...values);
    },
  });
  return { library: { path: "/made/up/libusb.so", symbols: symbols as Symbols }, calls };
}

function describe(value: unknown): string {
  return ArrayBuffer.isView(value) ? "buffer" : String(value);
}

/** Writes numbers into a buffer that libusb was lent, as libusb would. */
export function fill(buffer: ArrayBufferView | null, numbers: ArrayLike<number>): void {
  new Uint8Array(buffer!.buffer, buffer!.byteOffset, buffer!.byteLength).set(numbers);
}

/** Writes an address into an out parameter. */
export function setAddress(out: ArrayBufferView | null, address: bigint): void {
  new BigUint64Array(out!.buffer, out!.byteOffset, 1)[0] = address;
}

/** Writes a count into an out parameter. */
export function setCount(out: ArrayBufferView | null, count: number): void {
  new Int32Array(out!.buffer, out!.byteOffset, 1)[0] = count;
}
