/** The machine that the guest runs on. */

import { rootTag, sharedTag } from "./initramfs.ts";

/** What QEMU is started with. */
export interface Machine {
  readonly image: string;
  readonly initramfs: string;
  /** A folder of the host that the guest may write to. */
  readonly sharedDirectory: string;
}

/** The command that runs the machine until the guest restarts it. No KVM is needed: the processor is emulated. */
export function qemuCommand({ image, initramfs, sharedDirectory }: Machine): readonly [string, ...string[]] {
  return [
    "qemu-system-x86_64",
    // PCI as the guest's drivers look for it; the leaner `microvm` has none.
    ...["-machine", "q35"],
    ...["-accel", "tcg,thread=multi"],
    // With `rep movsb` announced as fast (erms, fsrm), the kernel copies with it, and QEMU emulates it byte by byte.
    ...["-cpu", "max,-erms,-fsrm"],
    // On one processor the camera and the program would take turns.
    ...["-smp", "2", "-m", "2048"],
    ...["-nodefaults", "-no-user-config", "-display", "none", "-serial", "stdio", "-no-reboot"],
    ...["-kernel", image, "-initrd", initramfs, "-append", kernelParameters.join(" ")],
    ...shareFolder(rootTag, "/", ["readonly=on", "multidevs=remap"]),
    ...shareFolder(sharedTag, sharedDirectory, []),
  ];
}

const kernelParameters = [
  "console=ttyS0",
  "quiet",
  "nokaslr",
  "mitigations=off",
  // A panic ends QEMU: it restarts, which -no-reboot turns into an end.
  "panic=-1",
  "reboot=t",
  // Nothing else gives the guest randomness at once.
  "random.trust_cpu=on",
];

function shareFolder(tag: string, path: string, options: readonly string[]): readonly string[] {
  // A comma separates options; a doubled one is part of the path.
  const place = `path=${path.replaceAll(",", ",,")}`;
  return [
    "-fsdev",
    ["local", `id=${tag}`, place, "security_model=none", ...options].join(","),
    "-device",
    `virtio-9p-pci,fsdev=${tag},mount_tag=${tag}`,
  ];
}
