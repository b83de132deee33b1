/** Speeds of the playhead, from slow motion to fast forward. */

/** 1 is as it happened. A live source cannot be faster. */
export const speeds: readonly number[] = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];

/** The next speed in a direction, 1 or -1; the same one at the end. */
export function nextSpeed(speed: number, direction: 1 | -1, isLive: boolean): number {
  const allowed = speeds.filter((other) => other <= 1 || !isLive);
  const next = allowed.filter((other) => direction > 0 ? other > speed : other < speed);
  return (direction > 0 ? next[0] : next.at(-1)) ?? speed;
}

/** `1/10`, `1`, `5` times. */
export function speedLabel(speed: number): string {
  return speed < 1 ? `1/${Math.round(1 / speed)} ×` : `${speed} ×`;
}

/** What a person can follow takes at least this long. */
const shortestShownUs = 4_000_000;

/** The speed at which a recording begins: as it happened, or so slowly that a short one can be followed. */
export function firstSpeed(durationUs: number): number {
  return speeds.findLast((speed) => speed <= 1 && durationUs / speed >= shortestShownUs) ?? speeds[0]!;
}

/** How far one step goes: what passes at this speed in a sixtieth of a second, µs. */
export function stepUs(speed: number): number {
  return Math.max(1, Math.round(speed * 1e6 / 60));
}
