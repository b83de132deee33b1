/** Digital crop: that of the IMX636 with other registers, and without groups of columns. Source: OpenEB 5.1.1. */

import { modify, type Step, write } from "../../protocol/steps.ts";
import type { Rect } from "../../types.ts";
import { type Cropped, digitalCropSteps as stepsBetween, endFields, startFields } from "../imx636/digital_crop.ts";
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

/** Part of the bring-up: what lies outside of a window will be dropped. */
export const CROP_DROPS: Step = modify(REGISTERS.oorCtrl, { drop: 1 });

const ON_STEPS: readonly Step<Cropped>[] = [
  write(REGISTERS.oorStart, startFields),
  write(REGISTERS.oorEnd, endFields),
  modify(REGISTERS.oorCtrl, ({ digitalCrop }: Cropped) => ({
    enable: 1,
    resetOrigin: digitalCrop!.resetOrigin ? 1 : 0,
  })),
];

const OFF_STEPS: readonly Step[] = [modify(REGISTERS.oorCtrl, { enable: 0, resetOrigin: 0 })];

/** Steps that bring a sensor from one window to another; without `before`, it is not known. */
export function digitalCropSteps(before: Cropped | undefined, after: Cropped): readonly Step<Cropped>[] {
  return stepsBetween(before, after, { on: ON_STEPS, off: OFF_STEPS });
}
