/**
 * Takes back a shuffle, by which all first bytes of the elements come first, then all second ones. Bytes behind the last
 * whole element are not moved.
 */
export function unshuffled(bytes: Uint8Array<ArrayBuffer>, elementBytes: number): Uint8Array<ArrayBuffer> {
  const count = Math.floor(bytes.length / elementBytes);
  const result = bytes.slice();
  for (let byte = 0, from = 0; byte < elementBytes; byte++) {
    for (let i = 0, to = byte; i < count; i++, to += elementBytes) result[to] = bytes[from++]!;
  }
  return result;
}
