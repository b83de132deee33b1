/**
 * Windows of the sensor, which sets the latches of its pixels by them; or the latches themselves, where a mask has more
 * pixels than slots. Registers and sequences: OpenEB 5.1.1.
 */

import { modify, type Step, writeBlock } from "../../protocol/steps.ts";
import type { Rect } from "../../types.ts";
import { pixelMasksDiffer } from "../imx636/masks.ts";
import { HEIGHT, WIDTH } from "./configuration.ts";
import { latchSteps, OPEN_LATCHES, type Sending } from "./latches.ts";
import { fitsSlots } from "./pixel_mask.ts";
import { REGISTERS } from "./registers.ts";

/** How many windows the sensor has registers for. */
export const MAXIMUM_WINDOWS = 18;

const FULL: readonly Rect[] = [{ x: 0, y: 0, width: WIDTH, height: HEIGHT }];

type Regions = Pick<Sending, "regionOfInterest" | "regionOfNonInterest">;

/** Lets the sensor program its own latches from the windows. */
const MASTER_ON: readonly Step[] = [
  modify(REGISTERS.roiCtrl, { tdEnable: 1, shadowTrigger: 0, pxIphotoEnable: 0, pxSwRstn: 1 }),
  modify(REGISTERS.roiMasterChickenBit, { registerInterface: 0 }),
  modify(REGISTERS.roiCtrl, { haltProgramming: 0 }),
  modify(REGISTERS.roiMasterCtrl, { enable: 1, run: 0 }),
];

/** Steps that write windows and make them apply. */
function windowSteps({ regionOfInterest, regionOfNonInterest }: Regions): Step[] {
  const windows = regionOfInterest ?? regionOfNonInterest ?? FULL;
  const registers = { ...REGISTERS.roiWindows, count: 2 * windows.length };
  return [
    writeBlock(registers, (index) => {
      const { x, y, width, height } = windows[index >> 1]!;
      return index % 2 === 0 ? { start: x, end: x + width } : { start: y, end: y + height };
    }),
    modify(REGISTERS.roiMasterCtrl, {
      enable: 1,
      run: 1,
      nonInterest: regionOfNonInterest === null ? 0 : 1,
      windows: windows.length,
    }),
  ];
}

/** Part of the bring-up: all pixels send. */
export const ALL_PIXELS: readonly Step[] = [
  ...MASTER_ON,
  ...windowSteps({ regionOfInterest: null, regionOfNonInterest: null }),
  ...OPEN_LATCHES,
];

/** Steps that make other pixels send; without `before`, it is not known which do. */
export function regionSteps(before: Sending | undefined, after: Sending): Step[] {
  const isLatched = !fitsSlots(after);
  const isKept = before !== undefined && isLatched === !fitsSlots(before) && isSame(before, after) &&
    !(isLatched && pixelMasksDiffer(before, after));
  if (isKept) return [];
  return isLatched ? latchSteps(after) : [...MASTER_ON, ...windowSteps(after)];
}

function isSame(before: Regions, after: Regions): boolean {
  const textOf = (regions: Regions) => JSON.stringify([regions.regionOfInterest, regions.regionOfNonInterest]);
  return textOf(before) === textOf(after);
}
