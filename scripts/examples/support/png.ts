/** PNG pictures: a header, compressed rows, an end, each with its length before it and its checksum behind it. */

/** A PNG of red, green, blue and opacity, row by row from the top. */
export async function png(width: number, height: number, rgba: Uint8ClampedArray): Promise<Uint8Array<ArrayBuffer>> {
  const rows = new Uint8Array((1 + 4 * width) * height); // the byte before each row: it is stored as it is
  for (let y = 0; y < height; ++y) rows.set(rgba.subarray(4 * width * y, 4 * width * (y + 1)), (1 + 4 * width) * y + 1);
  const compressed = new Blob([rows]).stream().pipeThrough(new CompressionStream("deflate"));
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, 6], 8); // 8 bits for each of three colours and for opacity
  return new Uint8Array([
    ...[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
    ...chunk("IHDR", header),
    ...chunk("IDAT", new Uint8Array(await new Response(compressed).arrayBuffer())),
    ...chunk("IEND", new Uint8Array(0)),
  ]);
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; ++bit) crc = crc >>> 1 ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
