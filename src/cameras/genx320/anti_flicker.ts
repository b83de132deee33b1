/** Anti-flicker filter. Registers, sequence and figures: OpenEB 5.1.1. */

import { type Check, number, object, oneOf, outOfRange, wholeNumber } from "../../checks.ts";
import { modify, type Step, untilSet, write } from "../../protocol/steps.ts";
import { REGISTERS } from "./registers.ts";

/**
 * Anti-flicker filter of the sensor: it drops the events of lamps that flicker, or keeps those alone. It works on blocks
 * of 4 x 4 pixels (Prophesee's documentation).
 *
 * Ranges, defaults and words are OpenEB's (`I_AntiFlickerModule`). Switching it on throws a `NeuromorphicError` "io" where
 * the sensor does not tell that the filter's memory is ready.
 */
export interface Genx320AntiFlicker {
  /**
   * Lower end of the band in Hz: 50 to 520, a whole number. Default 50. The sensor measures periods in steps of 128 µs:
   * 100 Hz are 78 of them, 101 Hz 77.
   */
  readonly minimumHz: number;
  /** Upper end of the band in Hz: from `minimumHz` to 520, a whole number. Default 520. */
  readonly maximumHz: number;
  /** `"band-stop"` (default): events that flicker in the band are dropped. `"band-pass"`: all others are. */
  readonly mode: "band-stop" | "band-pass";
  /**
   * Part of a period in which the light is on, in percent: above 0, up to 100. Default 50. The sensor has 16 steps, so
   * it is rounded to a multiple of 6.25, which `configuration` then tells.
   */
  readonly dutyCyclePercent: number;
  /** Periods of the band after which a block counts as flickering: 0 to 7. Default 6. The exact rule is unknown. */
  readonly startThreshold: number;
  /** Count at which a block that flickered no longer does: 0 to 7. Default 4. The exact rule is unknown. */
  readonly stopThreshold: number;
}

/** An anti-flicker filter as it is given: what is left out is the default, also in an update. `{}` is OpenEB's filter. */
export type Genx320AntiFlickerChanges = {
  readonly [Name in keyof Genx320AntiFlicker]?: Genx320AntiFlicker[Name] | undefined;
};

const MINIMUM_HZ = 50;
const MAXIMUM_HZ = 520;

/** As in OpenEB. */
export const DEFAULT_ANTI_FLICKER: Genx320AntiFlicker = Object.freeze({
  minimumHz: MINIMUM_HZ,
  maximumHz: MAXIMUM_HZ,
  mode: "band-stop",
  dutyCyclePercent: 50,
  startThreshold: 6,
  stopThreshold: 4,
});

const threshold = wholeNumber(0, 7);

const checkFields = object<Genx320AntiFlickerChanges>({
  minimumHz: wholeNumber(MINIMUM_HZ, MAXIMUM_HZ),
  maximumHz: wholeNumber(MINIMUM_HZ, MAXIMUM_HZ),
  mode: oneOf(["band-stop", "band-pass"]),
  dutyCyclePercent: (value, name) => {
    const percent = number(0, 100)(value, name);
    if (percent === 0) throw outOfRange(name, "a number above 0, up to 100", percent);
    return percent;
  },
  startThreshold: threshold,
  stopThreshold: threshold,
});

/** A check for an anti-flicker filter, which it completes; null is none. */
export const checkAntiFlicker: Check<Genx320AntiFlicker | null> = (value, name) => {
  if (value === null) return null;
  const filter = { ...DEFAULT_ANTI_FLICKER, ...checkFields(value, name) } as Genx320AntiFlicker;
  wholeNumber(filter.minimumHz, MAXIMUM_HZ)(filter.maximumHz, `${name}.maximumHz`);
  const dutyCyclePercent = 100 - invertedDutyCycle(filter.dutyCyclePercent) * 100 / DUTY_CYCLE_STEPS;
  return Object.freeze({ ...filter, dutyCyclePercent });
};

const DUTY_CYCLE_STEPS = 16;

/** The part of a period in which the light is off, in sixteenths: 0 to 15. */
function invertedDutyCycle(percent: number): number {
  return Math.min(DUTY_CYCLE_STEPS - 1, Math.round(DUTY_CYCLE_STEPS * (100 - percent) / 100));
}

/** The sensor's count of 128 µs in a period, both rounded down: 15 for 520 Hz, 156 for 50 Hz. */
function cutoffPeriod(hz: number): number {
  return Math.floor(Math.floor(1_000_000 / hz) / 128);
}

interface Filtered {
  readonly antiFlicker: Genx320AntiFlicker | null;
}

/** OpenEB's figures: its formula for the timeout gives more than the field holds, 4095, in all bands. */
const INVALIDATION = { fifoWaitTime: 4, fifoTimeout: 4_095, inParallel: 5 } as const;

/** As often as OpenEB asks before it gives up. */
const INITIALIZATION_READS = 3;

const ANTI_FLICKER_OFF_STEPS: readonly Step[] = [write(REGISTERS.afkPipelineControl, { enable: 1, bypass: 1 })];

/** The filter is bypassed while its parameters change, and its memory is powered first. */
const ANTI_FLICKER_ON_STEPS: readonly Step<Filtered>[] = [
  ...ANTI_FLICKER_OFF_STEPS,
  modify(REGISTERS.sramInitn, { afk: 1 }),
  modify(REGISTERS.sramPd0, { afkAlr: 0, afkStr0: 0, afkStr1: 0 }),
  untilSet(REGISTERS.afkInitialization, "initDone", { reads: INITIALIZATION_READS }),
  write(REGISTERS.afkInvalidation, INVALIDATION),
  write(REGISTERS.afkFilterPeriod, ({ antiFlicker }: Filtered) => ({
    minimumCutoffPeriod: cutoffPeriod(antiFlicker!.maximumHz),
    maximumCutoffPeriod: cutoffPeriod(antiFlicker!.minimumHz),
    invertedDutyCycle: invertedDutyCycle(antiFlicker!.dutyCyclePercent),
  })),
  write(REGISTERS.afkParam, ({ antiFlicker }: Filtered) => ({
    counterLow: antiFlicker!.stopThreshold,
    counterHigh: antiFlicker!.startThreshold,
    invert: antiFlicker!.mode === "band-pass" ? 1 : 0,
  })),
  write(REGISTERS.afkPipelineControl, { enable: 1 }),
];

/** Steps that bring a sensor from one filter to another; without `before`, it is not known. */
export function antiFlickerSteps(before: Filtered | undefined, after: Filtered): readonly Step<Filtered>[] {
  const [from, to] = [before?.antiFlicker, after.antiFlicker];
  if (to === null) return from === null ? [] : ANTI_FLICKER_OFF_STEPS;
  if (from === null || from === undefined) return ANTI_FLICKER_ON_STEPS;
  const isSame = from.minimumHz === to.minimumHz && from.maximumHz === to.maximumHz && from.mode === to.mode &&
    from.dutyCyclePercent === to.dutyCyclePercent && from.startThreshold === to.startThreshold &&
    from.stopThreshold === to.stopThreshold;
  return isSame ? [] : ANTI_FLICKER_ON_STEPS;
}
