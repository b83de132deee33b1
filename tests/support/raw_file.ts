import { readFileSync } from "node:fs";

/** The words of a RAW file: what follows its text header, whose lines begin with "% ". */
export function wordsOfRawFile(path: string): Uint8Array {
  const bytes = new Uint8Array(readFileSync(path));
  let start = 0;
  while (bytes[start] === 0x25 && bytes[start + 1] === 0x20) start = bytes.indexOf(0x0a, start) + 1;
  return bytes.subarray(start);
}
