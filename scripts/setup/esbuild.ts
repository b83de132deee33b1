/** Gets the bundler of the viewer's page: from npm, with a pinned hash. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { step } from "../progress.ts";
import { toolsDirectory, toolVersions } from "../project.ts";
import { fetchNpmPackage } from "./npm_package.ts";
import { esbuildPackages } from "./pins.ts";

const thisSystem = `${process.platform}-${process.arch}`;

const folder = join(toolsDirectory, `esbuild-${toolVersions.esbuild}`);

/** The path of esbuild of exactly the pinned version; undefined where it is missing. */
export function findEsbuild(): string | undefined {
  const npmPackage = esbuildPackages[thisSystem];
  if (npmPackage === undefined) return undefined;
  const executable = join(folder, "node_modules", npmPackage.name, npmPackage.executable);
  return existsSync(executable) ? executable : undefined;
}

/** Returns the path of esbuild of exactly the pinned version, fetching it where it is missing. */
export async function getEsbuild(): Promise<string> {
  const found = findEsbuild();
  if (found !== undefined) return found;
  const version = toolVersions.esbuild;
  const npmPackage = esbuildPackages[thisSystem];
  if (npmPackage === undefined) throw new Error(`no hash of esbuild ${version} for ${thisSystem} is pinned`);
  await step(`esbuild ${version} from npm`, () => fetchNpmPackage(folder, npmPackage, version));
  return findEsbuild()!;
}
