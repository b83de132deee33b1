import type { TimeUnit } from "./format.ts";

/** How many decimal places make µs of a unit. */
export const placesOf: Readonly<Record<TimeUnit, number>> = {
  seconds: 6,
  milliseconds: 3,
  microseconds: 0,
  nanoseconds: -3,
};

/** A time in µs, rounded to whole ones; NaN for µs that are told as such and are not whole. */
export function microsecondsOf(text: string, unit: TimeUnit): number {
  const value = Number(text);
  if (unit === "microseconds") return Number.isInteger(value) ? value : NaN;
  return Math.round(unit === "nanoseconds" ? value / 1000 : value * 10 ** placesOf[unit]);
}
