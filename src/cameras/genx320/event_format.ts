/** The format in which the sensor sends its events. Words: OpenEB 5.1.1. */

import { outOfRange } from "../../checks.ts";
import { modify, type Step, write } from "../../protocol/steps.ts";
import type { OpenCamera } from "../driver.ts";
import type { Genx320Model } from "./model.ts";
import { REGISTERS } from "./registers.ts";

/**
 * The format in which the sensor sends its events. The events are the same.
 *
 * | value      | words   | in `createDecoder` | meaning                                                      |
 * | ---------- | ------- | ------------------ | ------------------------------------------------------------ |
 * | `"evt2.1"` | 64 bits | `"evt21"`          | each has its row and up to 32 pixels of it; lower half first |
 * | `"evt2"`   | 32 bits | `"evt2"`           | each has one pixel                                           |
 * | `"evt3"`   | 16 bits | `"evt3"`           | the sensor of production alone: a RangeError on an early one |
 */
export type Genx320EventFormat = "evt2.1" | "evt2" | "evt3";

/** The words of the register, and what a decoder calls the format. */
const FORMATS: {
  readonly [Format in Genx320EventFormat]: {
    readonly word: number;
    readonly decoder: OpenCamera["eventFormat"];
    readonly models: readonly Genx320Model[];
  };
} = {
  "evt2": { word: 0, decoder: "evt2", models: ["GenX320", "GenX320MP"] },
  "evt3": { word: 1, decoder: "evt3", models: ["GenX320MP"] },
  "evt2.1": { word: 2, decoder: "evt21", models: ["GenX320", "GenX320MP"] },
};

/** All formats. */
export const EVENT_FORMATS = Object.keys(FORMATS) as Genx320EventFormat[];

/** What a decoder calls the format. */
export function decoderFormat(format: Genx320EventFormat): OpenCamera["eventFormat"] {
  return FORMATS[format].decoder;
}

/** Throws a `RangeError` where the sensor does not know the format. An early one would silently send another. */
export function checkFormat(format: Genx320EventFormat, model: Genx320Model): void {
  if (FORMATS[format].models.includes(model)) return;
  const known = EVENT_FORMATS.filter((each) => FORMATS[each].models.includes(model)).map((each) => `"${each}"`);
  throw outOfRange("configuration.eventFormat", `${known.join(" or ")} (this sensor is an early ${model})`, format);
}

interface Formatted {
  readonly eventFormat: Genx320EventFormat;
}

/** Steps that choose the format, before the start; those of EVT2.1 with the word order of the decoder's `"evt21"`. */
export const EVENT_FORMAT: readonly Step<Formatted>[] = [
  modify(REGISTERS.edfControl, ({ eventFormat }: Formatted) => ({ format: FORMATS[eventFormat].word })),
  {
    ...modify(REGISTERS.edfControl, { endianness: 0 }),
    when: ({ eventFormat }: Formatted) => eventFormat === "evt2.1",
  },
  write(REGISTERS.edfPipelineControl, { enable: 1 }),
];
