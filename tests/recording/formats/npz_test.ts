import assert from "node:assert/strict";
import { deflateRawSync } from "node:zlib";
import { npz, npzWith } from "../../../src/recording/formats/npy/format.ts";
import { ZipWriter } from "../../../src/recording/formats/npy/zip_writer.ts";
import { MemoryFiles } from "../../../src/recording/memory_sink.ts";
import { assertError, assertSame, packetFrom, randomContent, randomPackets, readAll } from "../testing/events.ts";
import { memoryFiles } from "../testing/memory_source.ts";
import { atRandom } from "../../support/random.ts";
import { test } from "../../support/test.ts";
import { array, column, columns, events, headerOf } from "../testing/numpy.ts";

const geometry = { width: 1280, height: 720 };

/** An archive, with all sizes in 64 bits where they are larger than a limit. */
async function archive(members: Readonly<Record<string, Uint8Array>>, largest?: number): Promise<Uint8Array> {
  const files = new MemoryFiles("a.npz");
  const zip = new ZipWriter(files.main, largest === undefined ? {} : { largest });
  for (const [name, bytes] of Object.entries(members)) await zip.add(name, [bytes.subarray(0, 9), bytes.subarray(9)]);
  await zip.end();
  await files.main.close();
  return files.complete.get("a.npz")!;
}

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

test(
  "sizes of 64 bits stand before a member, too, for readers that go through an archive from its beginning",
  {},
  async () => {
    const bytes = await archive({ "a.npy": column("|u1", [1]) }, 10);
    const view = new DataView(bytes.buffer);
    const length = BigInt(column("|u1", [1]).length);
    assert.deepEqual([18, 22].map((at) => view.getUint32(at, true)), [0xffffffff, 0xffffffff]);
    // Behind the name of five letters: which field it is, and its length.
    assert.deepEqual([28, 35, 37].map((at) => view.getUint16(at, true)), [20, 1, 16]);
    assert.deepEqual([39, 47].map((at) => view.getBigUint64(at, true)), [length, length]);
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

test("what an archive cannot hold is refused", {}, async () => {
  const archived = await npz.openWriter!(new MemoryFiles("a.npz"), { geometry });
  await assert.rejects(archived.write(packetFrom({ events: [[2, 0, 0, 0], [1, 0, 0, 0]] })), { message: /event 1/ });
});

test("an archive that was cut at any byte gives an error", {}, async () => {
  const zip = await archive(columns());
  for (let length = 0; length < zip.length; length++) {
    await assert.rejects(readAll(npz, memoryFiles({ "a.npz": zip.subarray(0, length) })), { code: "damaged" });
  }
});
