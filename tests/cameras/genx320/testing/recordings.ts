/** OpenEB's recorded register traffic of a GenX320. It lies beside the project, not in it. */

import { existsSync } from "node:fs";
import { type Call, recordings } from "../../gen31/testing/recordings.ts";

export { type Call, options, readCalls } from "../../gen31/testing/recordings.ts";

/** A file of facts beside the recordings; undefined where it is missing. */
export function factsFile(name: string): URL | undefined {
  const file = recordings === undefined ? undefined : new URL(`../${name}`, recordings);
  return file !== undefined && existsSync(file) ? file : undefined;
}

/** What the first call of a name put on the bus. */
export function linesOf(calls: readonly Call[], name: string): readonly string[] {
  const call = calls.find((call) => call.name === name);
  if (call === undefined) throw new Error(`no call is named "${name}"`);
  return call.lines;
}

/**
 * The writes and longer waits of some lines: without reads, and without a write of the word that the register holds
 * already. OpenEB changes words field by field, so it writes some several times.
 *
 * `held` has the words before, as far as they are not read. Delays below a millisecond are left out, too: OpenEB rounds
 * those of its sequences down to nothing.
 */
export function changesOf(lines: readonly string[], held: ReadonlyMap<string, string> = new Map()): string[] {
  const words = new Map(held);
  return lines.filter((line) => {
    const [kind, , register, word] = line.split(" ");
    if (kind === "WAIT_US") return Number(line.split(" ")[1]) >= 1_000;
    if (kind === "R") {
      words.set(register!, word!);
      return false;
    }
    if (kind !== "W") return true;
    const isChange = words.get(register!) !== word;
    words.set(register!, word!);
    return isChange;
  });
}

/** The last word that is written to each register. */
export function finalWords(lines: readonly string[]): Record<string, string> {
  const writes = lines.map((line) => line.split(" ")).filter(([kind]) => kind === "W");
  return Object.fromEntries(writes.map(([, , register, word]) => [register, word]));
}
