/** The decoders' tests on processors that QEMU emulates: every kernel runs on any machine. */

import process from "node:process";
import { findOnPath } from "../commands.ts";
import { ensurePackages } from "../setup/packages.ts";
import type { TestTools } from "../setup.ts";
import type { Placement } from "./placement.ts";
import { skippedSuite, type SuiteResult } from "./result.ts";
import { runZigTests } from "./zig.ts";

/** The emulators that `zig build test-emulated` calls, and Debian's package that holds them. */
const emulators = ["qemu-aarch64", "qemu-x86_64"];
const emulatorPackage = "qemu-user";

/** What is needed to see to the emulators; tests put their own in. */
export interface EmulatorHost {
  readonly platform: string;
  isOnPath(program: string): boolean;
  ensurePackages(names: readonly string[]): Promise<string | undefined>;
}

const thisHost: EmulatorHost = {
  platform: process.platform,
  isOnPath: (program) => findOnPath(program) !== undefined,
  ensurePackages,
};

/** Installs QEMU where it is missing. Returns why nothing can be emulated here; undefined where it can. */
export async function ensureEmulators(host: EmulatorHost = thisHost): Promise<string | undefined> {
  if (host.platform !== "linux") return `QEMU emulates programs on Linux only, and this is ${host.platform}`;
  if (emulators.every((program) => host.isOnPath(program))) return undefined;
  return await host.ensurePackages([emulatorPackage]);
}

/** The suite. Where it cannot run, it says why and skips. */
export async function runEmulatedSuite({ zig }: TestTools, placement: Placement): Promise<SuiteResult> {
  const obstacle = await ensureEmulators();
  return obstacle === undefined ? await runZigTests(zig, ["test-emulated"], placement) : skippedSuite(obstacle);
}
