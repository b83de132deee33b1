/** OpenEB's recorded register traffic. It lies beside the project, not in it. */

import { existsSync, readFileSync } from "node:fs";
import { findGoldenFolder } from "../../testing/transcript.ts";

const folder = findGoldenFolder();

/** Where the recordings are; undefined where they are missing. */
export const recordings: URL | undefined = folder === undefined ? undefined : new URL("../golden_openeb/", folder);

/** Of a test that needs them: skipped where they are missing. */
export const options = recordings !== undefined && existsSync(recordings)
  ? {}
  : { skip: "the recordings of OpenEB (../shared/facts/golden_openeb) are not here" };

/** One call of OpenEB: what it put on the bus, and its result (`"= 1"`) or error (`"! error …"`). */
export interface Call {
  readonly name: string;
  /** Register accesses, waits and cleared halts. */
  readonly lines: readonly string[];
  readonly result: string;
}

/** The calls of a recording, in order. */
export function readCalls(name: string): Call[] {
  const text = readFileSync(new URL(`${name}.txt`, recordings), "utf-8");
  return text.split(/^# /m).slice(1).map((part) => {
    const [name, ...lines] = part.trimEnd().split("\n");
    return {
      name: name!,
      lines: lines.filter((line) => /^(R|W|WAIT_US|CLEAR_HALT) /.test(line)),
      result: lines.find((line) => /^[=!] /.test(line)) ?? "",
    };
  });
}

/** What all calls of these names put on the bus. */
export function linesOf(calls: readonly Call[], ...names: readonly string[]): readonly string[] {
  return calls.filter(({ name }) => names.includes(name)).flatMap(({ lines }) => lines);
}

/** The lines without the reads of registers that OpenEB changes bit by bit. */
export function withoutReads(lines: readonly string[], registers: readonly string[]): string[] {
  return lines.filter((line) => !registers.some((register) => line.startsWith(`R 0 ${register} `)));
}
