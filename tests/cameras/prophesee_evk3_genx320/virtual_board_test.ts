/** An EVK3 GenX320 on the virtual bus beside its events: who it is, what it measures, its triggers and its clock. */

import assert from "node:assert/strict";
import { configureVirtualBus, describeVirtualBus, type Device, listDevices, open, type Packet } from "../../../mod.ts";
import { test } from "../../support/test_on_bus.ts";

type Camera = Device<"prophesee-evk3-genx320", Packet>;

const virtual = { libusb: "virtual", type: "prophesee-evk3-genx320" } as const;

/** So slow that a camera which is not served for two seconds loses nothing. */
const bytesPerSecond = 2e6;

test("cameras with the same ids are told apart, also while one of them is open", async () => {
  await configureVirtualBus([
    { model: "evk3-genx320", bytesPerSecond },
    { model: "evk3-hd", bytesPerSecond },
    { model: "evk4-00f4", bytesPerSecond },
    { model: "evk3-genx320-es", bytesPerSecond },
  ]);
  const listed = await listDevices({ libusb: "virtual" });
  assert.deepEqual(listed.map(({ name, type, serial }) => [name, type, serial]), [
    ["Prophesee EVKCX3", "prophesee-evk3-genx320", "00000001"],
    ["Prophesee EVK3", "prophesee-evk3-hd", "00000002"],
    ["Prophesee EVK4", "prophesee-evk4", "00000003"],
    ["Prophesee EVKCX3", "prophesee-evk3-genx320", "00000004"],
  ]);
  using evk4 = await open({ libusb: "virtual", type: "prophesee-evk4" });
  using early = await open({ ...virtual, serial: "00000004" });
  using production = await open({ ...virtual, serial: "00000001" });
  assert.deepEqual([evk4, early, production].map(({ properties }) => properties), [
    { width: 1280, height: 720, sensor: "Prophesee/Sony IMX636" },
    { width: 320, height: 320, sensor: "Prophesee GenX320" },
    { width: 320, height: 320, sensor: "Prophesee GenX320MP" },
  ]);
});

test("thermometer, light meter, dead time and the sensor's own biases", async () => {
  for (const [model, diffOn, refr] of [["evk3-genx320", 25, 10], ["evk3-genx320-es", 40, 82]] as const) {
    await configureVirtualBus([{ model, bytesPerSecond }]);
    using device = await open(virtual);
    assert.ok(Math.abs(device.sensors.temperatureCelsius() - 43) < 0.3);
    assert.ok(Math.abs(device.sensors.illuminanceLux() - 200) < 1);
    assert.equal(device.sensors.pixelDeadTimeUs(), 20);
    assert.deepEqual([device.configuration.biases.diffOn, device.configuration.biases.refr], [diffOn, refr]);
    assert.equal(device.sensors.biases().diffOn.code, diffOn);
  }
});

/** How many triggers come within this time of the sensor. */
async function triggersWithin(device: Camera, us: number): Promise<number> {
  let triggers = 0;
  let first: number | undefined;
  for await (const { packet: { polarityEvents, triggerEvents } } of device) {
    if (polarityEvents === undefined) continue;
    const last = polarityEvents.t.at(-1)!;
    first ??= last;
    triggers += triggerEvents?.t.length ?? 0;
    if (triggerEvents !== undefined) assert.ok(triggerEvents.id.every((id) => id === 0));
    if (last > first + us) break;
  }
  return triggers;
}

test("triggers come until they are switched off, and from then on again", async () => {
  await configureVirtualBus([{ model: "evk3-genx320", bytesPerSecond, triggerHz: 100 }]);
  using device = await open(virtual);
  assert.ok(await triggersWithin(device, 200_000) >= 30); // both edges
  device.updateConfiguration({ externalTrigger: false });
  await triggersWithin(device, 100_000); // what the camera had queued
  assert.equal(await triggersWithin(device, 200_000), 0);
  device.updateConfiguration({ externalTrigger: true });
  assert.ok(await triggersWithin(device, 300_000) >= 30);
});

test("a secondary waits for its primary, whose clock it follows", async () => {
  const model = "evk3-genx320";
  await configureVirtualBus([{ model, bytesPerSecond }, { model, bytesPerSecond }]);
  using secondary = await open({ ...virtual, serial: "00000002", configuration: { clock: "external" } });
  const sent = async () => (await describeVirtualBus()).cameras[1]!.bytesEmitted;
  assert.equal(await sent(), 0);
  using primary = await open({ ...virtual, serial: "00000001", configuration: { clock: "internal-with-output" } });
  const next = async (device: Camera) => {
    for await (const { packet: { polarityEvents } } of device) if (polarityEvents !== undefined) return polarityEvents;
    assert.fail("the camera ended");
  };
  assert.ok((await next(primary)).t.length > 0 && (await next(secondary)).t.length > 0);
  assert.notEqual(await sent(), 0);
});
