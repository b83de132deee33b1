/** Gets the Zig compiler: one of the pinned version on PATH, else PyPI's package `ziglang` in the project's folder. */

import { existsSync, writeFileSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import process from "node:process";
import { findOnPath, runCommand, runPatiently } from "../commands.ts";
import { step } from "../progress.ts";
import { executableName, toolsDirectory, toolVersions } from "../project.ts";
import { refuseOffline, saysOffline } from "./offline.ts";
import { zigWheels } from "./pins.ts";

const folder = join(toolsDirectory, `ziglang-${toolVersions.zig}`);
const fetchedZig = join(folder, "ziglang", executableName("zig"));

/** Each way to call pip, best first: the module of an interpreter is surer than a script of unknown owner. */
const pips = [["python3", "-m", "pip"], ["python", "-m", "pip"], ["py", "-m", "pip"], ["pip3"], ["pip"]] as const;

/** pip's settings. A setting in the user's configuration (`user = true` for example) must not get in the way. */
const pipEnvironment = {
  PIP_DISABLE_PIP_VERSION_CHECK: "1",
  PIP_NO_INPUT: "1",
  PIP_ROOT_USER_ACTION: "ignore",
  PIP_USER: "0",
} as const;

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
  // Installed beside its place and then renamed, so that an interrupted download never looks like a compiler.
  const unfinished = `${folder}.${process.pid}`;
  const requirements = `${unfinished}.txt`;
  await mkdir(dirname(folder), { recursive: true });
  try {
    // pip takes hashes from a file only.
    const wanted = `ziglang==${toolVersions.zig}`;
    writeFileSync(requirements, [wanted, ...hashes.map((hash) => `--hash=sha256:${hash}`)].join(" \\\n  ") + "\n");
    const [program, ...parameters] = pip;
    const result = await runPatiently(program, [
      ...parameters,
      "install",
      "--quiet",
      "--no-deps",
      "--no-compile",
      "--only-binary=:all:",
      "--target",
      unfinished,
      "--require-hashes",
      "--requirement",
      requirements,
    ], { environment: { ...pipEnvironment, ...environment }, isFinal });
    refuseOffline(result, wanted, "PyPI");
    const { exitStatus, output } = result;
    if (exitStatus !== 0 && isOtherFile(output)) {
      throw new Error(
        `PyPI's index offers another ${wanted} than those with the pinned hashes, so it was not installed. ` +
          `If a mirror or a proxy changes packages, use another one; pip said:\n${output.trimEnd()}`,
      );
    }
    if (exitStatus !== 0) {
      throw new Error(`${pip.join(" ")} could not install ziglang ${toolVersions.zig}:\n${output.trimEnd()}`);
    }
    await rename(unfinished, folder);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
    await rm(requirements, { force: true });
  }
}

/** Whether pip's output tells of what another attempt would not change. */
function isFinal(output: string): boolean {
  return isOtherFile(output) || saysOffline(output);
}

/** Of pip's output. */
function isOtherFile(output: string): boolean {
  return output.includes("DO NOT MATCH THE HASHES");
}

async function findPip(): Promise<(typeof pips)[number] | undefined> {
  for (const pip of pips) {
    const [program, ...parameters] = pip;
    if ((await runCommand(program, [...parameters, "--version"])).exitStatus === 0) return pip;
  }
  return undefined;
}
