/** Gets other projects' readers of RAW files from PyPI, each in a pinned version, for what compares speeds. */

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { runCommand, runOrThrow } from "../commands.ts";
import { step } from "../progress.ts";
import { toolsDirectory } from "../project.ts";
import { getMissing } from "../setup/missing.ts";
import { installWheels, type Wheel } from "../setup/wheels.ts";
import type { Python } from "./wheel.ts";

/** On x86-64 Linux for Python 3.11, the newest one that expelliarmus has a wheel for. */
const wheels: readonly Wheel[] = [
  { name: "numpy", version: "2.4.6", hashes: ["89cd468399cfd2504718f0ba50e410dca55a170b61a02ad92bb18c8a65186e93"] },
  { name: "evutils", version: "0.3.18", hashes: ["1f11a0fdb1e889fe584843c7925f1b0b49f4377e4b404e069c55bad283ee8b22"] },
  { name: "evt3", version: "0.4.1", hashes: ["63e9d5a2aa94d38c8f924b63f122dca5e1f608f345c452c2a2e3678692d575ed"] },
  { name: "faery", version: "0.7.1", hashes: ["7ffb3b28715a739abdad1944c7279a3812dab9aa966ac8b24509a3dbde098eee"] },
  {
    name: "expelliarmus",
    version: "1.1.12",
    hashes: ["3af2892ae68546630260a09292ccdd21dd23399a1e4ac8dfd7fc91dc34f2e4ce"],
  },
];

/** Installs the readers in the project's folder where they are missing. */
export async function getRecordingPeers(): Promise<Python> {
  const { exitStatus, output } = await runCommand("python3", [
    "-c",
    "import pip, sys; print(sys.executable, sys.version)",
  ]);
  if (exitStatus !== 0) return { obstacle: "there is no python3 with pip" };
  const python = output.split(" ")[0]!;
  const key = createHash("sha256").update(output).update(JSON.stringify(wheels)).digest("hex").slice(0, 12);
  const folder = join(toolsDirectory, "peers", key);
  try {
    const name = "readers of RAW files";
    const get = () => step(name, () => installWheels(folder, [python, "-m", "pip"], wheels));
    await getMissing([{ name, isThere: () => existsSync(folder), get }], toolsDirectory);
    const imports = "import numpy, evt3, faery, expelliarmus; from evutils.io import EventReader";
    await runOrThrow(python, ["-c", imports], { environment: { PYTHONPATH: folder } });
  } catch (error) {
    return { obstacle: `the readers cannot be had: ${(error as Error).message}` };
  }
  return { python, folder };
}
