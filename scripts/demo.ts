/** `deno task demo`: sets up what is missing and runs the demo. `deno task demo --help` shows its options. */

import { resolve } from "node:path";
import process from "node:process";
import { NeuromorphicError } from "../mod.ts";
import { demo } from "../src/cli/demo.ts";
import { demoHelp, type DemoOptions, parseDemoOptions } from "../src/cli/demo_options.ts";
import { withoutSeparator } from "./arguments.ts";
import { say } from "./progress.ts";
import { setUp } from "./setup.ts";

/** Returns the exit status. A failure that has a name is one message; anything else is a bug and keeps its stack. */
async function main(parameters: readonly string[]): Promise<number> {
  let options: DemoOptions;
  try {
    options = parseDemoOptions(parameters);
  } catch (error) {
    say(`demo: ${error instanceof Error ? error.message : error} (--help shows the options)`);
    return 2;
  }
  if (options.help) {
    console.log(demoHelp);
    return 0;
  }
  try {
    await setUp();
  } catch (error) {
    say(`setup: ${error instanceof Error ? error.message : error}`);
    return 1;
  }
  try {
    return await demo(withRecordingFrom(process.env.INIT_CWD ?? process.cwd(), options));
  } catch (error) {
    if (!(error instanceof NeuromorphicError)) throw error;
    say(`demo: ${error.message}`);
    return 1;
  }
}

/** A task runs in the project's folder; INIT_CWD is where it was started, which relative paths are meant from. */
function withRecordingFrom(folder: string, options: DemoOptions): DemoOptions {
  return options.recording === undefined ? options : { ...options, recording: resolve(folder, options.recording) };
}

process.exitCode = await main(withoutSeparator(process.argv.slice(2)));
