/** Builds what some suites need while others run. */

import { join } from "node:path";
import { inBackground, runCommand } from "../commands.ts";
import { say } from "../progress.ts";
import { projectDirectory } from "../project.ts";

/**
 * Builds the native libraries of all platforms in the background: that takes some four minutes of CPU time, and most
 * suites leave a processor idle. Where it fails, the suite that needs the libraries builds them itself, and tells why it
 * cannot.
 */
export async function buildPackagedLibraries(): Promise<void> {
  const script = join("scripts", "build_natives.ts");
  const [program, ...parameters] = inBackground(Deno.execPath(), ["run", "--allow-all", script]);
  const { exitStatus } = await runCommand(program, parameters, { directory: projectDirectory });
  if (exitStatus !== 0) say("the native libraries of all platforms could not be built in the background");
}
