/** Gets Debian's kernel and the modules that the guest loads; kept in the project's tools, about 70 MB. */

import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { cp, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import process from "node:process";
import { runOrThrow, runPatientlyOrThrow } from "../commands.ts";
import { step } from "../progress.ts";
import { toolsDirectory } from "../project.ts";
import { getMissing } from "../setup/missing.ts";

/** A kernel that QEMU can start. */
export interface Kernel {
  /** The uncompressed kernel: the guest's own unpacking of the compressed one would take two seconds. */
  readonly image: string;
  /** Files of modules, in the order in which they can be loaded. */
  readonly modules: readonly string[];
}

/** Debian's package that depends on the newest kernel. The one for clouds (`linux-image-cloud-amd64`) has no USB. */
const metaPackage = "linux-image-amd64";

/** What the guest loads, each with the modules that it needs: the host's files over virtio, and USB over a socket. */
const wantedModules = ["virtio_pci", "9pnet_virtio", "9p", "vhci_hcd"];

const folder = join(toolsDirectory, "kernel-guest", "kernel");

/** Returns the kernel, fetching it where it is missing. */
export async function getKernel(): Promise<Kernel> {
  await getMissing([{
    name: "Debian's kernel",
    isThere: () => existsSync(folder),
    get: () => step("Debian's kernel with apt-get", fetchKernel),
  }], toolsDirectory);
  const modules = join(folder, "modules");
  return { image: join(folder, "vmlinux"), modules: readdirSync(modules).sort().map((name) => join(modules, name)) };
}

async function fetchKernel(): Promise<void> {
  // Prepared beside its place and then renamed, so that an interrupted download never looks like a kernel.
  const unfinished = `${folder}.${process.pid}`;
  const download = `${folder}.${process.pid}.download`;
  try {
    mkdirSync(download, { recursive: true });
    mkdirSync(join(unfinished, "modules"), { recursive: true });
    const release = await downloadKernel(download);
    await runOrThrow("/sbin/depmod", ["-b", download, release]);
    for (const [index, file] of (await moduleFiles(download, release)).entries()) {
      await cp(file, join(unfinished, "modules", `${String(index).padStart(2, "0")}-${basename(file)}`));
    }
    const packed = join(download, "vmlinux.xz");
    await writeFile(packed, packedKernel(readFileSync(join(download, "boot", `vmlinuz-${release}`))));
    await runOrThrow("/bin/sh", ["-c", unpackCommand, packed, join(unfinished, "vmlinux")]);
    await rename(unfinished, folder);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
    await rm(download, { recursive: true, force: true });
  }
}

/** Unpacks the newest kernel's package in a folder, without installing it, and returns the kernel's release. */
async function downloadKernel(directory: string): Promise<string> {
  const depends = await runOrThrow("apt-cache", ["depends", metaPackage]);
  const [, packageName, release] = /Depends: (linux-image-(\d\S+))/.exec(depends) ?? [];
  if (packageName === undefined || release === undefined) {
    throw new Error(`${metaPackage} names no kernel:\n${depends}`);
  }
  await runPatientlyOrThrow("apt-get", ["-o", "Acquire::Retries=3", "download", packageName], { directory });
  const archive = readdirSync(directory).find((name) => name.endsWith(".deb"));
  if (archive === undefined) throw new Error(`apt-get download ${packageName} left no package`);
  await runOrThrow("dpkg-deb", ["--extract", archive, "."], { directory });
  return release;
}

/** The wanted modules and all that they need, each once, none before what it needs. */
async function moduleFiles(directory: string, release: string): Promise<string[]> {
  const files = new Set<string>();
  for (const name of wantedModules) {
    const parameters = ["-d", directory, "-S", release, "--show-depends", name];
    for (const [, file] of (await runOrThrow("/sbin/modprobe", parameters)).matchAll(/^insmod (\S+)/gm)) {
      files.add(file!);
    }
  }
  return [...files];
}

/**
 * The kernel inside of a bzImage, still packed. Its place stands in the setup header (Linux,
 * Documentation/arch/x86/boot.rst): setup_sects at 0x1F1, payload_offset and payload_length at 0x248, counted from the
 * end of the setup sectors.
 */
function packedKernel(image: Uint8Array): Uint8Array {
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  const start = (view.getUint8(0x1f1) + 1) * 512 + view.getUint32(0x248, true);
  const payload = image.subarray(start, start + view.getUint32(0x24c, true));
  if (!xzMagic.every((byte, index) => payload[index] === byte)) {
    throw new Error("Debian's kernel is not packed with xz");
  }
  return payload;
}

const xzMagic = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00];

/** The length of the kernel follows the xz stream, hence the single one. */
const unpackCommand = 'xz --decompress --stdout --single-stream < "$0" > "$1"';
