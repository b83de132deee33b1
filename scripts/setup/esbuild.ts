/** Gets the bundler of the viewer's page: from npm, with a pinned hash. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { step } from "../progress.ts";
import { toolsDirectory, toolVersions } from "../project.ts";
import { fetchNpmPackage } from "./npm_package.ts";
import { esbuildPackages } from "./pins.ts";

const folder = join(toolsDirectory, `esbuild-${toolVersions.esbuild}`);

/** Returns the path of esbuild of exactly the pinned version, fetching it where it is missing. */
export async function getEsbuild(system = `${process.platform}-${process.arch}`): Promise<string> {
  const version = toolVersions.esbuild;
  const npmPackage = esbuildPackages[system];
  if (npmPackage === undefined) throw new Error(`no hash of esbuild ${version} for ${system} is pinned`);
  const executable = join(folder, "node_modules", npmPackage.name, npmPackage.executable);
  if (!existsSync(executable)) {
    await step(`esbuild ${version} from npm`, () => fetchNpmPackage(folder, npmPackage, version));
  }
  return executable;
}
