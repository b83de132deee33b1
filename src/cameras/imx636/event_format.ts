/** The format in which the sensor sends its events. Words: OpenEB (`imx636_evk3_issd.h`, `gen41_evt_format.cpp`). */

import { type Step, write } from "../../protocol/steps.ts";
import type { OpenCamera } from "../driver.ts";
import { REGISTERS } from "./registers.ts";

/**
 * The format in which the sensor sends its events.
 *
 * | value      | words   | meaning                                                                                    |
 * | ---------- | ------- | ------------------------------------------------------------------------------------------ |
 * | `"evt3"`   | 16 bits | needs the fewest bytes in busy scenes                                                       |
 * | `"evt2.1"` | 64 bits | every word has its row and columns; `"evt21-legacy"` in `createDecoder` |
 *
 * The events are the same.
 */
export type Imx636EventFormat = "evt3" | "evt2.1";

/** What a decoder calls the format: the sensor sends the upper half of a word of EVT2.1 first. */
export function decoderFormat(format: Imx636EventFormat): OpenCamera["eventFormat"] {
  return format === "evt3" ? "evt3" : "evt21-legacy";
}

interface Formatted {
  readonly eventFormat: Imx636EventFormat;
}

/** Steps that choose the format, before the start. */
export const EVENT_FORMAT: readonly Step<Formatted>[] = [
  write(REGISTERS.edfPipelineControl, ({ eventFormat }: Formatted) => ({ format: eventFormat === "evt3" ? 0 : 1 })),
  write(REGISTERS.eoiReserved8000, ({ eventFormat }: Formatted) => ({ format: eventFormat === "evt3" ? 2 : 0 })),
];
