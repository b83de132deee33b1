/** Unit of the times in a file. */
export type TimeUnit = "seconds" | "milliseconds" | "microseconds" | "nanoseconds";

/** All of them. */
export const timeUnits = ["seconds", "milliseconds", "microseconds", "nanoseconds"] as const;

/** How many decimal places make µs of a unit. */
export const placesOf: Readonly<Record<TimeUnit, number>> = {
  seconds: 6,
  milliseconds: 3,
  microseconds: 0,
  nanoseconds: -3,
};

/** A number of a unit in µs, not rounded. */
export function microsecondsOf(value: number, unit: TimeUnit): number {
  return unit === "nanoseconds" ? value / 1000 : value * 10 ** placesOf[unit];
}
