import type { Packet } from "../../../packets/packet.ts";
import { PixelCounts } from "../../../recording/pixel_counts.ts";
import type { Geometry } from "../../../types.ts";

/** A pixel of a sensor. */
export interface Pixel {
  readonly x: number;
  readonly y: number;
}

/** How long is counted, µs of the sensor's clock. */
const searchUs = 2_000_000;

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
