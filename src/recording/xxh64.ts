/**
 * XXH64 with seed 0, the hash of a receipt's blocks, as https://github.com/Cyan4973/xxHash specifies it.
 *
 * JavaScript has no quick arithmetic of 64 bits, so each number is two halves of 32 bits, the upper one first.
 */

type Halves = readonly [high: number, low: number];

// The five primes of the specification.
const prime1: Halves = [0x9e3779b1, 0x85ebca87];
const prime2: Halves = [0xc2b2ae3d, 0x27d4eb4f];
const prime3: Halves = [0x165667b1, 0x9e3779f9];
const prime4: Halves = [0x85ebca77, 0xc2b2ae63];
const prime5: Halves = [0x27d4eb2f, 0x165667c5];

/** Bytes that the four lanes take at a time, 8 each. */
const stripeBytes = 32;

function multiply([aHigh, aLow]: Halves, [bHigh, bLow]: Halves): Halves {
  return [(upperHalf(aLow, bLow) + Math.imul(aHigh, bLow) + Math.imul(aLow, bHigh)) | 0, Math.imul(aLow, bLow)];
}

/** The upper half of the product of two numbers of 32 bits, from those of their halves of 16 bits. */
function upperHalf(a: number, b: number): number {
  // No arrays: this is where the time goes.
  const a1 = a >>> 16;
  const a0 = a & 0xffff;
  const b1 = b >>> 16;
  const b0 = b & 0xffff;
  const p01 = Math.imul(a0, b1);
  const p10 = Math.imul(a1, b0);
  const middle = (Math.imul(a0, b0) >>> 16) + (p01 & 0xffff) + (p10 & 0xffff);
  return (Math.imul(a1, b1) + (p01 >>> 16) + (p10 >>> 16) + (middle >>> 16)) | 0;
}

function add([aHigh, aLow]: Halves, [bHigh, bLow]: Halves): Halves {
  const low = (aLow + bLow) | 0;
  return [(aHigh + bHigh + (low >>> 0 < aLow >>> 0 ? 1 : 0)) | 0, low];
}

function exclusiveOr([aHigh, aLow]: Halves, [bHigh, bLow]: Halves): Halves {
  return [aHigh ^ bHigh, aLow ^ bLow];
}

/** By 1 to 31 bits. */
function rotate([high, low]: Halves, bits: number): Halves {
  return [(high << bits) | (low >>> (32 - bits)), (low << bits) | (high >>> (32 - bits))];
}

/** A lane after one more input of 8 bytes. */
function round(lane: Halves, input: Halves): Halves {
  return multiply(rotate(add(lane, multiply(input, prime2)), 31), prime1);
}

/**
 * A lane after all of its input: 8 bytes of each stripe, from an offset on. It is {@link round} in a loop without arrays,
 * in numbers that stay in registers, and much quicker.
 */
function laneOf(view: DataView, offset: number, [startHigh, startLow]: Halves): Halves {
  const end = view.byteLength - view.byteLength % stripeBytes;
  let high = startHigh | 0;
  let low = startLow | 0;
  for (let at = offset; at < end; at += stripeBytes) {
    const inputLow = view.getInt32(at, true);
    const inputHigh = view.getInt32(at + 4, true);
    const sumLow = (low + Math.imul(inputLow, 0x27d4eb4f)) | 0;
    const carry = (sumLow ^ signBit) < (low ^ signBit) ? 1 : 0;
    const productHigh = upperHalf(inputLow, 0x27d4eb4f) + Math.imul(inputHigh, 0x27d4eb4f) +
      Math.imul(inputLow, 0xc2b2ae3d);
    const sumHigh = (high + productHigh + carry) | 0;
    const turnedHigh = (sumHigh << 31) | (sumLow >>> 1);
    const turnedLow = (sumLow << 31) | (sumHigh >>> 1);
    high = (upperHalf(turnedLow, 0x85ebca87) + Math.imul(turnedHigh, 0x85ebca87) + Math.imul(turnedLow, 0x9e3779b1)) |
      0;
    low = Math.imul(turnedLow, 0x85ebca87);
  }
  return [high, low];
}

/** Numbers of 32 bits with this bit turned compare as signed ones, as they would without it as unsigned ones. */
const signBit = 0x80000000 | 0;

/**
 * The hash of bytes as 16 hexadecimal digits, the highest first.
 *
 * ```ts
 * console.log(xxh64(new Uint8Array())); // "ef46db3751d8e999"
 * ```
 */
export function xxh64(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const stripes = bytes.length < stripeBytes ? prime5 : hashOfStripes(view);
  const hash = avalanche(withRest(add(stripes, [0, bytes.length]), view));
  return hash.map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
}

function hashOfStripes(view: DataView): Halves {
  const minusPrime1 = add([~prime1[0], ~prime1[1]], [0, 1]);
  const starts = [add(prime1, prime2), prime2, [0, 0], minusPrime1] as const;
  const lanes = starts.map((start, index) => laneOf(view, 8 * index, start));
  const sum = lanes.map((lane, index) => rotate(lane, [1, 7, 12, 18][index]!)).reduce(add);
  return lanes.reduce((hash, lane) => mixed(hash, round([0, 0], lane)), sum);
}

function mixed(hash: Halves, other: Halves): Halves {
  return add(multiply(exclusiveOr(hash, other), prime1), prime4);
}

/** The bytes after the last stripe: 8 at a time, then 4, then single ones. */
function withRest(stripes: Halves, view: DataView): Halves {
  let hash = stripes;
  let at = view.byteLength - view.byteLength % stripeBytes;
  for (; at + 8 <= view.byteLength; at += 8) {
    const input: Halves = [view.getInt32(at + 4, true), view.getInt32(at, true)];
    hash = add(multiply(rotate(exclusiveOr(hash, round([0, 0], input)), 27), prime1), prime4);
  }
  if (at + 4 <= view.byteLength) {
    const input = multiply([0, view.getInt32(at, true)], prime1);
    hash = add(multiply(rotate(exclusiveOr(hash, input), 23), prime2), prime3);
    at += 4;
  }
  for (; at < view.byteLength; at++) {
    hash = multiply(rotate(exclusiveOr(hash, multiply([0, view.getUint8(at)], prime5)), 11), prime1);
  }
  return hash;
}

/** Spreads each bit of the input over the whole hash. */
function avalanche([high, low]: Halves): Halves {
  const [first, second] = multiply([high, low ^ (high >>> 1)], prime2);
  const [last, end] = multiply([first ^ (first >>> 29), second ^ ((second >>> 29) | (first << 3))], prime3);
  return [last, end ^ last];
}
