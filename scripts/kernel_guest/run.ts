/** Runs a command in the guest: Debian's kernel, this machine's files (read-only), and a USB host controller. */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../commands.ts";
import { exitStatusFile, makeInitramfs } from "./initramfs.ts";
import type { Kernel } from "./kernel.ts";
import { qemuCommand } from "./qemu.ts";

/** How to run a command. */
export interface GuestOptions {
  /** A folder of the host that the guest can write to; the guest sees it as `guestSharedDirectory`. */
  readonly sharedDirectory: string;
  /** A guest that takes longer hangs. */
  readonly timeoutMs: number;
}

/**
 * Boots the guest, runs a shell command as root with the output shown, and returns the exit status of the command.
 *
 * @throws {Error} when the guest ends without having told the status: it did not boot, crashed, or took too long.
 */
export async function runInGuest(kernel: Kernel, command: string, options: GuestOptions): Promise<number> {
  const { sharedDirectory, timeoutMs } = options;
  const workDirectory = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_guest_"));
  const statusPath = join(sharedDirectory, exitStatusFile);
  rmSync(statusPath, { force: true });
  try {
    const initramfs = await makeInitramfs(kernel, command, workDirectory);
    const [qemu, ...parameters] = qemuCommand({ image: kernel.image, initramfs, sharedDirectory });
    const { output } = await runCommand(qemu, parameters, { show: true, timeoutMs });
    const status = readStatus(statusPath);
    if (status === undefined) throw new Error(`the guest did not finish; its last words:\n${output.slice(-2000)}`);
    return status;
  } finally {
    rmSync(workDirectory, { recursive: true, force: true });
  }
}

function readStatus(path: string): number | undefined {
  try {
    return Number(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

/** A word of a shell command, whatever it contains. */
export function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
