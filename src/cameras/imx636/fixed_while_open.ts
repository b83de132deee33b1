import { protocolError } from "../../protocol/failures.ts";
import type { Imx636Features } from "./configuration.ts";

/** As in OpenEB: both are chosen before the start. */
const FIXED_WHILE_OPEN = [["clock", "the clock"], ["eventFormat", "the event format"]] as const;

/** Throws "unsupported" where a change would need the sensor to be started again. */
export function refuseFixedChanges(before: Imx636Features, after: Imx636Features): void {
  for (const [name, what] of FIXED_WHILE_OPEN) {
    if (before[name] === after[name]) continue;
    throw protocolError("unsupported", "update configuration", `${what} can be chosen only when the camera is opened`);
  }
}
