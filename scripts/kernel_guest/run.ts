/** Runs a command in the guest: Debian's kernel, this machine's files (read-only), and a USB host controller. */

import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { alone, type Placement, runPlaced } from "../testing/placement.ts";
import { lastLines } from "../testing/result.ts";
import type { HangLimits } from "../watchdog.ts";
import { exitStatusFile, makeInitramfs, upFile } from "./initramfs.ts";
import type { Kernel } from "./kernel.ts";
import { qemuCommand } from "./qemu.ts";

/** How to run a command. */
export interface GuestOptions {
  /** A folder of the host that the guest can write to; the guest sees it as `guestSharedDirectory`. */
  readonly sharedDirectory: string;
  /** What the machine may use: a guest that needs more hangs. */
  readonly limits: HangLimits;
  /** Default: alone. */
  readonly placement?: Placement;
}

/** What became of the guest. */
export interface GuestResult {
  /** Whether the command was begun. Where not, the machine is to blame: no memory, no time, no QEMU that works. */
  readonly up: boolean;
  /** Whether the command came to its end. */
  readonly finished: boolean;
  /** What the guest's console showed. */
  readonly output: string;
}

/** Boots the guest and runs a shell command as root with the output shown. */
export async function runInGuest(kernel: Kernel, command: string, options: GuestOptions): Promise<GuestResult> {
  const { sharedDirectory, limits, placement = alone } = options;
  const [up, finished] = [upFile, exitStatusFile].map((name) => join(sharedDirectory, name)) as [string, string];
  for (const path of [up, finished]) rmSync(path, { force: true });
  const workDirectory = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_guest_"));
  try {
    const initramfs = await makeInitramfs(kernel, command, workDirectory);
    const { output } = await runPlaced(
      qemuCommand({ image: kernel.image, initramfs, sharedDirectory }),
      placement,
      { limits: () => existsSync(up) ? limits : bootLimits },
    );
    return { up: existsSync(up), finished: existsSync(finished), output: output.replaceAll("\r", "") };
  } finally {
    rmSync(workDirectory, { recursive: true, force: true });
  }
}

/** A guest whose command has not begun by then does not come up; one that does took some 7 s of CPU time. */
const bootLimits: HangLimits = { cpuS: 200, asleepS: 60 };

/** {@link runInGuest} for a guest that comes up with luck only; one that does not is tried once more. */
export async function runInGuestPatiently(
  kernel: Kernel,
  command: string,
  options: GuestOptions,
  run = runInGuest,
): Promise<GuestResult | { readonly obstacle: string }> {
  const first = await run(kernel, command, options);
  if (first.up) return first;
  const second = await run(kernel, command, options);
  if (second.up) return second;
  return { obstacle: `the guest did not come up twice; its last words:\n${lastLines(second.output)}` };
}

/** Any text as one word of a shell command. */
export function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
