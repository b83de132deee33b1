import assert from "node:assert/strict";
import { crc32 } from "../../../src/recording/codecs/crc32.ts";
import { Lz4Packer, unpackLz4 } from "../../../src/recording/codecs/lz4_frame.ts";
import { Malformed } from "../../../src/recording/codecs/malformed.ts";
import { xxHash32 } from "../../../src/recording/codecs/xxhash32.ts";
import { atRandom, type Random } from "../../support/random.ts";
import { test } from "../../support/test.ts";

const text = (value: string) => new TextEncoder().encode(value);

test("checksums are those of their definitions", {}, () => {
  assert.equal(xxHash32(text("")), 0x02cc5d05);
  assert.equal(xxHash32(text("Nobody inspects the spammish repetition")), 0xe2293b2f);
  assert.equal(crc32(text("123456789")), 0xcbf43926);
  const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i * 7);
  assert.equal(crc32(bytes.subarray(333), crc32(bytes.subarray(0, 333))), crc32(bytes), "in two pieces");
});

/** How a frame is made by hand, as other programs make them. */
interface FrameOptions {
  readonly blockChecksums?: boolean;
  readonly contentChecksum?: boolean;
  readonly contentSize?: number | undefined;
  readonly independent?: boolean;
}

/** A block: bytes in LZ4, or stored as they are. */
type Block = { readonly lz4: readonly number[] } | { readonly stored: Uint8Array };

function frame(blocks: readonly Block[], content: Uint8Array, options: FrameOptions = {}): Uint8Array {
  const u32 = (value: number) => [value & 255, value >>> 8 & 255, value >>> 16 & 255, value >>> 24];
  const { blockChecksums = false, contentChecksum = false, contentSize, independent = false } = options;
  const flags = 0x40 | (independent ? 0x20 : 0) | (blockChecksums ? 0x10 : 0) | (contentSize === undefined ? 0 : 8) |
    (contentChecksum ? 4 : 0);
  const descriptor = [flags, 0x40, ...contentSize === undefined ? [] : [...u32(contentSize), 0, 0, 0, 0]];
  const bytes = [4, 0x22, 0x4d, 0x18, ...descriptor, xxHash32(Uint8Array.from(descriptor)) >>> 8 & 255];
  for (const block of blocks) {
    const stored = "stored" in block ? [...block.stored] : block.lz4;
    bytes.push(...u32(stored.length | ("stored" in block ? 0x80000000 : 0)), ...stored);
    if (blockChecksums) bytes.push(...u32(xxHash32(Uint8Array.from(stored))));
  }
  bytes.push(...u32(0));
  if (contentChecksum) bytes.push(...u32(xxHash32(content)));
  return Uint8Array.from(bytes);
}

/** "abcd" as literals, then a match of 8 bytes from 4 before, then "e" as the last literal. */
const first = { lz4: [0x44, 97, 98, 99, 100, 4, 0, 0x10, 101] };
/** A match of 5 bytes from 13 before, in the block before, and "!" behind it. */
const linked = { lz4: [0x01, 13, 0, 0x10, 33] };

test("frames with every option unpack", {}, () => {
  const content = text("abcdabcdabcdeabcda!");
  const blocks = [first, linked];
  for (const blockChecksums of [false, true]) {
    for (const contentChecksum of [false, true]) {
      for (const contentSize of [undefined, content.length]) {
        const bytes = frame(blocks, content, { blockChecksums, contentChecksum, contentSize });
        assert.deepEqual(unpackLz4(bytes, 1000), content);
      }
    }
  }
  const stored = { stored: text("as it is") };
  assert.deepEqual(unpackLz4(frame([stored], text("as it is"), { independent: true }), 1000), text("as it is"));
  const skippable = Uint8Array.of(0x5f, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3);
  const both = Uint8Array.from([...frame([first, linked], content), ...skippable, ...frame([stored], content)]);
  assert.deepEqual(unpackLz4(both, 1000), text("abcdabcdabcdeabcda!as it is"));
});

test("what is no sound LZ4 is refused", {}, () => {
  const content = text("abcdabcdabcdeabcda!");
  const sound = frame([first, linked], content, { blockChecksums: true, contentChecksum: true, contentSize: 19 });
  for (let at = 0; at < sound.length; at++) {
    for (const bit of [1, 16, 128]) {
      const flipped = sound.slice();
      flipped[at]! ^= bit;
      assert.throws(() => unpackLz4(flipped, 1000), Malformed, `bit ${bit} of byte ${at}`);
    }
    if (at > 0) assert.throws(() => unpackLz4(sound.subarray(0, at), 1000), Malformed, `cut at ${at}`);
  }
  const refused: readonly (readonly [number[], RegExp])[] = [
    [[0x04, 1, 0, 0x10, 97], /begins before its data/],
    [[0x44, 97, 98, 99, 100, 0, 0, 0x10, 97], /begins before its data/],
    [[0x50, 97], /beyond their block/],
    [[0xf0, 255, 255], /beyond their block/],
    [[0x44, 97, 98, 99, 100, 4, 0], /ends in a match/],
    [[0x1f, 97, 1, 0, ...new Array(300).fill(255), 0, 0x10, 98], /more than it may/],
  ];
  for (const [lz4, message] of refused) {
    assert.throws(() => unpackLz4(frame([{ lz4 }], content), 1 << 20), message, lz4.slice(0, 9).join(" "));
  }
  assert.throws(
    () => unpackLz4(frame([{ ...linked }], content, { independent: true }), 1000),
    /begins before its data/,
  );
  assert.throws(
    () => unpackLz4(frame([first, linked], content, { independent: true }), 1000),
    /begins before its data/,
  );
});

test("a small frame that unpacks to more than it may is refused", {}, () => {
  const packed = new Lz4Packer().pack(new Uint8Array(1_000_000));
  assert.ok(packed.length < 10_000);
  assert.throws(() => unpackLz4(packed, 999_999), /more than it may/);
  assert.equal(unpackLz4(packed, 1_000_000).length, 1_000_000);
});

/** Bytes of any entropy: repeated pieces from near and far, runs, and noise. */
function randomBytes(random: Random, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const size = Math.min(length - at, random.whole(1, random.pick([3, 40, 5000])));
    const kind = random.whole(0, 2);
    const from = random.whole(0, at);
    const value = random.whole(0, 255);
    for (let i = 0; i < size; i++) {
      bytes[at + i] = kind === 0 ? value : kind === 1 ? bytes[from + i]! : random.whole(0, 255);
    }
    at += size;
  }
  return bytes;
}

test("what was packed unpacks to the same, at any length", {}, () =>
  atRandom((random) => {
    const packer = new Lz4Packer();
    const lengths = [...Array(40).keys(), 65_535, 65_536, 65_537, 131_072, 300_000, random.whole(0, 200_000)];
    for (const length of lengths) {
      const bytes = randomBytes(random, length);
      assert.deepEqual(unpackLz4(packer.pack(bytes), length), bytes, `${length} bytes`);
    }
    return Promise.resolve();
  }));
