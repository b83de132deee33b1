/** Times as options have them and as people read them. */

/** A time of a recording: its own, or since its first event. */
export interface RecordingTime {
  /** µs. */
  readonly us: number;
  /** Whether it counts from the first event on, as `+1.5s` does. */
  readonly isFromStart: boolean;
}

const unitsUs: Readonly<Record<string, number>> = { h: 3600e6, min: 60e6, s: 1e6, ms: 1e3, us: 1, "µs": 1, "μs": 1 };

/** A number with its unit: `1.5s`, `200ms`, `300us`, and with a sign in front of it a time from the first event on. */
const form = /^(\+?)(\d+(?:\.\d+)?|\.\d+)(h|min|s|ms|us|µs|μs)$/;

/** Reads a time, such as `1.5s` or `+200ms`; undefined stays so. Throws a `RangeError` that names the option. */
export function parseTime(option: string, text: string | undefined): RecordingTime | undefined {
  if (text === undefined) return undefined;
  const [, sign, number, unit] = form.exec(text) ?? [];
  if (number === undefined) {
    throw new RangeError(`${option} must be a time with its unit, such as 1.5s, 200ms, 300us or +2s, not "${text}"`);
  }
  // Rounded: 0.3 ms are 300 µs and not 299.99999999999994.
  const us = Math.round(Number(number) * unitsUs[unit!]! * 1000) / 1000;
  return { us, isFromStart: sign === "+" };
}

/** A time of the recording in µs, where that of its first event is known. */
export function absoluteTime(time: RecordingTime | undefined, first: number): number | undefined {
  if (time === undefined) return undefined;
  return time.isFromStart ? first + time.us : time.us;
}

/** A time in seconds, with all digits that it has: `11.718656 s`. */
export function formatSeconds(us: number): string {
  return `${(us / 1e6).toFixed(6)} s`;
}

/** How long something takes, for people: `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`. */
export function formatDuration(us: number): string {
  if (us < 1e3) return `${Math.round(us)} µs`;
  if (us < 1e6) return `${roundedTo3(us / 1e3)} ms`;
  if (us < 60e6) return `${roundedTo3(us / 1e6)} s`;
  const seconds = Math.round(us / 1e6);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${seconds % 60} s`;
}

function roundedTo3(value: number): string {
  return String(Number(value.toPrecision(3)));
}
