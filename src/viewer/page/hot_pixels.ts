/** Hot pixels: found by what they send while the user waits, and masked in the sensor. */

import type { Packet } from "../../packets/packet.ts";
import { PixelCounts } from "../../recording/pixel_counts.ts";
import type { Geometry } from "../../types.ts";
import type { SourceConfiguration } from "./source.ts";

/** A pixel of a mask. */
interface Pixel {
  readonly x: number;
  readonly y: number;
}

/** How long is counted, µs of the sensor's clock. */
const searchUs = 2_000_000;

/** Single pixels that sensors mask by registers of their own. */
const mostMasked: Readonly<Record<string, number>> = { "prophesee-evk3-genx320": 16 };
const mostMaskedElsewhere = 64;

/** Whether a camera masks single pixels. */
export function masksPixels(configuration: SourceConfiguration): boolean {
  return Array.isArray(configuration.pixelMask);
}

/** Counts the events of each pixel for two seconds of the sensor's time. */
export class HotPixelSearch {
  readonly #counts: PixelCounts;
  #start: number | undefined;

  constructor(geometry: Geometry) {
    this.#counts = new PixelCounts(geometry);
  }

  /** Counts a packet; true when enough was seen. */
  add({ polarityEvents }: Pick<Packet, "polarityEvents">): boolean {
    if (polarityEvents === undefined) return false;
    this.#start ??= polarityEvents.t[0]!;
    this.#counts.add(polarityEvents);
    return polarityEvents.t.at(-1)! - this.#start >= searchUs;
  }

  /** The hot pixels, the hottest first. */
  found(): Pixel[] {
    return this.#counts.hotPixels().map(({ x, y }) => ({ x, y }));
  }
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
