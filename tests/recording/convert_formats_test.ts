/** Each format that is written gives back what was written, by the way of `convert`. */

import assert from "node:assert/strict";
import { convert, openRecording, recordingFormats } from "../../mod.ts";
import { MemoryFiles } from "../../src/recording/memory_sink.ts";
import { slow, test } from "../support/test.ts";
import { rowBytes, rowFormat } from "./testing/row_format.ts";
import { type EventRow, eventRows, type TriggerRow, triggerRows } from "./testing/rows.ts";

const events: readonly EventRow[] = Array.from({ length: 5000 }, (_, index) => {
  return [1000 + index * 7, (index * 37) % 320, (index * 11) % 240, index % 3 === 0 ? 1 : 0];
});
const triggers: readonly TriggerRow[] = Array.from(
  { length: 40 },
  (_, index) => [1000 + index * 850, 0, (index + 1) % 2],
);

const source = rowFormat("raw-rows");
const geometry = { width: 320, height: 240 };
const bytes = rowBytes([{ events, triggers }]);

for (const format of recordingFormats.filter(({ openWriter }) => openWriter !== undefined)) {
  const { name, limits, openReader } = format;
  test(`${name}: what is written is read again, and what it cannot hold is told`, slow, async () => {
    const options = { format, sourceFormat: source, geometry };
    if (limits.triggers === undefined) {
      await assert.rejects(convert(bytes, new MemoryFiles(), options), { message: /cannot hold 40 triggers/ });
    }
    const files = new MemoryFiles(`recording_cd${format.endings[0]}`);
    const { losses, polarityEvents } = await convert(bytes, files, { ...options, allowLoss: true });
    assert.equal(polarityEvents, events.length);
    assert.deepEqual(losses, limits.triggers === undefined ? [{ kind: "triggers", count: 40 }] : []);
    if (openReader === undefined) return;
    const written = files.complete.get(`recording_cd${format.endings[0]}`)!;
    const [readEvents, readTriggers]: [EventRow[], TriggerRow[]] = [[], []];
    await using recording = await openRecording(written, { format, ...(limits.geometry ? {} : { geometry }) });
    for await (const { packet } of recording) {
      readEvents.push(...eventRows(packet));
      readTriggers.push(...triggerRows(packet));
    }
    assert.deepEqual(readEvents, events);
    // Triggers in a file of their own lie beside it, where memory has no beside.
    if (files.complete.size === 1 && limits.triggers !== undefined) assert.deepEqual(readTriggers, triggers);
    if (limits.geometry) assert.deepEqual(recording.geometry, geometry);
  });
}
