/** Sees to libusb-1.0, which real cameras need. It is the system's: a program links to one libusb, not to ours. */

import process from "node:process";
import { libusbPlaces, libusbVariable } from "../../ffi/locate.ts";
import { findOnPath } from "../commands.ts";
import { say, step } from "../progress.ts";
import { toolsDirectory } from "../project.ts";
import { installWithApt } from "./apt.ts";
import { withLock } from "./lock.ts";

/** What is needed to look for libusb and to install it; tests put their own in. */
export interface LibusbHost {
  isThere(): boolean;
  canUseApt(): boolean;
  /** Returns what went wrong, or undefined. */
  installWithApt(): Promise<string | undefined>;
  say(line: string): void;
}

/**
 * Installs libusb where it is missing and apt can do it; else names the package. A missing libusb does not end the
 * setup, because the virtual camera works without it. Returns whether libusb is there at the end.
 */
export async function ensureLibusb(host: LibusbHost = thisHost): Promise<boolean> {
  if (host.isThere()) return true;
  if (host.canUseApt()) {
    const failure = await host.installWithApt();
    if (failure === undefined && host.isThere()) return true;
    host.say(`apt-get could not install libusb-1.0-0${failure === undefined ? "" : `:\n${failure}`}`);
  }
  host.say(missingLibusbMessage);
  return false;
}

/** What to do about a missing libusb. */
export const missingLibusbMessage =
  `libusb-1.0 is missing: the virtual camera works, real cameras do not. To install it:
  Debian, Ubuntu    sudo apt-get install libusb-1.0-0
  Fedora            sudo dnf install libusb1
  macOS             brew install libusb
  Windows           vcpkg install libusb, or libusb-1.0.dll of https://libusb.info on PATH
If it is at an unusual place, the environment variable ${libusbVariable} takes its path.`;

const thisHost: LibusbHost = {
  isThere: isAnyLoadable,
  // Where the variable names a libusb, no other one would be loaded.
  canUseApt: () =>
    process.platform === "linux" && process.getuid?.() === 0 && !process.env[libusbVariable] &&
    findOnPath("apt-get") !== undefined,
  installWithApt: () =>
    withLock(toolsDirectory, async () => {
      // Another setup may have installed it while this one waited.
      if (isAnyLoadable()) return undefined;
      return await step("libusb-1.0-0 with apt-get", () => installWithApt(["libusb-1.0-0"]));
    }),
  say,
};

function isAnyLoadable(): boolean {
  return libusbPlaces().some(isLoadable);
}

/** Whether the system's loader finds a library and it is libusb-1.0 for this processor. Loading alone tells. */
function isLoadable(path: string): boolean {
  try {
    Deno.dlopen(path, { libusb_init: { parameters: ["buffer"], result: "i32" } }).close();
    return true;
  } catch {
    return false;
  }
}
