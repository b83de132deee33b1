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
import { colourDepthOf, LiveView } from "./live_view.ts";
import { addAmounts, type Amounts, amountsOf, formatRates, formatSummary, nothing } from "./rates.ts";

/** Waiting for events is cut into pieces of this length, so that pictures and lines come while none do. */
const waitMs = 50;

/** Between pictures: 15 a second look alive, and leave the processor to the events. */
const pictureIntervalMs = 1000 / 15;

const lineIntervalMs = 1000;

type DemoDevice = Device<CameraType, Packet | undefined>;

/**
 * Runs the demo to its end and returns the exit status: 0 only if events came.
 *
 * @throws {NeuromorphicError} if the camera cannot be opened or fails.
 */
export async function demo(options: DemoOptions): Promise<number> {
  const libusb = await chooseBus(options);
  const device: DemoDevice = await open({ libusb, serial: options.serial, iteratorTimeoutMs: waitMs });
  try {
    return await show(device, options);
  } finally {
    device.close();
  }
}

/** Shows what the camera sends, and returns the exit status. */
async function show(device: DemoDevice, options: DemoOptions): Promise<number> {
  const { width, height } = device.properties;
  console.log(`\n${device.name} ${device.serial}: ${width} x ${height} pixels, USB speed ${device.speed}`);
  const started = performance.now();
  const amounts = await watch(device, options);
  console.log(formatSummary(amounts, (performance.now() - started) / 1000));
  if (amounts.events > 0) return 0;
  console.error("no events came: is the lens covered, or is nothing moving?");
  return 1;
}

/** Prints what is connected, and decides between the system's USB devices and the virtual camera. */
async function chooseBus(options: DemoOptions): Promise<"system" | "virtual"> {
  if (!options.virtual) {
    const found = await findRealCameras();
    if (found || options.serial !== undefined) return "system";
    console.log("No camera is plugged in. This shows the built-in virtual EVK4: simulated events, not a real scene.\n");
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

/** Shows events until the time is over or Ctrl-C comes, and returns what came. */
async function watch(device: DemoDevice, options: DemoOptions): Promise<Amounts> {
  const { stdout } = process;
  const view = options.picture && stdout.isTTY === true
    ? new LiveView(stdout, device.properties, colourDepthOf(process.env))
    : undefined;
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
        if (view === undefined) console.log(line);
        total = addAmounts(total, sinceLine);
        [sinceLine, lineMs] = [nothing, now];
      }
      if (view !== undefined && now - pictureMs >= pictureIntervalMs) {
        view.draw(line, now);
        pictureMs = now;
      }
      if (interrupted || now >= endMs) break;
    }
  } finally {
    view?.close();
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }
  return addAmounts(total, sinceLine);
}
