/** Installs packages of Debian and its relatives. */

import { runPatiently } from "../commands.ts";

const environment = { DEBIAN_FRONTEND: "noninteractive" };

/** Another apt may be at work, as on a machine that has just started; a mirror may fail. */
const patience = ["-o", "DPkg::Lock::Timeout=120", "-o", "Acquire::Retries=3"];

/** Returns what went wrong, or undefined. */
export async function installWithApt(packages: readonly string[]): Promise<string | undefined> {
  // The lists of packages may be old or, in containers, missing. A failed update need not matter: install tells.
  await runPatiently("apt-get", [...patience, "update"], { environment });
  const install = ["install", "--yes", "--no-install-recommends", ...packages];
  const { exitStatus, output } = await runPatiently("apt-get", [...patience, ...install], { environment });
  return exitStatus === 0 ? undefined : output.trimEnd();
}
