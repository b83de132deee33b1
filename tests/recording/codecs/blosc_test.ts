import assert from "node:assert/strict";
import { deflateSync } from "node:zlib";
import { unpackBlosc } from "../../../src/recording/codecs/blosc.ts";
import { Malformed } from "../../../src/recording/codecs/malformed.ts";
import { test } from "../../support/test.ts";

const content = Uint8Array.from({ length: 40 }, (_, i) => i % 4 === 0 ? i : 7);

/** The four bytes of each element apart, as shuffling leaves them. */
const shuffled = (bytes: Uint8Array) =>
  Uint8Array.from([0, 1, 2, 3].flatMap((byte) => [...bytes].filter((_, i) => i % 4 === byte)));

/** A buffer in blocks of 32 bytes, of elements of 4. */
function buffer(flags: number, blocks: readonly (readonly Uint8Array[])[]): Uint8Array {
  const u32 = (value: number) => [value & 255, value >> 8 & 255, value >> 16 & 255, value >> 24 & 255];
  const starts: number[] = [];
  const body: number[] = [];
  for (const streams of blocks) {
    starts.push(16 + 4 * blocks.length + body.length);
    for (const stream of streams) body.push(...u32(stream.length), ...stream);
  }
  const size = 16 + 4 * blocks.length + body.length;
  return Uint8Array.from([2, 1, flags, 4, ...u32(40), ...u32(32), ...u32(size), ...starts.flatMap(u32), ...body]);
}

/** 32 bytes, then the 8 that are left. */
const blocks = [content.subarray(0, 32), content.subarray(32)];

test("Blosc buffers unpack, with streams apart or not, shuffled or not", {}, async () => {
  const zlib = 3 << 5;
  const apart = (bytes: Uint8Array) => [0, 1, 2, 3].map((i) => bytes.subarray(8 * i, 8 * i + 8));
  const cases = [
    buffer(zlib | 0x10, blocks.map((block) => [new Uint8Array(deflateSync(block))])),
    buffer(zlib | 0x11, blocks.map((block) => [new Uint8Array(deflateSync(shuffled(block)))])),
    // Stored streams, one for each byte of an element, but one for the rest at the end.
    buffer(zlib | 0x01, [apart(shuffled(blocks[0]!)), [shuffled(blocks[1]!)]]),
    buffer(1 << 5 | 0x10, [[Uint8Array.of(0xf0, 17, ...blocks[0]!)], [blocks[1]!]]),
    Uint8Array.from([2, 1, 2, 4, 40, 0, 0, 0, 40, 0, 0, 0, 56, 0, 0, 0, ...content]),
  ];
  for (const bytes of cases) {
    assert.deepEqual(await unpackBlosc(bytes, 40), content);
    await assert.rejects(unpackBlosc(bytes, 39), Malformed);
    for (let length = 0; length < bytes.length; length++) {
      await assert.rejects(
        unpackBlosc(bytes.slice(0, length), 40),
        { name: /Malformed|RangeError/ },
        `${length} bytes`,
      );
    }
  }
  await assert.rejects(unpackBlosc(buffer(0x10, [[content], [content]]), 40), { code: "unsupported" }, "BloscLZ");
  await assert.rejects(unpackBlosc(buffer(zlib | 0x04, []), 40), { code: "unsupported" }, "shuffled bits");
});
