/**
 * `deno task cli`: gets what is missing and runs the command line. The tasks `demo` and `virtual-camera` are commands of
 * it. `deno task cli --help` shows them.
 */

import process from "node:process";
import { NeuromorphicError } from "../mod.ts";
import { runCli } from "../src/cli/run_cli.ts";
import { withoutSeparator } from "./arguments.ts";
import { setUp } from "./setup.ts";

/** A failure of the setup is told as one message. */
async function prepare(): Promise<void> {
  try {
    await setUp();
  } catch (error) {
    throw new NeuromorphicError("native-library", `setup: ${error instanceof Error ? error.message : error}`);
  }
}

/** A task may name the command, and what its caller has written comes behind it: `demo -- --seconds 5`. */
function parametersOfTask([first, ...rest]: readonly string[]): string[] {
  if (first === undefined) return [];
  return first === "--" ? rest : [first, ...withoutSeparator(rest)];
}

process.exitCode = await runCli(parametersOfTask(process.argv.slice(2)), {
  // A task runs in the project's folder; INIT_CWD is where it was started.
  folder: process.env.INIT_CWD ?? process.cwd(),
  prepare,
});
