/** What is published, and where it is assembled. */

import { join } from "node:path";
import { projectDirectory } from "../project.ts";

/** The packages' names: both registries of npm's kind, and JSR. */
export const names = {
  jsr: "@neuromorphic/drivers",
  npm: "neuromorphic-drivers",
  native: "neuromorphic-drivers-native",
} as const;

/** Generated; git ignores it. */
export const buildDirectory: string = join(projectDirectory, "npm-build");

/** Each package's folder. */
export const packageDirectories = {
  jsr: join(buildDirectory, "jsr"),
  npm: join(buildDirectory, names.npm),
  native: join(buildDirectory, names.native),
} as const;
