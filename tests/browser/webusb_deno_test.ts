/** A page that is a camera's driver, on the virtual camera: what it has, the camera has sent. */

import assert from "node:assert/strict";
import { configureVirtualBus, describeVirtualBus, type VirtualCameraOptions } from "../../mod.ts";
import { cameraPageFiles } from "../../scripts/testing/camera_page.ts";
import { assertNothingLeft } from "../support/virtual.ts";
import { TestUsb } from "../web/testing/usb_device.ts";
import type { SequenceAsked, SequenceTold } from "./pages/camera_session.ts";
import type { Chromium } from "./testing/chromium.ts";
import type { Tab } from "./testing/tab.ts";
import { test } from "./testing/in_browser.ts";
import { withBridgedTab } from "./testing/usb/tab.ts";

const intervalUs = 16;
const texts = {
  "/index.html": '<!doctype html><title>a camera</title><script type="module" src="/camera.js"></script>',
};
let files: ReturnType<typeof cameraPageFiles> | undefined;

/** Runs with the page, and the cameras plugged in that its `navigator.usb` has. */
async function withCameraPage(
  browser: Chromium,
  cameras: readonly VirtualCameraOptions[],
  run: (tab: Tab) => Promise<void>,
): Promise<void> {
  files ??= cameraPageFiles();
  await configureVirtualBus(cameras);
  const usb = await TestUsb.open();
  try {
    await withBridgedTab(browser, usb, { files: await files, texts }, async ({ tab, url }) => {
      await tab.goTo(`${url}/index.html`);
      await run(tab);
    });
  } finally {
    await usb.close();
    await assertNothingLeft();
    await configureVirtualBus();
  }
}

function read(tab: Tab, asked: SequenceAsked): Promise<SequenceTold> {
  return tab.evaluate<SequenceTold>(`cameraPage.readSequence(${JSON.stringify(asked)})`);
}

const sequence = { kind: "sequence", intervalUs } as const;

test("a page has each byte and event that the camera sent", async (browser) => {
  await withCameraPage(browser, [{ source: sequence, bytesPerSecond: 0 }], async (tab) => {
    const { events, bytes, droppedBytes, statistics } = await read(tab, { intervalUs, forMs: 2000 });
    const [camera] = (await describeVirtualBus()).cameras;
    assert.ok(events > 100_000, `${events} events`);
    assert.equal(camera!.bytesLostInCamera, 0);
    assert.deepEqual({ bytes, droppedBytes, statistics: statistics.bytes }, {
      bytes: camera!.bytesEmitted,
      droppedBytes: 0,
      statistics: camera!.bytesEmitted,
    });
  });
});

test("a page that reads too late is told what its ring had no room for, and where", async (browser) => {
  await withCameraPage(browser, [{ source: sequence, bytesPerSecond: 0 }], async (tab) => {
    const usbConfiguration = { ringLength: 48, transferQueueLength: 16 };
    const told = await read(tab, { intervalUs, forMs: 1000, idleMs: 1000, usbConfiguration });
    const [camera] = (await describeVirtualBus()).cameras;
    assert.ok(told.droppedBytes > 0, "the ring was full");
    assert.ok(told.gaps > 0);
    assert.equal(told.bytes + told.droppedBytes, camera!.bytesEmitted);
    assert.equal(told.statistics.droppedBytes, told.droppedBytes);
  });
});

test("stalls, short and empty transfers cost a page no event", async (browser) => {
  const faults = [
    { kind: "stall", endpoint: 0x81, after: 20 },
    { kind: "short", endpoint: 0x81, after: 40, times: 5, length: 1022 },
    { kind: "zero-length", endpoint: 0x81, after: 60, times: 5 },
  ] as const;
  await withCameraPage(browser, [{ source: sequence, bytesPerSecond: 0, faults }], async (tab) => {
    const { bytes, droppedBytes } = await read(tab, { intervalUs, forMs: 1000 });
    const [camera] = (await describeVirtualBus()).cameras;
    assert.equal(bytes + droppedBytes, camera!.bytesEmitted);
  });
});

test("a loop over a camera that is unplugged ends with what was received, and the next one opens", async (browser) => {
  await withCameraPage(browser, [{ source: sequence, bytesPerSecond: 1e6 }], async (tab) => {
    await tab.evaluate(`(async () => {
      globalThis.heard = [];
      const hear = ({ type }) => heard.push(type);
      for (const type of ["connect", "disconnect"]) navigator.usb.addEventListener(type, hear);
      const device = await cameraPage.openCamera();
      globalThis.seen = { events: 0 };
      (async () => {
        for await (const { packet } of device) seen.events += packet?.polarityEvents?.t.length ?? 0;
      })().catch(({ code }) => Object.assign(seen, { code, closed: device.closed }));
    })()`);
    await tab.until("seen.events > 1000");
    await configureVirtualBus([{ source: sequence, bytesPerSecond: 0 }]);
    assert.equal((await tab.until<{ code: string }>("'code' in seen && seen")).code, "disconnected");
    await tab.until("heard.includes('connect') && heard.includes('disconnect')");
    const { bytes } = await read(tab, { intervalUs, forMs: 200 });
    assert.equal(bytes, (await describeVirtualBus()).cameras[0]!.bytesEmitted);
  });
});
