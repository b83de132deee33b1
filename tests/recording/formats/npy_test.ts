import assert from "node:assert/strict";
import { npy, type NpyLayout, npyLayouts, npyWith, npz } from "../../../src/recording/formats/npy/format.ts";
import { parsePythonLiteral } from "../../../src/recording/formats/npy/python_literal.ts";
import { MemoryFiles } from "../../../src/recording/memory_sink.ts";
import { openSink } from "../../../src/recording/open_sink.ts";
import { assertError, assertSame, packetFrom, randomContent, randomPackets, readAll } from "../testing/events.ts";
import { memoryFiles } from "../testing/memory_source.ts";
import {
  bytesOfShared,
  expectedOf,
  sharedRecordings,
  skipWithoutFiles,
  wrongRecordings,
} from "../testing/shared_formats.ts";
import { atRandom } from "../../support/random.ts";
import { test } from "../../support/test.ts";
import { array, events, headerOf } from "../testing/numpy.ts";

const geometry = { width: 1280, height: 720 };

test("every NumPy file of other programs gives its events and triggers", { skip: skipWithoutFiles }, async () => {
  const recordings = sharedRecordings("NPY", "NPZ");
  assert.ok(recordings.length >= 4);
  for (const recording of recordings) {
    const format = recording.format.startsWith("NPZ") ? npz : npy;
    const files = bytesOfShared(recording.file);
    assert.ok(format.matches(Object.values(files)[0]!.subarray(0, 4096), "any"));
    for (const isStream of [false, true]) {
      const result = await readAll(format, memoryFiles(files, { isStream }));
      assert.equal(result.error, undefined, recording.file);
      assertSame(result, expectedOf(recording));
      assert.equal(result.bytes, Object.values(files)[0]!.length);
    }
  }
});

test(
  "objects of Python are refused, and numbers with their highest byte first read",
  { skip: skipWithoutFiles },
  async () => {
    assert.equal(wrongRecordings("NPY").length, 2);
    const objects = memoryFiles(bytesOfShared("wrong/npy_object.npy"));
    await assert.rejects(readAll(npy, objects), { code: "unsupported", path: "npy_object.npy", message: /pickle/ });
    const expected = expectedOf(sharedRecordings("NPY").find(({ file }) => file.includes("metavision"))!);
    const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset);
    // Only its header was changed: its times are those of the other file, with their bytes turned round.
    const turned = Object.values(bytesOfShared("wrong/npy_big_endian.npy"))[0]!.slice();
    for (let at = turned.length - 107 * 16 + 8; at < turned.length; at += 16) {
      view(turned).setBigInt64(at, view(turned).getBigInt64(at, true), false);
    }
    assertSame(await readAll(npy, memoryFiles({ "a.npy": turned })), expected);
  },
);

test("records of any order, alignment, type, title and version are read", {}, async () => {
  const rows: readonly (readonly [
    descr: string,
    write: (view: DataView, t: number, x: number, y: number, on: number) => void,
  ])[] = [
    ["[('p', '?'), ('t', '>i8'), ('y', '>u2'), ('x', '<u4')]", (view, t, x, y, on) => {
      view.setUint8(0, on);
      view.setBigInt64(1, BigInt(t));
      view.setUint16(9, y);
      view.setUint32(11, x, true);
    }],
    [
      "[(('time of it', 'ts'), '<u4'), ('', '|V3'), ('more', '<f4', (2, 2)), ('x', '|u1'), ('y', '|i1'), ('pol', '<f8')]",
      (view, t, x, y, on) => {
        view.setUint32(0, t, true);
        view.setUint8(23, x);
        view.setUint8(24, y);
        view.setFloat64(25, on === 1 ? 1 : -1, true);
      },
    ],
    [
      "[('t', '<f8'), ('nested', [('x', '<i2')]), ('x', '<i2'), ('y', '<i2'), ('on', '|i1'), ('name', '<U3')]",
      (view, t, x, y, on) => {
        view.setFloat64(0, t / 1e6, true);
        view.setInt16(10, x, true);
        view.setInt16(12, y, true);
        view.setInt8(14, on === 1 ? 1 : -1);
      },
    ],
    ["[('Timestamp', '<m8[ns]'), ('X', '<i8'), ('Y', '<i4'), ('Polarity', '|b1')]", (view, t, x, y, on) => {
      view.setBigInt64(0, BigInt(t) * 1000n, true);
      view.setBigInt64(8, BigInt(x), true);
      view.setInt32(16, y, true);
      view.setUint8(20, on);
    }],
  ];
  const sizes = [15, 33, 27, 21];
  for (const [index, [descr, write]] of rows.entries()) {
    const data = new Uint8Array(2 * sizes[index]!);
    events.forEach(([t, x, y, on], i) => write(new DataView(data.buffer, i * sizes[index]!), t, x, y, on));
    for (const version of [1, 2, 3]) {
      const result = await readAll(npy, memoryFiles({ "a.npy": array(headerOf(descr, 2), data, version) }));
      assert.equal(result.error, undefined, descr);
      assert.deepEqual(result.events, events);
    }
  }
});

test("arrays that are no events are refused, and damaged ones told, with offset", {}, async () => {
  const records = "[('t', '<i8'), ('x', '<u2'), ('y', '<u2'), ('p', '|u1')]";
  const refused = [
    ["'<f8'", /no t, x, y and p: <f8/],
    ["[('t', '<i8'), ('x', '<u2'), ('y', '<u2')]", /no t, x, y and p/],
    ["[('t', '<i8'), ('x', '<f4'), ('y', '<u2'), ('p', '|u1')]", /no whole numbers/],
    ["[('t', '|O'), ('x', '<u2'), ('y', '<u2'), ('p', '|u1')]", /pickle/],
    ["[('t', '<q8')]", /type <q8 is not known/],
  ] as const;
  for (const [descr, message] of refused) {
    const file = array(headerOf(descr, 1), new Uint8Array(32));
    await assert.rejects(readAll(npy, memoryFiles({ "a.npy": file })), { code: "unsupported", path: "a.npy", message });
  }
  const two = array(headerOf(records, 1).replace("(1,)", "(1, 4)"), new Uint8Array(64));
  await assert.rejects(readAll(npy, memoryFiles({ "a.npy": two })), { code: "unsupported", message: /2 dimensions/ });
  for (const header of ["__import__('os')", headerOf(records, 1).replace("(1,)", "(-1,)"), "{'descr': [}", ""]) {
    await assert.rejects(readAll(npy, memoryFiles({ "a.npy": array(header, new Uint8Array(13)) })), {
      code: /^(damaged|unsupported)$/,
    } as never);
  }
  const negative = new Uint8Array(13);
  negative[7] = 0x80;
  const result = await readAll(npy, memoryFiles({ "a.npy": array(headerOf(records, 1), negative) }));
  assertError(result.error, { code: "damaged", message: /the time -9223372036854776000 is none/ });
  const fourth = array(headerOf(records, 0), new Uint8Array(0), 4);
  await assert.rejects(readAll(npy, memoryFiles({ "a.npy": fourth })), {
    code: "unsupported",
    message: /version is 4/,
  });
});

test("Python's literals are read, and nothing else", {}, () => {
  assert.deepEqual(parsePythonLiteral(" {'a': (1, -2,), \"b\": [True, False, None], 'c': u'x', 'd': 3L, } "), {
    a: [1, -2],
    b: [true, false, null],
    c: "x",
    d: 3,
  });
  for (const text of ["", "{", "{1: 2}", "f()", "'a' 'b'", "[1 2]", "'\\n'", "Trueish", "[".repeat(100)]) {
    assert.throws(() => parsePythonLiteral(text), SyntaxError, text);
  }
});

test("what was written as NPY is read again in every layout, also from a stream", {}, () =>
  atRandom(async (random) => {
    for (const layout of npyLayouts) {
      const content = randomContent(random, { geometry, count: 1000, longestPause: 2 ** 40 });
      const format = npyWith({ layout });
      const files = new MemoryFiles("a.npy");
      const parts: Uint8Array[] = [];
      const stream = await openSink(new WritableStream<Uint8Array>({ write: (part) => void parts.push(part) }));
      for (const sink of [files, stream]) {
        const writer = await format.openWriter!(sink, { geometry });
        for (const packet of randomPackets(content, random)) await writer.write(packet);
        await writer.close();
      }
      const bytes = files.complete.get("a.npy")!;
      assert.deepEqual(new Uint8Array(await new Blob(parts as Uint8Array<ArrayBuffer>[]).arrayBuffer()), bytes);
      const result = await readAll(npy, memoryFiles({ "a.npy": bytes }));
      assert.equal(result.error, undefined);
      assertSame(result, content);
    }
  }));

test("what NumPy files cannot hold is refused with the event and the limit", {}, async () => {
  const tonic = npyWith({ layout: "tonic" });
  await assert.rejects(tonic.openWriter!(new MemoryFiles("a.npy"), { geometry: { width: 32_768, height: 1 } }), {
    code: "unsupported",
  });
  const writer = await npy.openWriter!(new MemoryFiles("a.npy"), { geometry });
  await assert.rejects(writer.write(packetFrom({ events: [[1, 1280, 0, 0]] })), { message: /event 0 has x 1280/ });
  await assert.rejects(writer.write(packetFrom({ triggers: [[1, 0, 0]] })), { message: /npy holds no triggers/ });
  await writer.abort();
  assert.throws(() => npyWith({ layout: "numpy" as NpyLayout }), /layout must be one of/);
});

test("files that were cut at any byte give an error or their first events", {}, async () => {
  const files = new MemoryFiles("a.npy");
  const writer = await npy.openWriter!(files, { geometry });
  await writer.write(packetFrom({ events }));
  await writer.close();
  const whole = files.complete.get("a.npy")!;
  for (let length = 0; length < whole.length; length++) {
    const result = await readAll(npy, memoryFiles({ "a.npy": whole.subarray(0, length) })).catch((error) => ({
      error,
      events: [],
    }));
    assert.deepEqual(result.events, events.slice(0, Math.max(0, Math.floor((length - 192) / 16))));
    assertError(result.error, { code: "damaged", path: "a.npy" });
  }
});
