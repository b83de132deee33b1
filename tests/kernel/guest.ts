/** Cameras on the guest's virtual host controller, as the kernel sees them. */

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { eventually } from "../support/eventually.ts";

/** Set inside the guest, to the path of the runtime for other processes: Bun, which starts fastest. */
export const guestVariable = "NEUROMORPHIC_DRIVERS_KERNEL_GUEST";

/** Why the tests are left out; undefined in the guest, where they run. */
export const skipOutsideGuest: string | undefined = process.env[guestVariable] === undefined
  ? "needs the guest of `deno task test:kernel`"
  : undefined;

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
  /** Ends the camera, whatever became of it. Resolves when the kernel has forgotten it. */
  unplug(): Promise<void>;
}

/** Plugs a camera in; resolves when the kernel knows it. */
export async function plugIn(serial: string, parameters: readonly string[]): Promise<PluggedCamera> {
  const camera = spawn(program, ["--attach", "--serial", serial, ...parameters], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [, port] = await printed(camera, /is attached to port (\d+)/);
    const folder = await eventually(`camera ${serial} in ${usbDevices}`, () => findDevice(serial));
    return {
      serial,
      remove: () => writeFileSync(`${folder}/remove`, "1"),
      detach: () => writeFileSync(`${controller}/detach`, port!),
      unplug: () => end(camera, serial),
    };
  } catch (error) {
    await end(camera, serial);
    throw error;
  }
}

/** Serves a camera over TCP on the port of USB/IP; returns what ends it. */
export async function serve(serial: string, parameters: readonly string[]): Promise<() => Promise<void>> {
  const server = spawn(program, ["--serial", serial, ...parameters], { stdio: ["ignore", "pipe", "inherit"] });
  await printed(server, /listening/);
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

/** Resolves with what a program prints first that matches. */
function printed(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let output = "";
    child.stdout!.on("data", (chunk: Uint8Array) => {
      output += chunk.toString();
      const match = pattern.exec(output);
      if (match !== null) resolve(match);
    });
    child.on("error", reject);
    child.on("close", (status) => reject(new Error(`the camera ended with status ${status} after: ${output}`)));
  });
}

async function end(child: ChildProcess, serial: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = new Promise((resolve) => child.on("close", resolve));
    child.kill("SIGKILL");
    await ended;
  }
  await eventually(`camera ${serial} gone`, () => findDevice(serial) === undefined ? true : undefined);
}

/** Runs a program; resolves with its output, rejects where it fails. */
export function run(command: string, parameters: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(command, [...parameters], { timeout: 300_000 }, (error, stdout, stderr) => {
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
  const nobody = ["--reuid=65534", "--regid=65534", "--clear-groups"]; // as Debian numbers it
  return JSON.parse(await run("setpriv", [...nobody, otherRuntime, ...parameters]));
}
