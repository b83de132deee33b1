/** What the entry of pages has, beside that of Deno, Bun and Node. */

import assert from "node:assert/strict";
import { test } from "node:test";
import * as native from "../../mod.ts";
import * as page from "../../src/web/mod.ts";
import { eventsAt, evt3File } from "../recording/testing/made_recording.ts";

/** Needs libusb, files by their paths, or the virtual bus in the native library. */
const needsSystem = [
  "DeviceEvent",
  "DeviceWatchErrorEvent",
  "configureVirtualBus",
  "defaultUsbConfiguration",
  "describeVirtualBus",
  "formatDeviceList",
  "gapMessage",
  "listDevices",
  "printDeviceList",
  "record",
  "repairReceipt",
  "verifyRecording",
];

test("a page has all that needs no system", () => {
  assert.deepEqual(Object.keys(native).filter((name) => !(name in page)).sort(), needsSystem);
});

test("a page looks into a dropped file and converts it in memory", async () => {
  const dropped = new File([evt3File(eventsAt([5, 17, 4100]))], "a.raw");
  assert.equal((await page.summarizeRecording(dropped)).polarityEvents, 3);
  const target = new page.MemoryFiles("a.csv");
  const { format, polarityEvents } = await page.convert(dropped, target);
  assert.deepEqual([format, polarityEvents], [page.csv, 3]);
  const text = new TextDecoder().decode(target.complete.get("a.csv"));
  assert.deepEqual(text.split("\n").slice(0, 2).map((line) => line.split(",")[0]), ["t", "5"]);
});
