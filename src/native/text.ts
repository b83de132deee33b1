import { checkStatus } from "./status_error.ts";

/** A native function that writes text and returns its length in bytes, which may exceed the capacity. */
export type TextFunction = (output: Uint8Array, capacity: number) => number;

/** Reads all of a native function's text, with a larger buffer where the first was too small. */
export function readNativeText(write: TextFunction, operation: string): string {
  let buffer = new Uint8Array(4096);
  while (true) {
    const length = checkStatus(write(buffer, buffer.length), operation);
    if (length <= buffer.length) return new TextDecoder().decode(buffer.subarray(0, length));
    buffer = new Uint8Array(length);
  }
}
