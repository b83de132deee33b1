/** Where the project's things are, and the versions of the tools that it is built and tested with. */

import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** The project's top folder. */
export const projectDirectory = fileURLToPath(new URL("..", import.meta.url));

/**
 * Tools that setup fetches; deleting this folder undoes it. What comes with apt is the system's and stays: libusb, and
 * the packages of some suites of tests.
 */
export const toolsDirectory = join(projectDirectory, ".tools");

/** The tools' versions: exactly these, but for Deno, where it is the oldest one that the tests passed on. */
export const toolVersions = {
  deno: "2.9.0",
  zig: "0.17.1",
  bun: "1.4.5",
  node: "24.21.0",
  typescript: "6.0.3",
  esbuild: "0.28.2",
} as const;

/** The name of an executable file on this system. */
export function executableName(name: string): string {
  return process.platform === "win32" ? `${name}.exe` : name;
}
