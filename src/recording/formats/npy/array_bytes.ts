import { bytesOf } from "../shared/header_text.ts";
import { magic } from "./format.ts";

/** The header of an array, padded so that its elements begin at a multiple of 64 bytes, or at a fixed place. */
export function arrayHeaderBytes(descr: string, shape: readonly number[], minimumBytes = 0): Uint8Array<ArrayBuffer> {
  const sizes = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const text = `{'descr': ${descr}, 'fortran_order': False, 'shape': ${sizes}, }`;
  const length = Math.max(minimumBytes, Math.ceil((magic.length + 4 + text.length + 1) / 64) * 64);
  const bytes = new Uint8Array(length).fill(0x20);
  for (let i = 0; i < magic.length; i++) bytes[i] = magic.charCodeAt(i);
  const textBytes = length - magic.length - 4;
  bytes.set([1, 0, textBytes & 0xff, textBytes >> 8], magic.length);
  bytes.set(bytesOf(text), magic.length + 4);
  bytes[length - 1] = 0x0a;
  return bytes;
}

/** Times as numbers of 64 bits. */
export function int64Bytes(times: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(2 * times.length);
  for (let i = 0; i < times.length; i++) {
    const time = times[i]!;
    words[2 * i] = time;
    words[2 * i + 1] = time / 2 ** 32;
  }
  return new Uint8Array(words.buffer);
}
