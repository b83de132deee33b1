/** RAW files of EVT4. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { openRecording, rawEvt4 } from "../../mod.ts";
import { bytesOf32 } from "../decoder/evt2_words.ts";

test("a RAW file of EVT4: events, a vector, a trigger, and a pause of three hours", async () => {
  const header = new TextEncoder().encode(
    "% evt 4.0\n% format EVT4;height=720;width=1280\n% geometry 1280x720\n% end\n",
  );
  const words = bytesOf32([
    0xe000_0010, // TIME_HIGH: 1024 µs
    0xb140_3809, // ON at 1029 µs
    0xd0c2_0064,
    0x8000_0001, // a vector that begins at column 64, of its first and its last pixel
    0x90c0_0301,
    0xea0e_1000, // three hours later
    0xa000_0000,
  ]);
  await using recording = await openRecording(new Uint8Array([...header, ...words]));
  assert.equal(recording.format, rawEvt4);
  assert.deepEqual(recording.geometry, { width: 1280, height: 720 });
  const events: number[][] = [];
  const triggers: number[][] = [];
  for await (const { packet: { polarityEvents: e, triggerEvents: t } } of recording) {
    e?.t.forEach((time, index) => events.push([time, e.x[index]!, e.y[index]!, e.on[index]!]));
    t?.t.forEach((time, index) => triggers.push([time, t.id[index]!, t.edge[index]!]));
  }
  assert.deepEqual(events, [
    [1029, 7, 9, 1],
    [1029, 64, 100, 1],
    [1029, 95, 100, 1],
    [0xa0e_1000 * 64, 0, 0, 0],
  ]);
  assert.deepEqual(triggers, [[1029, 3, 1]]);
});
