/**
 * LZ4 blocks: sequences of literals and of matches, which repeat bytes before them.
 *
 *     token: literals (4 bits) and match length - 4 (4 bits) | more literal length | literals | offset u16 | more length
 *
 * A length of 15 in the token goes on in bytes that are added, until one is not 255. The last sequence has literals only.
 */

import { Malformed } from "./malformed.ts";

/** Shorter copies are quicker byte by byte than by a call. */
const shortCopy = 24;

/**
 * Unpacks one block behind what was unpacked before, to which its matches may refer.
 *
 * @param window Where the first byte lies in `output` that matches may refer to.
 * @returns Where the unpacked bytes end in `output`.
 * @throws {Malformed} where the block is no LZ4, or is longer than the output.
 */
export function unpackLz4Block(input: Uint8Array, output: Uint8Array, start: number, window: number): number {
  const end = input.length;
  let at = 0;
  let to = start;
  while (at < end) {
    const token = input[at++]!;
    let literals = token >> 4;
    if (literals === 15) {
      let more;
      do {
        more = input[at++]!;
        literals += more;
      } while (more === 255);
    }
    // Behind the end of the input there is NaN, which fits nowhere.
    if (!(literals <= end - at)) throw new Malformed("LZ4 literals go beyond their block");
    if (literals > output.length - to) throw new Malformed("an LZ4 block unpacks to more than it may");
    if (literals > shortCopy) output.set(input.subarray(at, at + literals), to);
    else for (let i = 0; i < literals; i++) output[to + i] = input[at + i]!;
    at += literals;
    to += literals;
    if (at === end) return to;
    const offset = input[at]! | (input[at + 1]! << 8);
    at += 2;
    let length = (token & 15) + 4;
    if (length === 19) {
      let more;
      do {
        more = input[at++]!;
        length += more;
      } while (more === 255);
    }
    if (at >= end) throw new Malformed("an LZ4 block ends in a match");
    if (offset === 0 || offset > to - window) throw new Malformed("an LZ4 match begins before its data");
    if (length > output.length - to) throw new Malformed("an LZ4 block unpacks to more than it may");
    const from = to - offset;
    if (length > shortCopy && offset >= length) output.copyWithin(to, from, from + length);
    else for (let i = 0; i < length; i++) output[to + i] = output[from + i]!;
    to += length;
  }
  throw new Malformed("an LZ4 block has no end");
}

/** A match has at least 4 bytes. */
const minimumMatch = 4;
/** The last match begins at least 12 bytes before the end of a block, and its last 5 bytes are literals. */
const [lastMatchStart, lastLiterals] = [12, 5];
const hashBits = 14;
const farthest = 65_535;

/** Where four bytes were seen last, by their hash. Positions are those in the input, plus 1; 0 is none. */
export class Lz4Matches {
  readonly table = new Int32Array(1 << hashBits);

  /** Forgets all, for another input. */
  reset(): void {
    this.table.fill(0);
  }
}

/** The longest that a block of this many bytes can become. */
export function packedLz4Bound(length: number): number {
  return length + Math.floor(length / 255) + 16;
}

/**
 * Packs a part of the input as one block, greedily: the first match that a table of hashes finds is taken.
 *
 * @param from Matches may refer to all of the input before it, which earlier blocks have.
 * @returns Where the block ends in `output`, which must have room for {@link packedLz4Bound} bytes.
 */
export function packLz4Block(
  input: Uint8Array,
  from: number,
  end: number,
  matches: Lz4Matches,
  output: Uint8Array,
  start: number,
): number {
  const { table } = matches;
  const matchEnd = end - lastLiterals;
  let at = from;
  let anchor = from;
  let to = start;
  let misses = 0;
  while (at < end - lastMatchStart) {
    const word = wordAt(input, at);
    const slot = Math.imul(word, 0x9e3779b1) >>> (32 - hashBits);
    const candidate = table[slot]! - 1;
    table[slot] = at + 1;
    if (candidate < 0 || at - candidate > farthest || wordAt(input, candidate) !== word) {
      // Where nothing matches for long, look at fewer places.
      at += 1 + (misses++ >> 6);
      continue;
    }
    misses = 0;
    let length = minimumMatch;
    while (at + length < matchEnd && input[at + length] === input[candidate + length]) length++;
    to = writeSequence(input, anchor, at, length, at - candidate, output, to);
    at += length;
    anchor = at;
  }
  return writeSequence(input, anchor, end, 0, 0, output, to);
}

function wordAt(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

/** Writes literals and the match behind them; a match of length 0 is none. */
function writeSequence(
  input: Uint8Array,
  anchor: number,
  at: number,
  length: number,
  offset: number,
  output: Uint8Array,
  start: number,
): number {
  let to = start + 1;
  const literals = at - anchor;
  if (literals >= 15) to = writeLength(literals - 15, output, to);
  if (literals > shortCopy) output.set(input.subarray(anchor, at), to);
  else for (let i = 0; i < literals; i++) output[to + i] = input[anchor + i]!;
  to += literals;
  const token = Math.min(literals, 15) << 4;
  if (length === 0) {
    output[start] = token;
    return to;
  }
  output[start] = token | Math.min(length - minimumMatch, 15);
  output[to++] = offset & 0xff;
  output[to++] = offset >> 8;
  return length - minimumMatch >= 15 ? writeLength(length - minimumMatch - 15, output, to) : to;
}

function writeLength(rest: number, output: Uint8Array, start: number): number {
  let left = rest;
  let to = start;
  for (; left >= 255; left -= 255) output[to++] = 255;
  output[to++] = left;
  return to;
}
