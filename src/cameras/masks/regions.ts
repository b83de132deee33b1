/**
 * Rectangles of pixels as masks of columns and rows.
 *
 * The sensor has no bit for each pixel, but one for each column and one for each row, and a rule for both: a pixel is
 * silent where its column or its row is masked, or only where both are. So the pixels that send, or the silent ones, are
 * always a grid: all crossings of some columns and some rows. One rectangle is a grid; several are one only sometimes:
 *
 *     AA.BB   The columns of A and B, crossed       AA...   The columns of A and B, crossed with
 *     AA.BB   with the rows of A and C, are         AA...   the rows of both, are also the pixels
 *     .....   A, B, C and D: a grid.                .....   "?", which lie in no rectangle:
 *     CC.DD                                         ???BB   no grid.
 */

import { arrayOf, type Check, wholeNumber, wrongKind } from "../../checks.ts";
import type { Geometry, Rect } from "../../types.ts";
import { Mask } from "./mask.ts";
import { rectangleOn } from "./rectangle.ts";

/** The part of a configuration that tells which pixels send, by their columns and rows. */
export interface RegionMasks {
  /** Masked columns. */
  readonly xMask: Mask;
  /** Masked rows. */
  readonly yMask: Mask;
  /** Whether a pixel is silent only where both its column and its row are masked. */
  readonly maskIntersectionOnly: boolean;
}

/**
 * Masks with which only the pixels inside of rectangles send events, exactly those.
 *
 * One rectangle is always possible. Several are possible in two cases: together they are a grid of columns and rows (for
 * example four corners of equal size), or what they leave out is one (for example the inside of a frame).
 *
 * @param rectangles One or more rectangles of whole pixels on the sensor; they may overlap.
 * @param geometry Size of the sensor: the properties of an open device, or `{ width: 1280, height: 720 }` of an IMX636.
 * @returns What to configure. Memory of its own.
 * @throws {TypeError | RangeError} for what is no rectangle on the sensor.
 * @throws {RangeError} where the sensor cannot do exactly that; the message names a pixel that would be wrong.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { open, regionOfInterest } from "@neuromorphic/drivers";
 *
 * const region = { x: 500, y: 200, width: 280, height: 320 };
 * const configuration = regionOfInterest(region, { width: 1280, height: 720 });
 * await using device = await open({ libusb: "virtual", type: "prophesee-evk4", configuration });
 * for await (const { packet } of device) {
 *   if (packet.polarityEvents === undefined) continue;
 *   const { x, y } = packet.polarityEvents;
 *   assert.ok(x.every((column) => column >= 500 && column < 780));
 *   assert.ok(y.every((row) => row >= 200 && row < 520));
 *   break;
 * }
 * ```
 */
export function regionOfInterest(rectangles: Rect | readonly Rect[], geometry: Geometry): RegionMasks {
  return masksOfRegion(rectangles, { geometry: checkGeometry(geometry, "geometry"), sending: "inside" });
}

/**
 * Masks with which the pixels inside of rectangles send nothing, exactly those: a lamp or a part of the mount in the
 * picture, for example.
 *
 * One rectangle is always possible, several under the same conditions as in {@link regionOfInterest}.
 *
 * @param rectangles Any number of rectangles of whole pixels on the sensor; they may overlap.
 * @param geometry Size of the sensor: the properties of an open device, or `{ width: 1280, height: 720 }` of an IMX636.
 * @returns What to configure. Memory of its own.
 * @throws {TypeError | RangeError} for what is no rectangle on the sensor.
 * @throws {RangeError} where the sensor cannot do exactly that; the message names a pixel that would be wrong.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { open, regionOfNonInterest } from "@neuromorphic/drivers";
 *
 * const lamp = { x: 600, y: 300, width: 80, height: 120 };
 * const configuration = regionOfNonInterest(lamp, { width: 1280, height: 720 });
 * await using device = await open({ libusb: "virtual", type: "prophesee-evk4", configuration });
 * for await (const { packet } of device) {
 *   if (packet.polarityEvents === undefined) continue;
 *   const { x, y } = packet.polarityEvents;
 *   const isOfTheLamp = (i: number) => x[i]! >= 600 && x[i]! < 680 && y[i]! >= 300 && y[i]! < 420;
 *   assert.ok(!x.some((_, i) => isOfTheLamp(i)));
 *   break;
 * }
 * ```
 */
export function regionOfNonInterest(rectangles: Rect | readonly Rect[], geometry: Geometry): RegionMasks {
  return masksOfRegion(rectangles, { geometry: checkGeometry(geometry, "geometry"), sending: "outside" });
}

/** What {@link masksOfRegion} needs to know of its rectangles. */
export interface RegionOptions {
  readonly geometry: Geometry;
  /** Which pixels send. */
  readonly sending: "inside" | "outside";
  /** What messages call the rectangles. Default: "rectangle" for a single one, else "rectangles". */
  readonly name?: string;
}

/** Masks with which the pixels inside of rectangles send, or those outside. Checks the rectangles. */
export function masksOfRegion(rectangles: unknown, { geometry, sending, name }: RegionOptions): RegionMasks {
  const area = areaOf(rectangles, geometry, name);
  if (sending === "outside") return masksFor(area, 0);
  if (!area.pixels.includes(1)) throw new RangeError(`${area.name} must have a length of at least 1, not 0`);
  return masksFor(area, 1);
}

/** The pixels of rectangles: 1 inside, 0 outside, row by row. */
interface Area extends Geometry {
  readonly pixels: Uint8Array;
  /** What the rectangles are called in messages. */
  readonly name: string;
}

const side = wholeNumber(1, 2048);
const checkGeometry: Check<Geometry> = (value, name) => {
  if (typeof value !== "object" || value === null) throw wrongKind(name, "an object with width and height", value);
  const { width, height } = value as Partial<Geometry>; // it may have more, as the properties of a camera do
  return { width: side(width, `${name}.width`), height: side(height, `${name}.height`) };
};

function areaOf(rectangles: unknown, { width, height }: Geometry, name?: string): Area {
  const pixels = new Uint8Array(width * height);
  const check = rectangleOn({ width, height });
  const all = Array.isArray(rectangles)
    ? arrayOf(check)(rectangles, name ?? "rectangles")
    : [check(rectangles, name ?? "rectangle")];
  for (const rectangle of all) {
    const end = width * (rectangle.y + rectangle.height);
    for (let start = width * rectangle.y + rectangle.x; start < end; start += width) {
      pixels.fill(1, start, start + rectangle.width);
    }
  }
  return { width, height, pixels, name: name ?? "rectangles" };
}

/** Masks with which the pixels of this value send, and the others do not. */
function masksFor(area: Area, sending: 0 | 1): RegionMasks {
  const sends = gridOf(area, sending);
  if (sends.isExact) {
    return { xMask: inverted(sends.columns), yMask: inverted(sends.rows), maskIntersectionOnly: false };
  }
  const silent = gridOf(area, sending === 1 ? 0 : 1);
  if (silent.isExact) return { xMask: silent.columns, yMask: silent.rows, maskIntersectionOnly: true };
  const { x, y } = wrongPixel(area, sends, sending);
  throw new RangeError(
    `${area.name} must be a grid of columns and rows, or leave one out: the sensor masks whole columns and rows, so the ` +
      `pixel (${x}, ${y}) would send, too`,
  );
}

/** The columns and rows of some pixels. */
interface Grid {
  readonly columns: Mask;
  readonly rows: Mask;
  /** Whether all of their crossings are such pixels. */
  readonly isExact: boolean;
}

function gridOf({ width, height, pixels }: Area, value: 0 | 1): Grid {
  const columns = new Mask(width);
  const rows = new Mask(height);
  let count = 0;
  for (let y = 0; y < height; ++y) {
    for (let x = 0; x < width; ++x) {
      if (pixels[width * y + x] !== value) continue;
      columns[x] = 1;
      rows[y] = 1;
      ++count;
    }
  }
  return { columns, rows, isExact: count === countOnes(columns) * countOnes(rows) };
}

/** The first crossing of columns and rows that is no pixel of the value. */
function wrongPixel({ width, pixels }: Area, { columns, rows }: Grid, value: 0 | 1): { x: number; y: number } {
  const at = pixels.findIndex((pixel, index) =>
    pixel !== value && columns[index % width] === 1 && rows[Math.floor(index / width)] === 1
  );
  return { x: at % width, y: Math.floor(at / width) };
}

function countOnes(mask: Mask): number {
  return mask.reduce((count, value) => count + value, 0);
}

function inverted(mask: Mask): Mask {
  return mask.map((value) => 1 - value) as Mask;
}
