/** Gets PyPI's package neuromorphic-drivers, which brings its own libusb: it meets the virtual camera on a kernel only. */

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { runCommand, runOrThrow } from "../commands.ts";
import { step } from "../progress.ts";
import { toolsDirectory } from "../project.ts";
import { getMissing } from "../setup/missing.ts";
import { installWheels, type Wheel } from "../setup/wheels.ts";

/** Python with the package, or why there is none. */
export type Python = { readonly python: string; readonly folder: string } | { readonly obstacle: string };

/** On x86-64 Linux for Python 3.11 and 3.13, those of Debian 12 and 13. */
const wheels: readonly Wheel[] = [
  {
    name: "neuromorphic-drivers",
    version: "0.18.2",
    hashes: [
      "36fa104c5ca9c8a5a412339a9439947bbc6a61b1d5f0560af56aeea4bafd4b28",
      "75973dc5ae9df3fcbb4171a28551316a4fd37b62ec66a576ca40992dba3d02f6",
    ],
  },
  {
    name: "numpy",
    version: "2.3.5",
    hashes: [
      "8cba086a43d54ca804ce711b2a940b16e452807acebe7852ff327f1ecd49b0d4",
      "11e06aa0af8c0f05104d56450d6093ee639e15f24ecf62d417329d06e522e017",
    ],
  },
];

/** Installs the package in the project's folder where it is missing. */
export async function getStrangersPython(): Promise<Python> {
  const { exitStatus, output } = await runCommand("python3", [
    "-c",
    "import pip, sys; print(sys.executable, sys.version)",
  ]);
  if (exitStatus !== 0) return { obstacle: "there is no python3 with pip" };
  const python = output.split(" ")[0]!;
  const key = createHash("sha256").update(output).update(JSON.stringify(wheels)).digest("hex").slice(0, 12);
  const folder = join(toolsDirectory, "strangers", `python-${key}`);
  try {
    const name = "neuromorphic-drivers for Python";
    const get = () => step(name, () => install(python, folder));
    await getMissing([{ name, isThere: () => existsSync(folder), get }], toolsDirectory);
    await runOrThrow(python, ["-c", "import neuromorphic_drivers"], { environment: { PYTHONPATH: folder } });
  } catch (error) {
    return { obstacle: `neuromorphic-drivers for Python cannot be had: ${(error as Error).message}` };
  }
  return { python, folder };
}

/** Compiled once: the guest's processor is slow, and there it cannot be written. */
async function install(python: string, folder: string): Promise<void> {
  await installWheels(folder, [python, "-m", "pip"], wheels);
  await runOrThrow(python, ["-m", "compileall", "-q", folder]);
}
