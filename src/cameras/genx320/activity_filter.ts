/** Event rate activity filter, which OpenEB calls noise filter. Registers, sequence and defaults: OpenEB 5.1.1. */

import { type Check, number, object, outOfRange, wholeNumber } from "../../checks.ts";
import type { Register } from "../../protocol/registers.ts";
import { modify, type Step } from "../../protocol/steps.ts";
import { REGISTERS } from "./registers.ts";

/**
 * Lets events through only while their rate lies in a band; each end has two thresholds, so that the filter does not
 * toggle. Rates are in events per second and count in whole events of a window: with 1000 µs in steps of 1000.
 *
 * A rate may be at most 2,097,151 events in a window.
 *
 * @example Nothing of a still scene, whose noise makes fewer than 50,000 events per second
 * ```ts
 * import { configureVirtualBus, open } from "@neuromorphic/drivers";
 *
 * await configureVirtualBus([{ model: "evk3-genx320" }]);
 * const activityFilter = { lowerStart: 50_000, lowerStop: 40_000 };
 * using device = await open({ libusb: "virtual", type: "prophesee-evk3-genx320", configuration: { activityFilter } });
 * console.log(device.configuration.activityFilter?.windowUs); // 1000
 * device.close();
 * await configureVirtualBus();
 * ```
 */
export interface Genx320ActivityFilter {
  /** Length of the window over which events are counted, in µs: 1 to 1024. Default 1000. */
  readonly windowUs: number;
  /** Events are let through from this rate on. Default 0. */
  readonly lowerStart: number;
  /** Below this rate they are dropped again. Default 0. */
  readonly lowerStop: number;
  /** Above this rate they are dropped. Default: 1638400 events in a window. */
  readonly upperStart: number;
  /** Below this rate they are let through again. Default: 1638400 events in a window. */
  readonly upperStop: number;
}

/** A filter as it is given: what is left out is the default, also in an update. */
export type Genx320ActivityFilterChanges = {
  readonly [Name in keyof Genx320ActivityFilter]?: number | undefined;
};

const DEFAULT_WINDOW_US = 1_000;
const DEFAULT_UPPER_EVENTS = 0x19_0000;
const MAXIMUM_EVENTS = 0x1f_ffff;

const rate = number(0, Number.MAX_SAFE_INTEGER);
const checkFields = object<Genx320ActivityFilterChanges>({
  windowUs: wholeNumber(1, 1_024),
  lowerStart: rate,
  lowerStop: rate,
  upperStart: rate,
  upperStop: rate,
});

/** A check for a filter, which it completes; null is none. */
export const checkActivityFilter: Check<Genx320ActivityFilter | null> = (value, name) => {
  if (value === null) return null;
  const given = checkFields(value, name);
  const windowUs = given.windowUs ?? DEFAULT_WINDOW_US;
  const upper = DEFAULT_UPPER_EVENTS * 1e6 / windowUs;
  const rates = {
    lowerStart: 0,
    lowerStop: 0,
    upperStart: upper,
    upperStop: upper,
    ...given,
    windowUs,
  } as Genx320ActivityFilter;
  for (const end of ["lowerStart", "lowerStop", "upperStart", "upperStop"] as const) {
    if (eventsOf(rates[end], windowUs) <= MAXIMUM_EVENTS) continue;
    throw outOfRange(`${name}.${end}`, `at most ${MAXIMUM_EVENTS} events in ${windowUs} µs`, rates[end]);
  }
  return Object.freeze(rates);
};

/** As OpenEB rounds. */
function eventsOf(perSecond: number, windowUs: number): number {
  return Math.round(perSecond * windowUs / 1e6);
}

interface Filtered {
  readonly activityFilter: Genx320ActivityFilter | null;
}

/** Figures of the filter that is off, as OpenEB leaves them. */
const IDLE = checkActivityFilter({}, "activityFilter")!;

/** A register that holds a number of events. */
type EventsRegister = Register & { readonly fields: { readonly events: readonly [number, number] } };

function threshold(register: EventsRegister, end: keyof Genx320ActivityFilter): Step<Filtered> {
  return modify(register, ({ activityFilter }: Filtered) => {
    const filter = activityFilter ?? IDLE;
    return { events: eventsOf(filter[end], filter.windowUs) };
  });
}

/** Part of the bring-up, which leaves the filter off. */
export const ACTIVITY_FIGURES: readonly Step<Filtered>[] = [
  modify(REGISTERS.nflWindow, ({ activityFilter }: Filtered) => ({ us: (activityFilter ?? IDLE).windowUs })),
  threshold(REGISTERS.nflLowerStart, "lowerStart"),
  threshold(REGISTERS.nflLowerStop, "lowerStop"),
  threshold(REGISTERS.nflUpperStart, "upperStart"),
  threshold(REGISTERS.nflUpperStop, "upperStop"),
];

/** Steps that switch the filter on or off; it is bypassed while they are carried out. */
const SWITCH_STEPS: readonly Step<Filtered>[] = [
  modify(REGISTERS.nflPipelineControl, { enable: 1, bypass: 1 }),
  modify(REGISTERS.nflMonitoring, { enable: 0 }),
  modify(REGISTERS.nflPipelineControl, ({ activityFilter }: Filtered) => ({ bypass: activityFilter === null ? 1 : 0 })),
];

/** Steps that bring a sensor from one filter to another; without `before`, it is not known. */
export function activityFilterSteps(before: Filtered | undefined, after: Filtered): readonly Step<Filtered>[] {
  const [from, to] = [before?.activityFilter, after.activityFilter];
  if (to === null) return from === null ? [] : SWITCH_STEPS;
  if (from === null || from === undefined) return [...ACTIVITY_FIGURES, ...SWITCH_STEPS];
  const isSame = from.windowUs === to.windowUs && from.lowerStart === to.lowerStart &&
    from.lowerStop === to.lowerStop && from.upperStart === to.upperStart && from.upperStop === to.upperStop;
  return isSame ? [] : ACTIVITY_FIGURES;
}
