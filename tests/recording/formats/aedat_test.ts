import assert from "node:assert/strict";
import { aedat2, type Aedat2Options, aedat2With } from "../../../src/recording/formats/aedat2/format.ts";
import { aedat3 } from "../../../src/recording/formats/aedat3/format.ts";
import { assertError, assertSame, readAll } from "../testing/events.ts";
import { memoryFiles } from "../testing/memory_source.ts";
import {
  bytesOfShared,
  expectedOf,
  sharedRecordings,
  skipWithoutFiles,
  wrongRecordings,
} from "../testing/shared_formats.ts";
import { test } from "../../support/test.ts";

/** An AEDAT 2 file of addresses and times. */
function second(header: string, ...words: readonly number[]): Uint8Array {
  const text = new TextEncoder().encode(`#!AER-DAT2.0\r\n${header}`);
  const bytes = new Uint8Array(text.length + 4 * words.length);
  bytes.set(text);
  const view = new DataView(bytes.buffer, text.length);
  words.forEach((word, i) => view.setUint32(4 * i, word));
  return bytes;
}

interface Packet {
  readonly type?: number;
  readonly size?: number;
  readonly overflow?: number;
  readonly capacity?: number;
  readonly count?: number;
  /** Pairs of data and time. */
  readonly words: readonly number[];
}

const thirdHeader = "#!AER-DAT3.1\r\n#Format: RAW\r\n#Source 1: DAVIS346\r\n#!END-HEADER\r\n";

/** An AEDAT 3.1 file. */
function third(...packets: readonly Packet[]): Uint8Array {
  const bytes = [...new TextEncoder().encode(thirdHeader)];
  for (
    const { type = 1, size = 8, overflow = 0, words, capacity = words.length / 2, count = words.length / 2 } of packets
  ) {
    const view = new DataView(new ArrayBuffer(28 + 4 * words.length));
    view.setInt16(0, type, true);
    [size, 4, overflow, capacity, count, count].forEach((value, i) => view.setInt32(4 + 4 * i, value, true));
    words.forEach((word, i) => view.setUint32(28 + 4 * i, word, true));
    bytes.push(...new Uint8Array(view.buffer));
  }
  return new Uint8Array(bytes);
}

const event = (x: number, y: number, on: number) => (x << 17 | y << 2 | on << 1 | 1) >>> 0;
const special = (type: number) => type << 1 | 1;

test(
  "every AEDAT 2 and 3.1 file of other programs gives its events and triggers",
  { skip: skipWithoutFiles },
  async () => {
    const recordings = sharedRecordings("AEDAT 2", "AEDAT 3");
    assert.ok(recordings.length >= 4);
    for (const recording of recordings) {
      const [format, other] = recording.format === "AEDAT 2.0" ? [aedat2, aedat3] : [aedat3, aedat2];
      const files = bytesOfShared(recording.file);
      const head = Object.values(files)[0]!.subarray(0, 4096);
      assert.deepEqual([format.matches(head, "any"), other.matches(head, "any")], [true, false]);
      for (const isStream of [false, true]) {
        const result = await readAll(format, memoryFiles(files, { isStream }));
        assert.equal(result.error, undefined, recording.file);
        assertSame(result, expectedOf(recording));
        if (format === aedat2) assert.deepEqual(result.geometry, { width: recording.width, height: recording.height });
      }
    }
  },
);

test("every damaged AEDAT 2 and 3.1 file gives its error", { skip: skipWithoutFiles }, async () => {
  const names = wrongRecordings("AEDAT 1", "AEDAT 2", "AEDAT 3").map(({ file }) => file);
  const cut = await readAll(aedat2, memoryFiles(bytesOfShared("wrong/aedat2_cut.aedat")));
  assert.deepEqual([cut.events.length, cut.triggers.length], [92, 5]);
  assertError(cut.error, { code: "damaged", path: "aedat2_cut.aedat", offset: 1197, message: /truncated/ });
  const first = bytesOfShared("wrong/aedat1.aedat");
  assert.ok(aedat2.matches(Object.values(first)[0]!, "any"));
  await assert.rejects(readAll(aedat2, memoryFiles(first)), { code: "unsupported", message: /version is 1.0/ });
  const packet = await readAll(aedat3, memoryFiles(bytesOfShared("wrong/aedat3_packet_cut.aedat")));
  assert.equal(packet.events.length, 0);
  assertError(packet.error, { code: "damaged", offset: 135, message: /truncated/ });
  for (const name of ["event_size_0", "capacity_huge", "capacity_negative"]) {
    const result = await readAll(aedat3, memoryFiles(bytesOfShared(`wrong/aedat3_${name}.aedat`)));
    assert.equal(result.events.length, 0);
    assertError(result.error, { code: "damaged", offset: 107, message: /packet is damaged/ });
  }
  assert.equal(names.length, 6);
});

test("AEDAT 2: fields of both cameras, as they are stored and as jAER shows them", {}, async () => {
  const davis = second("# AEChip: eu.x.DAVIS240C\r\n#End Of ASCII Header\r\n", ...[
    ...[3 << 12 | 5 << 22 | 1 << 11, 10],
    ...[1 << 31 >>> 0, 11], // a sample of a frame
    ...[1 << 10 | 1 << 11, 12],
    ...[240 << 12, 13],
    ...[0x23 << 22, 14],
  ]);
  const dvs128 = second("# AEChip: DVS128\r\n", 3 << 1 | 5 << 8 | 1, 10, 1 << 15, 12);
  const read = (bytes: Uint8Array, options: Aedat2Options = {}) =>
    readAll(aedat2With(options), memoryFiles({ "a.aedat": bytes }));
  const stored = await read(davis);
  assert.deepEqual(stored.events, [[10, 3, 5, 1], [14, 0, 35, 0]]);
  assert.deepEqual([stored.triggers, stored.outOfSensor], [[[12, 0, 1]], 1]);
  assert.deepEqual((await read(davis, { orientation: "as-shown" })).events[0], [10, 236, 174, 1]);
  assert.deepEqual((await read(dvs128)).events, [[10, 3, 5, 1]]);
  assert.deepEqual((await read(dvs128)).triggers, [[12, 0, 1]]);
  assert.deepEqual((await read(dvs128, { orientation: "as-shown" })).events, [[10, 124, 122, 0]]);
  const unknown = second("# AEChip: Other\r\n", 3 << 1 | 5 << 8, 10);
  await assert.rejects(read(unknown), { code: "unsupported", message: /chip Other.*aedat2With/ });
  await assert.rejects(read(second("", 0, 0)), { code: "unsupported", message: /names no chip/ });
  assert.deepEqual((await read(unknown, { layout: "dvs128" })).events, [[10, 3, 5, 0]]);
  await assert.rejects(read(unknown, { layout: "dvs128", orientation: "as-shown" }), { message: /geometry/ });
  assert.throws(() => aedat2With({ layout: "dvs" } as never), RangeError);
});

test("AEDAT 2: data that begins like a line of the header, and times of 32 bits", {}, async () => {
  const bytes = second("# AEChip: DVS128\r\n#End Of ASCII Header\r\n", 0x23000002, 2 ** 32 - 1, 4, 1);
  const { events } = await readAll(aedat2, memoryFiles({ "a.aedat": bytes }));
  assert.deepEqual(events.map(([t, x]) => [t, x]), [[2 ** 32 - 1, 1], [2 ** 32 + 1, 2]]);
});

test("AEDAT 3.1: validity, capacity, overflow, inputs and other packets", {}, async () => {
  const bytes = third(
    { words: [event(3, 5, 1), 10, event(3, 5, 1) & ~1, 11, event(4, 6, 0), 12, 0xffffffff, 13], count: 3 },
    { type: 0, words: [special(3), 9, special(8), 12, special(9), 13, special(12), 14] },
    { type: 2, size: 16, capacity: 2, count: 2, words: [1, 2, 3, 4, 5, 6, 7, 8] },
    { overflow: 1, words: [event(5, 7, 1), 0] },
    { words: [event(0, 0, 1), 20] },
  );
  const result = await readAll(aedat3, memoryFiles({ "a.aedat": bytes }));
  assert.equal(result.error, undefined);
  assert.deepEqual(result.events, [[10, 3, 5, 1], [12, 4, 6, 0], [2 ** 31, 5, 7, 1], [2 ** 31, 0, 0, 1]]);
  assert.deepEqual(result.triggers, [[9, 0, 0], [12, 1, 2], [13, 2, 1]]);
  assert.equal(result.header["Source 1"], "DAVIS346");
  const small = await readAll(aedat3, memoryFiles({ "a.aedat": bytes }), { geometry: { width: 5, height: 7 } });
  assert.deepEqual([small.events.length, small.outOfSensor], [3, 1]);
});

test("AEDAT 3.1: after a reset of the clock, times go on from the last one", {}, async () => {
  const bytes = third(
    { type: 0, words: [special(1), 0] },
    { words: [event(0, 0, 1), 1000, event(1, 0, 1), 5000] },
    { type: 0, words: [special(1), 5000] },
    { words: [event(2, 0, 1), 5001] },
    { words: [event(3, 0, 1), 0, event(4, 0, 1), 7] },
    { words: [event(5, 0, 1), 6] },
  );
  const { events } = await readAll(aedat3, memoryFiles({ "a.aedat": bytes }));
  assert.deepEqual(events.map(([t]) => t), [1000, 5000, 5001, 5001, 5008, 5008]);
});

test("AEDAT 3.1: other versions and packed files are refused", {}, async () => {
  const text = (header: string) => new TextEncoder().encode(header);
  const refused = ["#!AER-DAT3.0\r\n#!END-HEADER\r\n", thirdHeader.replace("RAW", "SerializedTS")];
  for (const header of refused) {
    await assert.rejects(readAll(aedat3, memoryFiles({ "a.aedat": text(header) })), { code: "unsupported" });
  }
  for (const header of ["", "#!AER-DAT3.1\r\n", "#!AER-DAT3.1\r\nabc", "#".repeat(2 ** 23)]) {
    await assert.rejects(readAll(aedat3, memoryFiles({ "a.aedat": text(header) })), {
      code: "damaged",
      path: "a.aedat",
    });
  }
});

test("files that were cut at any byte give an error or their first events", {}, async () => {
  const whole = third({ words: [event(3, 5, 1), 10, event(4, 6, 0), 12] }, {
    words: [event(3, 5, 1), 13, 0, 0],
    count: 1,
  });
  const ends = [thirdHeader.length, thirdHeader.length + 44];
  for (let length = 0; length < whole.length; length++) {
    const files = memoryFiles({ "a.aedat": whole.subarray(0, length) });
    const result = await readAll(aedat3, files).catch((error) => ({ error, events: [] }));
    const data = length - thirdHeader.length;
    const count = [36, 44, 80].filter((end) => data >= end).length;
    assert.equal(result.events.length, count, `${length}`);
    if (ends.includes(length)) assert.equal(result.error, undefined);
    else assertError(result.error, { code: "damaged", path: "a.aedat" });
  }
  const header = "# AEChip: DVS128\r\n#End Of ASCII Header\r\n";
  const older = second(header, 2, 1, 4, 2);
  const start = older.length - 16;
  for (let length = 0; length < older.length; length++) {
    const files = memoryFiles({ "a.aedat": older.subarray(0, length) });
    const result = await readAll(aedat2, files).catch((error) => ({ error, events: [] }));
    assert.equal(result.events.length, Math.max(0, Math.floor((length - start) / 8)), `${length}`);
    // Without the line that ends it, a header is as long as its lines.
    if (length >= start && (length - start) % 8 === 0) assert.equal(result.error, undefined);
    else if (length > start) assertError(result.error, { code: "damaged" });
  }
});
