import assert from "node:assert/strict";
import { test } from "node:test";
import { driversFor } from "../../../src/cameras/cameras.ts";
import { knownDevice, knownDevices } from "../../../src/cli/doctor/known_devices.ts";

test("no id of the table has a driver, or stands there twice", () => {
  const ids = knownDevices.flatMap(({ vendorId, productIds }) => productIds.map((productId) => [vendorId, productId]));
  for (const [vendorId, productId] of ids) assert.deepEqual(driversFor(vendorId!, productId!), [], `${ids}`);
  assert.equal(new Set(ids.map(String)).size, ids.length);
});

test("a device is found by both ids", () => {
  assert.match(knownDevice(0x152a, 0x841a)?.name ?? "", /^iniVation DAVIS346/);
  assert.match(knownDevice(0x04b4, 0x4720)?.note ?? "", /^a board without firmware/);
  assert.equal(knownDevice(0x04b4, 0x841a), undefined);
});
