/** Gets other people's readers of recordings from PyPI, each in a pinned version, for what judges our writers. */

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { runCommand, runOrThrow } from "../commands.ts";
import { step } from "../progress.ts";
import { toolsDirectory } from "../project.ts";
import { getMissing } from "../setup/missing.ts";
import { installWheels, type Wheel } from "../setup/wheels.ts";
import type { Python } from "./wheel.ts";

/** On x86-64 Linux for Python 3.11 and 3.13, those of Debian 12 and 13. */
const wheels: readonly Wheel[] = [
  {
    name: "numpy",
    version: "2.4.6",
    hashes: [
      "89cd468399cfd2504718f0ba50e410dca55a170b61a02ad92bb18c8a65186e93",
      "a7830bab239b79cda9c08c2da014761cafb48da6150e1da17ac06283f43b6089",
    ],
  },
  {
    name: "evutils",
    version: "0.3.18",
    hashes: [
      "1f11a0fdb1e889fe584843c7925f1b0b49f4377e4b404e069c55bad283ee8b22",
      "3d638362da0f12387d1d4286cabec3fac0ffe453cf5b435a543842d3ad5d8118",
    ],
  },
  {
    name: "evt3",
    version: "0.4.1",
    hashes: [
      "63e9d5a2aa94d38c8f924b63f122dca5e1f608f345c452c2a2e3678692d575ed",
      "a1c7b797d607e9b2d7530dfd46b54bd3f13a0287b6d4bb735de18e43ba686de5",
    ],
  },
  {
    name: "faery",
    version: "0.7.1",
    hashes: [
      "7ffb3b28715a739abdad1944c7279a3812dab9aa966ac8b24509a3dbde098eee",
      "0cbb5c33d2f28c2e21b5d3f54e9994b5362eba3b08508749a1a019545105ad2c",
    ],
  },
];

/** Installs the readers in the project's folder where they are missing. What they need beside NumPy no reading needs. */
export async function getForeignReaders(): Promise<Python> {
  const { exitStatus, output } = await runCommand("python3", [
    "-c",
    "import pip, sys; print(sys.executable, sys.version)",
  ]);
  if (exitStatus !== 0) return { obstacle: "there is no python3 with pip" };
  const python = output.split(" ")[0]!;
  const key = createHash("sha256").update(output).update(JSON.stringify(wheels)).digest("hex").slice(0, 12);
  const folder = join(toolsDirectory, "foreign_readers", key);
  try {
    const name = "readers of recordings";
    const get = () => step(name, () => installWheels(folder, [python, "-m", "pip"], wheels));
    await getMissing([{ name, isThere: () => existsSync(folder), get }], toolsDirectory);
    await runOrThrow(python, ["-c", "import numpy, evt3, faery; from evutils.io import EventReader"], {
      environment: { PYTHONPATH: folder },
    });
  } catch (error) {
    return { obstacle: `the readers cannot be had: ${(error as Error).message}` };
  }
  return { python, folder };
}
