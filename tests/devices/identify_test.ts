/** What cameras are called, and what a device says that has the ids of one and is none. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { type CameraUsbId, driversFor } from "../../src/cameras/cameras.ts";
import { describeDevices } from "../../src/devices/device_list.ts";
import { formatDeviceList } from "../../src/devices/discovery.ts";
import { chooseCamera } from "../../src/devices/find_camera.ts";
import { identify } from "../../src/devices/identify.ts";
import { NeuromorphicError } from "../../src/errors.ts";
import { ioError, only, RecordingCamera } from "../cameras/testing/transcript_camera.ts";
import { type MadeUpDevice, madeUpDevice, type MadeUpDeviceOptions, openHandles } from "./made_up_bus.ts";

const pause = () => Promise.resolve();

async function listOne(options: MadeUpDeviceOptions, usbIds?: readonly CameraUsbId[]) {
  const device = madeUpDevice(options);
  const [listed] = await describeDevices([device], { usbIds, pause });
  assert.deepEqual(openHandles([device]), []);
  return { device, listed };
}

/** Cameras as their makers sell them; the strings are those that neuromorphic-drivers 0.18.1 accepts, and two others. */
const PRODUCTS: readonly (readonly [options: MadeUpDeviceOptions, name: string])[] = [
  [{}, "Prophesee EVK4"],
  [{ ids: [0x04b4, 0x00f4] }, "Prophesee EVK4"],
  [
    { ids: [0x31f7, 3], manufacturer: "CenturyArks", product: "SilkyEvCam HD v03.09.00C" },
    "CenturyArks SilkyEvCam HD v03.09.00C",
  ],
  [
    { ids: [0x31f7, 3], manufacturer: "CenturyArks", product: "SilkyEvCam HD v04.11.07D" },
    "CenturyArks SilkyEvCam HD v04.11.07D",
  ],
  [
    {
      ids: [0x31f7, 4],
      manufacturer: "CenturyArks",
      product: "SilkyEvCam HD Lite v03.09.01C",
      system: Uint8Array.of(0x35, 0),
      variant: 2,
    },
    "CenturyArks SilkyEvCam HD Lite v03.09.01C",
  ],
  [
    { ids: [0x1409, 0x8e00], manufacturer: "IDS Imaging Development Systems GmbH", product: "UE-39B0XCP" },
    "IDS Imaging Development Systems GmbH UE-39B0XCP",
  ],
  [
    { ids: [0x1409, 0x8e00], manufacturer: "IDS Imaging Development Systems GmbH", product: "UE-39B2XLS" },
    "IDS Imaging Development Systems GmbH UE-39B2XLS",
  ],
  [{ manufacturer: "Nobody", product: "has heard of it" }, "Nobody has heard of it"],
];

test("each product is listed by what its strings say, and found by that name", async () => {
  for (const [options, name] of PRODUCTS) {
    const { listed } = await listOne(options);
    assert.deepEqual([listed?.name, listed?.type, listed?.error], [name, "prophesee-evk4", undefined]);
    const device = madeUpDevice(options);
    const { name: found, handle } = await chooseCamera([device], {});
    assert.equal(found, name);
    assert.equal(handle.description, `${name} 00050ABC (bus 2, address ${device.address})`);
  }
});

test("without strings a camera has the name of its ids", async () => {
  const silky = { ids: [0x31f7, 0x0003] } as const;
  for (
    const options of [{ product: "" }, { product: undefined }, { product: Uint8Array.of(2, 3) }, { languages: [] }]
  ) {
    const { listed } = await listOne({ ...silky, ...options });
    assert.equal(listed?.name, "CenturyArks SilkyEvCam HD", JSON.stringify(options));
    assert.equal(listed.error, undefined);
  }
  for (const transfer of [0, 1, 2]) {
    const { listed } = await listOne({ ...silky, fail: { at: only(transfer), error: ioError } });
    assert.deepEqual([listed?.name, listed?.serial], ["CenturyArks SilkyEvCam HD", "00050ABC"]);
  }
});

test("a name cannot change the table that it stands in", async () => {
  const { listed } = await listOne({ product: "EVK4\nno camera found\u001b[2J" });
  assert.equal(listed?.name, "Prophesee EVK4\\u000ano camera found\\u001b[2J");
  assert.equal(formatDeviceList([listed!]).split("\n").length, 3);
});

test("a camera in use has its own name, as that is read before the claim", async () => {
  const device = madeUpDevice({ product: "EVK4 of the left arm" });
  const busy = {
    ...device,
    open: (description: string) => {
      const camera = device.open(description);
      camera.claimInterface = () => {
        throw new NeuromorphicError("busy", `${camera.description}: claim interface 0: busy`);
      };
      return camera;
    },
  };
  const [listed] = await describeDevices([busy], { pause });
  assert.deepEqual([listed?.name, listed?.error?.code], ["Prophesee EVK4 of the left arm", "busy"]);
  assert.match(listed!.error!.message, /^Prophesee EVK4 of the left arm \(bus 2, address \d+\): claim interface 0/);
  assert.deepEqual(openHandles([device]), []);
});

test("a device with a camera's ids and another system byte is listed with what it said", async () => {
  const { device, listed } = await listOne({
    ids: [0x04b4, 0x00f4],
    product: "EVK3",
    system: Uint8Array.of(0x28, 0),
  });
  assert.deepEqual([listed?.name, listed?.type, listed?.serial], ["Prophesee EVK3", undefined, undefined]);
  const { code, operation, message, device: named } = listed!.error!;
  assert.deepEqual([code, operation], ["unsupported", "identify"]);
  assert.equal(named, `Prophesee EVK3 (bus 2, address ${device.address})`);
  assert.equal(
    message,
    `${named}: identify: has the ids of a supported camera, but is another device: ` +
      "system byte 0x28 instead of 0x31 (IMX636) or 0x35 (IMX646); system byte 0x28 instead of 0x30 (Gen4.1); " +
      "system byte 0x28 instead of 0x40 (GenX320) or 0x3b (GenX320MP)",
  );
  // Nothing was sent to it but the standard requests, and the one that tells the system byte.
  assert.deepEqual(device.handles[0]!.lines.filter((line) => line.startsWith("BULK")), []);
});

test("libusb's own unsupported is not that of another camera: its type is known", async () => {
  const openError = "unsupported";
  const { listed } = await listOne({ ids: [0x31f7, 0x0003], openError });
  assert.deepEqual([listed?.type, listed?.error?.code], ["prophesee-evk4", "unsupported"]);
  await assert.rejects(chooseCamera([madeUpDevice({ openError })], { serial: "1" }), {
    code: "unsupported",
  });
});

const ownIds = [{ vendorId: 0x1234, productId: 0xabcd, type: "prophesee-evk4" }] as const;

test("a camera with a maker's own ids is found only where these are given", async () => {
  const own: MadeUpDeviceOptions = { ids: [0x1234, 0xabcd], product: "Own" };
  assert.equal((await listOne(own)).listed, undefined);
  const { listed } = await listOne(own, ownIds);
  assert.deepEqual([listed?.name, listed?.type, listed?.serial], ["Prophesee Own", "prophesee-evk4", "00050ABC"]);
  assert.equal((await listOne({ ...own, product: "" }, ownIds)).listed?.name, "camera 1234:abcd");
  const devices = [madeUpDevice(own)];
  await assert.rejects(chooseCamera(devices, {}), { code: "device-not-found" });
  assert.equal((await chooseCamera(devices, { usbIds: ownIds })).name, "Prophesee Own");
  const other = (await listOne({ ...own, system: Uint8Array.of(0x30, 0) }, ownIds)).listed;
  assert.deepEqual([other?.error?.code, other?.type], ["unsupported", undefined]);
});

test("ids that the library knows anyway change nothing", () => {
  const known = [{ vendorId: 0x04b4, productId: 0x00f5, type: "prophesee-evk4" }] as const;
  assert.deepEqual(driversFor(0x04b4, 0x00f5, known), driversFor(0x04b4, 0x00f5));
  assert.deepEqual(driversFor(0x1234, 0x00f5, ownIds), []);
});

test("an abort while the name is read closes the device", async () => {
  const aborting = new AbortController();
  const device: MadeUpDevice = madeUpDevice();
  const opening = {
    ...device,
    open: (description: string): RecordingCamera => {
      aborting.abort("enough");
      return device.open(description);
    },
  };
  const candidates = driversFor(device.vendorId, device.productId);
  await assert.rejects(identify(opening, candidates, aborting.signal), (reason) => reason === "enough");
  assert.deepEqual(openHandles([device]), []);
});
