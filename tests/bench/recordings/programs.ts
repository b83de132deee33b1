/** The programs that `bench:recording` runs, and what they print. */

import { join } from "node:path";
import { runCommand } from "../../../scripts/commands.ts";
import { say } from "../../../scripts/progress.ts";
import { projectDirectory } from "../../../scripts/project.ts";
import { setUpForTests } from "../../../scripts/setup.ts";

/** How to start a program. */
export interface Program {
  readonly name: string;
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** The path of a file of this folder. */
export function fileOf(name: string): string {
  return join(projectDirectory, "tests", "bench", "recordings", name);
}

/** How to run a module under each runtime. */
export async function runtimes(): Promise<ReadonlyMap<string, readonly string[]>> {
  const { bun, node } = await setUpForTests();
  return new Map([
    ["Deno", [Deno.execPath(), "run", "--allow-all", "--quiet"]],
    ["Bun", [bun]],
    ["Node", [node]],
  ]);
}

/** What a program prints last, a line of JSON. Undefined where it fails, as another project's may. */
export async function resultOf<Result>({ name, command, environment }: Program): Promise<Result | undefined> {
  const [program, ...parameters] = command;
  const { exitStatus, output } = await runCommand(program!, parameters, environment && { environment });
  const line = output.trim().split("\n").at(-1)!;
  if (exitStatus === 0) return JSON.parse(line);
  say(`${name} fails: ${line}`);
  return undefined;
}

/** The same of a program of our own, which must not fail. */
export async function ownResultOf<Result>(program: Program): Promise<Result> {
  const result = await resultOf<Result>(program);
  if (result === undefined) throw new Error(`${program.name} failed`);
  return result;
}
