/** The page of `view` in a browser: a camera of this computer, by its server. */

import assert from "node:assert/strict";
import { configureVirtualBus, open } from "../../mod.ts";
import { viewFiles } from "../../scripts/site/site.ts";
import { CameraSession } from "../../src/viewer/server/camera_session.ts";
import { serveViewer } from "../../src/viewer/server/server.ts";
import { assertNothingLeft } from "../support/virtual.ts";
import { test } from "./testing/in_browser.ts";
import { siteOf } from "./testing/view_site.ts";
import { litPixels } from "./testing/viewer.ts";

test("a page of view shows the computer's camera under the server's policy", async (browser) => {
  await configureVirtualBus([{ bytesPerSecond: 2_000_000 }]);
  const device = await open({ libusb: "virtual", raw: true, iteratorTimeoutMs: 50 });
  const ending = new AbortController();
  const session = new CameraSession(device, { isVirtual: true, folder: "." });
  const running = session.run(ending.signal);
  const site = siteOf(await viewFiles());
  const server = await serveViewer({ site, served: { camera: session }, port: 0 });
  const tab = await browser.openTab();
  try {
    await tab.goTo(server.makeTicketUrl());
    assert.equal(await tab.evaluate("location.href"), server.url);
    await tab.until("document.body.textContent.includes('Prophesee EVK4 (virtual)')");
    await tab.until("document.querySelector('.stage canvas') !== null");
    let lit = 0;
    while (lit < 100) lit = Object.keys(await litPixels(tab)).length;
    await tab.close();
  } finally {
    ending.abort();
    await running;
    await server.close();
    device.close();
    await configureVirtualBus();
  }
  await assertNothingLeft();
});
