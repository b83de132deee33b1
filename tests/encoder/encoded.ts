/** Columns for tests of encoders. */

import type { PolarityEvents, TriggerEvents } from "../../mod.ts";
import type { Random } from "../support/random.ts";

/** Columns of events given one by one: `[t, x, y, on]`. */
export function events(list: readonly (readonly [t: number, x: number, y: number, on: number])[]): PolarityEvents {
  return {
    t: Float64Array.from(list, ([t]) => t),
    x: Uint16Array.from(list, ([, x]) => x),
    y: Uint16Array.from(list, ([, , y]) => y),
    on: Uint8Array.from(list, ([, , , on]) => on),
  };
}

/** Columns of triggers given one by one: `[t, id, edge]`. */
export function triggers(list: readonly (readonly [t: number, id: number, edge: number])[]): TriggerEvents {
  return {
    t: Float64Array.from(list, ([t]) => t),
    id: Uint8Array.from(list, ([, id]) => id),
    edge: Uint8Array.from(list, ([, , edge]) => edge),
  };
}

/** A scene with rows of neighbours, pauses and triggers, within what every format holds. */
export function randomScene(random: Random, width: number, height: number): {
  readonly polarityEvents: PolarityEvents;
  readonly triggerEvents: TriggerEvents;
} {
  const list: [number, number, number, number][] = [];
  const edges: [number, number, number][] = [];
  let t = random.whole(0, 2 ** 25);
  while (list.length < 2000) {
    t += random.chance(0.005) ? random.whole(0, 2 ** 27) : random.whole(0, 20);
    if (random.chance(0.05)) edges.push([t, random.whole(0, 15), random.whole(0, 1)]);
    const [y, on] = [random.whole(0, height - 1), random.whole(0, 1)];
    for (let x = random.whole(0, width - 1); x < width; x += random.whole(1, 3)) {
      list.push([t, x, y, on]);
      if (random.chance(0.3)) break;
    }
  }
  return { polarityEvents: events(list), triggerEvents: triggers(edges) };
}
