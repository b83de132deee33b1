import assert from "node:assert/strict";
import { test } from "node:test";
import { Activity } from "../../src/cli/activity.ts";
import { drawPicture } from "../../src/cli/picture.ts";

type Event = readonly [x: number, y: number, on: 0 | 1];

function eventsOf(
  events: readonly Event[],
): { x: Uint16Array<ArrayBuffer>; y: Uint16Array<ArrayBuffer>; on: Uint8Array<ArrayBuffer> } {
  return {
    x: Uint16Array.from(events, ([x]) => x),
    y: Uint16Array.from(events, ([, y]) => y),
    on: Uint8Array.from(events, ([, , on]) => on),
  };
}

test("events are counted in their cells by polarity", () => {
  const activity = new Activity({ width: 8, height: 4 }, { columns: 4, rows: 2 });
  activity.add(eventsOf([[0, 0, 1], [1, 1, 1], [2, 0, 0], [7, 3, 0], [6, 2, 1], [7, 3, 0]]));
  // OFF and ON of each cell: first the row of y = 0 and 1, then that of y = 2 and 3.
  assert.deepEqual([...activity.levels], [0, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 1]);
});

test("every pixel has a cell, also where the grid does not divide the sensor", () => {
  for (const grid of [{ columns: 7, rows: 6 }, { columns: 160, rows: 90 }, { columns: 1, rows: 2 }]) {
    const sensor = { width: 1280, height: 720 };
    const activity = new Activity(sensor, grid);
    const corners: Event[] = [[0, 0, 0], [1279, 0, 0], [0, 719, 0], [1279, 719, 0]];
    activity.add(eventsOf(corners));
    const last = 2 * (grid.columns * grid.rows - 1);
    assert.ok(activity.levels[0]! > 0 && activity.levels[last]! > 0, JSON.stringify(grid));
    assert.equal(activity.levels.reduce((sum, level) => sum + level), 4);
  }
});

test("levels fade", () => {
  const activity = new Activity({ width: 2, height: 2 }, { columns: 2, rows: 2 });
  activity.add(eventsOf([[1, 1, 1], [1, 1, 1]]));
  activity.decay(0.5);
  activity.decay(0.5);
  assert.deepEqual([...activity.levels], [0, 0, 0, 0, 0, 0, 0, 0.5]);
});

test("a picture of known events is a known text", () => {
  // A grid of 3 x 2 cells is one line: ON at the top left, OFF at the bottom middle, nothing on the right.
  const activity = new Activity({ width: 3, height: 2 }, { columns: 3, rows: 2 });
  activity.add(eventsOf([[0, 0, 1], [1, 1, 0]]));
  // One event against a typical level of one: 1 - 1/e, in twelfths 8/12, of (255, 190, 80) and (60, 140, 255).
  assert.deepEqual(drawPicture(activity, "24-bit"), [
    "\x1b[38;2;170;127;53m\x1b[48;2;0;0;0m▀\x1b[38;2;40;93;170m▄ \x1b[0m",
  ]);
  assert.deepEqual(drawPicture(activity, "256"), ["\x1b[38;5;137m\x1b[48;5;16m▀\x1b[38;5;67m▄ \x1b[0m"]);
  assert.deepEqual(drawPicture(activity, "monochrome"), ["▀▄"]);
  assert.deepEqual(drawPicture(activity, "ascii"), ["'."]);
});

test("two lit cells in a character are its foreground and its background", () => {
  const activity = new Activity({ width: 1, height: 2 }, { columns: 1, rows: 2 });
  activity.add(eventsOf([[0, 0, 1], [0, 1, 0]]));
  assert.deepEqual(drawPicture(activity, "24-bit"), ["\x1b[38;2;170;127;53m\x1b[48;2;40;93;170m▀\x1b[0m"]);
  assert.deepEqual(drawPicture(activity, "monochrome"), ["█"]);
  assert.deepEqual(drawPicture(activity, "ascii"), [":"]);
});

test("a still picture is black, in one colour code for each line", () => {
  const activity = new Activity({ width: 4, height: 4 }, { columns: 4, rows: 4 });
  const line = "\x1b[48;5;16m    \x1b[0m";
  assert.deepEqual(drawPicture(activity, "256"), [line, line]);
  assert.deepEqual(drawPicture(activity, "monochrome"), ["", ""]);
});

test("without colours a cell among many that saw less is not drawn", () => {
  const activity = new Activity({ width: 4, height: 2 }, { columns: 4, rows: 2 });
  const bright: Event[] = Array.from({ length: 9 }, () => [3, 1, 1]);
  activity.add(eventsOf([[0, 0, 1], [1, 0, 0], ...bright]));
  assert.deepEqual(drawPicture(activity, "monochrome"), ["   ▄"]);
});

test("exposure follows the scene: twice as many events everywhere look the same", () => {
  const events: Event[] = [[0, 0, 1], [0, 0, 1], [1, 0, 0], [2, 1, 1]];
  const quiet = new Activity({ width: 3, height: 2 }, { columns: 3, rows: 2 });
  quiet.add(eventsOf(events));
  const busy = new Activity({ width: 3, height: 2 }, { columns: 3, rows: 2 });
  busy.add(eventsOf([...events, ...events]));
  assert.deepEqual(drawPicture(busy, "24-bit"), drawPicture(quiet, "24-bit"));
});

test("ON and OFF at one place mix", () => {
  const activity = new Activity({ width: 1, height: 2 }, { columns: 1, rows: 2 });
  activity.add(eventsOf([[0, 0, 1], [0, 0, 0]]));
  // 8/12 of both: 170 + 40, 127 + 93, and blue 53 + 170.
  assert.deepEqual(drawPicture(activity, "24-bit"), ["\x1b[38;2;210;220;223m\x1b[48;2;0;0;0m▀\x1b[0m"]);
});
