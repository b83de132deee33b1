import assert from "node:assert/strict";
import { test } from "node:test";
import { masksPixels, maskWith } from "../../../src/viewer/page/hot_pixels.ts";
import { HotPixelSearch } from "../../../src/viewer/page/renderer/hot_pixel_search.ts";
import { type Event, packetWith } from "../testing/packets.ts";

test("a search ends after two seconds of the sensor's time, and finds the pixel that leaks", () => {
  const search = new HotPixelSearch({ width: 20, height: 10 });
  const events = (from: number): Event[] => Array.from({ length: 100 }, (_, index) => [from + index, 7, 3, 1]);
  assert.equal(search.add(packetWith(events(5_000_000))), false);
  assert.equal(search.add(packetWith([])), false);
  assert.equal(search.add(packetWith(events(6_999_000))), false);
  assert.equal(search.add(packetWith(events(7_000_000))), true);
  assert.deepEqual(search.found(), [{ x: 7, y: 3 }]);
});

test("a mask keeps what it has, and takes as many more as the sensor does, the hottest first", () => {
  const found = Array.from({ length: 30 }, (_, x) => ({ x, y: 0 }));
  const masked = [{ x: 0, y: 0 }, { x: 9, y: 9 }];
  const small = maskWith(found, { type: "prophesee-evk3-genx320", masked });
  assert.deepEqual(small.pixelMask.slice(0, 3), [...masked, { x: 1, y: 0 }]);
  assert.deepEqual([small.pixelMask.length, small.added, small.leftOut], [16, 14, 15]);
  const large = maskWith(found, { type: "prophesee-evk4", masked });
  assert.deepEqual([large.pixelMask.length, large.added, large.leftOut], [31, 29, 0]);
});

test("a camera without a mask of pixels is told by its configuration", () => {
  assert.equal(masksPixels({ pixelMask: [] }), true);
  assert.equal(masksPixels({ xMask: "" }), false);
});
