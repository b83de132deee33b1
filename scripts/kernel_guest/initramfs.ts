/** Makes the guest's initial file system: enough to mount this machine's files and to run one command in them. */

import { copyFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { runOrThrow } from "../commands.ts";
import type { Kernel } from "./kernel.ts";

/** Where the guest mounts the folder that it shares with the host. */
export const guestSharedDirectory = "/run/shared";

/** Files in the shared folder: the guest is up and starts the command; and how the command ended. */
export const upFile = "up";
export const exitStatusFile = "exit_status";

/** Tags of the folders that QEMU offers over 9p. */
export const rootTag = "root";
export const sharedTag = "shared";

/**
 * The guest's first process. The root is this machine's, read-only; `/run` is memory, and the only place to write
 * beside the shared folder, which is not cached because the host reads it.
 */
const init = `#!/bin/sh
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
for module in /modules/*; do insmod $module; done
mount -t 9p -o trans=virtio,version=9p2000.L,msize=524288,cache=loose,ro ${rootTag} /mnt
for folder in proc sys dev; do mount -o bind /$folder /mnt/$folder; done
mount -t tmpfs tmpfs /mnt/run
mkdir /mnt${guestSharedDirectory}
mount -t 9p -o trans=virtio,version=9p2000.L,msize=524288,cache=none ${sharedTag} /mnt${guestSharedDirectory}
ip link set lo up
echo up > /mnt${guestSharedDirectory}/${upFile}
chroot /mnt /bin/sh -c "$(cat /command)" </dev/null
echo $? > /mnt${guestSharedDirectory}/${exitStatusFile}
umount /mnt${guestSharedDirectory}
reboot -f
`;

/** Applets of busybox that the first process uses. */
const applets = ["sh", "mount", "umount", "insmod", "mkdir", "ip", "chroot", "cat", "reboot"];

/** Writes `<directory>/initramfs`, which runs the shell command, and returns its path. */
export async function makeInitramfs(kernel: Kernel, command: string, directory: string): Promise<string> {
  const tree = join(directory, "tree");
  const image = join(directory, "initramfs");
  for (const folder of ["bin", "modules", "proc", "sys", "dev", "mnt"]) {
    mkdirSync(join(tree, folder), { recursive: true });
  }
  copyFileSync("/bin/busybox", join(tree, "bin", "busybox"));
  for (const applet of applets) symlinkSync("busybox", join(tree, "bin", applet));
  for (const module of kernel.modules) copyFileSync(module, join(tree, "modules", basename(module)));
  writeFileSync(join(tree, "init"), init, { mode: 0o755 });
  writeFileSync(join(tree, "command"), command);
  await runOrThrow("/bin/sh", ["-c", 'find . | cpio --create --format=newc --quiet > "$0"', image], {
    directory: tree,
  });
  rmSync(tree, { recursive: true });
  return image;
}
