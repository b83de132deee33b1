/**
 * Masks as the sensor's registers hold them.
 *
 * Sensor row n is the row of events with y = n, so masks are written as they are (OpenEB, `gen41_roi_command.cpp`, does
 * the same). neuromorphic-drivers 0.16.1 mirrors the rows of its masks, but not those of its events.
 */

import type { FieldValues } from "../../protocol/registers.ts";
import { type Step, write, writeBlock } from "../../protocol/steps.ts";
import { linesDiffer } from "../masks/mask.ts";
import type { Imx636Features, Imx636Pixel } from "./configuration.ts";
import { REGISTERS } from "./registers.ts";

/** Word `index` of the column registers: bit b masks column 32 index + b. */
export function columnMaskWord(mask: Uint8Array, index: number): number {
  return packBits(mask, 32 * index);
}

/** Bits 16 to 23 of the last row register lie beyond the 720 rows; both reference drivers and the reset set them. */
const LAST_ROW_WORD_BASE = 0x00ff_0000;

/** Word `index` of the row registers: bit b masks row 32 index + b. */
export function rowMaskWord(mask: Uint8Array, index: number): number {
  const bits = packBits(mask, 32 * index);
  return 32 * (index + 1) > mask.length ? bits + LAST_ROW_WORD_BASE : bits;
}

/** Slot `index` of the single-pixel mask; unused slots are all zero. */
export function pixelMaskFields(
  pixels: readonly Imx636Pixel[],
  index: number,
): FieldValues<typeof REGISTERS.digitalMaskPixel> {
  const pixel = pixels[index];
  return pixel === undefined ? {} : { x: pixel.x, y: pixel.y, valid: 1 };
}

function packBits(mask: Uint8Array, first: number): number {
  let word = 0;
  for (let bit = 0; bit < 32 && first + bit < mask.length; ++bit) {
    if (mask[first + bit] !== 0) word += 2 ** bit;
  }
  return word;
}

/** Steps that write the masks of rows and columns; before the start, the pixels stay in reset. */
export function maskSteps(sensor: "in-reset" | "running"): Step<Imx636Features>[] {
  return [...MASK_LINES, commitMasks(sensor)];
}

const MASK_LINES: readonly Step<Imx636Features>[] = [
  writeBlock(REGISTERS.tdRoiX, (index, { xMask }) => columnMaskWord(xMask, index)),
  writeBlock(REGISTERS.tdRoiY, (index, { yMask }) => rowMaskWord(yMask, index)),
];

/** Step that makes the lines apply, and says how. OpenEB also leaves the window mode (0x0034), which we never enter. */
function commitMasks(sensor: "in-reset" | "running"): Step<Imx636Features> {
  return write(REGISTERS.roiCtrl, ({ masksEnabled, maskIntersectionOnly }) => ({
    tdEnable: masksEnabled ? 1 : 0,
    shadowTrigger: 1,
    roniNEn: maskIntersectionOnly ? 0 : 1,
    tdRstn: sensor === "running" ? 1 : 0,
  }));
}

const RUNNING_MASK_STEPS = maskSteps("running");
const RUNNING_COMMIT = commitMasks("running");

/** Steps that bring a running sensor from one set of masks to another; without `before`, it is not known. */
export function maskUpdateSteps(
  before: Imx636Features | undefined,
  after: Imx636Features,
): readonly Step<Imx636Features>[] {
  if (before === undefined || linesDiffer(before, after)) return RUNNING_MASK_STEPS;
  const isSameRule = before.masksEnabled === after.masksEnabled &&
    before.maskIntersectionOnly === after.maskIntersectionOnly;
  return isSameRule ? [] : [RUNNING_COMMIT];
}

/** Step that writes the 64 slots of the single-pixel mask; it needs no commit. */
export const PIXEL_MASK_STEP: Step<Imx636Features> = writeBlock(
  REGISTERS.digitalMaskPixel,
  (index, { pixelMask }) => pixelMaskFields(pixelMask, index),
);

/** Whether the single-pixel mask has to be written. */
export function pixelMasksDiffer(
  before: Pick<Imx636Features, "pixelMask">,
  after: Pick<Imx636Features, "pixelMask">,
): boolean {
  return before.pixelMask.length !== after.pixelMask.length ||
    before.pixelMask.some(({ x, y }, index) => x !== after.pixelMask[index]!.x || y !== after.pixelMask[index]!.y);
}
