import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Frame, ImuEvents } from "../../../mod.ts";
import { aedat4 } from "../../../src/recording/formats/aedat4/format.ts";
import { emptyPacket } from "../../../src/packets/packet.ts";
import { MemoryFiles } from "../../../src/recording/memory_sink.ts";
import { atRandom } from "../../support/random.ts";
import { sharedFile } from "../../support/shared.ts";
import { slow, test } from "../../support/test.ts";
import { assertError, assertSame, packetFrom, randomContent, randomPackets, readAll } from "../testing/events.ts";
import { memoryFiles } from "../testing/memory_source.ts";
import { asStream, cutEverywhere, flipEverywhere, gapsOf, outcome, written } from "../testing/readers.ts";
import {
  bytesOfShared,
  expectedOf,
  sharedRecordings,
  skipWithoutFiles,
  wrongRecordings,
} from "../testing/shared_formats.ts";

const geometry = { width: 346, height: 260 };

test("every AEDAT 4 file of other programs gives its events", { skip: skipWithoutFiles }, async () => {
  const recordings = sharedRecordings("AEDAT4");
  assert.ok(recordings.length >= 9);
  for (const recording of recordings) {
    for (const isStream of [false, true]) {
      const files = bytesOfShared(recording.file);
      assert.ok(aedat4.matches(Object.values(files)[0]!, ""));
      const result = await readAll(aedat4, memoryFiles(files, { isStream }));
      assert.equal(result.error, undefined, recording.file);
      const expected = expectedOf(recording);
      const triggers = recording.expected_json === undefined ? expected.triggers : triggersOfJson();
      assertSame(result, { events: expected.events, triggers });
      assert.deepEqual(result.geometry, { width: recording.width, height: recording.height });
    }
  }
});

/** What `dv_davis346_all` has beside events. */
interface DvContent {
  readonly frames: readonly { readonly t: number; readonly width: number; readonly sha256: string }[];
  readonly imu: { readonly values: readonly number[][] };
  readonly triggers: readonly (readonly [t: number, type: number])[];
}

function dvContent(): DvContent {
  return JSON.parse(readFileSync(sharedFile("data/formats/expected/dv_davis346_all.json").path, "utf8"));
}

function triggersOfJson() {
  const edges: Readonly<Record<number, number>> = { 1: 1, 2: 0, 3: 2 };
  return dvContent().triggers.flatMap(([t, type]) => edges[type] === undefined ? [] : [[t, 0, edges[type]] as const]);
}

test("IMU samples and frames come in the units of a packet", { skip: skipWithoutFiles }, async () => {
  const files = bytesOfShared("files/aedat4/dv_lz4_davis346_all.aedat4");
  const reader = await aedat4.openReader!(memoryFiles(files), {});
  const imu: ImuEvents[] = [];
  const frames: Frame[] = [];
  let dropped = 0;
  for await (const { packet, gaps } of reader.read()) {
    if (packet.imuEvents !== undefined) imu.push(packet.imuEvents);
    frames.push(...packet.frames ?? []);
    for (const { droppedBytes } of gaps) dropped += droppedBytes;
  }
  const expected = dvContent();
  const column = (name: keyof ImuEvents) => imu.flatMap((samples) => [...samples[name]]);
  const near = (name: keyof ImuEvents, index: number, unit: number) => {
    const values = column(name);
    assert.equal(values.length, expected.imu.values.length);
    values.forEach((value, i) => assert.ok(Math.abs(value - expected.imu.values[i]![index]! * unit) < 1e-4, name));
  };
  near("t", 0, 1);
  near("temperature", 1, 1);
  (["accelerometerX", "accelerometerY", "accelerometerZ"] as const).forEach((name, i) => near(name, 2 + i, 9.80665));
  (["gyroscopeX", "gyroscopeY", "gyroscopeZ"] as const).forEach((name, i) => near(name, 5 + i, Math.PI / 180));
  // The other one is in colours, which no packet holds.
  assert.equal(frames.length, 1);
  const { t, x, y, width, height, format, pixels } = frames[0]!;
  assert.deepEqual({ t, x, y, width, height, format }, {
    t: 1000,
    x: 0,
    y: 0,
    width: 346,
    height: 260,
    format: "gray8",
  });
  assert.equal(createHash("sha256").update(pixels).digest("hex"), expected.frames[0]!.sha256);
  assert.ok(dropped > 0, "the frame in colours is a gap");
  await reader.close();
});

test("every damaged AEDAT 4 file gives its error, after what was readable", { skip: skipWithoutFiles }, async () => {
  const expected: Readonly<
    Record<string, readonly [events: number, triggers: number, error?: [string, number, RegExp]]>
  > = {
    version: [0, 0, ["unsupported", 0, /AER-DAT4\.1/]],
    header_cut: [0, 0, ["damaged", 14, /truncated/]],
    header_size_huge: [0, 0, ["damaged", 14, /truncated/]],
    packet_cut: [0, 0, ["damaged", 1406, /truncated/]],
    packet_size_negative: [0, 0, ["damaged", 1406, /damaged packet/]],
    stream_unknown: [83, 6],
    lz4_damaged: [83, 6, ["damaged", 1406, /damaged/]],
    table_outside: [92, 6],
    table_cut: [92, 6],
  };
  const wrong = wrongRecordings("AEDAT4");
  assert.equal(wrong.length, Object.keys(expected).length);
  for (const { file, events_before: before } of wrong) {
    const [events, triggers, error] = expected[/aedat4_(\w+)\./.exec(file)![1]!]!;
    const result = await outcome(aedat4, Object.values(bytesOfShared(file))[0]!);
    assert.deepEqual([result.events.length, result.triggers.length], [events, triggers], file);
    assert.ok(before === null || before === events);
    if (events > 0 && events < 92) {
      const gaps = await gapsOf(aedat4, Object.values(bytesOfShared(file))[0]!);
      assert.deepEqual(gaps, [{ event: 0, droppedBytes: 106, droppedTransfers: 0 }], file);
    }
    if (error === undefined) assert.equal(result.error, undefined, file);
    else assertError(result.error, { code: error[0], path: "a", offset: error[1], message: error[2] });
  }
});

test("what was written is read, from a file and from a stream", slow, () =>
  atRandom(async (random) => {
    const limits = { triggers: aedat4.limits.triggers, longestPause: 5_000_000 };
    for (const [count, firstTime] of [[0, 0], [1, 0], [20_000, 2 ** 32 - 1000], [150_000, 1.7e15]] as const) {
      const content = randomContent(random, { ...limits, geometry, count, firstTime });
      for (const change of [undefined, asStream]) {
        const bytes = await written(aedat4, randomPackets(content, random), { geometry }, change);
        for (const isStream of [false, true]) {
          const result = await outcome(aedat4, bytes, isStream);
          assert.equal(result.error, undefined);
          assertSame(result, content);
          assert.deepEqual(result.geometry, geometry);
        }
      }
    }
  }));

test("reading from a time on leaves out packets, but no later event", {}, () =>
  atRandom(async (random) => {
    const content = randomContent(random, {
      geometry,
      count: 30_000,
      longestPause: 20_000,
      triggers: aedat4.limits.triggers,
    });
    const bytes = await written(aedat4, randomPackets(content, random), { geometry });
    const { length } = content.events;
    for (const from of [content.events[length >> 1]![0], content.events[length - 1]![0], random.whole(0, 3_000_000)]) {
      const { events, triggers } = await readAll(aedat4, memoryFiles({ "a": bytes }), { from });
      const after = (list: readonly (readonly number[])[]) => list.filter(([t]) => t! >= from);
      assert.deepEqual(after(events), after(content.events));
      assert.deepEqual(after(triggers), after(content.triggers));
      assert.ok(events.length < length || from < 20_000, `from ${from}: ${events.length} of ${length}`);
    }
  }));

test("a file cut at any byte gives its beginning and an error", slow, () =>
  atRandom(async (random) => {
    const content = randomContent(random, {
      geometry,
      count: 60,
      longestPause: 30_000,
      triggers: aedat4.limits.triggers,
    });
    const bytes = await written(aedat4, randomPackets(content, random), { geometry });
    const table = Number(new DataView(bytes.buffer).getBigInt64(tablePositionAt(bytes), true));
    const quiet = await cutEverywhere(aedat4, bytes, content);
    assert.ok(quiet.every((length) => length >= table), `no error for ${quiet} bytes of ${table}`);
  }));

/** Where the position of the table stands, by the vtable of the header. */
function tablePositionAt(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer);
  const root = 18 + view.getUint32(18, true);
  const vtable = root - view.getInt32(root, true);
  return root + view.getUint16(vtable + 6, true);
}

test("a file with any bit flipped is read to an end", slow, () =>
  atRandom(async (random) => {
    const content = randomContent(random, {
      geometry,
      count: 60,
      longestPause: 30_000,
      triggers: aedat4.limits.triggers,
    });
    const bytes = await written(aedat4, randomPackets(content, random), { geometry });
    await flipEverywhere(aedat4, bytes, () => [random.whole(0, 7)]);
  }));

test("what AEDAT 4 cannot hold is refused, and nothing is completed", {}, async () => {
  const refused = [
    [{ events: [[0, 346, 0, 1]] }, /event 0 has x 346/],
    [{ triggers: [[0, 0, 1], [1, 1, 1]] }, /trigger 1 has id 1/],
    [{ events: [[0.5, 0, 0, 1]] }, /event 0 has the time 0\.5/],
    [{ events: [[7, 0, 0, 1], [6, 0, 0, 1]] }, /event 1 has the time 6/],
  ] as const;
  for (const [content, message] of refused) {
    const files = new MemoryFiles("a");
    const writer = await aedat4.openWriter!(files, { geometry });
    const error = await writer.write(packetFrom(content)).then(() => undefined, (reason: unknown) => reason);
    assertError(error, { code: "unsupported", path: "a", message });
    await writer.abort();
    assert.equal(files.complete.size, 0);
  }
  const writer = await aedat4.openWriter!(new MemoryFiles("a"), { geometry });
  await writer.write(emptyPacket());
  await writer.close();
  await assert.rejects(aedat4.openWriter!(new MemoryFiles("a"), { geometry: { width: 40_000, height: 1 } }), {
    code: "unsupported",
  });
});
