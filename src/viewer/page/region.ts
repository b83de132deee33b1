/** Rectangles that are drawn on a picture. */

import type { Geometry, Rect } from "../../types.ts";

/** A place on the picture: 0, 0 is its top-left corner, 1, 1 its bottom-right one. */
export interface PicturePlace {
  readonly x: number;
  readonly y: number;
}

/** A shorter drag is a click. */
const fewestPixels = 4;

/** The pixels between two places; undefined where they are so near that no rectangle was meant. */
export function rectangleBetween(from: PicturePlace, to: PicturePlace, { width, height }: Geometry): Rect | undefined {
  const [left, right] = span(from.x, to.x, width);
  const [top, bottom] = span(from.y, to.y, height);
  if (right - left < fewestPixels || bottom - top < fewestPixels) return undefined;
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** A rectangle of whole pixels within the sensor; undefined where nothing of it is. */
export function rectangleWithin(given: Rect, { width, height }: Geometry): Rect | undefined {
  const [x, y] = [clamp(given.x, width), clamp(given.y, height)];
  const [right, bottom] = [clamp(given.x + given.width, width), clamp(given.y + given.height, height)];
  return right > x && bottom > y ? { x, y, width: right - x, height: bottom - y } : undefined;
}

/** Where a rectangle lies on the picture, in percent. */
export function percentOf(rectangle: Rect, { width, height }: Geometry) {
  return {
    left: 100 * rectangle.x / width,
    top: 100 * rectangle.y / height,
    width: 100 * rectangle.width / width,
    height: 100 * rectangle.height / height,
  };
}

/** From the pixel of one end to behind that of the other. */
function span(one: number, other: number, length: number): [from: number, to: number] {
  const from = Math.floor(Math.min(one, other) * length);
  const to = Math.ceil(Math.max(one, other) * length);
  return [Math.max(0, from), Math.min(length, to)];
}

function clamp(value: number, maximum: number): number {
  return Number.isFinite(value) ? Math.min(maximum, Math.max(0, Math.round(value))) : 0;
}
