/** A small diagram of a line of text. */

import type { EventRates } from "../../mod.ts";

const characters = { utf8: "▁▂▃▄▅▆▇█", ascii: "_.-=+*#@" } as const;

/**
 * Values as characters of rising height, the largest one the highest. A value of 0 is a space, so that silence differs
 * from little.
 */
export function sparkline(values: readonly number[], alphabet: keyof typeof characters = "utf8"): string {
  const heights = characters[alphabet];
  const largest = Math.max(...values);
  return values.map((value) => {
    if (value === 0) return " ";
    return heights[Math.min(heights.length - 1, Math.floor(heights.length * value / largest))]!;
  }).join("");
}

/** Events per second in equal parts of a recording that ends at `last`, in µs. */
export function ratesInParts({ start, intervalUs, counts }: EventRates, last: number, parts: number): number[] {
  const durationUs = Math.max(last - start, 1);
  const partUs = durationUs / parts;
  const events = new Array<number>(parts).fill(0);
  for (const [bin, count] of counts.entries()) {
    const from = bin * intervalUs;
    // The events of a span are taken to be spread evenly over it; the last span ends with the recording.
    const lengthUs = Math.max(Math.min(intervalUs, durationUs - from), 1e-3);
    const firstPart = Math.min(parts - 1, Math.floor(from / partUs));
    const lastPart = Math.min(parts - 1, Math.floor((from + lengthUs) / partUs));
    for (let part = firstPart; part <= lastPart; part++) {
      const begin = part === firstPart ? from : part * partUs;
      const end = part === lastPart ? from + lengthUs : (part + 1) * partUs;
      events[part]! += count * (end - begin) / lengthUs;
    }
  }
  return events.map((count) => 1e6 * count / partUs);
}
