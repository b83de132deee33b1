/** Where a program for another platform can be run on this machine. */

import { existsSync } from "node:fs";
import process from "node:process";
import { findOnPath } from "../../scripts/commands.ts";
import type { Platform } from "../../scripts/packages/platforms.ts";
import { ensurePackages } from "../../scripts/setup/packages.ts";

/** How a platform's programs are run on x86-64 Linux. */
export interface Runner {
  /** What starts a program, before its path. */
  readonly command: readonly string[];
  /** Debian's packages that the command needs. */
  readonly packages: readonly string[];
  /** Why the tests do not install them by themselves. */
  readonly isInstalledByHand?: string;
}

/** For macOS and Windows on arm64 there is no emulator, and of musl Debian has only that of the machine's processor. */
export const runners: Readonly<Partial<Record<Platform, Runner>>> = {
  "linux-x64": { command: [], packages: [] },
  "linux-x64-musl": { command: ["/lib/ld-musl-x86_64.so.1"], packages: ["musl"] },
  "linux-arm64": {
    command: ["qemu-aarch64", "-L", "/usr/aarch64-linux-gnu"],
    packages: ["qemu-user", "libc6-arm64-cross"],
  },
  "win32-x64": { command: ["/usr/lib/wine/wine64"], packages: ["wine64"], isInstalledByHand: "700 MB" },
};

/** Installs what a platform's programs need. Returns why they cannot run here; undefined where they can. */
export async function obstacleTo({ command, packages, isInstalledByHand }: Runner): Promise<string | undefined> {
  const files = command.filter((part) => !part.startsWith("-"));
  if (process.platform !== "linux" || process.arch !== "x64") {
    return `its programs run on x86-64 Linux, and this is ${process.platform} on ${process.arch}`;
  }
  const hasAll = packages.length === 0 || files.every((file) => existsSync(file) || findOnPath(file) !== undefined);
  if (hasAll) return undefined;
  if (isInstalledByHand !== undefined) {
    return `\`apt-get install ${packages.join(" ")}\` (${isInstalledByHand}) was not run`;
  }
  return await ensurePackages(packages);
}
