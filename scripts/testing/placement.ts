/** How the suites of a run share the machine: in lanes, each of which runs one suite after the other. */

import { type CommandOptions, type CommandResult, inBackground, runCommand } from "../commands.ts";
import { suiteLimits } from "../watchdog.ts";

/**
 * The lanes. Suites of the first two run at once, as each leaves a processor idle: its tests wait for cameras, timers and
 * child processes. Those of the background come last in the system's order.
 */
export const lanes = ["first", "second", "background"] as const;

/** One of them. */
export type Lane = (typeof lanes)[number];

/** How a suite runs beside others. */
export interface Placement {
  /** Whether its output is shown while it comes: that of one lane is. */
  readonly show: boolean;
  /** Whether it comes last in the system's order. */
  readonly isBackground: boolean;
}

/** The place of a suite that runs alone. */
export const alone: Placement = { show: true, isBackground: false };

/** Runs a command of a suite to its end, or until it hangs. */
export function runPlaced(
  [program, ...parameters]: readonly [string, ...string[]],
  { show, isBackground }: Placement,
  options: Pick<CommandOptions, "directory" | "environment" | "limits"> = {},
): Promise<CommandResult> {
  const [placed, ...rest] = isBackground ? inBackground(program, parameters) : [program, ...parameters];
  return runCommand(placed, rest, { limits: () => suiteLimits, ...options, show });
}

/** A lane's members, by where they run. */
export interface Laned {
  readonly lane?: Lane;
}

/**
 * Begins all lanes at once; `begin` starts a member and resolves at its end. Returns the results in the order of the
 * members. The first lane that has members is shown. An error of one member is thrown when all have ended.
 */
export async function runInLanes<Member extends Laned, Result>(
  members: readonly Member[],
  begin: (member: Member, placement: Placement) => Promise<Result>,
): Promise<Result[]> {
  const inLane = (lane: Lane) => members.filter((member) => (member.lane ?? "first") === lane);
  const shown = lanes.find((lane) => inLane(lane).length > 0);
  const begun = new Map<Member, Promise<Result>>();
  for (const lane of lanes) {
    const placement = { show: lane === shown, isBackground: lane === "background" && lane !== shown };
    let before: Promise<unknown> = Promise.resolve();
    for (const member of inLane(lane)) {
      const result = before.then(() => begin(member, placement));
      before = result.catch(() => {}); // thrown at the end
      begun.set(member, result);
    }
  }
  await Promise.allSettled(begun.values());
  return await Promise.all(members.map((member) => begun.get(member)!));
}
