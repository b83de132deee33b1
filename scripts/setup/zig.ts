/** Gets the Zig compiler: one of the pinned version on PATH, else PyPI's package `ziglang` in the project's folder. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { findOnPath, runCommand } from "../commands.ts";
import { step } from "../progress.ts";
import { executableName, toolsDirectory, toolVersions } from "../project.ts";
import { zigWheels } from "./pins.ts";
import { findPip, installWheels } from "./wheels.ts";

const folder = join(toolsDirectory, `ziglang-${toolVersions.zig}`);
const fetchedZig = join(folder, "ziglang", executableName("zig"));

/** The path of a Zig compiler of exactly the pinned version; undefined where it is missing. */
export async function findZig(): Promise<string | undefined> {
  if (existsSync(fetchedZig)) return fetchedZig;
  const onPath = findOnPath(executableName("zig"));
  if (onPath === undefined) return undefined;
  const { output } = await runCommand(onPath, ["version"]);
  return output.trim() === toolVersions.zig ? onPath : undefined;
}

/** Returns the path of a Zig compiler of exactly the pinned version, fetching it where it is missing. */
export async function getZig(): Promise<string> {
  const found = await findZig();
  if (found !== undefined) return found;
  await step(`Zig ${toolVersions.zig} from PyPI`, () => fetchZig(folder, Object.values(zigWheels)));
  return fetchedZig;
}

/** Installs PyPI's package in a folder, if its wheel has one of the hashes (SHA-256). `environment` is for tests. */
export async function fetchZig(
  folder: string,
  hashes: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<void> {
  const pip = await findPip();
  if (pip === undefined) {
    throw new Error(
      `Zig ${toolVersions.zig} is not on PATH, and there is no Python with pip to fetch it. Install either: ` +
        `Zig ${toolVersions.zig} (https://ziglang.org/download/), or Python 3 with pip ` +
        "(Debian: `apt-get install python3-pip`, Fedora: `dnf install python3-pip`, macOS: `brew install python`)",
    );
  }
  await installWheels(folder, pip, [{ name: "ziglang", version: toolVersions.zig, hashes }], environment);
}
