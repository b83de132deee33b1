/** Sees to programs that come in packages of Debian. */

import process from "node:process";
import { findOnPath, runCommand } from "../commands.ts";
import { step } from "../progress.ts";
import { lastLines } from "../testing/result.ts";
import { installWithApt } from "./apt.ts";

/** What is needed to look for packages and to install them; tests put their own in. */
export interface PackageHost {
  isInstalled(name: string): Promise<boolean>;
  isRoot(): boolean;
  hasApt(): boolean;
  /** Returns what went wrong, or undefined. */
  install(names: readonly string[]): Promise<string | undefined>;
}

/** Installs those of the packages that are missing. Returns what is in the way; undefined where all are there. */
export async function ensurePackages(
  names: readonly string[],
  host: PackageHost = thisHost,
): Promise<string | undefined> {
  const areInstalled = await Promise.all(names.map((name) => host.isInstalled(name)));
  const missing = names.filter((_, index) => !areInstalled[index]);
  if (missing.length === 0) return undefined;
  const list = missing.join(", ");
  if (!host.hasApt()) return `packages are missing, and so is apt-get: ${list}`;
  if (!host.isRoot()) return `packages are missing, and only root can install them: ${list}`;
  const failure = await host.install(missing);
  return failure === undefined ? undefined : `apt-get could not install ${list}:\n${lastLines(failure, 6)}`;
}

const thisHost: PackageHost = {
  isInstalled: async (name) => {
    const { output } = await runCommand("dpkg-query", ["--show", "--showformat=${Status}", name]);
    return output === "install ok installed";
  },
  isRoot: () => process.getuid?.() === 0,
  hasApt: () => findOnPath("apt-get") !== undefined,
  install: (names) => step(`${names.join(", ")} with apt-get`, () => installWithApt(names)),
};
