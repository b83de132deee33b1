import assert from "node:assert/strict";
import { test } from "node:test";
import { PixelCounts } from "../../src/recording/pixel_counts.ts";

/** So many events of a pixel. */
function eventsOf(x: number, y: number, count: number): { x: Uint16Array<ArrayBuffer>; y: Uint16Array<ArrayBuffer> } {
  return { x: new Uint16Array(count).fill(x), y: new Uint16Array(count).fill(y) };
}

test("pixels that are busy alone are hot, the hottest first; those of a busy thing are not", () => {
  const counts = new PixelCounts({ width: 64, height: 48 });
  for (let y = 10; y < 20; y++) for (let x = 10; x < 20; x++) counts.add(eventsOf(x, y, 500));
  counts.add(eventsOf(0, 0, 60)); // a corner has three neighbours
  counts.add(eventsOf(63, 47, 90));
  counts.add(eventsOf(15, 15, 6000)); // within the busy thing, and more than ten times as busy
  counts.add(eventsOf(40, 40, 19)); // too few events to say
  counts.add(eventsOf(12, 40, 200)); // two that are hot together
  counts.add(eventsOf(13, 40, 300));
  assert.deepEqual(counts.hotPixels(), [
    { x: 15, y: 15, events: 6500 },
    { x: 13, y: 40, events: 300 },
    { x: 12, y: 40, events: 200 },
    { x: 63, y: 47, events: 90 },
    { x: 0, y: 0, events: 60 },
  ]);
});

test("on a sensor with noise, a pixel is hot from ten times the noise on", () => {
  const counts = new PixelCounts({ width: 32, height: 32 });
  for (let y = 0; y < 32; y++) for (let x = 0; x < 32; x++) if (x > 6 || y > 6) counts.add(eventsOf(x, y, 8));
  counts.add(eventsOf(1, 1, 79)); // the neighbours of both have no events
  counts.add(eventsOf(4, 4, 81));
  assert.deepEqual(counts.hotPixels(), [{ x: 4, y: 4, events: 81 }]);
});

test("without a geometry pixels up to 4096 x 4096 are counted, and others passed over", () => {
  const counts = new PixelCounts(undefined);
  counts.add(eventsOf(4095, 4095, 30));
  counts.add(eventsOf(4096, 5, 30));
  counts.add(eventsOf(5, 65_535, 30));
  assert.deepEqual(counts.hotPixels(), [{ x: 4095, y: 4095, events: 30 }]);
  assert.deepEqual(new PixelCounts(undefined).hotPixels(), []);
});
