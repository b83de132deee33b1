/** `list`: the cameras that are connected. */

import process from "node:process";
import { listDevices, type ListedDevice } from "../../mod.ts";
import { slowLinks } from "../devices/discovery.ts";
import { textTable } from "../devices/text_table.ts";
import type { Command, World } from "./command.ts";
import { readOptions } from "./options.ts";
import { realFiles, type SystemFiles } from "./system/files.ts";
import { findUsbDevice, readUsbDevices, type SysfsDevice } from "./system/usb_devices.ts";

/** The command. */
export const listCommand: Command = {
  name: "list",
  summary: "list the cameras that are connected",
  help: `Lists the supported cameras that are connected. Each is opened for a moment, to
ask its serial. The state is free, busy (a program uses the camera),
not-permitted (see install-udev-rules) or failed; standard error tells more.

The column usb has the bus and the address there, the column port the hubs'
ports between (Linux).

  --json       print an array of objects instead of a table
  --virtual    list the virtual camera

Exit status: 0 if there is a camera, in any state; 1 if there is none.`,
  needsNativeCode: true,
  parse(parameters) {
    const { json, virtual } = readOptions(parameters, { json: { type: "boolean" }, virtual: { type: "boolean" } });
    return async (world) => {
      const devices = await listDevices({ libusb: virtual ? "virtual" : "system" });
      return printList(describeCameras(devices, virtual ? [] : usbDevicesHere()), json === true, world);
    };
  },
};

/** Whether a camera can be used now: yes, a program uses it, the system refuses access, or something else is wrong. */
export type CameraState = "free" | "busy" | "not-permitted" | "failed";

/** A camera as `list --json` tells of it. */
export interface ListedCamera extends Omit<ListedDevice, "type" | "serial" | "error"> {
  readonly type: string | null;
  readonly serial: string | null;
  /** As the kernel names it, for example `"2-1.4"`: bus 2, port 1, and port 4 of the hub there. Null beside Linux. */
  readonly port: string | null;
  readonly state: CameraState;
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** Joins what libusb and sysfs know of cameras. */
export function describeCameras(
  devices: readonly ListedDevice[],
  usbDevices: readonly SysfsDevice[],
): ListedCamera[] {
  return devices.map(({ type, serial, error, ...device }) => ({
    ...device,
    type: type ?? null,
    serial: serial ?? null,
    port: findUsbDevice(usbDevices, device)?.port ?? null,
    state: stateOf(error?.code),
    error: error === undefined ? null : { code: error.code, message: error.message },
  }));
}

function stateOf(code: string | undefined): CameraState {
  switch (code) {
    case undefined:
      return "free";
    case "busy":
      return "busy";
    case "permission-denied":
      return "not-permitted";
    default:
      return "failed";
  }
}

/** The USB devices of this machine, where it is a Linux. */
export function usbDevicesHere(files: SystemFiles = realFiles): SysfsDevice[] {
  return process.platform === "linux" ? readUsbDevices(files) : [];
}

/** Prints the cameras, and returns the exit status. */
export function printList(cameras: readonly ListedCamera[], json: boolean, { output, errors }: World): number {
  if (json) output.print(JSON.stringify(cameras, undefined, 2));
  else if (cameras.length > 0) output.print(formatCameras(cameras));
  else errors.print("no camera found; doctor tells more");
  for (const line of [...cameras.flatMap(({ error }) => error?.message ?? []), ...slowLinks(cameras)]) {
    errors.print(line);
  }
  return cameras.length > 0 ? 0 : 1;
}

function formatCameras(cameras: readonly ListedCamera[]): string {
  const header = ["name", "serial", "speed", "usb", "port", "state", "type"];
  const rows = cameras.map(({ name, type, serial, speed, bus, address, port, state }) => [
    name,
    serial ?? "-",
    speed,
    `${bus}:${address}`,
    port ?? "-",
    state,
    type ?? "-",
  ]);
  return textTable(header, rows);
}
