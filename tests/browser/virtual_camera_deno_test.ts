/** The virtual camera in a real browser: its module, its turns and its timers. */

import assert from "node:assert/strict";
import { bundle } from "../../scripts/site/bundle.ts";
import { wasmFiles } from "../../scripts/site/viewer.ts";
import type { EventsTold, PatternTold } from "./pages/virtual_camera.ts";
import { test } from "./testing/in_browser.ts";
import { serveSite } from "./testing/site.ts";

test("a page streams and decodes the virtual camera, at full speed and at a rate, with an exact account", async (browser) => {
  const files = new Map([...await bundle(["tests/browser/pages/virtual_camera.ts"]), ...wasmFiles()]);
  const texts = {
    "/index.html": '<!doctype html><title>virtual</title><script type="module" src="/virtual_camera.js"></script>',
  };
  const site = serveSite({ files, texts });
  const tab = await browser.openTab();
  try {
    await tab.goTo(`${site.url}/index.html`);
    await tab.until("globalThis.virtualCameraPage !== undefined");
    for (const [bytes, rate] of [[100_000_000, 0], [400_000, 200_000]] as const) {
      const told = await tab.evaluate<PatternTold>(`virtualCameraPage.fetchPattern(${bytes}, ${rate})`);
      assert.equal(told.account.bytesEmitted, told.bytes);
      assert.equal(told.account.bytesLostInCamera, 0);
      // With a rate the sensor's time runs before its output does, so the pattern does not begin with 0.
      assert.ok(told.jumps <= (rate === 0 ? 0 : 1), `${told.jumps} jumps`);
    }
    const { events, jumps, bytes, account } = await tab.evaluate<EventsTold>("virtualCameraPage.readSequence(1e6)");
    assert.ok(events > 1e6);
    assert.deepEqual([jumps, bytes, account.streaming], [0, account.bytesEmitted, false]);
  } finally {
    await tab.close();
    await site.close();
  }
});
