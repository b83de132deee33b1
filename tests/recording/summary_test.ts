import assert from "node:assert/strict";
import { summarizeRecording } from "../../mod.ts";
import { test } from "../support/test.ts";
import { inFolder, rawFile, spreadEvents } from "./testing/raw_recording.ts";
import { rowBytes, rowFormat } from "./testing/row_format.ts";
import type { EventRow } from "./testing/rows.ts";

test("the facts of a RAW file: times, counts, rates, gaps and the sensor", {}, async () => {
  const events = [...spreadEvents(3000, { start: 1000 }), ...spreadEvents(1000, { start: 100_000 })];
  const bytes = rawFile(events);
  const shown: number[] = [];
  const summary = await summarizeRecording(bytes, { onProgress: ({ bytes }) => shown.push(bytes) });
  const { name, format, geometry, first, last, polarityEvents, onEvents, damage, header } = summary;
  assert.deepEqual([name, format, summary.bytes, header.serial_number], [
    "bytes",
    "raw-evt3",
    bytes.length,
    "00050abc",
  ]);
  assert.deepEqual(geometry, { width: 1280, height: 720 });
  assert.deepEqual([first, last], [1000, events.at(-1)![0]]);
  assert.deepEqual([polarityEvents, onEvents], [events.length, events.filter(([, , , on]) => on === 1).length]);
  assert.equal(summary.rates!.counts.reduce((sum, count) => sum + count), events.length);
  assert.deepEqual(summary.gaps.map(({ t }) => t), [30_990]);
  assert.deepEqual([summary.outOfSensor, summary.hotPixels, damage], [0, [], undefined]);
  assert.ok(shown.length > 0 && shown.every((bytes, index) => bytes >= (shown[index - 1] ?? 0)));
});

test("triggers are counted by input and edge, and hot pixels found", {}, async () => {
  const rows = rowFormat("rows");
  const hot: EventRow[] = Array.from({ length: 50 }, (_, index) => [100 + index, 7, 8, 1]);
  const bytes = rowBytes([
    { triggers: [[3, 5, 1]] },
    { events: hot, triggers: [[100, 0, 1], [120, 0, 0], [130, 0, 1], [140, 2, 2]] },
  ]);
  const { first, last, triggers, triggerEvents, hotPixels, geometry } = await summarizeRecording(bytes, {
    format: rows,
  });
  assert.deepEqual([first, last, triggerEvents, geometry], [3, 149, 5, undefined]);
  assert.deepEqual(triggers, [
    { id: 0, rising: 2, falling: 1, pulses: 0 },
    { id: 2, rising: 0, falling: 0, pulses: 1 },
    { id: 5, rising: 1, falling: 0, pulses: 0 },
  ]);
  assert.deepEqual(hotPixels, [{ x: 7, y: 8, events: 50 }]);
});

test("of a damaged recording it tells what comes before the damage", {}, async () => {
  const bytes = rawFile(spreadEvents(500)).subarray(0, -1);
  const { damage, polarityEvents, last } = await summarizeRecording(bytes);
  assert.deepEqual([damage?.code, damage?.offset, polarityEvents, last], ["damaged", bytes.length - 1, 499, 4980]);
});

test("a recording without events has no times and no rates", {}, async () => {
  const { first, last, rates, polarityEvents } = await summarizeRecording(rawFile([]));
  assert.deepEqual([first, last, rates, polarityEvents], [undefined, undefined, undefined, 0]);
});

test("what is no recording, and what is not there, are errors", {}, () =>
  inFolder(async (folder) => {
    await assert.rejects(summarizeRecording(folder), { code: "unsupported" });
    await assert.rejects(summarizeRecording(`${folder}/missing.raw`), { code: "file-not-found" });
    await assert.rejects(summarizeRecording(new Uint8Array(0)), { code: "damaged" });
  }));
