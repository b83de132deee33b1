/** Gets the Bun and the Node that the tests run on: of the pinned version on PATH, else from npm. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { findOnPath, runCommand } from "../commands.ts";
import { step } from "../progress.ts";
import { executableName, toolsDirectory, toolVersions } from "../project.ts";
import { fetchNpmPackage } from "./npm_package.ts";
import { type ExecutablePackage, type FetchedRuntime, runtimePackages } from "./pins.ts";

/** The path of a runtime of exactly the pinned version; undefined where it is missing. */
export async function findRuntime(runtime: FetchedRuntime): Promise<string | undefined> {
  const npmPackage = runtimePackages[runtime][thisSystem];
  if (npmPackage !== undefined) {
    const fetched = executableIn(folderOf(runtime), npmPackage);
    if (existsSync(fetched)) return fetched;
  }
  const onPath = findOnPath(executableName(runtime));
  if (onPath === undefined) return undefined;
  const { output } = await runCommand(onPath, ["--version"]);
  return output.trim().replace(/^v/, "") === toolVersions[runtime] ? onPath : undefined;
}

/** Returns the path of a runtime of exactly the pinned version, fetching it where it is missing. */
export async function getRuntime(runtime: FetchedRuntime): Promise<string> {
  const found = await findRuntime(runtime);
  if (found !== undefined) return found;
  const version = toolVersions[runtime];
  const npmPackage = packageFor(runtime, thisSystem);
  await step(`${runtime} ${version} from npm`, () => fetchNpmPackage(folderOf(runtime), npmPackage, version));
  return executableIn(folderOf(runtime), npmPackage);
}

/** The package of a runtime for a system, written as `linux-x64`. Throws where npm has none. */
export function packageFor(runtime: FetchedRuntime, system: string): ExecutablePackage {
  const npmPackage = runtimePackages[runtime][system];
  if (npmPackage !== undefined) return npmPackage;
  const version = toolVersions[runtime];
  throw new Error(`npm has no ${runtime} ${version} for ${system}: put ${runtime} ${version} on PATH`);
}

const thisSystem = `${process.platform}-${process.arch}`;

function folderOf(runtime: FetchedRuntime): string {
  return join(toolsDirectory, `${runtime}-${toolVersions[runtime]}`);
}

function executableIn(folder: string, { name, executable }: ExecutablePackage): string {
  return join(folder, "node_modules", name, executable);
}
