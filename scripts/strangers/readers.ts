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
  {
    name: "aedat",
    version: "2.3.0",
    hashes: [
      "486c40f210af7bc108523c62c31a12be4f2409e11b519eabc99d98ec405578f3",
      "2ab6d0e0274d56d9909dff2f5138c3cf9e34ded17c8e113935484eeeff6fb715",
    ],
  },
  {
    name: "dv-processing",
    version: "2.0.4",
    hashes: [
      "3b3e81fa11c774db97a477901d3f7c0a52d2168bca663737f1fccdb364f5cecd",
      "1886b4c5427ecb15fd5b8ccf1a831c07e47c2a5ab754b73331fcd49d6be76e49",
    ],
  },
  { name: "mcap", version: "1.6.0", hashes: ["7cd37fba2cf51d033f2139ca837d2ed3024dcec3cd9f8ecdf3d4d15930df6e17"] },
  {
    name: "mcap-ros2-support",
    version: "0.6.0",
    hashes: ["0b5f86c88432a1370b6c8f0e8a26d1403dc02495d751052e3dd9f9a0679645ef"],
  },
  {
    name: "lz4",
    version: "4.4.5",
    hashes: [
      "75419bb1a559af00250b8f1360d508444e80ed4b26d9d40ec5b09fe7875cb989",
      "451039b609b9a88a934800b5fc6ee401c89ad9c175abf2f4d9f8b2e4ef1afc64",
    ],
  },
  {
    name: "zstandard",
    version: "0.25.0",
    hashes: [
      "9300d02ea7c6506f00e627e287e0492a5eb0371ec1670ae852fefffa6164b072",
      "8e735494da3db08694d26480f1493ad2cf86e99bdd53e8e9771b2752a5c0246a",
    ],
  },
  {
    name: "pyarrow",
    version: "26.0.1",
    hashes: [
      "39cb0f2418282c24bea6ceda77b03e5a8f0a5766b63a8bf194d4e2a2c423548c",
      "f71221bbc7707e3fad920d0478db9350791d4714ec445299ee0d56559fbc156c",
    ],
  },
];

/** What reading needs of the packages. */
const imports =
  "import numpy, evt3, faery, aedat, dv_processing, mcap_ros2, pyarrow; from evutils.io import EventReader";

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
    await runOrThrow(python, ["-c", imports], {
      environment: { PYTHONPATH: folder },
    });
  } catch (error) {
    return { obstacle: `the readers cannot be had: ${(error as Error).message}` };
  }
  return { python, folder };
}
