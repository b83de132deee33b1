/**
 * Digital crop: the sensor drops events outside of a window. Registers and sequence: OpenEB (`gen41_digital_crop.cpp`), which
 * changes each word field by field.
 */

import { boolean, type Check, object, outOfRange } from "../../checks.ts";
import { type Condition, type Step, type SwitchSteps, when, write } from "../../protocol/steps.ts";
import type { Geometry, Rect } from "../../types.ts";
import { checkCorner, sidesOn } from "../masks/rectangle.ts";
import { REGISTERS } from "./registers.ts";

/**
 * A window whose pixels alone send events; the sensor drops the others after they have been read out. Masks, and so
 * `regionOfInterest`, switch pixels off before that, which leaves the readout free for the others.
 *
 * Source: OpenEB (`I_DigitalCrop`). Its default is no crop.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { open } from "@neuromorphic/drivers";
 *
 * const digitalCrop = { x: 320, y: 100, width: 640, height: 500, resetOrigin: true };
 * await using device = await open({ libusb: "virtual", type: "prophesee-evk4", configuration: { digitalCrop } });
 * for await (const { packet } of device) {
 *   if (packet.polarityEvents === undefined) continue;
 *   assert.ok(packet.polarityEvents.x.every((x) => x < 640));
 *   assert.ok(packet.polarityEvents.y.every((y) => y < 500));
 *   break;
 * }
 * ```
 */
export interface Imx636DigitalCrop extends Rect {
  /**
   * True: the events' x and y count from the window's upper left corner. Then `x` and `x + width` must be multiples of 32.
   * False (default): they count from the sensor's corner, as without the crop.
   */
  readonly resetOrigin: boolean;
}

/** A window as it is given: `resetOrigin` may be left out. */
export interface Imx636DigitalCropChanges extends Rect {
  /** See {@link Imx636DigitalCrop.resetOrigin}. Default false. */
  readonly resetOrigin?: boolean | undefined;
}

/** Groups of columns at whose borders a window must begin and end for its origin to be reset (OpenEB's header). */
const COLUMN_GROUP = 32;

/**
 * A check for a window on a sensor of that size; null is no crop. A window whose origin is reset begins and ends at the
 * border of a group of columns.
 */
export function digitalCropOn(geometry: Geometry, columnGroup = COLUMN_GROUP): Check<Imx636DigitalCrop | null> {
  const checkFields = object<Imx636DigitalCropChanges>({ ...sidesOn(geometry), resetOrigin: boolean }, [
    "x",
    "y",
    "width",
    "height",
  ]);
  return (value, name) => {
    if (value === null) return null;
    const { resetOrigin = false, ...window } = checkFields(value, name);
    checkCorner(window, geometry, name);
    if (resetOrigin) {
      const ends = [[`${name}.x`, window.x], [`${name}.x + ${name}.width`, window.x + window.width]] as const;
      for (const [end, column] of ends) {
        if (column % columnGroup !== 0) {
          throw outOfRange(end, `a multiple of ${columnGroup} where resetOrigin is true`, column);
        }
      }
    }
    return Object.freeze({ ...window, resetOrigin });
  };
}

/** The part of a configuration that the steps are about. */
export interface Cropped {
  readonly digitalCrop: Imx636DigitalCrop | null;
}

/** Fields of the register of the window's first column and row; of a crop that is on. */
export const startFields = ({ digitalCrop }: Cropped) => ({ x: digitalCrop!.x, y: digitalCrop!.y });

/** Fields of the register of the window's last column and row; of a crop that is on. */
export const endFields = ({ digitalCrop }: Cropped) => ({
  x: digitalCrop!.x + digitalCrop!.width - 1,
  y: digitalCrop!.y + digitalCrop!.height - 1,
});

/** The three bits that OpenEB writes to switch the crop on; what each of them does is unknown. */
const CROP_ON = 5;

/** Steps that set the window, then switch it on; or that switch it off. They need no commit. */
const CROP_STEPS: readonly Step<Cropped>[] = [
  write(REGISTERS.digitalCropStart, startFields),
  write(REGISTERS.digitalCropEnd, endFields),
  write(REGISTERS.digitalCropControl, ({ digitalCrop }: Cropped) => ({
    enable: CROP_ON,
    resetOrigin: digitalCrop!.resetOrigin ? 1 : 0,
  })),
];

const NO_CROP_STEPS: readonly Step[] = [write(REGISTERS.digitalCropControl, {})];

const isCropped: Condition<Cropped> = ({ digitalCrop }) => digitalCrop !== null;

/** Part of the bring-up: nothing where there is no crop, as the reset switches it off. */
export const DIGITAL_CROP: readonly Step<Cropped>[] = when(isCropped, ...CROP_STEPS);

/**
 * Steps that bring a running sensor from one window to another; without `before`, it is not known. Sensors with other
 * registers have steps of their own.
 */
export function digitalCropSteps(
  before: Cropped | undefined,
  after: Cropped,
  { on, off }: SwitchSteps<Cropped> = { on: CROP_STEPS, off: NO_CROP_STEPS },
): readonly Step<Cropped>[] {
  const [from, to] = [before?.digitalCrop, after.digitalCrop];
  if (to === null) return from === null ? [] : off;
  if (from === null || from === undefined) return on;
  const isSame = from.x === to.x && from.y === to.y && from.width === to.width && from.height === to.height &&
    from.resetOrigin === to.resetOrigin;
  return isSame ? [] : on;
}
