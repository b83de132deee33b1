/** Sees to the programs that the guest is made and run with. */

import { existsSync, readFileSync } from "node:fs";
import process from "node:process";
import { ensurePackages } from "../setup/packages.ts";

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
export async function ensureGuestPackages(): Promise<string | undefined> {
  if (process.platform !== "linux" || process.arch !== "x64") {
    return `the guest is x86-64 Linux on x86-64 Linux, and this is ${process.platform} on ${process.arch}`;
  }
  if (!isDebian()) return "the guest runs Debian's kernel with Debian's packages, and this system is not Debian";
  return await ensurePackages(Object.keys(packages));
}

function isDebian(): boolean {
  return existsSync("/etc/os-release") && /^ID=debian$/m.test(readFileSync("/etc/os-release", "utf8"));
}
