import { type Check, type Checks, object, wholeNumber } from "../../checks.ts";
import type { Geometry, Rect } from "../../types.ts";

/** A check for a rectangle of whole pixels that lies on the sensor. */
export function rectangleOn(geometry: Geometry): Check<Rect> {
  const checkSides = object<Rect>(sidesOn(geometry), ["x", "y", "width", "height"]);
  return (value, name) => {
    const rectangle = checkSides(value, name);
    checkCorner(rectangle, geometry, name);
    return rectangle;
  };
}

/** One check for each side of a rectangle; {@link checkCorner} is needed, too. */
export function sidesOn({ width, height }: Geometry): Checks<Rect> {
  return {
    x: wholeNumber(0, width - 1),
    y: wholeNumber(0, height - 1),
    width: wholeNumber(1, width),
    height: wholeNumber(1, height),
  };
}

/** Throws a `RangeError` where the lower right corner does not lie on the sensor. */
export function checkCorner(rectangle: Rect, { width, height }: Geometry, name: string): void {
  wholeNumber(1, width - rectangle.x)(rectangle.width, `${name}.width`);
  wholeNumber(1, height - rectangle.y)(rectangle.height, `${name}.height`);
}
