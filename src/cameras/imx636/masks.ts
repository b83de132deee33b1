/**
 * Masks as the sensor's registers hold them.
 *
 * Sensor row n is the row of events with y = n, so masks are written as they are (OpenEB, `gen41_roi_command.cpp`, does
 * the same). neuromorphic-drivers 0.16.1 mirrors the rows of its masks, but not those of its events.
 */

import type { PropheseeEvk4Pixel } from "../prophesee_evk4/configuration.ts";
import type { FieldValues } from "./registers.ts";

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
  pixels: readonly PropheseeEvk4Pixel[],
  index: number,
): FieldValues<"digitalMaskPixel"> {
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
