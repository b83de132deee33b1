/** Builds the client in `tests/strangers/openeb` where OpenEB is installed: it is in no registry of packages. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { findOnPath, runCommand, runOrThrow } from "../commands.ts";
import { projectDirectory, toolsDirectory } from "../project.ts";
import type { Built } from "./crate.ts";

const source = join(projectDirectory, "tests", "strangers", "openeb");
const folder = join(toolsDirectory, "strangers", "openeb");

/**
 * Builds the client. CMake looks for OpenEB where it looks for any package: `CMAKE_PREFIX_PATH` and
 * `MetavisionHAL_DIR` in the environment name other places.
 */
export async function buildOpenebClient(): Promise<Built> {
  if (process.platform !== "linux") return { obstacle: "programs load another libusb on Linux only" };
  if (findOnPath("cmake") === undefined) return { obstacle: "no OpenEB is looked for, as there is no cmake" };
  mkdirSync(folder, { recursive: true });
  const configured = await runCommand("cmake", ["-S", source, "-B", folder, "--fresh", "-DCMAKE_BUILD_TYPE=Release"]);
  if (configured.exitStatus !== 0) {
    if (!/MetavisionHAL/.test(configured.output)) throw new Error(configured.output);
    return { obstacle: "no OpenEB is installed: CMake finds no MetavisionHAL (CMAKE_PREFIX_PATH may name its place)" };
  }
  await runOrThrow("cmake", ["--build", folder]);
  return { program: join(folder, "stranger") };
}
