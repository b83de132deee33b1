/** Windows of the sensor, and the latches of its pixels behind them. Registers and sequences: OpenEB 5.1.1. */

import { modify, type Step, write, writeBlock } from "../../protocol/steps.ts";
import type { Rect } from "../../types.ts";
import { type Genx320Configuration, HEIGHT, WIDTH } from "./configuration.ts";
import { REGISTERS } from "./registers.ts";

/** How many windows the sensor has registers for. */
export const MAXIMUM_WINDOWS = 18;

const FULL: readonly Rect[] = [{ x: 0, y: 0, width: WIDTH, height: HEIGHT }];

type Regions = Pick<Genx320Configuration, "regionOfInterest" | "regionOfNonInterest">;

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

/** Latches of all pixels open, by the registers of lines. */
const OPEN_LATCHES: readonly Step[] = [
  modify(REGISTERS.roiMasterCtrl, { enable: 0 }),
  write(REGISTERS.roiCtrl, { tdEnable: 1, pxSwRstn: 1, haltProgramming: 1 }),
  writeBlock(REGISTERS.tdRoiX, () => 0),
  writeBlock(REGISTERS.tdRoiY, () => 0xffff_ffff),
  write(REGISTERS.roiCtrl, { tdEnable: 1, pxSwRstn: 1, haltProgramming: 1, shadowTrigger: 1 }),
  write(REGISTERS.roiCtrl, { tdEnable: 1, pxSwRstn: 1, haltProgramming: 1 }),
];

/** Part of the bring-up: all pixels send. */
export const ALL_PIXELS: readonly Step[] = [
  ...MASTER_ON,
  ...windowSteps({ regionOfInterest: null, regionOfNonInterest: null }),
  ...OPEN_LATCHES,
];

/** Steps that bring a sensor from one region to another; without `before`, it is not known. */
export function regionSteps(before: Regions | undefined, after: Regions): Step[] {
  if (before !== undefined && isSame(before, after)) return [];
  return [...MASTER_ON, ...windowSteps(after)];
}

function isSame(before: Regions, after: Regions): boolean {
  const textOf = (regions: Regions) => JSON.stringify([regions.regionOfInterest, regions.regionOfNonInterest]);
  return textOf(before) === textOf(after);
}
