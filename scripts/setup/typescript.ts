/** Gets the TypeScript compiler that emits the npm package. Deno's own has no command that emits as it does. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { step } from "../progress.ts";
import { toolsDirectory, toolVersions } from "../project.ts";
import { fetchNpmPackage } from "./npm_package.ts";
import { typeScriptPackage } from "./pins.ts";

const folder = join(toolsDirectory, `typescript-${toolVersions.typescript}`);

/** Returns the folder of the package `typescript` of exactly the pinned version, fetching it where it is missing. */
export async function getTypeScript(): Promise<string> {
  const installed = join(folder, "node_modules", typeScriptPackage.name);
  if (!existsSync(installed)) {
    const version = toolVersions.typescript;
    await step(`TypeScript ${version} from npm`, () => fetchNpmPackage(folder, typeScriptPackage, version));
  }
  return installed;
}
