/**
 * Masks as the sensor's registers hold them: there a bit of 1 is a column, or row, that sends. Row n is the row of events
 * with y = n (OpenEB 5.1.1, `gen31_roi_command.cpp`).
 */

import { type Step, write, writeBlock } from "../../protocol/steps.ts";
import type { Gen31Configuration } from "./configuration.ts";
import { REGISTERS } from "./registers.ts";

/** Word `index` of columns or rows: bit b is 1 where the mask does not name 32 index + b. */
export function sendingWord(mask: Uint8Array, index: number): number {
  return mask.subarray(32 * index, 32 * index + 32).reduce((word, masked, bit) => word + (1 - masked) * 2 ** bit, 0);
}

/**
 * Steps that write the masks and let the sensor take them over; before the start, the pixels stay in reset. Without them
 * a ring of one pixel appears at the border (OpenEB).
 */
export function maskSteps(sensor: "in-reset" | "running"): Step<Gen31Configuration>[] {
  const pixels = { tdEnable: 1, tdRstn: sensor === "running" ? 1 : 0 };
  return [
    writeBlock(REGISTERS.tdRoiX, (index, { xMask }) => sendingWord(xMask, index)),
    writeBlock(REGISTERS.tdRoiY, (index, { yMask }) => sendingWord(yMask, index)),
    write(REGISTERS.roiControl, { ...pixels, shadowTrigger: 1 }),
    write(REGISTERS.roiControl, pixels),
  ];
}
