import type { PolarityEvents } from "../packets/columns.ts";
import type { Geometry } from "../types.ts";

/** A pixel that sends far more events than those around it. */
export interface HotPixel {
  /** Its column. */
  readonly x: number;
  /** Its row. */
  readonly y: number;
  /** Its events. */
  readonly events: number;
}

/** Of a recording that does not tell its sensor's size, pixels up to here are counted. */
const assumedGeometry: Geometry = { width: 4096, height: 4096 };

/** A hot pixel has more events than so many times those of its third busiest neighbour, and of the median pixel. */
const timesOthers = 10;

/** With fewer events no pixel is called hot. */
const fewestEvents = 20;

/** Counts the events of each pixel. */
export class PixelCounts {
  readonly #geometry: Geometry;
  #counts: Uint32Array | undefined;
  /** Rows up to the last one with events. */
  #rows = 0;

  /** Without a geometry, up to 4096 x 4096 pixels are counted. */
  constructor(geometry: Geometry | undefined) {
    this.#geometry = geometry ?? assumedGeometry;
  }

  /** Counts events. */
  add({ x, y }: Pick<PolarityEvents, "x" | "y">): void {
    const { width, height } = this.#geometry;
    const counts = this.#counts ??= new Uint32Array(width * height);
    let lastRow = this.#rows - 1;
    // No array for each event: this is what most of the time goes into.
    for (let index = 0; index < x.length; index++) {
      const column = x[index]!;
      const row = y[index]!;
      if (column >= width || row >= height) continue;
      counts[row * width + column]! += 1;
      if (row > lastRow) lastRow = row;
    }
    this.#rows = lastRow + 1;
  }

  /**
   * The hot pixels, the hottest first: those with at least 20 events, more than ten times as many as their third busiest
   * neighbour, and as the median of all pixels. A thing that moves makes neighbours busy as well; a pixel that leaks is
   * busy alone, or in a pair.
   */
  hotPixels(): HotPixel[] {
    const { width } = this.#geometry;
    const counts = this.#counts?.subarray(0, this.#rows * width) ?? new Uint32Array(0);
    const fewest = Math.max(fewestEvents, timesOthers * medianOf(counts));
    const hot: HotPixel[] = [];
    for (let index = 0; index < counts.length; index++) {
      const events = counts[index]!;
      if (events < fewest) continue;
      const [x, y] = [index % width, Math.floor(index / width)];
      const [, , third = 0] = this.#neighboursOf(x, y);
      if (events > timesOthers * (third + 1)) hot.push({ x, y, events });
    }
    return hot.sort((one, other) => other.events - one.events);
  }

  /** The events of up to eight neighbours, the busiest first. */
  #neighboursOf(x: number, y: number): number[] {
    const { width, height } = this.#geometry;
    const counts: number[] = [];
    for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++) {
      for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++) {
        if (row !== y || column !== x) counts.push(this.#counts![row * width + column]!);
      }
    }
    return counts.sort((one, other) => other - one);
  }
}

/** The median of counts; of those above 255 it is 255, which is busy enough. */
function medianOf(counts: Uint32Array): number {
  const pixels = new Uint32Array(256);
  for (const count of counts) pixels[Math.min(count, 255)]! += 1;
  let [below, median] = [0, 0];
  while (median < 255 && below + pixels[median]! <= counts.length / 2) below += pixels[median++]!;
  return median;
}
