/** `demo`: opens a camera, shows what it sees and at what rate it sends. */

import process from "node:process";
import { type CameraType, type Device, open, type Packet } from "../../mod.ts";
import { chooseBus } from "./choose_bus.ts";
import type { Command, World } from "./command.ts";
import { demoHelp, type DemoOptions, parseDemoOptions } from "./demo_options.ts";
import { interruptible } from "./interruption.ts";
import { LiveView } from "./live_view.ts";
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
