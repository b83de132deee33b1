/** Sees to the programs that the guest is made and run with. */

import { existsSync, readFileSync } from "node:fs";
import process from "node:process";
import { findOnPath, runCommand } from "../commands.ts";
import { step } from "../progress.ts";
import { installWithApt } from "../setup/apt.ts";
import { lastLines } from "../testing/result.ts";

/** Debian's packages, and what each is for. */
const packages: Readonly<Record<string, string>> = {
  "qemu-system-x86": "the machine",
  "busybox-static": "the guest's first process",
  cpio: "packs the guest's initial file system",
  kmod: "tells which kernel modules need which",
  "xz-utils": "unpacks the kernel",
  "libusb-1.0-0": "what is tested",
  usbip: "Debian's own USB/IP client, which the server is tested with",
};

/** Installs what is missing. Returns why the guest cannot run here; undefined where it can. */
export async function ensurePackages(): Promise<string | undefined> {
  if (process.platform !== "linux" || process.arch !== "x64") {
    return `the guest is x86-64 Linux on x86-64 Linux, and this is ${process.platform} on ${process.arch}`;
  }
  if (!isDebian()) return "the guest runs Debian's kernel with Debian's packages, and this system is not Debian";
  const missing = await missingPackages();
  if (missing.length === 0) return undefined;
  const names = missing.join(", ");
  if (process.getuid?.() !== 0) return `packages are missing, and only root can install them: ${names}`;
  if (findOnPath("apt-get") === undefined) return `packages are missing, and so is apt-get: ${names}`;
  const failure = await step(`${names} with apt-get`, () => installWithApt(missing));
  return failure === undefined ? undefined : `apt-get could not install ${names}:\n${lastLines(failure, 6)}`;
}

function isDebian(): boolean {
  return existsSync("/etc/os-release") && /^ID=debian$/m.test(readFileSync("/etc/os-release", "utf8"));
}

async function missingPackages(): Promise<string[]> {
  const query = ["--show", "--showformat=${Package} ${Status}\\n", ...Object.keys(packages)];
  const { output } = await runCommand("dpkg-query", query);
  const installed = new Set([...output.matchAll(/^(\S+) install ok installed$/gm)].map(([, name]) => name));
  return Object.keys(packages).filter((name) => !installed.has(name));
}
