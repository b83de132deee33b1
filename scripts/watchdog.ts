/**
 * Tells that a program hangs, by measures that do not depend on how busy the machine is.
 *
 * A limit of time would: a suite that takes two minutes alone takes twenty beside other work, and is right all the
 * same. Two measures stay the same. CPU time: a busy machine gives it later, not more of it; an endless loop uses it
 * up. And sleep: on a busy machine a process that has work waits for a processor, which is another state than asleep;
 * one that waits for something that never comes sleeps.
 *
 * Both stand in Linux's /proc (proc(5), `stat`). On other systems nothing is ended; there CI's own limit is left.
 */

import { readdirSync, readFileSync } from "node:fs";
import { say } from "./progress.ts";

/** When a program counts as hanging. */
export interface HangLimits {
  /** CPU time of the program and its children, in seconds. */
  readonly cpuS: number;
  /** How long it may sleep, in seconds. Each second in which it works takes three back. */
  readonly asleepS: number;
}

/** What a program and its children are doing. */
export interface Activity {
  readonly pids: readonly number[];
  /** Used so far, also by children that have ended. */
  readonly cpuS: number;
  /** Whether any thread runs, waits for a processor or waits for a disk. */
  readonly isAwake: boolean;
}

/** What a suite of tests may use: the longest one, the kernel guest, used 500 s of CPU time. */
export const suiteLimits: HangLimits = { cpuS: 3600, asleepS: 600 };

/** What a program that a test runs may use. */
export const childLimits: HangLimits = { cpuS: 600, asleepS: 120 };

/** Follows a program until it hangs. Returns what ends the following. */
export function watch(name: string, pid: number, limits: () => HangLimits, onHang: (why: string) => void): () => void {
  const hang = new HangDetector();
  let looks = 0;
  const timer = setInterval(() => {
    const activity = readActivity(pid);
    if (activity === undefined) return;
    // Where a limit outside ends the whole run, the log shows whether there was progress.
    if (++looks % 300 === 0) say(`${name}: ${activity.cpuS.toFixed(0)} s of CPU time in ${looks} s`);
    const why = hang.look(activity, limits());
    if (why !== undefined) onHang(why);
  }, 1000);
  return () => clearInterval(timer);
}

/** Decides by what is seen of a program each second. */
export class HangDetector {
  #asleepS = 0;

  /** Returns why the program hangs; undefined where it does not. */
  look({ cpuS, isAwake }: Omit<Activity, "pids">, limits: HangLimits): string | undefined {
    this.#asleepS = isAwake ? Math.max(0, this.#asleepS - 3) : this.#asleepS + 1;
    if (cpuS > limits.cpuS) return `it used more than ${limits.cpuS} s of CPU time`;
    if (this.#asleepS > limits.asleepS) return `it slept for ${limits.asleepS} s`;
    return undefined;
  }
}

/** Fields of `stat` after the name: the state, the parent, and the CPU times in clock ticks. */
const field = { state: 0, parent: 1, userTicks: 11, systemTicks: 12, endedUserTicks: 13, endedSystemTicks: 14 };

/** Linux tells times to programs in units of 1/100 s on all processors that the project knows (USER_HZ). */
const ticksPerS = 100;

/** States of a thread that works: running or ready to run, and waiting for a disk. */
const awakeStates = ["R", "D"];

/** Looks at a program and all its children; undefined where the system does not tell. */
export function readActivity(root: number, proc = "/proc"): Activity | undefined {
  const stats = new Map(
    numbersIn(proc).flatMap((pid) => {
      const stat = readStat(`${proc}/${pid}/stat`);
      return stat === undefined ? [] : [[pid, stat] as const];
    }),
  );
  if (!stats.has(root)) return undefined;
  const family = new Set([root]);
  for (const parent of family) { // grows while it is walked
    for (const [pid, stat] of stats) if (Number(stat[field.parent]) === parent) family.add(pid);
  }
  const pids = [...family];
  const ticks = pids.flatMap((pid) => {
    const stat = stats.get(pid)!;
    return [field.userTicks, field.systemTicks, field.endedUserTicks, field.endedSystemTicks].map((at) =>
      Number(stat[at])
    );
  });
  return {
    pids,
    cpuS: ticks.reduce((sum, count) => sum + count, 0) / ticksPerS,
    isAwake: pids.some((pid) =>
      numbersIn(`${proc}/${pid}/task`).some((thread) =>
        awakeStates.includes(readStat(`${proc}/${pid}/task/${thread}/stat`)?.[field.state] ?? "")
      )
    ),
  };
}

/** The names of a folder that are numbers; none where the process has ended meanwhile. */
function numbersIn(folder: string): number[] {
  try {
    return readdirSync(folder).map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

/** The fields after the name, which stands in parentheses and may contain anything. */
function readStat(path: string): readonly string[] | undefined {
  try {
    const text = readFileSync(path, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}
