/** `demo`: opens a camera, shows what it sees and at what rate it sends. */

import { resolve } from "node:path";
import process from "node:process";
import {
  type CameraType,
  configureVirtualBus,
  type Device,
  formatDeviceList,
  listDevices,
  NeuromorphicError,
  open,
  type Packet,
} from "../../mod.ts";
import type { Command, World } from "./command.ts";
import { demoHelp, type DemoOptions, parseDemoOptions } from "./demo_options.ts";
import { interruptible } from "./interruption.ts";
import { LiveView } from "./live_view.ts";
import type { Output } from "./output.ts";
import { pictureStyleOf } from "./picture_style.ts";
import { type Amounts, formatSummary } from "./rates.ts";
import { watchEvents } from "./watch_events.ts";

/** The command. */
export const demoCommand: Command = {
  name: "demo",
  summary: "show the events of a camera",
  help: demoHelp,
  needsNativeCode: true,
  parse(parameters) {
    const options = parseDemoOptions(parameters);
    return (world) => demo(options, world);
  },
};

/** Waiting for events is cut into pieces of this length, so that pictures and lines come while none do. */
const waitMs = 50;

type DemoDevice = Device<CameraType, Packet | undefined>;

/**
 * Runs the demo to its end and returns the exit status: 0 if events came, or the reader of its output has ended.
 *
 * Throws `Interrupted` where a signal ends it before the camera is open, and a `NeuromorphicError` where that cannot be
 * opened or fails.
 */
export function demo(options: DemoOptions, world: World): Promise<number> {
  return interruptible(async (signal) => {
    const libusb = await chooseBus(options, world);
    const device = await openDevice(options, libusb, signal);
    try {
      const title = `${device.name} ${device.serial}${libusb === "virtual" ? " (virtual)" : ""}`;
      return await show(device, title, options, world, signal);
    } finally {
      device.close();
    }
  });
}

/** The signal ends the opening only; what comes after it looks itself, and then still tells what came. */
async function openDevice(
  { serial }: DemoOptions,
  libusb: "system" | "virtual",
  signal: AbortSignal,
): Promise<DemoDevice> {
  const opening = new AbortController();
  const abort = () => opening.abort(signal.reason);
  signal.throwIfAborted();
  signal.addEventListener("abort", abort);
  try {
    return await open({ libusb, serial, iteratorTimeoutMs: waitMs, signal: opening.signal });
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** Shows what an open camera sends, and returns the exit status. */
export async function show(
  device: DemoDevice,
  title: string,
  options: DemoOptions,
  { stdout, output, errors }: World,
  signal: AbortSignal,
): Promise<number> {
  const { width, height } = device.properties;
  if (device.firmware.warning !== undefined) errors.print(`${title}: ${device.firmware.warning}`);
  output.print(`\n${title}: ${width} x ${height} pixels, USB speed ${device.speed}`);
  const style = options.picture && stdout.isTTY === true ? pictureStyleOf(process.env, process.platform) : undefined;
  const started = performance.now();
  const view = style && new LiveView(stdout, device.properties, style, `${title}; Ctrl-C ends`);
  const amounts = await watchEvents(device, { view, output, seconds: options.seconds, signal });
  // A terminal shows ^C where the cursor is.
  if (signal.aborted && stdout.isTTY === true) output.print("");
  output.print(formatSummary(amounts, (performance.now() - started) / 1000));
  if (amounts.events > 0 || output.error !== undefined) return 0;
  errors.print(`no events came: ${whyNone(amounts)}`);
  return 1;
}

function whyNone({ outOfSensor }: Amounts): string {
  return outOfSensor > 0
    ? "all lie beyond the sensor; is the recording that of a larger one?"
    : "is the lens covered, or is nothing moving?";
}

/** Prints what is connected, and decides between the system's USB devices and the virtual camera. */
async function chooseBus(options: DemoOptions, { output, errors, folder }: World): Promise<"system" | "virtual"> {
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
