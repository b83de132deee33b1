/** Installs wheels of PyPI in a folder of the project, by their hashes. */

import { writeFileSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import process from "node:process";
import { runCommand, runPatiently } from "../commands.ts";
import { refuseOffline, saysOffline } from "./offline.ts";

/** A pinned package. */
export interface Wheel {
  readonly name: string;
  readonly version: string;
  /** SHA-256 of each platform's wheel. */
  readonly hashes: readonly string[];
}

/** How to call pip. */
export type Pip = readonly [program: string, ...parameters: string[]];

/** Each way to call pip, best first: the module of an interpreter is surer than a script of unknown owner. */
const pips: readonly Pip[] = [["python3", "-m", "pip"], ["python", "-m", "pip"], ["py", "-m", "pip"], ["pip3"], [
  "pip",
]];

/** pip's settings. A setting in the user's configuration (`user = true` for example) must not get in the way. */
const pipEnvironment = {
  PIP_DISABLE_PIP_VERSION_CHECK: "1",
  PIP_NO_INPUT: "1",
  PIP_ROOT_USER_ACTION: "ignore",
  PIP_USER: "0",
} as const;

/** A pip that works; undefined where there is none. */
export async function findPip(candidates: readonly Pip[] = pips): Promise<Pip | undefined> {
  for (const pip of candidates) {
    const [program, ...parameters] = pip;
    if ((await runCommand(program, [...parameters, "--version"])).exitStatus === 0) return pip;
  }
  return undefined;
}

/** Installs wheels, and nothing that they need, in a folder, if they have one of the hashes. `environment` is for tests. */
export async function installWheels(
  folder: string,
  pip: Pip,
  wheels: readonly Wheel[],
  environment: Readonly<Record<string, string>> = {},
): Promise<void> {
  // Installed beside its place and then renamed, so that an interrupted download never looks like a package.
  const unfinished = `${folder}.${process.pid}`;
  const requirements = `${unfinished}.txt`;
  const wanted = wheels.map(({ name, version }) => `${name}==${version}`).join(", ");
  await mkdir(dirname(folder), { recursive: true });
  try {
    // pip takes hashes from a file only.
    writeFileSync(requirements, wheels.map(requirementOf).join(""));
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
      throw new Error(`${pip.join(" ")} could not install ${wanted}:\n${output.trimEnd()}`);
    }
    await rename(unfinished, folder);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
    await rm(requirements, { force: true });
  }
}

function requirementOf({ name, version, hashes }: Wheel): string {
  return [`${name}==${version}`, ...hashes.map((hash) => `--hash=sha256:${hash}`)].join(" \\\n  ") + "\n";
}

/** Whether pip's output tells of what another attempt would not change. */
function isFinal(output: string): boolean {
  return isOtherFile(output) || saysOffline(output);
}

/** Of pip's output. */
function isOtherFile(output: string): boolean {
  return output.includes("DO NOT MATCH THE HASHES");
}
