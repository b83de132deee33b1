import assert from "node:assert/strict";
import { test } from "node:test";
import { createDecoder } from "../../mod.ts";
import { bytesOf16, preamble } from "./evt3_words.ts";

const words = bytesOf16([...preamble, 0x2805]);
const lines = ["% date 2024-05-17 13:45:02", "% format EVT3;height=720;width=1280"];

const evt3 = () => createDecoder({ format: "evt3", width: 1280, height: 720 });

function file(header: string, events = words): Uint8Array {
  return new Uint8Array([...new TextEncoder().encode(header), ...events]);
}

function joined(...texts: string[]): string {
  return texts.map((line) => `${line}\n`).join("");
}

const headers: readonly (readonly [name: string, bytes: Uint8Array, start: number | undefined])[] = [
  ["a header with its end", file(joined(...lines, "% end")), 69],
  ["a header without end", file(joined(...lines)), 63],
  ["lines of another system", file(lines.map((line) => `${line}\r\n`).join("")), 65],
  ["a header before a word like a line", file(joined(...lines, "% end"), bytesOf16([0x2025, ...preamble])), 69],
  ["a header that is cut", file(joined(...lines), new Uint8Array()), undefined],
  ["a header that is cut in a line", file(joined(...lines) + "% geome", new Uint8Array()), undefined],
];
for (const [name, bytes, start] of headers) {
  test(`${name} is refused at the beginning of a stream, and the error says where the events are`, async () => {
    using decoder = await evt3();
    const advice = start === undefined
      ? 'what follows its line "% end", or its last line that begins with "% "'
      : `bytes.subarray(${start}), which is what follows it`;
    assert.throws(() => decoder.decode(bytes), {
      name: "TypeError",
      message: `bytes must be an event stream, not the header of a RAW file ("${lines[0]}"): decode ${advice}`,
    });
    assert.equal(decoder.statistics.words, 0);
    if (start === undefined) return;
    assert.doesNotThrow(() => [...decoder.decode(bytes.subarray(start))]);
    assert.equal(decoder.statistics.words, (bytes.length - start) / 2);
  });
}

test("after a reset a stream begins again", async () => {
  using decoder = await evt3();
  assert.equal([...decoder.decode(words)].length, 1);
  assert.equal([...decoder.decode(file(joined(...lines, "% end"), words))].length, 1, "events may look like anything");
  decoder.reset();
  assert.throws(() => decoder.decode(file(joined(...lines))), TypeError);
});

const streams: readonly (readonly [name: string, bytes: Uint8Array])[] = [
  ["an ADDR_X word 0x2025", bytesOf16([0x2025, ...preamble, 0x2805])],
  ["0x2025, TIME_LOW words that look like text, a TIME_HIGH", bytesOf16([0x2025, 0x6164, 0x6574, 0x8001, 0x0a0a])],
  ["0x2025 alone", bytesOf16([0x2025])],
  ["nothing", new Uint8Array()],
  ["shared memory", new Uint8Array(new SharedArrayBuffer(8))],
];
for (const [name, bytes] of streams) {
  test(`a stream that begins with ${name} is decoded`, async () => {
    using decoder = await evt3();
    assert.doesNotThrow(() => [...decoder.decode(bytes)]);
    assert.equal(decoder.statistics.words, bytes.length / 2);
  });
}
