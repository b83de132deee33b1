/** The format in which the sensor sends its events. Words: OpenEB (`imx636_tz_device.cpp`). */

import { type Step, write } from "../../protocol/steps.ts";
import type { OpenCamera } from "../driver.ts";
import { REGISTERS } from "./registers.ts";

/**
 * The format in which the sensor sends its events. The events are the same.
 *
 * | value      | words   | in `createDecoder` | meaning                                         |
 * | ---------- | ------- | ------------------ | ----------------------------------------------- |
 * | `"evt3"`   | 16 bits | `"evt3"`           | needs the fewest bytes in most scenes           |
 * | `"evt2.1"` | 64 bits | `"evt21-legacy"`   | each has its row and up to 32 pixels of it        |
 *
 * A program that reads raw bytes gets the decoder's options from `device.decoderOptions`.
 *
 * @example
 * ```ts
 * import { open } from "@neuromorphic/drivers";
 *
 * const configuration = { eventFormat: "evt2.1" } as const;
 * using device = await open({ libusb: "virtual", type: "prophesee-evk4", configuration, raw: true });
 * console.log(device.decoderOptions.format); // evt21-legacy
 * ```
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
