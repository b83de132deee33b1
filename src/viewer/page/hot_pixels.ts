/** Hot pixels: masked in the sensor. `renderer/hot_pixel_search.ts` finds them. */

import type { Pixel } from "./renderer/hot_pixel_search.ts";
import type { SourceConfiguration } from "./source.ts";

/** Single pixels that sensors mask by registers of their own. */
const mostMasked: Readonly<Record<string, number>> = { "prophesee-evk3-genx320": 16 };
const mostMaskedElsewhere = 64;

/** Whether a camera masks single pixels. */
export function masksPixels(configuration: SourceConfiguration): boolean {
  return Array.isArray(configuration.pixelMask);
}

/** A mask with the pixels that were found beside those that it has; as many as the sensor takes, the hottest first. */
export function maskWith(
  found: readonly Pixel[],
  { type, masked }: { readonly type: string; readonly masked: readonly Pixel[] },
): { readonly pixelMask: readonly Pixel[]; readonly added: number; readonly leftOut: number } {
  const isMasked = new Set(masked.map(keyOf));
  const fresh = found.filter((pixel) => !isMasked.has(keyOf(pixel)));
  const room = Math.max(0, (mostMasked[type] ?? mostMaskedElsewhere) - masked.length);
  const added = fresh.slice(0, room);
  return { pixelMask: [...masked, ...added], added: added.length, leftOut: fresh.length - added.length };
}

function keyOf({ x, y }: Pixel): string {
  return `${x} ${y}`;
}
