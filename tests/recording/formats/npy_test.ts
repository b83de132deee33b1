import assert from "node:assert/strict";
import { deflateRawSync } from "node:zlib";
import { npy, type NpyLayout, npyLayouts, npyWith, npz, npzWith } from "../../../src/recording/formats/npy/format.ts";
import { parsePythonLiteral } from "../../../src/recording/formats/npy/python_literal.ts";
import { ZipWriter } from "../../../src/recording/formats/npy/zip_writer.ts";
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

const geometry = { width: 1280, height: 720 };

/** An array with any header, as version 1, 2 or 3. */
function array(header: string, data: Uint8Array, version = 1): Uint8Array {
  const text = new TextEncoder().encode(`${header}\n`);
  const length = version === 1 ? [text.length & 0xff, text.length >> 8] : [text.length & 0xff, text.length >> 8, 0, 0];
  return new Uint8Array([0x93, ...new TextEncoder().encode("NUMPY"), version, 0, ...length, ...text, ...data]);
}

const headerOf = (descr: string, count: number) =>
  `{'descr': ${descr}, 'fortran_order': False, 'shape': (${count},), }`;

/** A list of numbers, little-endian. */
function column(code: string, values: readonly number[]): Uint8Array {
  const size = Number(code.at(-1));
  const view = new DataView(new ArrayBuffer(size * values.length));
  values.forEach((value, i) => {
    if (code.includes("f8")) view.setFloat64(i * size, value, true);
    else if (size === 8) view.setBigInt64(i * size, BigInt(value), true);
    else if (size === 2) view.setUint16(i * size, value, true);
    else view.setUint8(i * size, value);
  });
  return array(headerOf(`'${code}'`, values.length), new Uint8Array(view.buffer));
}

const events = [[1000, 3, 5, 1], [1001, 4, 6, 0]] as const;
const columns = () => ({
  "t.npy": column("<i8", [1000, 1001]),
  "x.npy": column("<u2", [3, 4]),
  "y.npy": column("<u2", [5, 6]),
  "p.npy": column("|u1", [1, 0]),
});

/** An archive, with all sizes in 64 bits where they are larger than a limit. */
async function archive(members: Readonly<Record<string, Uint8Array>>, largest?: number): Promise<Uint8Array> {
  const files = new MemoryFiles("a.npz");
  const zip = new ZipWriter(files.main, largest === undefined ? {} : { largest });
  for (const [name, bytes] of Object.entries(members)) await zip.add(name, [bytes.subarray(0, 9), bytes.subarray(9)]);
  await zip.end();
  await files.main.close();
  return files.complete.get("a.npz")!;
}

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

test(
  "archives are read with one member for each column or with records, packed or not, with small or large sizes",
  {},
  async () => {
    const members = { ...columns(), "width.npy": column("<i8", [1280]), "height.npy": column("<i8", [720]) };
    const records = array(
      headerOf("[('t', '|u1'), ('x', '|u1'), ('y', '|u1'), ('p', '|u1')]", 2),
      new Uint8Array([100, 3, 5, 1, 101, 4, 6, 0]),
    );
    for (const largest of [undefined, 0, 100, 1000]) {
      const result = await readAll(npz, memoryFiles({ "a.npz": await archive(members, largest) }));
      assert.equal(result.error, undefined, `${largest}`);
      assert.deepEqual(result.events, events);
      assert.deepEqual(result.geometry, geometry);
      const other = await archive({ "notes.npy": column("|u1", [1]), "events.npy": records }, largest);
      for (const isStream of [false, true]) {
        const { events: read, error } = await readAll(npz, memoryFiles({ "a.npz": other }, { isStream }));
        assert.equal(error, undefined);
        assert.deepEqual(read, [[100, 3, 5, 1], [101, 4, 6, 0]]);
      }
    }
    const seconds = { ...columns(), "t.npy": column("<f8", [0.001, 0.0010009]) };
    const read = await readAll(npz, memoryFiles({ "a.npz": await archive(seconds) }));
    assert.deepEqual(read.events.map(([t]) => t), [1000, 1001]);
    const milliseconds = await readAll(
      npzWith({ timeUnit: "milliseconds" }),
      memoryFiles({ "a.npz": await archive(columns()) }),
    );
    assert.deepEqual(milliseconds.events.map(([t]) => t), [1_000_000, 1_001_000]);
  },
);

test("what is wrong with an archive is told", {}, async () => {
  const good = await archive(columns());
  const wrongs = [
    [await archive({}), "unsupported", /empty archive/],
    [await archive({ "a.npy": column("|u1", [1]) }), "unsupported", /no member has events/],
    [await archive({ ...columns(), "x.npy": column("<u2", [3]) }), "damaged", /x.npy has 1 elements, and t.npy has 2/],
    [good.subarray(0, good.length - 23), "damaged", /no directory/],
    [new Uint8Array(0), "damaged", /no directory/],
    [good.with(10, 5).subarray(0, 40), "damaged", /no directory/],
  ] as const;
  for (const [bytes, code, message] of wrongs) {
    await assert.rejects(readAll(npz, memoryFiles({ "a.npz": bytes })), { code, path: "a.npz", message });
  }
  // A bit of an event is turned: all events come, and then the checksum.
  const turned = good.slice();
  const place = new TextDecoder("latin1").decode(good).indexOf("y.npy") + 5 + columns()["y.npy"].length - 1;
  turned[place]! ^= 1;
  const result = await readAll(npz, memoryFiles({ "a.npz": turned }));
  assert.equal(result.events.length, 2);
  assertError(result.error, { code: "damaged", message: /checksum of y.npy/ });
});

test("packed members are unpacked, and damage in them is told", {}, async () => {
  const members = Object.entries(columns());
  const parts: number[] = [];
  const directory: number[] = [];
  const u2 = (value: number) => [value & 0xff, value >> 8 & 0xff];
  const u4 = (value: number) => [...u2(value & 0xffff), ...u2(value >>> 16)];
  const { crc32 } = await import("../../../src/recording/codecs/crc32.ts");
  for (const [name, bytes] of members) {
    const packed = deflateRawSync(bytes);
    const common = [
      ...u2(20),
      ...u2(0),
      ...u2(8),
      ...u4(0),
      ...u4(crc32(bytes)),
      ...u4(packed.length),
      ...u4(bytes.length),
    ];
    const nameBytes = [...new TextEncoder().encode(name)];
    directory.push(
      ...u4(0x02014b50),
      ...u2(20),
      ...common,
      ...u2(nameBytes.length),
      ...u4(0),
      ...u4(0),
      ...u4(0),
      ...u4(parts.length).slice(0, 4),
      ...nameBytes,
    );
    parts.push(...u4(0x04034b50), ...common, ...u2(nameBytes.length), ...u2(0), ...nameBytes, ...packed);
  }
  const end = [...u4(0x06054b50), ...u4(0), ...u2(4), ...u2(4), ...u4(directory.length), ...u4(parts.length), ...u2(0)];
  const bytes = new Uint8Array([...parts, ...directory, ...end]);
  const result = await readAll(npz, memoryFiles({ "a.npz": bytes }));
  assert.equal(result.error, undefined);
  assert.deepEqual(result.events, events);
  const wrong = bytes.slice();
  wrong.fill(0xff, 60, 70);
  await assert.rejects(readAll(npz, memoryFiles({ "a.npz": wrong })), { code: "damaged", path: "a.npz" });
});

test(
  "what was written as NPZ is read again, with triggers and the sensor's size",
  {},
  () =>
    atRandom(async (random) => {
      const content = randomContent(random, {
        geometry,
        count: random.pick([0, 1, 3000, 150_000]),
        longestPause: random.pick([1000, 2 ** 40]),
        triggers: npz.limits.triggers,
      });
      const files = new MemoryFiles("a.npz");
      const writer = await npz.openWriter!(files, { geometry });
      for (const packet of randomPackets(content, random)) await writer.write(packet);
      await writer.close();
      for (const isStream of [false, true]) {
        const result = await readAll(npz, memoryFiles(Object.fromEntries(files.complete), { isStream }));
        assert.equal(result.error, undefined);
        assertSame(result, content);
        assert.deepEqual(result.geometry, geometry);
      }
    }),
);

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
  const archived = await npz.openWriter!(new MemoryFiles("a.npz"), { geometry });
  await assert.rejects(archived.write(packetFrom({ events: [[2, 0, 0, 0], [1, 0, 0, 0]] })), { message: /event 1/ });
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
  const zip = await archive(columns());
  for (let length = 0; length < zip.length; length++) {
    await assert.rejects(readAll(npz, memoryFiles({ "a.npz": zip.subarray(0, length) })), { code: "damaged" });
  }
});
