/** The same camera, opened in the same way: natively on the virtual bus, and as WebAssembly over WebUSB. */

import { driversFor } from "../../../../src/cameras/cameras.ts";
import { askDrivers, type ClaimableBus } from "../../../../src/devices/common/identification.ts";
import { run } from "../../../../src/protocol/run.ts";
import { loadLibusb } from "../../../../src/usb/libusb.ts";
import { configureVirtualBus, describeVirtualBus } from "../../../../src/virtual/bus.ts";
import type { VirtualCameraOptions } from "../../../../src/virtual/camera.ts";
import type { VirtualCameraDescription } from "../../../../src/virtual/description.ts";
import { skippedSettling } from "../../../../src/web/page_settling.ts";
import { UsbHandle } from "../../../../src/web/usb_handle.ts";
import type { VirtualWebOptions } from "../../../../src/web/virtual/options.ts";
import { createVirtualUsb } from "../../../../src/web/virtual/virtual_usb.ts";
import { virtualCameraModule as module } from "./module.ts";

/** What came of a session with a camera. */
export interface Session {
  /** Each exchange of identification, opening and closing, with its reply. */
  readonly exchanges: readonly string[];
  /** The first bytes of the events. */
  readonly bytes: Uint8Array;
  /** Account of the camera after the opening. */
  readonly account: VirtualCameraDescription;
}

/** What to do with a camera. */
export interface Wish {
  readonly configuration?: object;
  /** How many bytes of events to fetch. */
  readonly bytes: number;
}

const eventsEndpoint = 0x81;
const transferBytes = 128 << 10;

/** Opens a camera natively, and fetches its first bytes. */
export async function natively(camera: VirtualCameraOptions, wish: Wish): Promise<Session> {
  await configureVirtualBus([camera]);
  const context = (await loadLibusb("virtual")).createContext();
  try {
    const device = context.devices()[0]!;
    const handle = device.open();
    try {
      return await session(handle, device, wish, async () => (await describeVirtualBus()).cameras[0]!);
    } finally {
      handle.close();
    }
  } finally {
    context.close();
    await configureVirtualBus();
  }
}

/** Opens a camera as a page does, and fetches its first bytes. */
export async function inPage(camera: VirtualWebOptions, wish: Wish): Promise<Session> {
  const usb = await createVirtualUsb(camera, { module });
  try {
    const device = (await usb.getDevices())[0]!;
    const handle = await UsbHandle.open(device, "the page's camera");
    try {
      return await session(handle, device, wish, () => Promise.resolve(usb.describe()[0]!));
    } finally {
      await handle.close();
    }
  } finally {
    usb.close();
  }
}

async function session(
  bus: ClaimableBus,
  { vendorId, productId }: { readonly vendorId: number; readonly productId: number },
  { configuration = {}, bytes: length }: Wish,
  describe: () => Promise<VirtualCameraDescription>,
): Promise<Session> {
  const exchanges: string[] = [];
  const way = { bus: recording(bus, exchanges), settling: skippedSettling };
  const { camera: asked, said } = await askDrivers(way.bus, driversFor(vendorId, productId), way);
  if (asked === undefined) throw new Error(`no driver's camera: ${said.join("; ")}`);
  const opened = await run(asked.driver.open(asked.driver.checkConfiguration(configuration)), way);
  exchanges.push(`${opened.serial} ${JSON.stringify([opened.firmware, opened.properties, opened.eventFormat])}`);
  const account = await describe();
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length;) {
    const came = await bus.bulkIn(eventsEndpoint, transferBytes, 10_000);
    if (came === undefined) throw new Error(`nothing came after ${done} bytes`);
    bytes.set(came.subarray(0, length - done), done);
    done += came.length;
  }
  await run(opened.shutdown(), way);
  return { exchanges, bytes, account };
}

/** The bus, with each exchange written down. Reads of events are left out: how many end in time is the machine's choice. */
function recording(bus: ClaimableBus, exchanges: string[]): ClaimableBus {
  const hex = (bytes: Uint8Array | undefined) => bytes === undefined ? "nothing" : Buffer.from(bytes).toString("hex");
  return {
    description: bus.description,
    claimInterface: (number, signal) => bus.claimInterface(number, signal),
    async controlIn(request) {
      const reply = await bus.controlIn(request);
      exchanges.push(`control ${JSON.stringify({ ...request, timeoutMs: 0 })}: ${hex(reply)}`);
      return reply;
    },
    async controlOut(request) {
      await bus.controlOut(request);
      exchanges.push(`control ${JSON.stringify({ ...request, timeoutMs: 0, bytes: hex(request.bytes) })}`);
    },
    async bulkOut(endpoint, bytes, timeoutMs) {
      await bus.bulkOut(endpoint, bytes, timeoutMs);
      exchanges.push(`to ${endpoint}: ${hex(bytes)}`);
    },
    async bulkIn(endpoint, length, timeoutMs) {
      const reply = await bus.bulkIn(endpoint, length, timeoutMs);
      if (endpoint !== eventsEndpoint) exchanges.push(`from ${endpoint}: ${hex(reply)}`);
      return reply;
    },
    async clearHalt(endpoint) {
      await bus.clearHalt(endpoint);
      exchanges.push(`clear halt of ${endpoint}`);
    },
    async selectAlternateSetting(interfaceNumber, setting) {
      await bus.selectAlternateSetting(interfaceNumber, setting);
      exchanges.push(`select ${interfaceNumber} ${setting}`);
    },
  };
}
