/** Slots for single pixels that send nothing. Registers: OpenEB 5.1.1, which has one pixel in each slot, too. */

import { type Step, writeBlock } from "../../protocol/steps.ts";
import { pixelMasksDiffer } from "../imx636/masks.ts";
import type { Genx320Configuration } from "./configuration.ts";
import { REGISTERS } from "./registers.ts";

type Masked = Pick<Genx320Configuration, "pixelMask">;

/** Bit 31 of a slot's first word: its pixels are silent. */
const VALID = 0x8000_0000;

/** How many single pixels can be masked without the latches. */
const SLOTS = 16;

/** Whether the slots take the mask. Else the latches do, and all slots are free. */
export function fitsSlots({ pixelMask }: Masked): boolean {
  return pixelMask.length <= SLOTS;
}

/** What the slots hold. */
function slotsOf(configuration: Masked): Masked {
  return fitsSlots(configuration) ? configuration : { pixelMask: [] };
}

/** Pixels of a slot, which lie side by side. */
const GROUP = 32;

/** Both words of each slot; those of a free one as OpenEB leaves it. */
const PIXEL_MASK_STEP: Step<Masked> = writeBlock(REGISTERS.crazyPixels, (index, configuration: Masked) => {
  const pixel = slotsOf(configuration).pixelMask[index >> 1];
  if (pixel === undefined) return index % 2 === 0 ? 0 : 1;
  const { x, y } = pixel;
  return index % 2 === 0 ? VALID + 16 * y + Math.floor(x / GROUP) : 2 ** (x % GROUP);
});

/** Steps that bring the slots from one mask to another; without `before`, it is not known. */
export function pixelMaskSteps(before: Masked | undefined, after: Masked): readonly Step<Masked>[] {
  return before === undefined || pixelMasksDiffer(slotsOf(before), slotsOf(after)) ? [PIXEL_MASK_STEP] : [];
}
