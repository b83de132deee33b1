/** Formats with streams of several kinds, opened as programs open them. */

import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { aedat4, mcap, openRecording, type OpenRecordingOptions, type RecordingSource } from "../../../mod.ts";
import { atRandom } from "../../support/random.ts";
import { slow, test } from "../../support/test.ts";
import { assertSame, type Content, randomContent, randomPackets } from "../testing/events.ts";
import { written } from "../testing/readers.ts";
import { bytesOfShared, expectedOf, sharedRecordings, skipWithoutFiles } from "../testing/shared_formats.ts";

const geometry = { width: 320, height: 240 };

async function contentOf(source: RecordingSource, options: OpenRecordingOptions = {}): Promise<Content> {
  await using recording = await openRecording(source, options);
  const events: [number, number, number, number][] = [];
  const triggers: [number, number, number][] = [];
  for await (const { packet: { polarityEvents, triggerEvents } } of recording) {
    polarityEvents?.t.forEach((t, i) =>
      events.push([t, polarityEvents.x[i]!, polarityEvents.y[i]!, polarityEvents.on[i]!])
    );
    triggerEvents?.t.forEach((t, i) => triggers.push([t, triggerEvents.id[i]!, triggerEvents.edge[i]!]));
  }
  return { events, triggers };
}

/** What lies before a time, and what from it on: triggers are cut where events are. */
async function assertHalves(bytes: Uint8Array, content: Content, time: number): Promise<void> {
  const before = ([t]: readonly number[]) => t! < time;
  const after = ([t]: readonly number[]) => t! >= time;
  const { events, triggers } = content;
  assertSame(await contentOf(bytes, { to: time }), {
    events: events.filter(before),
    triggers: triggers.filter(before),
  });
  assertSame(await contentOf(bytes, { from: time }), {
    events: events.filter(after),
    triggers: triggers.filter(after),
  });
}

test("AEDAT 4 and MCAP open by themselves, and are cut by time", slow, () =>
  atRandom(async (random) => {
    for (const format of [aedat4, mcap]) {
      const { triggers } = format.limits;
      const content = randomContent(random, { geometry, count: 20_000, longestPause: 100_000, triggers });
      const bytes = await written(format, randomPackets(content, random), { geometry });
      await using recording = await openRecording(bytes);
      assert.equal(recording.format, format);
      assert.deepEqual(recording.geometry, geometry);
      const first = Math.min(content.events[0]![0], content.triggers[0]![0]);
      const last = Math.max(content.events.at(-1)![0], content.triggers.at(-1)![0]);
      assert.deepEqual(await recording.timeRange(), { first, last });
      assert.deepEqual([...(await recording.triggers()).t], content.triggers.map(([t]) => t));
      assertSame(await contentOf(new Blob([bytes as Uint8Array<ArrayBuffer>]).stream()), content);
      await assertHalves(bytes, content, random.whole(first, last));
      await assertHalves(bytes, content, content.triggers[5]![0]);
    }
  }));

test("other programs' containers are cut by time", { ...slow, skip: skipWithoutFiles }, async () => {
  const recordings = sharedRecordings("AEDAT4", "HDF5", "MCAP", "rosbag2");
  assert.ok(recordings.length >= 17);
  for (const recording of recordings) {
    const file = Object.values(bytesOfShared(recording.file))[0]!;
    const bytes = recording.file.endsWith(".gz") ? gunzipSync(file) : file;
    const { events, triggers } = expectedOf(recording);
    const all = await contentOf(bytes);
    assertSame({ events: all.events, triggers: triggers.length > 0 ? all.triggers : [] }, { events, triggers });
    await assertHalves(bytes, all, events[events.length >> 1]![0]);
  }
});
