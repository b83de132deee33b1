/** Runs a command in the guest: Debian's kernel, this machine's files (read-only), and a USB host controller. */

import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../commands.ts";
import { lastLines } from "../testing/result.ts";
import { exitStatusFile, makeInitramfs, upFile } from "./initramfs.ts";
import type { Kernel } from "./kernel.ts";
import { qemuCommand } from "./qemu.ts";

/** How to run a command. */
export interface GuestOptions {
  /** A folder of the host that the guest can write to; the guest sees it as `guestSharedDirectory`. */
  readonly sharedDirectory: string;
  /** A guest whose command has not begun by then does not come up. */
  readonly bootTimeoutMs: number;
  /** A guest that takes longer hangs. */
  readonly timeoutMs: number;
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
  const { sharedDirectory, bootTimeoutMs, timeoutMs } = options;
  const [up, finished] = [upFile, exitStatusFile].map((name) => join(sharedDirectory, name)) as [string, string];
  for (const path of [up, finished]) rmSync(path, { force: true });
  const workDirectory = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_guest_"));
  const boot = new AbortController();
  const bootTimer = setTimeout(() => {
    if (!existsSync(up)) boot.abort(`the guest did not come up within ${bootTimeoutMs / 1000} s`);
  }, bootTimeoutMs);
  try {
    const initramfs = await makeInitramfs(kernel, command, workDirectory);
    const [qemu, ...parameters] = qemuCommand({ image: kernel.image, initramfs, sharedDirectory });
    const { output } = await runCommand(qemu, parameters, { show: true, timeoutMs, signal: boot.signal });
    return { up: existsSync(up), finished: existsSync(finished), output: output.replaceAll("\r", "") };
  } finally {
    clearTimeout(bootTimer);
    rmSync(workDirectory, { recursive: true, force: true });
  }
}

/** Time for a machine on which other work goes on; alone, the guest is up in some 3 s. */
const bootTimeoutsMs = [120_000, 240_000];

/** {@link runInGuest} for a guest that takes no longer than that; one that does not come up is tried once more. */
export async function runInGuestPatiently(
  kernel: Kernel,
  command: string,
  options: Omit<GuestOptions, "bootTimeoutMs">,
  run = runInGuest,
): Promise<GuestResult | { readonly obstacle: string }> {
  let output = "";
  for (const bootTimeoutMs of bootTimeoutsMs) {
    const result = await run(kernel, command, { ...options, bootTimeoutMs });
    if (result.up) return result;
    output = result.output;
  }
  return { obstacle: `the guest did not come up twice; its last words:\n${lastLines(output)}` };
}

/** A word of a shell command, whatever it contains. */
export function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
