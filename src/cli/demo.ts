/** The demo: opens a camera, shows what it sees and at what rate it sends. */

import process from "node:process";
import {
  type CameraType,
  configureVirtualBus,
  type Device,
  listDevices,
  NeuromorphicError,
  open,
  type Packet,
  printDeviceList,
} from "../../mod.ts";
import type { DemoOptions } from "./demo_options.ts";
import { LiveView, type Terminal } from "./live_view.ts";
import { Output, type OutputStream } from "./output.ts";
import { pictureStyleOf } from "./picture_style.ts";
import { addAmounts, type Amounts, amountsOf, formatRates, formatSummary, nothing } from "./rates.ts";

/** Waiting for events is cut into pieces of this length, so that pictures and lines come while none do. */
const waitMs = 50;

/** Between pictures: 15 a second look alive, and leave the processor to the events. */
const pictureIntervalMs = 1000 / 15;

const lineIntervalMs = 1000;

/** What the demo writes to; `process.stdout` is one. */
export type DemoOutput = Terminal & OutputStream & { readonly isTTY?: boolean };

type DemoDevice = Device<CameraType, Packet | undefined>;

/**
 * Runs the demo to its end and returns the exit status: 0 if events came, or the reader of its output has ended.
 *
 * @throws {NeuromorphicError} if the camera cannot be opened or fails.
 */
export async function demo(options: DemoOptions, stdout: DemoOutput = process.stdout): Promise<number> {
  const output = new Output(stdout);
  try {
    const libusb = await chooseBus(options, output);
    const device: DemoDevice = await open({ libusb, serial: options.serial, iteratorTimeoutMs: waitMs });
    try {
      const title = `${device.name} ${device.serial}${libusb === "virtual" ? " (virtual)" : ""}`;
      return await show(device, title, options, stdout, output);
    } finally {
      device.close();
    }
  } finally {
    output.close();
  }
}

/** Shows what the camera sends, and returns the exit status. */
async function show(
  device: DemoDevice,
  title: string,
  options: DemoOptions,
  stdout: DemoOutput,
  output: Output,
): Promise<number> {
  const { width, height } = device.properties;
  output.print(`\n${title}: ${width} x ${height} pixels, USB speed ${device.speed}`);
  const style = options.picture && stdout.isTTY === true ? pictureStyleOf(process.env, process.platform) : undefined;
  const started = performance.now();
  const view = style && new LiveView(stdout, device.properties, style, `${title}; Ctrl-C ends`);
  const { amounts, interrupted } = await watch(device, options, view, output);
  // A terminal shows ^C where the cursor is.
  if (interrupted && stdout.isTTY === true) output.print("");
  output.print(formatSummary(amounts, (performance.now() - started) / 1000));
  if (output.isUnread) return 0;
  if (output.error !== undefined) console.error(`standard output: ${output.error.message}`);
  else if (amounts.events === 0) console.error(`no events came: ${whyNone(amounts)}`);
  else return 0;
  return 1;
}

function whyNone({ outOfSensor }: Amounts): string {
  return outOfSensor > 0
    ? "all lie beyond the sensor; is the recording that of a larger one?"
    : "is the lens covered, or is nothing moving?";
}

/** Prints what is connected, and decides between the system's USB devices and the virtual camera. */
async function chooseBus(options: DemoOptions, output: Output): Promise<"system" | "virtual"> {
  if (!options.virtual) {
    const found = await findRealCameras();
    if (found || options.serial !== undefined) return "system";
    output.print(
      "No camera is plugged in. This shows the built-in virtual EVK4: simulated events, not a real scene.\n",
    );
  }
  const { recording, bytesPerSecond } = options;
  await configureVirtualBus([{
    ...(recording === undefined ? {} : { source: { kind: "recording", path: recording } }),
    ...(bytesPerSecond === undefined ? {} : { bytesPerSecond }),
  }]);
  await printDeviceList({ libusb: "virtual" });
  return "virtual";
}

/** A system without libusb has no camera that could be opened; the demo says why and goes on. */
async function findRealCameras(): Promise<boolean> {
  try {
    const devices = await listDevices();
    if (devices.length > 0) await printDeviceList();
    return devices.length > 0;
  } catch (error) {
    if (!(error instanceof NeuromorphicError) || error.code !== "native-library") throw error;
    console.error(error.message);
    return false;
  }
}

/** Shows events until the time is over, Ctrl-C comes or the output breaks; returns what came. */
async function watch(
  device: DemoDevice,
  options: DemoOptions,
  view: LiveView | undefined,
  output: Output,
): Promise<{ amounts: Amounts; interrupted: boolean }> {
  let interrupted = false;
  const interrupt = () => interrupted = true;
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  const started = performance.now();
  const endMs = started + 1000 * (options.seconds ?? Infinity);
  let [lineMs, pictureMs] = [started, started];
  let [total, sinceLine] = [nothing, nothing];
  let line = "";
  try {
    for await (const { status, packet } of device) {
      const amounts = amountsOf(status, packet);
      sinceLine = addAmounts(sinceLine, amounts);
      const now = performance.now();
      if (packet?.polarityEvents !== undefined) view?.add(packet.polarityEvents, now);
      if (now - lineMs >= lineIntervalMs) {
        line = formatRates(sinceLine, (now - lineMs) / 1000, (now - started) / 1000);
        if (view === undefined) output.print(line);
        total = addAmounts(total, sinceLine);
        [sinceLine, lineMs] = [nothing, now];
      }
      if (view !== undefined && now - pictureMs >= pictureIntervalMs) {
        view.draw(line, now);
        pictureMs = now;
      }
      if (interrupted || now >= endMs || output.error !== undefined) break;
    }
  } finally {
    view?.close();
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }
  return { amounts: addAmounts(total, sinceLine), interrupted };
}
