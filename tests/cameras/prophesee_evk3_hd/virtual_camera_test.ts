/** An EVK3 HD on the virtual bus, as programs use it. The camera follows the facts, so this also checks what is written. */

import assert from "node:assert/strict";
import {
  configureVirtualBus,
  type Device,
  listDevices,
  open,
  type Packet,
  type PropheseeEvk3HdChanges,
} from "../../../mod.ts";
import { test } from "../../support/test_on_bus.ts";

const virtual = { libusb: "virtual", type: "prophesee-evk3-hd" } as const;

/** So slow that a camera which is not served for two seconds loses nothing. */
const bytesPerSecond = 2e6;

async function openCamera(configuration: PropheseeEvk3HdChanges): Promise<Device<"prophesee-evk3-hd", Packet>> {
  await configureVirtualBus([{ model: "evk3-hd", bytesPerSecond }]);
  return await open({ ...virtual, configuration });
}

interface Seen {
  readonly events: number;
  readonly columns: ReadonlySet<number>;
  readonly rows: ReadonlySet<number>;
  readonly polarities: ReadonlySet<number>;
}

/** What the next packets hold: at least so many events, after those that were sent before the call. */
async function see(device: Device<"prophesee-evk3-hd", Packet>, minimum = 20_000): Promise<Seen> {
  device.clearBacklog();
  const seen = { events: 0, columns: new Set<number>(), rows: new Set<number>(), polarities: new Set<number>() };
  let skipped = 0;
  for await (const { packet: { polarityEvents } } of device) {
    if (polarityEvents === undefined) continue;
    // What the camera had queued before a change comes after it.
    if (skipped++ < 20) continue;
    seen.events += polarityEvents.t.length;
    for (const x of polarityEvents.x) seen.columns.add(x);
    for (const y of polarityEvents.y) seen.rows.add(y);
    for (const on of polarityEvents.on) seen.polarities.add(on);
    if (seen.events >= minimum) break;
  }
  return seen;
}

test("events arrive, and the camera tells who it is", async () => {
  using device = await openCamera({});
  const { name, serial, properties, firmware, type } = device;
  assert.deepEqual([name, type, serial], ["Prophesee EVK3", "prophesee-evk3-hd", "00000001"]);
  assert.deepEqual(properties, { width: 1280, height: 720, sensor: "Prophesee Gen4.1" });
  assert.equal(firmware.version, "3.9.0");
  const { columns, rows, polarities } = await see(device);
  assert.ok(columns.size > 200 && rows.size > 200, `${columns.size} columns, ${rows.size} rows`);
  assert.equal(polarities.size, 2);
});

test("masks leave pixels out, at the opening and live", async () => {
  using device = await openCamera({ regionOfInterest: { x: 320, y: 180, width: 640, height: 360 } });
  const inside = await see(device);
  assert.ok(Math.min(...inside.columns) >= 320 && Math.max(...inside.columns) < 960);
  assert.ok(Math.min(...inside.rows) >= 180 && Math.max(...inside.rows) < 540);
  device.updateConfiguration({ xMask: "", yMask: "0-359" });
  const lower = await see(device);
  assert.ok(Math.min(...lower.rows) >= 360 && Math.max(...lower.columns) > 960);
  device.updateConfiguration({ masksEnabled: false });
  assert.ok(Math.min(...(await see(device)).rows) < 360);
});

test("biases are written live, and what is not recommended is refused before that", async () => {
  using device = await openCamera({});
  assert.deepEqual((await see(device)).polarities.size, 2);
  // So far below the default that no OFF event is left.
  device.updateConfiguration({ biases: { diffOff: 0, diff: 200, diffOn: 235 }, beyondRecommendedBiases: true });
  const on = await see(device, 1_000);
  assert.ok(on.events > 0);
  const { biases } = device.configuration;
  assert.throws(() => device.updateConfiguration({ beyondRecommendedBiases: false }), RangeError);
  assert.deepEqual(device.configuration.biases, biases);
  assert.deepEqual(device.sensors.biases().diffOn.code, 235);
});

test("monitors and the format of the events", async () => {
  using device = await openCamera({ eventFormat: "evt2.1" });
  assert.ok(Math.abs(device.sensors.temperatureCelsius() - 43) < 0.1);
  assert.equal(device.sensors.illuminance(), 5_720);
  assert.equal(device.sensors.pixelDeadTimeUs(), 20);
  assert.ok((await see(device)).rows.size > 200);
  const { wordsByKind } = device.statistics.decoder!;
  assert.deepEqual([wordsByKind.addressX, wordsByKind.unknown], [0, 0]); // EVT2.1 has vectors only
  assert.throws(() => device.updateConfiguration({ eventFormat: "evt3" }), { code: "unsupported" });
});

test("an EVK3 HD and an EVK4 with the same ids are told apart, also while one of them is open", async () => {
  await configureVirtualBus([{ model: "evk3-hd", bytesPerSecond }, { model: "evk4-00f4", bytesPerSecond }]);
  const listed = async () =>
    (await listDevices({ libusb: "virtual" })).map(({ name, type, serial, vendorId, productId }) => //
    [name, type, serial, vendorId, productId]);
  assert.deepEqual(await listed(), [
    ["Prophesee EVK3", "prophesee-evk3-hd", "00000001", 0x04b4, 0x00f4],
    ["Prophesee EVK4", "prophesee-evk4", "00000002", 0x04b4, 0x00f4],
  ]);
  using evk4 = await open({ libusb: "virtual", type: "prophesee-evk4" });
  using evk3 = await open(virtual);
  assert.deepEqual([evk3.serial, evk4.serial], ["00000001", "00000002"]);
  await assert.rejects(open({ ...virtual, serial: "00000002" }));
});
