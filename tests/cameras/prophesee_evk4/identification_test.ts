import assert from "node:assert/strict";
import { test } from "node:test";
import { identify } from "../../../src/cameras/prophesee_evk4/identification.ts";
import { driversFor } from "../../../src/cameras/cameras.ts";
import { runSync } from "../../../src/protocol/run.ts";
import { openEvk4 } from "../testing/open_evk4.ts";
import { reply } from "../testing/evk4_model.ts";
import { RecordingCamera, type RecordingCameraOptions } from "../testing/transcript_camera.ts";

test("the four vendor and product ids are known", () => {
  const name = (vendorId: number, productId: number) =>
    driversFor(vendorId, productId).map(({ driver, usbId }) => [driver.type, usbId.name]);
  assert.deepEqual(name(0x04b4, 0x00f4), [["prophesee-evk4", "Prophesee EVK4"]]);
  assert.deepEqual(name(0x04b4, 0x00f5), [["prophesee-evk4", "Prophesee EVK4"]]);
  assert.deepEqual(name(0x31f7, 0x0003), [["prophesee-evk4", "CenturyArks SilkyEvCam HD"]]);
  assert.deepEqual(name(0x1409, 0x8e00), [["prophesee-evk4", "IDS uEye XCP-E"]]);
  // A Cypress FX3 without firmware, and the EVK4's ids crossed.
  assert.deepEqual(name(0x04b4, 0x00f3), []);
  assert.deepEqual(name(0x31f7, 0x00f5), []);
});

function readSerial(bus: RecordingCamera): string | undefined {
  return runSync(identify(), { bus, settling: bus.settling })?.serial;
}

test("the serial is read from replies of 4 and of 8 bytes", () => {
  assert.equal(readSerial(new RecordingCamera()), "00050ABC");
  assert.equal(readSerial(new RecordingCamera({ serial: Uint8Array.of(1, 2, 3, 4, 5, 0, 0, 0) })), "504030201");
});

test("another system byte is another camera, and is asked nothing else", () => {
  for (const system of [Uint8Array.of(0x30, 0), Uint8Array.of(0x31), new Uint8Array(0)]) {
    const other = new RecordingCamera({ system });
    assert.equal(readSerial(other), undefined);
    assert.equal(other.transfers, 1);
  }
});

test("a reply that a killed program left is thrown away", () => {
  for (const left of [reply(0x4001_0102, new Uint8Array(8)), new Uint8Array(20)]) {
    const camera = new RecordingCamera();
    camera.model.replies.push(left);
    assert.equal(readSerial(camera), "00050ABC");
    assert.equal(camera.model.replies.length, 0);
  }
});

test("a camera that never tells its serial is an error, not an endless loop", () => {
  const refusing = new RecordingCamera({ alterReply: () => reply(0x8000_0072, new Uint8Array(12)).subarray(0, 16) });
  assert.throws(() => readSerial(refusing), { code: "protocol", operation: "read serial", message: /refused/ });
  const silent = new RecordingCamera({ alterReply: () => undefined });
  assert.throws(() => readSerial(silent), { code: "io", message: /no reply/ });
  const short = new RecordingCamera({ serial: Uint8Array.of(1) });
  assert.throws(() => readSerial(short), { code: "protocol", message: /only 1 bytes/ });
});

function open(options: RecordingCameraOptions) {
  const bus = new RecordingCamera(options);
  return openEvk4({ bus, settling: bus.settling });
}

test("manufacturers and products of all cameras that speak the protocol are accepted", async () => {
  await open({ manufacturer: "Prophesee", product: "EVK4" });
  await open({ manufacturer: "CenturyArks", product: "EVK4" });
  await open({ manufacturer: "IDS Imaging Development Systems GmbH", product: "UE-39B0XCP" });
});

test("whole strings are compared: neither a part nor more of an accepted one will do", async () => {
  const wrong: RecordingCameraOptions[] = [
    { product: "EVK3" },
    { product: "EVK" },
    { product: "EVK4 HD" },
    { product: "UE-39B0XCP-E" },
    { product: "UE-39B0XC" },
    { manufacturer: "Prophesee SA" },
    { manufacturer: "IDS Imaging Development Systems GmbH & Co" },
    { manufacturer: "" },
  ];
  for (const options of wrong) await assert.rejects(open(options), { code: "unsupported" }, JSON.stringify(options));
});
