import assert from "node:assert/strict";
import { test } from "node:test";
import { createDecoder, type EventFormat } from "../../mod.ts";
import { atRandom } from "../support/random.ts";
import { decodeAll } from "./decoded.ts";
import { bytesOf16, preamble } from "./evt3_words.ts";
import { randomStream } from "./random_streams.ts";

const words = bytesOf16([...preamble, 0x2805]);
const lines = ["% date 2024-05-17 13:45:02", "% format EVT3;height=720;width=1280"];

const evt3 = () => createDecoder({ format: "evt3", width: 1280, height: 720 });

function file(header: string | Uint8Array, events = words): Uint8Array {
  return new Uint8Array([...typeof header === "string" ? new TextEncoder().encode(header) : header, ...events]);
}

function joined(...texts: string[]): string {
  return texts.map((line) => `${line}\n`).join("");
}

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

const headers: readonly (readonly [name: string, bytes: Uint8Array, start: number | undefined])[] = [
  ["a header with its end", file(joined(...lines, "% end")), 69],
  ["a header without end", file(joined(...lines)), 63],
  ["a header of one line", file("% evt 3.0\n"), 10],
  ["a header of its end alone", file("% end\n"), 6],
  ["lines of another system", file(lines.map((line) => `${line}\r\n`).join("")), 65],
  ["a header before a word like a line", file(joined(...lines, "% end"), bytesOf16([0x2025, ...preamble])), 69],
  ["a word like a line after a header without end", file(joined(...lines), bytesOf16([0x2025, ...preamble])), 63],
  ["a later line in UTF-8", file("% evt 3.0\n% system_name Größe\n% geometry 1280x720\n% end\n"), 58],
  ["a later line in Latin-1", file(latin1("% evt 3.0\n% system_name Größe\n% geometry 1280x720\n% end\n")), 56],
  ["a first line in UTF-8", file("% system_name Größe\n% evt 3.0\n% end\n"), 38],
  ["a first line in Latin-1", file(latin1("% system_name Größe\n% evt 3.0\n% end\n")), 36],
  ["a first line with a tab", file("% evt\t3.0\n% end\n"), 16],
  ["a later line with a tab", file("% evt 3.0\n% date\t2024\n% end\n"), 28],
  ["a first line with a number", file("% 2023 date\n% evt 3.0\n% end\n"), 28],
  ["a first line with a sign", file("% -firmware 3\n% end\n"), 20],
  ["an empty first line", file("% \n% end\n"), 9],
  ["a long first line", file(`% comment ${"x".repeat(5000)}\n% end\n`), 5017],
  ["a header that is cut", file(joined(...lines), new Uint8Array()), undefined],
  ["a header that is cut in a line", file(joined(...lines) + "% geome", new Uint8Array()), undefined],
  ["a header that is cut in its first line", file("% format EVT3;height", new Uint8Array()), undefined],
];

function adviceFor(start: number | undefined): string {
  return start === undefined
    ? 'what follows its line "% end", or its last line that begins with "% "'
    : `bytes.subarray(${start}), which is what follows it`;
}

/** The first line, as the error shows it. */
function shownLine(bytes: Uint8Array): string {
  const line = new TextDecoder().decode(bytes).split("\n")[0]!.trimEnd();
  return JSON.stringify(line.length > 80 ? `${line.slice(0, 80)}…` : line);
}

for (const [name, bytes, start] of headers) {
  test(`${name} is refused at the beginning of a stream, and the error says where the events are`, async () => {
    using decoder = await evt3();
    const message = `bytes must be an event stream, not the header of a RAW file (${shownLine(bytes)}): decode `;
    assert.throws(() => decoder.decode(bytes), { name: "TypeError", message: message + adviceFor(start) });
    assert.equal(decoder.statistics.words, 0);
    if (start === undefined) return;
    assert.doesNotThrow(() => [...decoder.decode(bytes.subarray(start))]);
    assert.equal(decoder.statistics.words, (bytes.length - start) / 2);
  });
}

/** Where the advice of an error says that the events begin, in the bytes of that call. */
function advisedStart(error: unknown): number | undefined {
  assert.ok(error instanceof TypeError, String(error));
  const start = /subarray\((\d+)\)/.exec(error.message)?.[1];
  return start === undefined ? undefined : Number(start);
}

test("a header in pieces of any size is refused, and no advice is wrong", async () => {
  using decoder = await evt3();
  for (const [name, bytes, start = bytes.length] of headers) {
    if (start > 4096) continue; // in pieces, a line without end of this length is taken for events
    for (let size = 1; size <= Math.min(bytes.length, 80); ++size) {
      decoder.reset();
      const told = `${name} in pieces of ${size}`;
      let refused = 0;
      for (let at = 0; at < start; at += size) {
        try {
          assert.deepEqual([...decoder.decode(bytes.subarray(at, at + size))], [], told);
        } catch (error) {
          if (error instanceof assert.AssertionError) throw error;
          refused++;
          assert.equal(String(error).includes("reset() and decode"), at > 0, `${told}: ${error}`);
          const advised = advisedStart(error);
          if (advised !== undefined) assert.equal(at + advised, start, `${told}: ${error}`);
          break;
        }
      }
      assert.equal(refused, 1, told);
    }
  }
});

test("the error of a later piece says how far back the header began", async () => {
  using decoder = await evt3();
  const bytes = file("% owner me\n% evt 3.0\n% end\n");
  assert.deepEqual([...decoder.decode(bytes.subarray(0, 4))], []);
  assert.deepEqual([...decoder.decode(bytes.subarray(4, 11))], []);
  assert.throws(() => decoder.decode(bytes.subarray(11)), {
    message:
      'bytes must be an event stream, not the header of a RAW file ("% owner me"), which began 11 bytes before ' +
      "them: reset() and decode bytes.subarray(16), which is what follows it",
  });
  decoder.reset();
  assert.equal([...decoder.decode(bytes.subarray(27))].length, 1);
});

test("after a reset a stream begins again", async () => {
  using decoder = await evt3();
  assert.equal([...decoder.decode(words)].length, 1);
  assert.equal([...decoder.decode(file(joined(...lines, "% end"), words))].length, 1, "events may look like anything");
  decoder.reset();
  assert.throws(() => decoder.decode(file(joined(...lines))), TypeError);
});

test("after a gap the bytes before it are no part of a header", async () => {
  using decoder = await evt3();
  const header = new TextEncoder().encode(lines[0]);
  assert.deepEqual([...decoder.decode(header.subarray(0, 4))], []);
  decoder.gap(1000);
  assert.deepEqual([...decoder.decode(header.subarray(4))], []);
});

const streams: readonly (readonly [name: string, bytes: Uint8Array])[] = [
  ["an ADDR_X word 0x2025", bytesOf16([0x2025, ...preamble, 0x2805])],
  ["0x2025, TIME_LOW words that look like text, a TIME_HIGH", bytesOf16([0x2025, 0x6164, 0x6574, 0x8001, 0x0a0a])],
  ["0x2025 and a row's words that look like a line", bytesOf16([0x2025, 0x4164, 0x500a, ...preamble, 0x2805])],
  ["0x2025 alone", bytesOf16([0x2025])],
  ["half of 0x2025", new Uint8Array([0x25])],
  ["nothing", new Uint8Array()],
  ["shared memory", new Uint8Array(new SharedArrayBuffer(8))],
];
for (const [name, bytes] of streams) {
  test(`a stream that begins with ${name} is decoded`, async () => {
    using decoder = await evt3();
    assert.doesNotThrow(() => [...decoder.decode(bytes)]);
    assert.equal(decoder.statistics.words, Math.floor(bytes.length / 2));
  });
}

/** A row whose words look like text, and the stream after it. */
function rowLikeText(next: (low: number, high: number) => number): Uint8Array {
  const kinds = [0x2000, 0x3000, 0x4000, 0x5000, 0x6000, 0x7000];
  const row = Array.from({ length: 40 }, () => kinds[next(0, 5)]! | next(0, 0xfff));
  return bytesOf16([0x2025, ...row, ...preamble, 0x2805]);
}

const formats: readonly EventFormat[] = ["evt3", "evt2", "evt21", "evt21-legacy", "evt4"];

test("events that begin as a header does are decoded, in every format, whole and cut", () => {
  return atRandom(async (random) => {
    for (const format of formats) {
      using decoder = await createDecoder({ format, width: 1280, height: 720 });
      for (let round = 0; round < 2000; ++round) {
        const bytes = format === "evt3" && round % 2 === 0
          ? rowLikeText((low, high) => random.whole(low, high))
          : randomStream(format, random, 20).subarray(format === "evt3" ? 4 : 0);
        bytes.set([0x25, 0x20]);
        const cut = random.whole(1, bytes.length - 1);
        decoder.reset();
        const whole = decodeAll(decoder, [bytes]);
        decoder.reset();
        assert.deepEqual(decodeAll(decoder, [bytes.subarray(0, cut), bytes.subarray(cut)]), whole);
      }
    }
  });
});
