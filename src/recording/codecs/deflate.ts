import { Malformed } from "./malformed.ts";

/**
 * Unpacks zlib data.
 *
 * @param maximumLength How long the result may be.
 * @throws {Malformed} for what is no sound zlib data.
 */
export async function inflate(bytes: Uint8Array<ArrayBuffer>, maximumLength: number): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate")).getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      parts.push(value);
      length += value.length;
      if (length <= maximumLength) continue;
      await reader.cancel();
      break;
    }
  } catch (error) {
    throw new Malformed(`no sound zlib data (${(error as Error).message})`);
  }
  if (length > maximumLength) throw new Malformed(`zlib data unpacks to more than ${maximumLength} bytes`);
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
