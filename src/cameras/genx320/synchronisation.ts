/** Clock and trigger input, which share a register of pads. Registers: OpenEB 5.1.1. */

import { modify, type Step, when } from "../../protocol/steps.ts";
import type { Genx320Configuration } from "./configuration.ts";
import { REGISTERS } from "./registers.ts";

/** Cycles of the sensor's clock in a microsecond. */
const CLOCKS_PER_US = 25;

/** Steps that choose the clock, before the start. OpenEB leaves the pad as it is where the clock is not shared. */
export const CLOCK_STEPS: readonly Step<Genx320Configuration>[] = [
  modify(REGISTERS.timeBaseCtrl, ({ clock }: Genx320Configuration) => ({
    enable: 0,
    external: clock === "internal" ? 0 : 1,
    primary: clock === "external" ? 0 : 1,
    externalEnable: clock === "internal" ? 0 : 1,
    clocksPerUs: CLOCKS_PER_US,
  })),
  ...when(
    ({ clock }: Genx320Configuration) => clock !== "internal",
    modify(REGISTERS.ioCtrl2, ({ clock }: Genx320Configuration) => ({ syncEnzi: clock === "external" ? 1 : 0 })),
    modify(REGISTERS.ioCtrl2, ({ clock }: Genx320Configuration) => ({ syncEnable: clock === "external" ? 1 : 0 })),
  ),
];

/** Steps that switch the trigger input; off, its pad passes no edges on. */
export const EXTERNAL_TRIGGER_STEPS: readonly Step<Genx320Configuration>[] = [
  modify(
    REGISTERS.ioCtrl2,
    ({ externalTrigger }: Genx320Configuration) =>
      externalTrigger ? { triggerEnable: 1, triggerEnzi: 1 } : { triggerEnzi: 0 },
  ),
  modify(REGISTERS.edfEventTypeEn, { externalTrigger: 1 }),
];
