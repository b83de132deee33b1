/** Gets the Bun and the Node that the tests run on: of the pinned version on PATH, else from npm. */

import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { findOnPath, runCommand, runPatiently } from "../commands.ts";
import { step } from "../progress.ts";
import { executableName, toolsDirectory, toolVersions } from "../project.ts";

/** The runtimes that setup fetches; Deno runs setup, so it is there. */
export type FetchedRuntime = "bun" | "node";

/** Returns the path of a runtime of exactly the pinned version, fetching it where it is missing. */
export async function getRuntime(runtime: FetchedRuntime): Promise<string> {
  const version = toolVersions[runtime];
  const folder = join(toolsDirectory, `${runtime}-${version}`);
  const npmPackage = runtimePackage(runtime, process.platform, process.arch);
  const fetched = join(folder, "node_modules", npmPackage.name, npmPackage.executable);
  if (existsSync(fetched)) return fetched;
  const onPath = findOnPath(executableName(runtime));
  if (onPath !== undefined) {
    const { output } = await runCommand(onPath, ["--version"]);
    if (output.trim().replace(/^v/, "") === version) return onPath;
  }
  await step(`${runtime} ${version} from npm`, () => fetchRuntime(folder, `${npmPackage.name}@${version}`));
  return fetched;
}

/**
 * The npm package that holds the executable itself, and the executable's place in it. The packages `bun` and `node`
 * are only wrappers, whose install scripts fetch these; npm warns of such scripts and is about to refuse them.
 */
export function runtimePackage(
  runtime: FetchedRuntime,
  platform: string,
  architecture: string,
): { name: string; executable: string } {
  const isWindows = platform === "win32";
  if (runtime === "bun") {
    const processor = architecture === "arm64" ? "aarch64" : architecture;
    return {
      name: `@oven/bun-${isWindows ? "windows" : platform}-${processor}`,
      executable: isWindows ? "bin/bun.exe" : "bin/bun",
    };
  }
  const prefix = platform === "darwin" && architecture === "arm64" ? "node-bin" : "node";
  return {
    name: `${prefix}-${isWindows ? "win" : platform}-${architecture}`,
    executable: isWindows ? "bin/node.exe" : "bin/node",
  };
}

async function fetchRuntime(folder: string, npmPackage: string): Promise<void> {
  // Installed beside its place and then renamed, so that an interrupted download never looks like a runtime.
  const unfinished = `${folder}.${process.pid}`;
  await mkdir(unfinished, { recursive: true });
  try {
    const { exitStatus, output } = await runPatiently("npm", [
      "install",
      "--prefix",
      unfinished,
      "--no-save",
      "--no-package-lock",
      "--ignore-scripts",
      "--no-audit",
      "--no-fund",
      "--loglevel=error",
      npmPackage,
    ]);
    if (exitStatus === 127) throw new Error(`npm is needed to fetch ${npmPackage}: install Node with npm`);
    if (exitStatus !== 0) throw new Error(`npm could not install ${npmPackage}:\n${output.trimEnd()}`);
    await rename(unfinished, folder);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}
