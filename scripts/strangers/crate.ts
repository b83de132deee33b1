/**
 * Builds the client in `tests/strangers/rust`: the crate neuromorphic-drivers, pinned by its Cargo.lock, on the virtual
 * camera in place of libusb.
 */

import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { zigDirectory } from "../build_native.ts";
import { findOnPath, runOrThrow, runPatiently } from "../commands.ts";
import { step } from "../progress.ts";
import { projectDirectory, toolsDirectory } from "../project.ts";
import { ensurePackages } from "../setup/packages.ts";
import { lastLines } from "../testing/result.ts";

/** A program, or why there is none. */
export type Built = { readonly program: string } | { readonly obstacle: string };

/** The virtual camera's library, which has libusb's functions. */
export const virtualCameraLibrary: string = join(zigDirectory, "zig-out", "lib", "libneuromorphic_virtual_camera.so");

const folder = join(toolsDirectory, "strangers");
const manifest = join(projectDirectory, "tests", "strangers", "rust", "Cargo.toml");

/** Debian 12's `cargo` is of 2022, and too old for the crates; its newer one is made for browsers. */
const debianPackages = [["cargo-web"], ["cargo"]];

/** Builds the client where it is not built; 25 s of CPU time. */
export async function buildCrateClient(): Promise<Built> {
  const obstacle = process.platform === "linux" ? await ensureCargo() : "programs load another libusb on Linux only";
  if (obstacle !== undefined) return { obstacle };
  const fetched = await runPatiently("cargo", ["fetch", "--quiet", "--locked", "--manifest-path", manifest]);
  if (fetched.exitStatus !== 0) {
    return { obstacle: `cargo cannot fetch the crates:\n${lastLines(fetched.output, 4)}` };
  }
  const target = join(folder, "cargo");
  const build = ["build", "--quiet", "--locked", "--offline", "--manifest-path", manifest, "--target-dir", target];
  await step(
    "neuromorphic-drivers for Rust",
    async () => runOrThrow("cargo", [...build, ...await linkVirtualCamera()]),
  );
  return { program: join(target, "debug", "stranger") };
}

async function ensureCargo(): Promise<string | undefined> {
  if (findOnPath("cc") === undefined) {
    const obstacle = await ensurePackages(["gcc", "libc6-dev"]);
    if (obstacle !== undefined) return obstacle;
  }
  let obstacle: string | undefined;
  for (const packages of debianPackages) {
    if (findOnPath("cargo") !== undefined) return undefined;
    obstacle = await ensurePackages(packages);
  }
  return findOnPath("cargo") === undefined ? `there is no cargo: ${obstacle}` : undefined;
}

/**
 * Settings that stand in for the build script of libusb1-sys, which would compile libusb into the program. The library
 * is linked by libusb's name.
 */
async function linkVirtualCamera(): Promise<string[]> {
  const libraries = join(folder, "libusb");
  mkdirSync(libraries, { recursive: true });
  const link = join(libraries, "libusb-1.0.so");
  rmSync(link, { force: true });
  symlinkSync(virtualCameraLibrary, link);
  const [, triple] = /^host: (.+)$/m.exec(await runOrThrow("rustc", ["--version", "--verbose"]))!;
  const override = `target.${triple}."usb-1.0"`;
  return [
    ...["--config", `${override}.rustc-link-lib=["usb-1.0"]`],
    ...["--config", `${override}.rustc-link-search=[${JSON.stringify(libraries)}]`],
  ];
}
