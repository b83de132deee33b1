import type { BusChoice } from "./choose_bus.ts";
import { readOptions } from "./options.ts";

/** What the demo shall do. */
export interface DemoOptions extends BusChoice {
  /** Ends after this time; undefined: on Ctrl-C. */
  readonly seconds: number | undefined;
  /** Draws the events, where the output is a terminal. */
  readonly picture: boolean;
}

/** The text of `demo --help`. */
export const demoHelp = `Shows the events of a camera; where none is plugged in, those of the built-in
virtual one.

  --seconds N        end after N seconds (otherwise: Ctrl-C)
  --serial SERIAL    open this camera and no other
  --virtual          use the virtual camera even if a real one is there
  --recording PATH   let the virtual camera replay a RAW file, in a loop
  --rate MB/S        megabytes per second that the virtual camera sends
  --no-picture       print only the line of each second

Exit status: 0 if events came, 1 if none came or the camera failed.`;

/** The most megabytes per second that the virtual camera can be told to send, far above what a bus carries. */
const maximumRate = 100_000;

/** A year. */
const maximumSeconds = 365 * 24 * 3600;

/** Reads the demo's arguments. Throws a `TypeError` or a `RangeError` that says what is wrong with them. */
export function parseDemoOptions(parameters: readonly string[]): DemoOptions {
  const values = readOptions(parameters, {
    seconds: { type: "string" },
    serial: { type: "string" },
    virtual: { type: "boolean", default: false },
    recording: { type: "string" },
    rate: { type: "string" },
    "no-picture": { type: "boolean", default: false },
  });
  const { serial, recording } = values;
  const rate = positiveNumber("--rate", values.rate, maximumRate);
  const virtual = values.virtual || recording !== undefined || rate !== undefined;
  if (virtual && serial !== undefined) {
    throw new TypeError("--serial chooses a real camera; --virtual, --recording and --rate take the virtual one");
  }
  return {
    seconds: positiveNumber("--seconds", values.seconds, maximumSeconds),
    serial,
    virtual,
    recording,
    bytesPerSecond: rate === undefined ? undefined : rate * 1e6,
    picture: !values["no-picture"],
  };
}

function positiveNumber(option: string, text: string | undefined, maximum: number): number | undefined {
  if (text === undefined) return undefined;
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (value > 0 && value <= maximum) return value;
  throw new RangeError(`${option} must be a number above 0 and up to ${maximum}, not "${text}"`);
}
