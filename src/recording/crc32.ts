/** The CRC-32 of gzip, PNG and ZIP, by bytes. */
const table: Uint32Array = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ value >>> 1 : value >>> 1;
  return value;
});

/** The checksum of bytes, from 0 to 4,294,967,295. */
export function crc32(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (let index = 0; index < bytes.length; index++) value = table[(value ^ bytes[index]!) & 0xff]! ^ value >>> 8;
  return (value ^ 0xffffffff) >>> 0;
}
