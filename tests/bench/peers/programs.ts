/**
 * The programs that are compared: this library under each runtime, natively and as WebAssembly, and pinned packages of PyPI
 * and crates.io.
 */

import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { findOnPath, runOrThrow } from "../../../scripts/commands.ts";
import { say, step } from "../../../scripts/progress.ts";
import { projectDirectory, toolsDirectory } from "../../../scripts/project.ts";
import { setUpForTests } from "../../../scripts/setup.ts";
import { getChromium } from "../../../scripts/setup/chromium.ts";
import { virtualCameraLibrary } from "../../../scripts/strangers/crate.ts";
import { getRecordingPeers } from "../../../scripts/strangers/recording_peers.ts";

/** A program to start. */
export interface Program {
  readonly name: string;
  readonly isOurs: boolean;
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

const folder = join(projectDirectory, "tests", "bench", "peers");

/** The runtimes as commands. */
async function runtimes(): Promise<readonly (readonly [name: string, command: readonly string[]])[]> {
  const { bun, node } = await setUpForTests();
  return [["Deno", [Deno.execPath(), "run", "--allow-all", "--quiet"]], ["Bun", [bun]], ["Node", [node]]];
}

/** Programs that decode the files whose paths come on stdin. */
export async function decodingPrograms(): Promise<readonly Program[]> {
  const ours = (await runtimes()).map(([name, command]) => ({
    name: `ours, ${name}`,
    isOurs: true,
    command: [...command, join(folder, "ours.ts")],
  }));
  const webAssembly = await webAssemblyPrograms();
  const crates = await buildCrates();
  const rust = crates === undefined ? [] : ["neuromorphic-drivers", "evt3"].map((name) => ({
    name: `${name} (crate)`,
    isOurs: false,
    command: [crates.program, "decode", name],
    environment: crates.environment,
  }));
  const python = await getRecordingPeers();
  if ("obstacle" in python) say(`without the packages of PyPI: ${python.obstacle}`);
  const wheels = "obstacle" in python ? [] : ["evutils", "evt3", "faery", "expelliarmus"].map((name) => ({
    name: `${name} (wheel)`,
    isOurs: false,
    command: [python.python, join(folder, "read.py"), name],
    environment: { PYTHONPATH: python.folder },
  }));
  return [...ours, ...webAssembly, ...rust, ...wheels];
}

/** What makes a program decode by WebAssembly. */
const preloaded = join(projectDirectory, "tests", "support", "web_assembly.ts");

/** The decoder as WebAssembly, under each runtime and in Chromium, where that is found. */
async function webAssemblyPrograms(): Promise<readonly Program[]> {
  const programs = (await runtimes()).map(([name, command]) => ({
    name: `WebAssembly, ${name}`,
    isOurs: true,
    command: [...command, name === "Node" ? "--import" : "--preload", preloaded, join(folder, "ours.ts")],
  }));
  const chromium = await getChromium();
  if ("obstacle" in chromium) {
    say(`without Chromium: ${chromium.obstacle}`);
    return programs;
  }
  const command = [Deno.execPath(), "run", "--allow-all", "--quiet", join(folder, "ours_in_chromium.ts")];
  return [...programs, { name: "WebAssembly, Chromium", isOurs: true, command }];
}

/** Programs that open the virtual camera, and count its events for some seconds. */
export async function streamingPrograms(): Promise<readonly Program[]> {
  const ours = (await runtimes()).map(([name, command]) => ({
    name: `ours, ${name}`,
    isOurs: true,
    command: [...command, join(folder, "stream.ts")],
  }));
  const crates = await buildCrates();
  if (crates === undefined) return ours;
  const { program, environment } = crates;
  return [...ours, { name: "neuromorphic-drivers (crate)", isOurs: false, command: [program, "stream"], environment }];
}

interface Crates {
  readonly program: string;
  /** With the virtual camera as libusb. */
  readonly environment: Readonly<Record<string, string>>;
}

let built: Promise<Crates | undefined> | undefined;

/** Builds the program of the crates, once; for this very processor, as their users may. */
function buildCrates(): Promise<Crates | undefined> {
  built ??= build().catch((error) => void say(`without the crates: ${(error as Error).message}`));
  return built;
}

async function build(): Promise<Crates | undefined> {
  if (findOnPath("cargo") === undefined) return void say("without the crates: there is no cargo");
  const target = join(toolsDirectory, "peers", "cargo");
  const libraries = join(toolsDirectory, "peers", "libusb");
  mkdirSync(libraries, { recursive: true });
  for (const name of ["libusb-1.0.so", "libusb-1.0.so.0", "libneuromorphic_virtual_camera.so"]) {
    rmSync(join(libraries, name), { force: true });
    symlinkSync(virtualCameraLibrary, join(libraries, name));
  }
  const [, triple] = /^host: (.+)$/m.exec(await runOrThrow("rustc", ["--version", "--verbose"]))!;
  const libusb = `target.${triple}."usb-1.0"`;
  const parameters = [
    ...["build", "--release", "--quiet", "--locked", "--manifest-path", join(folder, "rust", "Cargo.toml")],
    ...["--target-dir", target, "--config", `${libusb}.rustc-link-lib=["usb-1.0"]`],
    ...["--config", `${libusb}.rustc-link-search=[${JSON.stringify(libraries)}]`],
    ...["--config", `target.${triple}.rustflags=["-Ctarget-cpu=native"]`],
  ];
  await step("crates of crates.io", () => runOrThrow("cargo", parameters));
  return { program: join(target, "release", "peers"), environment: { LD_LIBRARY_PATH: libraries } };
}
