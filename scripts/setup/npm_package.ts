/** Installs a package of npm that needs no other one, if it has the pinned hash. */

import { writeFileSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { runPatiently } from "../commands.ts";
import { refuseOffline, saysOffline } from "./offline.ts";

/** A package of npm. */
export interface NpmPackage {
  readonly name: string;
  /** As npm writes hashes: the algorithm and the hash in base 64. */
  readonly integrity: string;
}

/** Installs a package in a folder's `node_modules`, if it has the pinned hash. `environment` is for tests. */
export async function fetchNpmPackage(
  folder: string,
  npmPackage: NpmPackage,
  version: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<void> {
  const wanted = `${npmPackage.name}@${version}`;
  // Installed beside its place and then renamed, so that an interrupted download never looks like a whole one.
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
  return isOtherFile(output) || saysOffline(output) || isNotPublished(output);
}

/** Of npm's output: there is no such package, or not in this version. */
function isNotPublished(output: string): boolean {
  return output.includes("E404") || output.includes("ETARGET");
}

/** Of npm's output. */
function isOtherFile(output: string): boolean {
  return output.includes("EINTEGRITY");
}

/** npm takes hashes from a lock file only. Without a URL in it, the package comes from the user's own registry. */
function lockedProject({ name, integrity }: NpmPackage, version: string): Record<string, unknown> {
  const dependencies = { [name]: version };
  const packages = { "": { dependencies }, [`node_modules/${name}`]: { version, integrity } };
  return { "package.json": { dependencies }, "package-lock.json": { lockfileVersion: 3, packages } };
}
