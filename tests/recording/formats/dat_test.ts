import assert from "node:assert/strict";
import { dat } from "../../../src/recording/formats/dat/format.ts";
import { MemoryFiles } from "../../../src/recording/memory_sink.ts";
import { assertError, assertSame, packetFrom, randomContent, randomPackets, readAll } from "../testing/events.ts";
import { memoryFiles } from "../testing/memory_source.ts";
import {
  bytesOfShared,
  expectedOf,
  expectedTriggers,
  sharedRecordings,
  skipWithoutFiles,
  wrongRecordings,
} from "../testing/shared_formats.ts";
import { atRandom } from "../../support/random.ts";
import { test } from "../../support/test.ts";

/** A file of records: each is its time and its other 32 bits. */
function file(header: string, ...words: readonly number[]): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(text.length + 4 * words.length);
  bytes.set(text);
  const view = new DataView(bytes.buffer, text.length);
  words.forEach((word, i) => view.setUint32(4 * i, word, true));
  return bytes;
}

const cd = "% Width 1280\n% Height 720\n\x0c\x08";

test("every DAT file of other programs gives its events", { skip: skipWithoutFiles }, async () => {
  const recordings = sharedRecordings("DAT");
  assert.ok(recordings.length >= 7);
  for (const recording of recordings) {
    for (const isStream of [false, true]) {
      const files = bytesOfShared(recording.file);
      assert.ok(dat.matches(Object.values(files)[0]!.subarray(0, 4096), Object.keys(files)[0]!));
      const result = await readAll(dat, memoryFiles(files, { isStream }));
      assert.equal(result.error, undefined, recording.file);
      assertSame(result, expectedOf(recording));
      assert.equal(result.bytes, Object.values(files)[0]!.length);
      if (recording.format !== "DAT 2 trigger") {
        assert.deepEqual(result.geometry, { width: recording.width, height: recording.height });
      }
    }
  }
});

test("triggers of the file beside come with the events", { skip: skipWithoutFiles }, async () => {
  const files = bytesOfShared("files/dat/openeb_hard_cd.dat", "files/dat/openeb_hard_trigger.dat");
  const result = await readAll(dat, memoryFiles(files));
  assert.equal(result.error, undefined);
  assert.equal(result.events.length, 92);
  assert.deepEqual(result.triggers, expectedTriggers("expected/hard.triggers.bin"));
});

test("every damaged DAT file gives its error, after what was readable", { skip: skipWithoutFiles }, async () => {
  const wrong = Object.fromEntries(wrongRecordings("DAT").map((entry) => [entry.file, entry]));
  const refused = { dat_no_type: 99, dat_size_0: 100, dat_size_255: 100, dat_no_header: 0 };
  for (const [name, offset] of Object.entries(refused)) {
    const files = bytesOfShared(`wrong/${name}.dat`);
    await assert.rejects(readAll(dat, memoryFiles(files)), { code: "damaged", path: `${name}.dat`, offset });
    delete wrong[`wrong/${name}.dat`];
  }
  const cut = await readAll(dat, memoryFiles(bytesOfShared("wrong/dat_cut_5.dat")));
  assert.equal(cut.events.length, 91);
  assertError(cut.error, { code: "damaged", path: "dat_cut_5.dat", offset: 829 });
  const back = await readAll(dat, memoryFiles(bytesOfShared("wrong/dat_time_back.dat")));
  assert.deepEqual(back.events.map(([t]) => t), [1000, 1000]);
  assert.equal(back.error, undefined);
  assert.deepEqual(Object.keys(wrong), ["wrong/dat_cut_5.dat", "wrong/dat_time_back.dat"]);
});

test("both versions, types and headers of programs are read", {}, async () => {
  const second = 3 | 5 << 14 | 1 << 28;
  for (
    const [header, word] of [[cd, second], ["% Version 2\n% end\n\x00\x08", second], [
      cd.replaceAll("\n", "\r\n"),
      second,
    ]]
  ) {
    const { events } = await readAll(dat, memoryFiles({ "a.dat": file(header as string, 17, word as number) }));
    assert.deepEqual(events, [[17, 3, 5, 1]]);
  }
  const first = file("% Version 1\n% Width 304\n% Height 240\n\x00\x08", 17, 303 | 239 << 9 | 1 << 17 | 0xfff << 18);
  assert.deepEqual((await readAll(dat, memoryFiles({ "a.dat": first }))).events, [[17, 303, 239, 1]]);
  const fromT0 = file("% T0 5000\n\x0c\x08", 17, second);
  assert.deepEqual((await readAll(dat, memoryFiles({ "a.dat": fromT0 }))).events, [[5017, 3, 5, 1]]);
  for (const header of ["% Version 3\n\x0c\x08", "% Version 2\n\x28\x24"]) {
    await assert.rejects(readAll(dat, memoryFiles({ "a.dat": file(header, 0, 0) })), { code: "unsupported" });
  }
  for (const header of ["% Version 2\n\x0d\x08", "% T0 soon\n\x0c\x08", "% Version", ""]) {
    await assert.rejects(readAll(dat, memoryFiles({ "a.dat": file(header) })), { code: "damaged" });
  }
});

test("a clock that falls by more than half its range has wrapped, another one has not", {}, async () => {
  const times = [2 ** 32 - 5, 3, 2 ** 31 + 3, 2, 2 ** 32 - 1, 1];
  const bytes = file(cd, ...times.flatMap((t) => [t, 0]));
  const { events } = await readAll(dat, memoryFiles({ "a.dat": bytes }));
  const wrap = 2 ** 32;
  assert.deepEqual(events.map(([t]) => t), [
    wrap - 5,
    wrap + 3,
    wrap + 2 ** 31 + 3,
    2 * wrap + 2,
    3 * wrap - 1,
    3 * wrap + 1,
  ]);
  const half = file(cd, 2 ** 31, 0, 0, 0);
  assert.deepEqual((await readAll(dat, memoryFiles({ "a.dat": half }))).events.map(([t]) => t), [2 ** 31, 2 ** 31]);
});

test("events outside of the sensor are counted, and the program's size goes before the file's", {}, async () => {
  const bytes = file(cd, 1, 1280, 2, 720 << 14, 3, 1279 | 719 << 14);
  const result = await readAll(dat, memoryFiles({ "a.dat": bytes }));
  assert.deepEqual([result.events.length, result.outOfSensor], [1, 2]);
  const larger = await readAll(dat, memoryFiles({ "a.dat": bytes }), { geometry: { width: 1281, height: 721 } });
  assert.deepEqual([larger.events.length, larger.outOfSensor], [3, 0]);
});

test("damage of the file with triggers is told after all events", {}, async () => {
  const triggers = file("% Version 2\n\x0e\x08", 1, 1 | 7 << 26, 9, 0, 12);
  const files = { "a_cd.dat": file(cd, 5, 0, 10, 0), "a_trigger.dat": triggers };
  const result = await readAll(dat, memoryFiles(files));
  assert.deepEqual(result.events.map(([t]) => t), [5, 10]);
  assert.deepEqual(result.triggers, [[1, 7, 1], [9, 0, 0]]);
  assertError(result.error, { code: "damaged", path: "a_trigger.dat", offset: 30 });
  const empty = await readAll(dat, memoryFiles({ ...files, "a_trigger.dat": new Uint8Array(0) }));
  assert.equal(empty.events.length, 2);
  assertError(empty.error, { code: "damaged", path: "a_trigger.dat", offset: 0 });
});

const geometry = { width: 1280, height: 720 };

test("what was written is read again, whatever the packets, also past 2^32 µs", {}, () =>
  atRandom(async (random) => {
    const isLong = random.chance(0.3);
    const content = randomContent(random, {
      geometry,
      count: random.pick([0, 1, 3000, 150_000]),
      longestPause: isLong ? 2 ** 31 - 301 : 10 ** 6,
      firstTime: isLong ? 2 ** 32 - 1000 : 0,
      // Triggers are few, and more than 2^31 µs between two of them cannot be told.
      triggers: isLong ? undefined : dat.limits.triggers,
    });
    const files = new MemoryFiles("a_cd.dat");
    const writer = await dat.openWriter!(files, { geometry });
    for (const packet of randomPackets(content, random)) await writer.write(packet);
    await writer.close();
    await writer.abort();
    const names = content.triggers.length > 0 ? ["a_trigger.dat", "a_cd.dat"] : ["a_cd.dat"];
    assert.deepEqual([...files.complete.keys()], names);
    const read = memoryFiles(Object.fromEntries([...files.complete].reverse()));
    const result = await readAll(dat, read);
    assert.equal(result.error, undefined);
    assertSame(result, content);
    const from = random.pick(content.events)?.[0] ?? 0;
    const later = await readAll(dat, memoryFiles(Object.fromEntries([...files.complete].reverse())), { from });
    const isLater = ([t]: readonly number[]) => t! >= from;
    assertSame(
      { events: later.events.filter(isLater), triggers: later.triggers.filter(isLater) },
      { events: content.events.filter(isLater), triggers: content.triggers.filter(isLater) },
    );
  }));

test("reading from a time leaves out packets that end before it, and no event behind it", {}, async () => {
  const records = new Uint32Array(2 * 150_000).map((_, i) => i % 2 === 0 ? i / 2 : 0);
  const bytes = new Uint8Array([...new TextEncoder().encode(cd), ...new Uint8Array(records.buffer)]);
  for (const [from, first] of [[0, 0], [65_535, 0], [65_536, 65_536], [149_999, 131_072]] as const) {
    const { events, bytes: read } = await readAll(dat, memoryFiles({ "a.dat": bytes }), { from });
    assert.deepEqual([events[0]![0], events.at(-1)![0], read], [first, 149_999, bytes.length]);
  }
});

test("what DAT cannot hold is refused with the event and the limit", {}, async () => {
  const right = packetFrom({ events: [[5, 0, 0, 0], [6, 0, 0, 0]] });
  const wrong = [
    [{ events: [[5, 0, 0, 0]] }, /event 2 has the time 5,/],
    [{ events: [[7, 0, 0, 0], [7.5, 0, 0, 0]] }, /event 3 has the time 7.5,/],
    [{ events: [[2 ** 32 + 2 ** 31, 0, 0, 0]] }, /event 2 has the time 6442450944,/],
    [{ events: [[8, 1280, 0, 0]] }, /event 2 has x 1280, and dat holds x from 0 to 1279/],
    [{ events: [[8, 0, 720, 0]] }, /event 2 has y 720/],
    [{ triggers: [[8, 64, 0]] }, /trigger 0 has id 64, and dat holds ids from 0 to 63/],
    [{ triggers: [[8, 0, 2]] }, /trigger 0 has edge 2/],
    [{ triggers: [[8, 0, 0], [7, 0, 0]] }, /trigger 1 has the time 7/],
  ] as const;
  for (const [content, message] of wrong) {
    const writer = await dat.openWriter!(new MemoryFiles("a.dat"), { geometry });
    await writer.write(right);
    await assert.rejects(writer.write(packetFrom(content)), { code: "unsupported", path: "a.dat", message });
    await writer.abort();
  }
  await assert.rejects(dat.openWriter!(new MemoryFiles("a.dat"), { geometry: { width: 16_385, height: 1 } }), {
    code: "unsupported",
  });
});

test("a file that was cut at any byte gives an error or its first events", {}, async () => {
  const events = [[1, 2, 3, 1], [4, 5, 6, 0], [7, 8, 9, 1]] as const;
  const whole = file(cd, ...events.flatMap(([t, x, y, on]) => [t, x | y << 14 | on << 28]));
  for (let length = 0; length < whole.length; length++) {
    const result = await readAll(dat, memoryFiles({ "a.dat": whole.subarray(0, length) })).catch((error) => ({
      error,
      events: [],
    }));
    const data = Math.max(0, length - cd.length);
    assert.deepEqual(result.events, events.slice(0, Math.floor(data / 8)));
    if (length >= cd.length && data % 8 === 0) assert.equal(result.error, undefined);
    else assertError(result.error, { code: "damaged", path: "a.dat" });
  }
});
