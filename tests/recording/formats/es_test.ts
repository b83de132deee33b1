import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { es } from "../../../src/recording/formats/es/format.ts";
import { MemoryFiles } from "../../../src/recording/memory_sink.ts";
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
import { sharedFile } from "../../support/shared.ts";
import { test } from "../../support/test.ts";

/** A file of 4 x 3 pixels. */
function file(type: number, ...bytes: readonly number[]): Uint8Array {
  return new Uint8Array([...new TextEncoder().encode("Event Stream"), 2, 0, 0, type, 4, 0, 3, 0, ...bytes]);
}

test("every DVS file of other programs gives its events", { skip: skipWithoutFiles }, async () => {
  const recordings = sharedRecordings("ES dvs");
  assert.ok(recordings.length >= 2);
  for (const recording of recordings) {
    const [name, bytes] = Object.entries(bytesOfShared(recording.file))[0]!;
    assert.ok(es.matches(bytes.subarray(0, 4096), "any"));
    for (const isStream of [false, true]) {
      const result = await readAll(es, memoryFiles({ [name]: bytes }, { isStream }));
      assert.equal(result.error, undefined);
      const offset = recording.time_offset ?? 0;
      const events = expectedOf(recording).events.map(([t, x, y, on]) => [t - offset, x, y, on] as const);
      assertSame(result, { events, triggers: [] });
      assert.deepEqual(result.geometry, { width: recording.width, height: recording.height });
    }
  }
});

test("of an ATIS file the changes are read, other types are refused", { skip: skipWithoutFiles }, async () => {
  const expected = JSON.parse(readFileSync(sharedFile("data/formats/expected/es_other_types.json").path, "utf8"));
  const name = "files/es/event_stream_atis.es";
  const { height, events } = expected[name] as { height: number; events: [number, number, number, boolean, boolean][] };
  const changes = events.filter(([, , , isExposure]) => !isExposure)
    .map(([t, x, y, , on]) => [t, x, height - 1 - y, on ? 1 : 0] as const);
  assertSame(await readAll(es, memoryFiles(bytesOfShared(name))), { events: changes, triggers: [] });
  assert.ok(changes.length > 5 && changes.length < events.length);
  for (const type of ["color", "generic"]) {
    const files = memoryFiles(bytesOfShared(`files/es/event_stream_${type}.es`));
    await assert.rejects(readAll(es, files), { code: "unsupported", message: new RegExp(`${type} events`) });
  }
});

test("every damaged ES file gives its error", { skip: skipWithoutFiles }, async () => {
  const names = wrongRecordings("ES").map((entry) => entry.file);
  const refused = [["es_magic", "damaged", 0], ["es_type_3", "damaged", 15], ["es_header_cut", "damaged", 18]] as const;
  for (const [name, code, offset] of refused) {
    const files = memoryFiles(bytesOfShared(`wrong/${name}.es`));
    await assert.rejects(readAll(es, files), { code, path: `${name}.es`, offset });
  }
  await assert.rejects(readAll(es, memoryFiles(bytesOfShared("wrong/es_generic_length.es"))), { code: "unsupported" });
  const outside = await readAll(es, memoryFiles(bytesOfShared("wrong/es_x_outside.es")));
  assert.deepEqual([outside.events.length, outside.outOfSensor, outside.error], [1, 1, undefined]);
  const overflows = await readAll(es, memoryFiles(bytesOfShared("wrong/es_only_overflows.es")));
  assert.deepEqual([overflows.events, overflows.error, overflows.bytes], [[], undefined, 1020]);
  assert.equal(names.length, refused.length + 3);
});

test("differences, pauses and reserved bytes add up, and rows count downwards", {}, async () => {
  const dvs = file(1, 0xff, 0xfe, 126 << 1 | 1, 3, 0, 2, 0, 0, 0, 0, 0, 0);
  assert.deepEqual((await readAll(es, memoryFiles({ "a.es": dvs }))).events, [[253, 3, 0, 1], [253, 0, 2, 0]]);
  const atis = file(2, 0xff, 0xfc, 0xfd, 62 << 2 | 2, 3, 0, 2, 0, 1 << 2 | 1, 0, 0, 0, 0, 4, 1, 0, 1, 0);
  const result = await readAll(es, memoryFiles({ "a.es": atis }));
  assert.deepEqual(result.events, [[189 + 63 + 62, 3, 0, 1], [189 + 63 + 64, 1, 1, 0]]);
  assert.deepEqual(result.header, { version: "2.0.0", type: "atis", width: "4", height: "3" });
  const [third, empty] = [file(1), file(1)];
  third[12] = 3;
  empty[18] = 0;
  await assert.rejects(readAll(es, memoryFiles({ "a.es": third })), { code: "unsupported" });
  await assert.rejects(readAll(es, memoryFiles({ "a.es": empty })), { code: "damaged", offset: 16 });
});

const geometry = { width: 1280, height: 720 };

test("what was written is read again, whatever the packets", {}, () =>
  atRandom(async (random) => {
    const count = random.pick([0, 1, 3000, 150_000]);
    const content = randomContent(random, { geometry, count, longestPause: count > 10_000 ? 10_000 : 10 ** 8 });
    const files = new MemoryFiles("a.es");
    const writer = await es.openWriter!(files, { geometry });
    for (const packet of randomPackets(content, random)) await writer.write(packet);
    await writer.close();
    for (const isStream of [false, true]) {
      const result = await readAll(es, memoryFiles(Object.fromEntries(files.complete), { isStream }));
      assert.equal(result.error, undefined);
      assertSame(result, content);
      assert.equal(result.bytes, files.complete.get("a.es")!.length);
    }
  }));

test("a file without events has the bytes of its header", {}, async () => {
  const { bytes, events, error } = await readAll(es, memoryFiles({ "a.es": file(1) }));
  assert.deepEqual([bytes, events, error], [20, [], undefined]);
});

test("what ES cannot hold is refused with the event and the limit", {}, async () => {
  const wrong = [
    [{ events: [[5, 0, 0, 0], [4, 0, 0, 0]] }, /event 1 has the time 4,/],
    [{ events: [[86_400_000_001, 0, 0, 0]] }, /event 0 has the time 86400000001,/],
    [{ events: [[8, 1280, 0, 0]] }, /event 0 has x 1280, and es holds x from 0 to 1279/],
    [{ triggers: [[8, 1, 0]] }, /trigger 0 at 8 µs, and es holds no triggers/],
  ] as const;
  for (const [content, message] of wrong) {
    const files = new MemoryFiles("a.es");
    const writer = await es.openWriter!(files, { geometry });
    await assert.rejects(writer.write(packetFrom(content)), { code: "unsupported", path: "a.es", message });
    await writer.abort();
    assert.equal(files.complete.size, 0);
  }
});

test("a file that was cut at any byte gives an error or its first events", {}, async () => {
  const whole = file(1, 0xff, 2, 1, 0, 1, 0, 0xff, 0xfe, 5, 2, 0, 2, 0);
  const ends = new Set([20, 21, 26, 27, 28, 33]);
  for (let length = 0; length < whole.length; length++) {
    const files = memoryFiles({ "a.es": whole.subarray(0, length) });
    const result = await readAll(es, files).catch((error) => ({ error, events: [] }));
    assert.equal(result.events.length, length < 26 ? 0 : 1);
    if (ends.has(length)) assert.equal(result.error, undefined);
    else assertError(result.error, { code: "damaged", path: "a.es" });
  }
});
