/** Digital crop: the sensor drops events outside of a window. Registers and sequence: OpenEB 5.1.1. */

import { boolean, type Check, object } from "../../checks.ts";
import { modify, type Step, write } from "../../protocol/steps.ts";
import type { Geometry, Rect } from "../../types.ts";
import { checkCorner, sidesOn } from "../masks/rectangle.ts";
import { REGISTERS } from "./registers.ts";

/**
 * A window whose pixels alone send events; the sensor drops the others after they have been read out. A
 * `regionOfInterest` switches pixels off before that.
 */
export interface Genx320DigitalCrop extends Rect {
  /**
   * True: the events' x and y count from the window's upper left corner. False (default): from the sensor's. OpenEB has no
   * further condition for this sensor.
   */
  readonly resetOrigin: boolean;
}

/** A window as it is given: `resetOrigin` may be left out. */
export interface Genx320DigitalCropChanges extends Rect {
  /** See {@link Genx320DigitalCrop.resetOrigin}. Default false. */
  readonly resetOrigin?: boolean | undefined;
}

/** A check for a window on a sensor of that size; null is no crop. */
export function digitalCropOn(geometry: Geometry): Check<Genx320DigitalCrop | null> {
  const checkFields = object<Genx320DigitalCropChanges>({ ...sidesOn(geometry), resetOrigin: boolean }, [
    "x",
    "y",
    "width",
    "height",
  ]);
  return (value, name) => {
    if (value === null) return null;
    const { resetOrigin = false, ...window } = checkFields(value, name);
    checkCorner(window, geometry, name);
    return Object.freeze({ ...window, resetOrigin });
  };
}

interface Cropped {
  readonly digitalCrop: Genx320DigitalCrop | null;
}

/** Part of the bring-up: what lies outside of a window will be dropped. */
export const CROP_DROPS: Step = modify(REGISTERS.oorCtrl, { drop: 1 });

const CROP_STEPS: readonly Step<Cropped>[] = [
  write(REGISTERS.oorStart, ({ digitalCrop }: Cropped) => ({ x: digitalCrop!.x, y: digitalCrop!.y })),
  write(REGISTERS.oorEnd, ({ digitalCrop }: Cropped) => ({
    x: digitalCrop!.x + digitalCrop!.width - 1,
    y: digitalCrop!.y + digitalCrop!.height - 1,
  })),
  modify(REGISTERS.oorCtrl, ({ digitalCrop }: Cropped) => ({
    enable: 1,
    resetOrigin: digitalCrop!.resetOrigin ? 1 : 0,
  })),
];

const NO_CROP_STEPS: readonly Step[] = [modify(REGISTERS.oorCtrl, { enable: 0, resetOrigin: 0 })];

/** Steps that bring a sensor from one window to another; without `before`, it is not known. */
export function digitalCropSteps(before: Cropped | undefined, after: Cropped): readonly Step<Cropped>[] {
  const [from, to] = [before?.digitalCrop, after.digitalCrop];
  if (to === null) return from === null ? [] : NO_CROP_STEPS;
  if (from === null || from === undefined) return CROP_STEPS;
  const isSame = from.x === to.x && from.y === to.y && from.width === to.width && from.height === to.height &&
    from.resetOrigin === to.resetOrigin;
  return isSame ? [] : CROP_STEPS;
}
