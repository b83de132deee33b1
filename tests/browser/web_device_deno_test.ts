/** A page of Chromium drives the virtual camera of the test: opens, changes, measures, records. */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { configureVirtualBus, describeVirtualBus, verifyRecording } from "../../mod.ts";
import { bundle } from "../../scripts/site/bundle.ts";
import { inFolder } from "../support/temporary_folder.ts";
import { TestUsb } from "../web/testing/usb_device.ts";
import { test } from "./testing/in_browser.ts";
import { withBridgedTab } from "./testing/usb/tab.ts";

test("a page opens a camera, changes and records it, and each byte that the camera sent has its place", async (browser) => {
  await configureVirtualBus([{ serial: "00050ABC", bytesPerSecond: 1_000_000 }]);
  await using usb = await TestUsb.open();
  const files = new Map(await bundle(["tests/browser/pages/web_device.ts"]));
  const script = [...files.keys()].find((name) => name.endsWith("web_device.js"))!;
  files.set("page.html", new TextEncoder().encode(`<!doctype html><script type="module" src="${script}"></script>`));
  const wasm = new URL("../../zig/zig-out/wasm/neuromorphic_drivers.wasm", import.meta.url);
  for (const folder of ["", script.replace(/[^/]*$/, "")]) {
    files.set(`${folder}neuromorphic_drivers.wasm`, new Uint8Array(readFileSync(wasm)));
  }
  await withBridgedTab(browser, usb, { files }, async ({ tab, url }) => {
    await tab.goTo(`${url}/page.html`);
    await tab.until("globalThis.drivePage !== undefined");
    // deno-lint-ignore no-explicit-any
    const told: any = await tab.evaluate("drivePage.record(400000)");
    assert.deepEqual([told.name, told.serial, told.diffOn], ["Prophesee EVK4", "00050ABC", 5]);
    assert.ok(told.temperature > 0);
    const { statistics, result } = told;
    assert.equal(statistics.bytes, (await describeVirtualBus()).cameras[0]!.bytesEmitted);
    assert.equal(statistics.bytes, told.read + statistics.backlogBytes);
    assert.equal(statistics.decoder.polarityEvents, told.events);
    const file = Buffer.from(told.file, "base64");
    assert.equal(file.length, result.bytes);
    await inFolder(async (folder) => {
      const path = join(folder, "page.raw");
      await writeFile(path, file);
      await writeFile(`${path}.receipt.jsonl`, told.receipt);
      assert.equal((await verifyRecording(path)).verdict, "complete");
    });
  });
  await configureVirtualBus();
});
