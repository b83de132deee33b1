/** The text at an offset, up to its NUL. */
export function textAt(view: DataView, offset: number): string {
  let end = offset;
  while (view.getUint8(end) !== 0) end++;
  return new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + offset, end - offset));
}

/** A 64-bit number that is small enough for JavaScript's: offsets and sizes in a file. */
export function numberAt(view: DataView, offset: number): number {
  return Number(view.getBigUint64(offset, true));
}
