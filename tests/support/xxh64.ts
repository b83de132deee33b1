/** XXH64 with seed 0, plainly, for comparison: from the specification in the repository of xxHash. */

const mask = (1n << 64n) - 1n;
const primes = [
  0x9e3779b185ebca87n,
  0xc2b2ae3d27d4eb4fn,
  0x165667b19e3779f9n,
  0x85ebca77c2b2ae63n,
  0x27d4eb2f165667c5n,
] as const;
const [p1, p2, p3, p4, p5] = primes;

const times = (left: bigint, right: bigint) => (left * right) & mask;
const rotated = (value: bigint, bits: bigint) => ((value << bits) | (value >> (64n - bits))) & mask;
const round = (lane: bigint, input: bigint) => times(rotated((lane + times(input, p2)) & mask, 31n), p1);

/** The hash in 16 hexadecimal digits. */
export function xxh64(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  let hash: bigint;
  if (bytes.length >= 32) {
    const lanes = [(p1 + p2) & mask, p2, 0n, (-p1) & mask];
    for (; at + 32 <= bytes.length; at += 32) {
      for (let lane = 0; lane < 4; lane++) lanes[lane] = round(lanes[lane]!, view.getBigUint64(at + 8 * lane, true));
    }
    hash = [1n, 7n, 12n, 18n].reduce((sum, bits, lane) => sum + rotated(lanes[lane]!, bits), 0n) & mask;
    for (const lane of lanes) hash = (times(hash ^ round(0n, lane), p1) + p4) & mask;
  } else hash = p5;
  hash = (hash + BigInt(bytes.length)) & mask;
  for (; at + 8 <= bytes.length; at += 8) {
    hash = (times(rotated(hash ^ round(0n, view.getBigUint64(at, true)), 27n), p1) + p4) & mask;
  }
  if (at + 4 <= bytes.length) {
    hash = (times(rotated(hash ^ times(BigInt(view.getUint32(at, true)), p1), 23n), p2) + p3) & mask;
    at += 4;
  }
  for (; at < bytes.length; at++) hash = times(rotated(hash ^ times(BigInt(bytes[at]!), p5), 11n), p1);
  hash = times(hash ^ (hash >> 33n), p2);
  hash = times(hash ^ (hash >> 29n), p3);
  return (hash ^ (hash >> 32n)).toString(16).padStart(16, "0");
}
