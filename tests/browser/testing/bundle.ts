/** One script of a page from its modules. */

import { runOrThrow } from "../../../scripts/commands.ts";
import { projectDirectory } from "../../../scripts/project.ts";

/** Bundles a module, by its path in the project, for the browser; as a script without exports, or as a module. */
export async function bundle(path: string, output: string, format: "iife" | "esm" = "esm"): Promise<void> {
  const parameters = ["bundle", "--quiet", "--platform=browser", `--format=${format}`, `--output=${output}`, path];
  await runOrThrow(Deno.execPath(), parameters, { directory: projectDirectory });
}
