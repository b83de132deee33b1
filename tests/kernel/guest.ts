/** Cameras on the guest's virtual host controller, as the kernel sees them. */

import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { VirtualCameraOptions } from "../../mod.ts";
import { virtualCameraJson } from "../../src/virtual/camera_json.ts";
import type { Runtime } from "../../ffi/adapter.ts";
import { eventually } from "../support/eventually.ts";
import { runtime, type TestOptions } from "../support/test.ts";

/** Set inside the guest, to the path of the runtime for other processes: Bun, which starts fastest. */
export const guestVariable = "NEUROMORPHIC_DRIVERS_KERNEL_GUEST";

/** Why the tests are left out; undefined in the guest, where they run. */
export const skipOutsideGuest: string | undefined = process.env[guestVariable] === undefined
  ? "needs the guest of `deno task test:kernel`"
  : undefined;

/** For what the runtime has no part in: the tests run under one of them. */
export function onceUnder(chosen: Runtime): TestOptions {
  return { skip: skipOutsideGuest ?? (runtime === chosen ? undefined : `shown once, under ${runtimeNames[chosen]}`) };
}

const runtimeNames: Readonly<Record<Runtime, string>> = { deno: "Deno", bun: "Bun", node: "Node" };

const program = fileURLToPath(new URL("../../zig/zig-out/bin/neuromorphic_virtual_camera", import.meta.url));
const controller = "/sys/devices/platform/vhci_hcd.0";
const usbDevices = "/sys/bus/usb/devices";

/** A camera that is plugged in. */
export interface PluggedCamera {
  readonly serial: string;
  /** Takes the device from the kernel, as its driver does when a device is gone. */
  remove(): void;
  /** Detaches it from the controller's port: the cable is pulled. */
  detach(): void;
  /** What it did. Resolves when it was detached, or has unplugged itself. */
  account(): Promise<CameraAccount>;
  /** Ends the camera, also one that has ended itself, and those plugged in with it. Resolves when the kernel has forgotten it. */
  unplug(): Promise<void>;
}

/** What a camera counted from its plugging in to its end. */
export interface CameraAccount {
  readonly controlRequests: number;
  readonly commands: number;
  /** Of events: handed over, and lost because the host did not fetch them in time. */
  readonly bytesSent: number;
  readonly bytesLost: number;
}

/** Plugs a camera in; resolves when the kernel knows it. */
export async function plugIn(serial: string, parameters: readonly string[]): Promise<PluggedCamera> {
  const [camera] = await attach(["--serial", serial, ...parameters], [serial]);
  return camera!;
}

/** Plugs cameras in that have what goes wrong with them among their options. Serials have eight digits. */
export async function plugInAll(
  cameras: readonly (VirtualCameraOptions & { readonly serial: string })[],
): Promise<PluggedCamera[]> {
  const json = JSON.stringify({ cameras: cameras.map((camera) => virtualCameraJson(camera)) });
  return await attach(["--cameras", json], cameras.map(({ serial }) => serial));
}

async function attach(parameters: readonly string[], serials: readonly string[]): Promise<PluggedCamera[]> {
  const cameras = new CameraProgram(["--attach", ...parameters]);
  try {
    return await Promise.all(serials.map(async (serial) => {
      const [, port] = await cameras.printed(new RegExp(`camera ${serial} is attached to port (\\d+)`));
      const folder = await eventually(`camera ${serial} in ${usbDevices}`, () => findDevice(serial));
      return {
        serial,
        remove: () => writeFileSync(`${folder}/remove`, "1"),
        detach: () => writeFileSync(`${controller}/detach`, port!),
        account: () => readAccount(cameras, serial),
        unplug: () => end(cameras, serial),
      };
    }));
  } catch (error) {
    await cameras.kill();
    throw error;
  }
}

async function readAccount(cameras: CameraProgram, serial: string): Promise<CameraAccount> {
  const counts = "(\\d+) control requests, (\\d+) commands, (\\d+) bytes of events sent, (\\d+) lost";
  const match = await cameras.printed(new RegExp(`camera ${serial} ended \\(\\w+\\): ${counts}`));
  const [controlRequests, commands, bytesSent, bytesLost] = match.slice(1).map(Number);
  return {
    controlRequests: controlRequests!,
    commands: commands!,
    bytesSent: bytesSent!,
    bytesLost: bytesLost!,
  };
}

/** Serves a camera over TCP on the port of USB/IP; returns what ends it. */
export async function serve(serial: string, parameters: readonly string[]): Promise<() => Promise<void>> {
  const server = new CameraProgram(["--serial", serial, ...parameters]);
  await server.printed(/listening/);
  return () => end(server, serial);
}

/** The folder of a device by its serial, once the kernel has configured it. */
export function findDevice(serial: string): string | undefined {
  return readdirSync(usbDevices).map((name) => `${usbDevices}/${name}`).find((folder) => {
    return readOptional(`${folder}/serial`) === serial && readOptional(`${folder}/bConfigurationValue`) === "1";
  });
}

function readOptional(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return undefined; // hubs and interfaces have no serial, and devices come and go
  }
}

/** The program that is the cameras. */
class CameraProgram {
  readonly #child: ChildProcess;
  readonly #closed: Promise<unknown>;
  #output = "";
  #isClosed = false;

  constructor(parameters: readonly string[]) {
    this.#child = spawn(program, parameters, { stdio: ["ignore", "pipe", "inherit"] });
    this.#child.stdout!.on("data", (chunk: Uint8Array) => this.#output += chunk.toString());
    this.#child.on("error", (error) => this.#output += error.message);
    this.#closed = new Promise((resolve) => this.#child.on("close", resolve)).then(() => this.#isClosed = true);
  }

  /** Resolves with what it has printed, or prints, that matches. */
  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    return await eventually(`${pattern} of the cameras`, () => {
      const match = pattern.exec(this.#output);
      assert.ok(match !== null || !this.#isClosed, `the cameras ended without ${pattern}: ${this.#output}`);
      return match ?? undefined;
    });
  }

  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#closed;
  }
}

async function end(cameras: CameraProgram, serial: string): Promise<void> {
  await cameras.kill();
  await eventually(`camera ${serial} gone`, () => findDevice(serial) === undefined ? true : undefined);
}

/** Runs a program; resolves with its output, rejects where it fails. */
export function run(command: string, parameters: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(command, [...parameters], (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${command} ${parameters.join(" ")}: ${error.message}\n${stdout}${stderr}`));
    });
  });
}

/** What `open` came to in another process. */
export interface OpenResult {
  readonly code: string;
  readonly message: string;
}

/** Opens a camera in a process of its own; as a user without rights where that is asked for. */
export async function openElsewhere(serial: string, { asOtherUser = false } = {}): Promise<OpenResult> {
  const otherRuntime = process.env[guestVariable]!;
  const parameters = [fileURLToPath(new URL("open_child.ts", import.meta.url)), serial];
  if (!asOtherUser) return JSON.parse(await run(otherRuntime, parameters));
  const unprivileged = ["--reuid=65534", "--regid=65534", "--clear-groups"]; // as Debian numbers it
  return JSON.parse(await run("setpriv", [...unprivileged, otherRuntime, ...parameters]));
}
