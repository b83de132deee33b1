/** Checks of options that several functions for recordings have. */

import { type Check, instanceOf, number, object, wholeNumber, wrongKind } from "../checks.ts";
import type { Geometry } from "../types.ts";
import type { RecordingFormat } from "./format.ts";

/** A time of a recording in µs. */
export const anyTime: Check<number> = number(-(2 ** 53), 2 ** 53);

/** A format as a value. */
export const anyFormat: Check<RecordingFormat> = (value, name) => {
  if (typeof value !== "object" || value === null || typeof (value as RecordingFormat).matches !== "function") {
    throw wrongKind(name, "a format, such as rawEvt3, which the package exports", value);
  }
  return value as RecordingFormat;
};

/** The size of a sensor. */
export const anyGeometry: Check<Geometry> = object<Geometry>(
  { width: wholeNumber(1, 2048), height: wholeNumber(1, 2048) },
  ["width", "height"],
);

/** What ends an operation. */
export const anySignal: Check<AbortSignal> = instanceOf(AbortSignal, "an AbortSignal");

/** A function that the program gives. */
export function callback<Callback>(): Check<Callback> {
  return (value, name) => {
    if (typeof value !== "function") throw wrongKind(name, "a function", value);
    return value as Callback;
  };
}
