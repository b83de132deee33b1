/** Which cameras a command takes: those of the system, or the virtual one. */

import { resolve } from "node:path";
import { configureVirtualBus, formatDeviceList, listDevices, NeuromorphicError } from "../../mod.ts";
import type { World } from "./command.ts";
import type { Output } from "./output.ts";

/** What the arguments say. */
export interface BusChoice {
  /** Serial of the camera; undefined: the first one. */
  readonly serial: string | undefined;
  /** Uses the virtual camera even where a real one is plugged in. */
  readonly virtual: boolean;
  /** A RAW file that the virtual camera replays; undefined: it generates a scene. */
  readonly recording?: string | undefined;
  /** Bytes per second that the virtual camera sends; undefined: its default. */
  readonly bytesPerSecond?: number | undefined;
}

/** Prints what is connected, and decides between the system's USB devices and the virtual camera. */
export async function chooseBus(options: BusChoice, { output, errors, folder }: World): Promise<"system" | "virtual"> {
  if (!options.virtual) {
    const found = await findRealCameras(output, errors);
    if (found || options.serial !== undefined) return "system";
    output.print(
      "No camera is plugged in. This shows the built-in virtual EVK4: simulated events, not a real scene.\n",
    );
  }
  const { recording, bytesPerSecond } = options;
  await configureVirtualBus([{
    ...(recording === undefined ? {} : { source: { kind: "recording", path: resolve(folder, recording) } }),
    ...(bytesPerSecond === undefined ? {} : { bytesPerSecond }),
  }]);
  output.print(formatDeviceList(await listDevices({ libusb: "virtual" })));
  return "virtual";
}

/** A system without libusb has no camera that could be opened; the demo says why and goes on. */
async function findRealCameras(output: Output, errors: Output): Promise<boolean> {
  try {
    const devices = await listDevices();
    if (devices.length > 0) output.print(formatDeviceList(devices));
    return devices.length > 0;
  } catch (error) {
    if (!(error instanceof NeuromorphicError) || error.code !== "native-library") throw error;
    errors.print(error.message);
    return false;
  }
}
