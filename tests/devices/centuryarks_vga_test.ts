/** A SilkyEvCam VGA on the virtual bus, through `open`: its stream, its masks, its other measurements. */

import assert from "node:assert/strict";
import { configureVirtualBus, describeVirtualBus, listDevices, open } from "../../mod.ts";
import type { CenturyarksVgaChanges, Device, Packet, VirtualCameraOptions } from "../../mod.ts";
import { test } from "../support/test_on_bus.ts";

type Vga = Device<"centuryarks-vga", Packet>;

/** So slow that a camera which is not served for two seconds loses nothing. */
const bytesPerSecond = 2e6;

async function openVga(configuration: CenturyarksVgaChanges = {}, camera: VirtualCameraOptions = {}): Promise<Vga> {
  await configureVirtualBus([{ model: "silkyevcam-vga", bytesPerSecond, ...camera }]);
  return await open({ libusb: "virtual", type: "centuryarks-vga", configuration });
}

interface Pixel {
  readonly x: number;
  readonly y: number;
}

/** Pixels of the next events, so many of them or some more. */
async function pixels(device: Vga, count: number): Promise<Pixel[]> {
  const found: Pixel[] = [];
  for await (const { packet } of device) {
    packet.polarityEvents?.x.forEach((x, index) => found.push({ x, y: packet.polarityEvents!.y[index]! }));
    if (found.length >= count) break;
  }
  return found;
}

test("it is listed, opened, and streams 640 x 480 pixels", async () => {
  const device = await openVga();
  try {
    assert.deepEqual(device.properties, { width: 640, height: 480, sensor: "Prophesee Gen3.1" });
    assert.deepEqual(device.geometry, { width: 640, height: 480 });
    const found = await pixels(device, 50_000);
    assert.ok(found.every(({ x, y }) => x < 640 && y < 480));
    for (const [name, size] of [["x", 640], ["y", 480]] as const) {
      const values = [...new Set(found.map((pixel) => pixel[name]))];
      assert.ok(Math.min(...values) < size / 8 && Math.max(...values) > size * 7 / 8, name);
    }
    const { decoder } = device.statistics;
    assert.deepEqual([decoder!.outOfSensor, decoder!.timeDiscontinuities, device.statistics.droppedBytes], [0, 0, 0]);
  } finally {
    device.close();
  }
  assert.equal((await describeVirtualBus()).cameras[0]!.streaming, false);
  const [listed] = await listDevices({ libusb: "virtual" });
  assert.deepEqual([listed?.type, listed?.serial], ["centuryarks-vga", "00000001"]);
});

test("masked columns and rows send nothing, from the opening on and live", async () => {
  const region = { x: 200, y: 100, width: 100, height: 200 };
  const device = await openVga({ regionOfInterest: region });
  try {
    const isInside = ({ x, y }: Pixel) => x >= 200 && x < 300 && y >= 100 && y < 300;
    assert.ok((await pixels(device, 2_000)).every(isInside));
    device.updateConfiguration({ xMask: "", yMask: "0-239" });
    // First comes what was on its way.
    const isInUpperHalf = ({ y }: Pixel) => y < 240;
    while ((await pixels(device, 1_000)).some(isInUpperHalf));
    const later = await pixels(device, 20_000);
    assert.ok(!later.some(isInUpperHalf) && !later.every(isInside));
  } finally {
    device.close();
  }
});

test("temperature, illuminance and triggers", async () => {
  const device = await openVga({ externalTrigger: true }, { triggerHz: 100 });
  try {
    assert.equal(device.sensors.temperatureCelsius(), 41);
    assert.equal(device.sensors.illuminance(), 5_000);
    assert.equal(Math.round(device.sensors.illuminanceLux()), 171);
    let triggers = 0;
    for await (const { packet } of device) {
      triggers += packet.triggerEvents?.t.length ?? 0;
      if (triggers >= 10) break;
    }
  } finally {
    device.close();
  }
});

test("two cameras run by one clock: the secondary stands still until the primary runs", async () => {
  await configureVirtualBus([
    { model: "silkyevcam-vga", bytesPerSecond, serial: "1" },
    { model: "silkyevcam-vga", bytesPerSecond, serial: "2" },
  ]);
  const options = { libusb: "virtual", type: "centuryarks-vga" } as const;
  const secondary = await open({ ...options, serial: "1", configuration: { clock: "external" } });
  try {
    assert.equal((await describeVirtualBus()).cameras[0]!.streaming, false);
    const primary = await open({ ...options, serial: "2", configuration: { clock: "internal-with-output" } });
    try {
      assert.ok((await pixels(secondary, 100)).length >= 100);
    } finally {
      primary.close();
    }
  } finally {
    secondary.close();
  }
});

test("an update that the camera refuses half-way leaves the configuration that was there", async () => {
  const device = await openVga({ yMask: "0-99" });
  try {
    const before = JSON.stringify(device.configuration);
    assert.throws(() => device.updateConfiguration({ biases: { diffOn: 300 } }), { name: "RangeError" });
    assert.throws(() => device.updateConfiguration({ clock: "external" }), { code: "unsupported" });
    assert.equal(JSON.stringify(device.configuration), before);
    device.updateConfiguration({ biases: { diffOn: 420 }, noiseFilter: { minimumEventsPerSecond: 10_000 } });
    assert.equal(device.configuration.biases.diffOn, 420);
  } finally {
    device.close();
  }
});
