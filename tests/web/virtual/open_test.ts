/** The whole way in a page without a camera: the virtual one, opened as a real one is, with an exact account. */

import assert from "node:assert/strict";
import "../../../mod.ts"; // which has the native decoder
import type { Packet } from "../../../src/packets/packet.ts";
import { open } from "../../../src/web/open.ts";
import type { VirtualWebOptions } from "../../../src/web/virtual/options.ts";
import { createVirtualUsb } from "../../../src/web/virtual/virtual_usb.ts";
import { PatternReader } from "../../support/pattern.ts";
import { SequenceReader } from "../../support/sequence.ts";
import { slow, test } from "../../support/test.ts";
import { virtualCameraModule as module } from "./testing/module.ts";

async function plugged(camera: VirtualWebOptions) {
  const usb = await createVirtualUsb(camera, { module });
  return { usb, usbDevice: (await usb.getDevices())[0]! };
}

test("every byte comes in order, and the device's account is the camera's", slow, async () => {
  const { usb, usbDevice } = await plugged({ source: { kind: "pattern" } });
  const device = await open(usbDevice, { usb, raw: true });
  const reader = new PatternReader();
  for await (const { packet, status } of device) {
    reader.take(packet!, status.gaps);
    if (reader.read >= 50_000_000) break;
  }
  await device.close();
  const { bytes, droppedBytes, backlogBytes } = device.statistics;
  assert.equal(reader.unmarked, 0);
  assert.equal(reader.read + droppedBytes + backlogBytes, bytes);
  const [account] = usb.describe();
  assert.deepEqual([account!.bytesEmitted, account!.bytesLostInCamera, account!.streaming], [bytes, 0, false]);
});

test("a sequence is decoded to exactly the events that the camera sent, in two sessions", slow, async () => {
  const { usb, usbDevice } = await plugged({ source: { kind: "sequence", intervalUs: 4 }, bytesPerSecond: 0 });
  let sent = 0;
  for (let session = 0; session < 2; session++) {
    const device = await open(usbDevice, { usb });
    const reader = new SequenceReader(4);
    for await (const { packet, status } of device) {
      reader.take(status, (packet as Packet).polarityEvents);
      if (reader.events > 500_000) break;
    }
    await device.close();
    sent += device.statistics.bytes;
    assert.equal(usb.describe()[0]!.bytesEmitted, sent);
  }
});

test("a change of the masks leaves the other half's events only", slow, async () => {
  const { usb, usbDevice } = await plugged({ bytesPerSecond: 2_000_000 });
  const device = await open(usbDevice, { usb, type: "prophesee-evk4" });
  const isMasked = (packet: Packet | undefined) => packet?.polarityEvents?.y.some((y) => y < 360);
  let [before, after] = [0, 0];
  for await (const { packet } of device) {
    if (isMasked(packet)) before += 1;
    if (before === 1) await device.updateConfiguration({ yMask: new Uint8Array(720).fill(1, 0, 360) });
    if (before > 0 && packet?.polarityEvents !== undefined && !isMasked(packet)) after += 1;
    if (after === 5) break;
  }
  await device.close();
});

test("an unplugged camera ends its loop as disconnected, and another one that is plugged in opens", slow, async () => {
  const { usb, usbDevice } = await plugged({ bytesPerSecond: 2_000_000 });
  const device = await open(usbDevice, { usb });
  await assert.rejects(async () => {
    for await (const _ of device) usb.unplug(usbDevice);
  }, { name: "NeuromorphicError", code: "disconnected" });
  const other = await open(await usb.plugIn({ model: "evk3-genx320" }), { usb });
  for await (const { packet } of other) if (packet !== undefined) break;
  await other.close();
  assert.equal(other.type, "prophesee-evk3-genx320");
});
