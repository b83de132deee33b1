import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { deflateSync, gunzipSync } from "node:zlib";
import { decodeEcf } from "../../../src/recording/formats/hdf5/ecf.ts";
import { hdf5 } from "../../../src/recording/formats/hdf5/format.ts";
import { atRandom, type Random } from "../../support/random.ts";
import { sharedFile } from "../../support/shared.ts";
import { slow, test } from "../../support/test.ts";
import { ecfChunk, type EcfForm } from "../testing/ecf_chunk.ts";
import { assertError, assertSame, type Content, type EventList, randomContent, readAll } from "../testing/events.ts";
import { compoundType, hdf5File, integerType, type MadeDataset, type MadeGroup } from "../testing/hdf5_file.ts";
import { memoryFiles } from "../testing/memory_source.ts";
import { cutEverywhere, flipEverywhere, gapsOf, outcome } from "../testing/readers.ts";
import {
  bytesOfShared,
  expectedOf,
  sharedRecordings,
  skipWithoutFiles,
  wrongRecordings,
} from "../testing/shared_formats.ts";

function unpacked(file: string): Uint8Array {
  const bytes = Object.values(bytesOfShared(file))[0]!;
  return file.endsWith(".gz") ? gunzipSync(bytes) : bytes;
}

test("every HDF5 file of other programs gives its events", { skip: skipWithoutFiles }, async () => {
  const recordings = sharedRecordings("HDF5");
  assert.ok(recordings.length >= 5);
  for (const recording of recordings) {
    const bytes = unpacked(recording.file);
    assert.ok(hdf5.matches(bytes.subarray(0, 4096), ""));
    const result = await outcome(hdf5, bytes);
    assert.equal(result.error, undefined, recording.file);
    assertSame(result, expectedOf(recording));
    assert.deepEqual(result.geometry, { width: recording.width, height: recording.height });
  }
});

test("a damaged HDF5 file gives its error", { skip: skipWithoutFiles }, async () => {
  const wrong = wrongRecordings("HDF5");
  assert.equal(wrong.length, 1);
  const { error } = await outcome(hdf5, unpacked(wrong[0]!.file));
  assertError(error, { code: "damaged", path: "a", offset: 0, message: /is no HDF5 file/ });
});

/** A chunk by the reference encoder, and what its decoder gives back. */
interface Vector {
  readonly name: string;
  readonly chunk_hex: string;
  readonly events_txyp: readonly (readonly [number, number, number, number])[];
}

const vectors = sharedFile("facts/formats/hdf5_ecf_vectors.json");

test("chunks by the reference encoder of ECF give its events", { skip: vectors.skip }, () => {
  const all = JSON.parse(readFileSync(vectors.path, "utf8")).vectors as readonly Vector[];
  assert.ok(all.length >= 12);
  for (const { name, chunk_hex, events_txyp } of all) {
    const bytes = Uint8Array.from(chunk_hex.match(/../g)!, (digits) => parseInt(digits, 16));
    if (events_txyp.some(([t]) => !Number.isSafeInteger(t))) {
      assert.throws(() => decodeEcf(bytes), /larger than 2\^53/, name);
      continue;
    }
    assert.deepEqual(eventsIn(bytes).slice(0, events_txyp.length), events_txyp, name);
  }
});

function eventsIn(chunk: Uint8Array): EventList {
  const { t, x, y, on } = decodeEcf(chunk);
  return [...t].map((time, i) => [time, x[i]!, y[i]!, on[i]!]);
}

const forms: readonly EcfForm[] = ["masked", "x and polarity", "all"];
const geometry = { width: 2048, height: 2048 };

/** Events of the kinds that ECF tells apart: rows, runs, steps of all sizes. */
function ecfEvents(random: Random, count: number): EventList {
  const events: [number, number, number, number][] = [];
  let [t, x, y, on] = [random.whole(0, 2 ** 40), 0, 0, 0];
  while (events.length < count) {
    if (random.chance(0.3)) t += random.whole(0, random.pick([3, 20, 300, 2 ** 34]));
    if (random.chance(0.05)) y = random.whole(0, 2047);
    if (random.chance(0.1)) on = random.whole(0, 1);
    x = random.chance(0.7) ? Math.min(2047, x + random.whole(1, 6)) : random.whole(0, 2047);
    events.push([t, x, y, on]);
  }
  return events;
}

test("all three forms of ECF are decoded, at any length", slow, () =>
  atRandom((random) => {
    for (const form of forms) {
      for (const count of [0, 1, 2, 3, 4, 5, 127, 128, 1000, 65_535]) {
        const events = ecfEvents(random, count);
        assertSame({ events: eventsIn(ecfChunk(events, form)), triggers: [] }, { events, triggers: [] });
      }
      // 40,000 events at one time, in one row, of one polarity: the long forms of all lengths.
      const events = Array.from({ length: 40_000 }, (_, i) => [5, i % 2048, 7, 1] as const);
      assertSame({ events: eventsIn(ecfChunk(events, form)), triggers: [] }, { events, triggers: [] });
    }
    return Promise.resolve();
  }));

test("a chunk of ECF that is cut is no chunk", {}, () =>
  atRandom((random) => {
    for (const form of forms) {
      const events = ecfEvents(random, 50);
      const chunk = ecfChunk(events, form);
      for (let length = 0; length < chunk.length; length++) {
        assert.throws(() => decodeEcf(chunk.slice(0, length)), { name: /Malformed|RangeError/ }, `${form} ${length}`);
      }
    }
    return Promise.resolve();
  }));

const eventType = compoundType(16, [
  ["x", 0, integerType(2, false)],
  ["y", 2, integerType(2, false)],
  ["p", 4, integerType(2, true)],
  ["t", 8, integerType(8, true)],
]);
const triggerType = compoundType(24, [
  ["p", 0, integerType(2, true)],
  ["t", 8, integerType(8, true)],
  ["id", 16, integerType(2, true)],
]);

function records(
  bytes: number,
  length: number,
  write: (view: DataView, at: number, index: number) => void,
): Uint8Array {
  const view = new DataView(new ArrayBuffer(bytes * length));
  for (let i = 0; i < length; i++) write(view, bytes * i, i);
  return new Uint8Array(view.buffer);
}

function eventRecords(events: EventList, length: number): Uint8Array {
  return records(16, length, (view, at, i) => {
    const [t, x, y, on] = events[i] ?? [0, 0, 0, 0];
    view.setUint16(at, x, true);
    view.setUint16(at + 2, y, true);
    view.setInt16(at + 4, on, true);
    view.setBigInt64(at + 8, BigInt(t), true);
  });
}

const parts = <Item>(list: readonly Item[], size: number): Item[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));

/** `/CD/events` in ECF, in another form for each chunk; the filter is left out for some, as without the plugin. */
function ecfDataset(events: EventList, chunkLength: number): MadeDataset {
  const chunks = parts(events, chunkLength).map((part, i) =>
    i % 4 === 3 ? { bytes: eventRecords(part, chunkLength), filterMask: 1 } : { bytes: ecfChunk(part, forms[i % 4]!) }
  );
  return { type: eventType, elementBytes: 16, length: events.length, chunkLength, filters: [0x8ecf], chunks };
}

function triggerDataset(triggers: Content["triggers"], chunkLength: number): MadeDataset {
  const chunks = parts(triggers, chunkLength).map((part) => ({
    bytes: records(24, chunkLength, (view, at, i) => {
      const [t, id, edge] = part[i] ?? [0, 0, 0];
      view.setInt16(at, edge, true);
      view.setBigInt64(at + 8, BigInt(t), true);
      view.setInt16(at + 16, id, true);
    }),
  }));
  return { type: triggerType, elementBytes: 24, length: triggers.length, chunkLength, chunks };
}

function metavision(content: Content, chunkLength: number): Uint8Array {
  const triggers = triggerDataset(content.triggers, 7);
  return hdf5File(
    { CD: { events: ecfDataset(content.events, chunkLength) }, EXT_TRIGGER: { events: triggers } },
    { geometry: "1280x720", sensor_name: "IMX636", version: "1.0" },
  );
}

const random720 = (random: Random, count: number) =>
  randomContent(random, {
    geometry: { width: 1280, height: 720 },
    count,
    longestPause: 2 ** 34,
    triggers: { maximumId: 255, pulses: false },
  });

test("a file in Metavision's layout is read, packed and not", {}, () =>
  atRandom(async (random) => {
    const content = random720(random, 5000);
    const result = await outcome(hdf5, metavision(content, 300));
    assert.equal(result.error, undefined);
    assertSame(result, content);
    assert.deepEqual(result.geometry, { width: 1280, height: 720 });
    assert.deepEqual(result.header, { geometry: "1280x720", sensor_name: "IMX636", version: "1.0" });
    const one = {
      type: eventType,
      elementBytes: 16,
      length: content.events.length,
      chunks: [{ bytes: eventRecords(content.events, content.events.length) }],
    };
    assertSame(await outcome(hdf5, hdf5File({ CD: { events: one } })), { events: content.events, triggers: [] });
    const none = { ...one, length: 0, chunkLength: 16, chunks: [] };
    const empty = await outcome(
      hdf5,
      hdf5File({ CD: { events: none }, EXT_TRIGGER: { events: triggerDataset([], 8) } }),
    );
    assert.deepEqual([empty.events, empty.triggers, empty.error], [[], [], undefined]);
  }));

test("reading HDF5 from a time on begins with the chunk that holds it", {}, () =>
  atRandom(async (random) => {
    const content = random720(random, 5000);
    const bytes = metavision(content, 100);
    // A chunk that begins at the time at which the one before it ends.
    const shared = content.events.find(([t], i) => i > 0 && i % 100 === 0 && t === content.events[i - 1]![0])?.[0] ?? 0;
    for (const from of [shared, content.events[4000]![0], content.events[37]![0], 0, content.events.at(-1)![0] + 1]) {
      const { events, triggers } = await readAll(hdf5, memoryFiles({ a: bytes }), { from });
      const after = (list: readonly (readonly number[])[]) => list.filter(([t]) => t! >= from);
      assert.deepEqual(after(events), after(content.events));
      assert.deepEqual(after(triggers), after(content.triggers));
      assert.ok(events.length <= after(content.events).length + 200, `${events.length} events from ${from}`);
    }
  }));

/** DSEC's layout: a column each, shuffled and deflated as filters say. */
function dsec(events: EventList, offset: number, filters: readonly number[]): MadeGroup {
  const column = (bytes: number, chunkLength: number, valueOf: (event: EventList[number]) => number): MadeDataset => {
    const chunks = parts(events, chunkLength).map((part) => {
      let stored = records(bytes, chunkLength, (view, at, i) => {
        const value = part[i] === undefined ? 0 : valueOf(part[i]!);
        if (bytes === 8) view.setBigInt64(at, BigInt(value), true);
        else if (bytes === 2) view.setUint16(at, value, true);
        else view.setUint8(at, value);
      });
      if (filters.includes(2)) stored = shuffled(stored, bytes);
      return { bytes: filters.includes(1) ? new Uint8Array(deflateSync(stored)) : stored };
    });
    return {
      type: integerType(bytes, bytes === 8),
      elementBytes: bytes,
      length: events.length,
      chunkLength,
      filters,
      chunks,
    };
  };
  const one = {
    type: integerType(8, true),
    elementBytes: 8,
    length: 1,
    chunks: [{ bytes: records(8, 1, (view) => view.setBigInt64(0, BigInt(offset), true)) }],
  };
  return {
    events: {
      p: column(1, 1000, ([, , , on]) => on),
      t: column(8, 70, ([t]) => t - offset),
      x: column(2, 333, ([, x]) => x),
      y: column(2, 4000, ([, , y]) => y),
    },
    t_offset: one,
  };
}

function shuffled(bytes: Uint8Array, size: number): Uint8Array {
  const count = bytes.length / size;
  return bytes.map((_, to) => bytes[to % count * size + Math.floor(to / count)]!);
}

test("a file in DSEC's layout is read, and filters are taken back", {}, () =>
  atRandom(async (random) => {
    const { events } = randomContent(random, { geometry, count: 3000, longestPause: 2 ** 33 });
    for (const filters of [[], [1], [2, 1]]) {
      const result = await outcome(hdf5, hdf5File(dsec(events, 12_345, filters)));
      assert.equal(result.error, undefined);
      assertSame(result, { events, triggers: [] });
    }
    const { error } = await outcome(hdf5, hdf5File(dsec(events, 0, [32_008])));
    assertError(error, { code: "unsupported", message: /filter 32008 \(Bitshuffle\)/ });
  }));

test("an HDF5 file cut at any byte gives its beginning and an error", slow, () =>
  atRandom(async (random) => {
    const content = random720(random, 100);
    const quiet = await cutEverywhere(hdf5, metavision(content, 20), content);
    assert.deepEqual(quiet, []);
  }));

test("an HDF5 file that is shorter than it says gives its events and an error", {}, () =>
  atRandom(async (random) => {
    const content = random720(random, 100);
    const bytes = metavision(content, 20);
    const view = new DataView(bytes.buffer);
    view.setBigUint64(40, BigInt(bytes.length + 1), true);
    const result = await outcome(hdf5, bytes);
    assertSame(result, content);
    assertError(result.error, { code: "damaged", path: "a", offset: bytes.length, message: /truncated/ });
  }));

test("an HDF5 file with any bit flipped is read to an end", slow, () =>
  atRandom(async (random) => {
    await flipEverywhere(hdf5, metavision(random720(random, 100), 20), () =>
      random.chance(0.3) ? [random.whole(0, 7)] : []);
  }));

test("a damaged chunk is a gap, and those behind it are read", {}, () =>
  atRandom(async (random) => {
    const { events } = random720(random, 100);
    const dataset = ecfDataset(events, 20);
    const chunks = dataset.chunks.with(1, { bytes: dataset.chunks[1]!.bytes.slice(0, 9) });
    const bytes = hdf5File({ CD: { events: { ...dataset, chunks } } });
    const result = await outcome(hdf5, bytes);
    assert.deepEqual(result.events, [...events.slice(0, 20), ...events.slice(40)]);
    assertError(result.error, { code: "damaged", path: "a", message: /a chunk of \/CD\/events/ });
    assert.deepEqual(await gapsOf(hdf5, bytes), [{ event: 20, droppedBytes: 9, droppedTransfers: 0 }]);
  }));

test("HDF5 is not read from a stream, and other files are told apart", {}, async () => {
  const empty = hdf5File({ CD: { events: ecfDataset([], 8) } });
  assertError((await outcome(hdf5, empty, true)).error, { code: "unsupported", message: /stream/ });
  const other = await outcome(hdf5, hdf5File({ something: { else: ecfDataset([], 8) } }));
  assertError(other.error, { code: "unsupported", message: /neither \/CD\/events/ });
  const newer = empty.slice();
  newer[8] = 3;
  assertError((await outcome(hdf5, newer)).error, { code: "unsupported", offset: 8, message: /superblock version 3/ });
});
