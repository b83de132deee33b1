/** Anti-flicker filter. Registers, sequence and figures: OpenEB (`antiflicker_filter.cpp`). */

import { type Check, number, object, oneOf, outOfRange, wholeNumber } from "../../checks.ts";
import { type Condition, type Step, type SwitchSteps, untilSet, when, write } from "../../protocol/steps.ts";
import { REGISTERS } from "./registers.ts";

/**
 * Anti-flicker filter of the sensor: it drops the events of lamps that flicker, or keeps those alone. It works on blocks
 * of 4 x 4 pixels (Prophesee's documentation).
 *
 * Ranges, defaults and words are OpenEB's (`I_AntiFlickerModule`). Switching it on throws a `NeuromorphicError` "io" where
 * the sensor does not tell that the filter's memory is ready.
 *
 * @example Lamps on mains of 50 and 60 Hz, which flicker at 100 and 120 Hz
 * ```ts
 * import { open } from "@neuromorphic/drivers";
 *
 * const antiFlicker = { minimumHz: 90, maximumHz: 130 };
 * using device = await open({ libusb: "virtual", type: "prophesee-evk4", configuration: { antiFlicker } });
 * console.log(device.configuration.antiFlicker?.mode); // band-stop
 * device.updateConfiguration({ antiFlicker: { ...antiFlicker, mode: "band-pass" } }); // the lamps alone
 * device.updateConfiguration({ antiFlicker: null });
 * ```
 */
export interface Imx636AntiFlicker {
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
export type Imx636AntiFlickerChanges = {
  readonly [Name in keyof Imx636AntiFlicker]?: Imx636AntiFlicker[Name] | undefined;
};

const MINIMUM_HZ = 50;
const MAXIMUM_HZ = 520;

/** As in OpenEB. */
export const DEFAULT_ANTI_FLICKER: Imx636AntiFlicker = Object.freeze({
  minimumHz: MINIMUM_HZ,
  maximumHz: MAXIMUM_HZ,
  mode: "band-stop",
  dutyCyclePercent: 50,
  startThreshold: 6,
  stopThreshold: 4,
});

const threshold = wholeNumber(0, 7);

const checkFields = object<Imx636AntiFlickerChanges>({
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
export const checkAntiFlicker: Check<Imx636AntiFlicker | null> = (value, name) => {
  if (value === null) return null;
  const filter = { ...DEFAULT_ANTI_FLICKER, ...checkFields(value, name) } as Imx636AntiFlicker;
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

/** The part of a configuration that the steps are about. */
export interface Filtered {
  readonly antiFlicker: Imx636AntiFlicker | null;
}

/** Fields of the register of the band; of a filter that is on. */
export const bandFields = ({ antiFlicker }: Filtered) => ({
  minimumCutoffPeriod: cutoffPeriod(antiFlicker!.maximumHz),
  maximumCutoffPeriod: cutoffPeriod(antiFlicker!.minimumHz),
  invertedDutyCycle: invertedDutyCycle(antiFlicker!.dutyCyclePercent),
});

/** Fields of the register of mode and thresholds; of a filter that is on. */
export const thresholdFields = ({ antiFlicker }: Filtered) => ({
  counterLow: antiFlicker!.stopThreshold,
  counterHigh: antiFlicker!.startThreshold,
  invert: antiFlicker!.mode === "band-pass" ? 1 : 0,
});

/** OpenEB's figure for all bands; what it waits for is unknown. */
const FIFO_WAIT_TIME = 1_630;

/** As often as OpenEB asks before it gives up. */
export const INITIALIZATION_READS = 3;

const ANTI_FLICKER_OFF_STEPS: readonly Step[] = [write(REGISTERS.afkPipelineControl, { bypass: 1 })];

/** The filter is bypassed while its parameters change. */
const ANTI_FLICKER_ON_STEPS: readonly Step<Filtered>[] = [
  ...ANTI_FLICKER_OFF_STEPS,
  untilSet(REGISTERS.afkInitialization, "initDone", { reads: INITIALIZATION_READS }),
  write(REGISTERS.afkInvalidation, { fifoWaitTime: FIFO_WAIT_TIME }),
  write(REGISTERS.afkFilterPeriod, bandFields),
  write(REGISTERS.afkParam, thresholdFields),
  write(REGISTERS.afkPipelineControl, {}),
];

const isFiltered: Condition<Filtered> = ({ antiFlicker }) => antiFlicker !== null;

/** Part of the bring-up, after the filter has been set up and bypassed. */
export const ANTI_FLICKER: readonly Step<Filtered>[] = when(isFiltered, ...ANTI_FLICKER_ON_STEPS);

/**
 * Steps that bring a running sensor from one filter to another; without `before`, it is not known. Sensors with other
 * registers have steps of their own.
 */
export function antiFlickerSteps(
  before: Filtered | undefined,
  after: Filtered,
  { on, off }: SwitchSteps<Filtered> = { on: ANTI_FLICKER_ON_STEPS, off: ANTI_FLICKER_OFF_STEPS },
): readonly Step<Filtered>[] {
  const [from, to] = [before?.antiFlicker, after.antiFlicker];
  if (to === null) return from === null ? [] : off;
  if (from === null || from === undefined) return on;
  const isSame = from.minimumHz === to.minimumHz && from.maximumHz === to.maximumHz && from.mode === to.mode &&
    from.dutyCyclePercent === to.dutyCyclePercent && from.startThreshold === to.startThreshold &&
    from.stopThreshold === to.stopThreshold;
  return isSame ? [] : on;
}
