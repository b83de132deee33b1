/** Gets the Bun and the Node that the tests run on: of the pinned version on PATH, else from npm. */

import { existsSync, writeFileSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { findOnPath, runCommand, runPatiently } from "../commands.ts";
import { step } from "../progress.ts";
import { executableName, toolsDirectory, toolVersions } from "../project.ts";
import { refuseOffline, saysOffline } from "./offline.ts";
import { type FetchedRuntime, type RuntimePackage, runtimePackages } from "./pins.ts";

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
  await step(`${runtime} ${version} from npm`, () => fetchRuntime(folderOf(runtime), npmPackage, version));
  return executableIn(folderOf(runtime), npmPackage);
}

/** The package of a runtime for a system, written as `linux-x64`. Throws where npm has none. */
export function packageFor(runtime: FetchedRuntime, system: string): RuntimePackage {
  const npmPackage = runtimePackages[runtime][system];
  if (npmPackage !== undefined) return npmPackage;
  const version = toolVersions[runtime];
  throw new Error(`npm has no ${runtime} ${version} for ${system}: put ${runtime} ${version} on PATH`);
}

/** Installs a package in a folder, if it has the pinned hash. `environment` is for tests. */
export async function fetchRuntime(
  folder: string,
  npmPackage: RuntimePackage,
  version: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<void> {
  const wanted = `${npmPackage.name}@${version}`;
  // Installed beside its place and then renamed, so that an interrupted download never looks like a runtime.
  const unfinished = `${folder}.${process.pid}`;
  await mkdir(unfinished, { recursive: true });
  try {
    for (const [name, content] of Object.entries(lockedProject(npmPackage, version))) {
      writeFileSync(join(unfinished, name), JSON.stringify(content));
    }
    const result = await runPatiently("npm", [
      "ci",
      "--ignore-scripts",
      "--no-audit",
      "--no-fund",
      "--loglevel=error",
    ], { directory: unfinished, environment, isFinal });
    const { exitStatus, output } = result;
    if (exitStatus === 127) throw new Error(`npm is needed to fetch ${wanted}: install Node with npm`);
    refuseOffline(result, wanted, "npm's registry");
    if (exitStatus !== 0 && isOtherFile(output)) {
      throw new Error(
        `npm's registry offers another ${wanted} than the one with the pinned hash, so it was not installed. ` +
          `If a mirror or a proxy changes packages, use another one; npm said:\n${output.trimEnd()}`,
      );
    }
    if (exitStatus !== 0) throw new Error(`npm could not install ${wanted}:\n${output.trimEnd()}`);
    await rename(unfinished, folder);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

/** Whether npm's output tells of what another attempt would not change. */
function isFinal(output: string): boolean {
  return isOtherFile(output) || saysOffline(output);
}

/** Of npm's output. */
function isOtherFile(output: string): boolean {
  return output.includes("EINTEGRITY");
}

/** npm takes hashes from a lock file only. Without a URL in it, the package comes from the user's own registry. */
function lockedProject({ name, integrity }: RuntimePackage, version: string): Record<string, unknown> {
  const dependencies = { [name]: version };
  const packages = { "": { dependencies }, [`node_modules/${name}`]: { version, integrity } };
  return { "package.json": { dependencies }, "package-lock.json": { lockfileVersion: 3, packages } };
}

const thisSystem = `${process.platform}-${process.arch}`;

function folderOf(runtime: FetchedRuntime): string {
  return join(toolsDirectory, `${runtime}-${toolVersions[runtime]}`);
}

function executableIn(folder: string, { name, executable }: RuntimePackage): string {
  return join(folder, "node_modules", name, executable);
}
