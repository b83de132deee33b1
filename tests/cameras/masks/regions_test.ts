import assert from "node:assert/strict";
import { test } from "node:test";
import { type Rect, regionOfInterest, regionOfNonInterest } from "../../../mod.ts";
import type { RegionMasks } from "../../../src/cameras/masks/regions.ts";
import { atRandom, type Random } from "../../support/random.ts";

const sensor = { width: 1280, height: 720 };

/** Which pixels send, as the sensor understands masks. */
function sends({ xMask, yMask, maskIntersectionOnly }: RegionMasks, x: number, y: number): boolean {
  const [column, row] = [xMask[x] === 1, yMask[y] === 1];
  return maskIntersectionOnly ? !(column && row) : !(column || row);
}

function lieIn(rectangles: readonly Rect[], x: number, y: number): boolean {
  return rectangles.some((one) => x >= one.x && x < one.x + one.width && y >= one.y && y < one.y + one.height);
}

test("one rectangle: columns and rows around it are masked, or those that cross in it", () => {
  const rectangle = { x: 100, y: 50, width: 320, height: 1 };
  const inside = regionOfInterest(rectangle, sensor);
  assert.deepEqual(JSON.parse(JSON.stringify(inside)), {
    xMask: "0-99,420-1279",
    yMask: "0-49,51-719",
    maskIntersectionOnly: false,
  });
  assert.deepEqual(regionOfInterest([rectangle], sensor), inside);
  const outside = regionOfNonInterest(rectangle, sensor);
  assert.deepEqual(JSON.parse(JSON.stringify(outside)), { xMask: "100-419", yMask: "50", maskIntersectionOnly: true });
});

test("the whole sensor, and nothing of it", () => {
  const all = { x: 0, y: 0, ...sensor };
  const [none, every] = [{ xMask: "", yMask: "" }, { xMask: "0-1279", yMask: "0-719" }];
  const json = (masks: RegionMasks) => JSON.parse(JSON.stringify(masks));
  assert.deepEqual(json(regionOfInterest(all, sensor)), { ...none, maskIntersectionOnly: false });
  assert.deepEqual(json(regionOfNonInterest([], sensor)), { ...none, maskIntersectionOnly: false });
  assert.deepEqual(json(regionOfNonInterest(all, sensor)), { ...every, maskIntersectionOnly: false });
});

test("four corners of equal size are a grid, and so is what a frame leaves out", () => {
  const corners = [0, 1240].flatMap((x) => [0, 700].map((y) => ({ x, y, width: 40, height: 20 })));
  assert.equal(regionOfInterest(corners, sensor).xMask.toJSON(), "40-1239");
  const frame = [
    { x: 0, y: 0, width: 1280, height: 10 },
    { x: 0, y: 710, width: 1280, height: 10 },
    { x: 0, y: 0, width: 10, height: 720 },
    { x: 1270, y: 0, width: 10, height: 720 },
  ];
  const { xMask, yMask, maskIntersectionOnly } = regionOfInterest(frame, sensor);
  assert.deepEqual([xMask.toJSON(), yMask.toJSON(), maskIntersectionOnly], ["10-1269", "10-709", true]);
});

test("what is no grid is refused, with a pixel that would be wrong", () => {
  const two = [{ x: 0, y: 0, width: 10, height: 10 }, { x: 20, y: 30, width: 10, height: 10 }];
  const message =
    "rectangles must be a grid of columns and rows, or leave one out: the sensor masks whole columns and " +
    "rows, so the pixel (20, 0) would send, too";
  assert.throws(() => regionOfInterest(two, sensor), { name: "RangeError", message });
  assert.throws(() => regionOfNonInterest(two, sensor), { name: "RangeError", message: /pixel \(0, 0\) would send/ });
});

test("masks are exactly what rectangles say, and are refused only where no masks are", async () => {
  await atRandom((random) => {
    const geometry = { width: 5, height: 4 };
    let refused = 0;
    for (let times = 0; times < 300; times++) {
      const rectangles = Array.from({ length: random.whole(1, 4) }, () => randomRectangle(random, geometry));
      for (const [make, wanted] of [[regionOfInterest, true], [regionOfNonInterest, false]] as const) {
        const isRight = (masks: RegionMasks) =>
          pixelsOf(geometry).every(([x, y]) => sends(masks, x, y) === (lieIn(rectangles, x, y) === wanted));
        try {
          assert.ok(isRight(make(rectangles, geometry)), JSON.stringify(rectangles));
        } catch (error) {
          if (!(error instanceof RangeError)) throw error;
          assert.ok(!allMasks(geometry).some(isRight), JSON.stringify(rectangles));
          const [, x, y] = /pixel \((\d), (\d)\) would send/.exec(error.message)!;
          assert.notEqual(lieIn(rectangles, Number(x), Number(y)), wanted);
          refused++;
        }
      }
    }
    assert.ok(refused > 10 && refused < 590, `${refused} refused`);
    return Promise.resolve();
  });
});

function randomRectangle(random: Random, { width, height }: { width: number; height: number }): Rect {
  const [x, y] = [random.whole(0, width - 1), random.whole(0, height - 1)];
  return { x, y, width: random.whole(1, width - x), height: random.whole(1, height - y) };
}

function pixelsOf({ width, height }: { width: number; height: number }): [x: number, y: number][] {
  return Array.from({ length: width * height }, (_, index) => [index % width, Math.floor(index / width)]);
}

/** Everything that the registers can say. */
function allMasks({ width, height }: { width: number; height: number }): RegionMasks[] {
  const bits = (value: number, count: number) => Uint8Array.from({ length: count }, (_, bit) => value >> bit & 1);
  return Array.from({ length: 2 ** (width + height + 1) }, (_, value) => ({
    xMask: bits(value, width) as RegionMasks["xMask"],
    yMask: bits(value >> width, height) as RegionMasks["yMask"],
    maskIntersectionOnly: value >> (width + height) === 1,
  }));
}

const full = { x: 0, y: 0, width: 1280, height: 720 };
const mistakes: readonly (readonly [rectangles: unknown, geometry: unknown, message: string])[] = [
  [null, sensor, "TypeError: rectangle must be an object with x, y, width, height, not null"],
  [[5], sensor, "TypeError: rectangles[0] must be an object with x, y, width, height, not 5"],
  [{ ...full, heigth: 1 }, sensor, 'TypeError: rectangle has no option "heigth"; did you mean "height"?'],
  [
    { x: 0, y: 0, width: 10 },
    sensor,
    "TypeError: rectangle.height must be a whole number from 1 to 720, not undefined",
  ],
  [{ ...full, x: 1280 }, sensor, "RangeError: rectangle.x must be a whole number from 0 to 1279, not 1280"],
  [{ ...full, x: 1 }, sensor, "RangeError: rectangle.width must be a whole number from 1 to 1279, not 1280"],
  [[full, { ...full, y: 719 }], sensor, "RangeError: rectangles[1].height must be a whole number from 1 to 1, not 720"],
  [{ ...full, width: 0 }, sensor, "RangeError: rectangle.width must be a whole number from 1 to 1280, not 0"],
  [{ ...full, y: 0.5 }, sensor, "RangeError: rectangle.y must be a whole number from 0 to 719, not 0.5"],
  [[], sensor, "RangeError: rectangles must have a length of at least 1, not 0"],
  [full, undefined, "TypeError: geometry must be an object with width and height, not undefined"],
  [full, { width: "1280", height: 720 }, 'TypeError: geometry.width must be a whole number from 1 to 2048, not "1280"'],
  [full, { width: 1280, height: 0 }, "RangeError: geometry.height must be a whole number from 1 to 2048, not 0"],
];
for (const [rectangles, geometry, message] of mistakes) {
  test(message, () => {
    assert.throws(() => regionOfInterest(rectangles as Rect, geometry as typeof sensor), (error) => {
      assert.equal(String(error), message);
      return true;
    });
  });
}
