/** The trigger input, as OpenEB 5.1.1 switches it (`gen41_tz_trigger_event.cpp`); neuromorphic-drivers leaves it alone. */

import { modify, type Step, when } from "../../protocol/steps.ts";
import { REGISTERS } from "./registers.ts";

interface Triggered {
  readonly externalTrigger: boolean;
}

/** Steps that switch the input. The other bits of both registers are not known, so they stay as they are. */
export const EXTERNAL_TRIGGER: readonly Step<Triggered>[] = [
  ...when(({ externalTrigger }: Triggered) => externalTrigger, modify(REGISTERS.digPad2Ctrl, { trigger: 0xf })),
  modify(REGISTERS.edfReserved7004, ({ externalTrigger }: Triggered) => ({ externalTrigger: externalTrigger ? 1 : 0 })),
];
