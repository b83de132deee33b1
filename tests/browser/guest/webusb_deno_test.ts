/** Pages over real WebUSB: a real kernel, a real browser, and cameras that tell what they sent. */

import assert from "node:assert/strict";
import { after } from "node:test";
import { type PluggedCamera, plugInAll } from "../../kernel/guest.ts";
import { slow, test } from "../../support/test.ts";
import type { SequenceAsked, SequenceTold } from "../pages/camera_session.ts";
import type { Chromium } from "../testing/chromium.ts";
import { serveSite, type Site } from "../testing/site.ts";
import type { Tab } from "../testing/tab.ts";
import { site as folder, skipOutsideGuest as skip, startBrowser } from "./guest.ts";

const options = { ...slow, skip };
const serial = "00050ABC";
const intervalUs = 16;

const page = `<!doctype html>
<title>a page that is a camera's driver</title>
<script type="module" src="/camera.js"></script>`;

let running: { site: Site; browser: Chromium; tab: Tab } | undefined;
let camera: PluggedCamera | undefined;
after(async () => {
  await running?.browser.close();
  await camera?.unplug();
  await running?.site.close();
});

/** A new camera; the one before it is unplugged. It sends as fast as it is asked where `bytesPerSecond` is 0. */
async function plugIn(bytesPerSecond: number): Promise<PluggedCamera> {
  await camera?.unplug();
  const [plugged] = await plugInAll([{ serial, bytesPerSecond, source: { kind: "sequence", intervalUs } }]);
  return camera = plugged!;
}

/** The page, in a browser that starts with the first camera plugged in. */
async function openPage(): Promise<Tab> {
  if (running === undefined) {
    const site = serveSite({ folder: folder!, texts: { "/index.html": page } });
    const browser = await startBrowser(site.url);
    running = { site, browser, tab: await browser.openTab({ storage: "profile" }) };
    await running.tab.goTo(`${site.url}/index.html`);
  }
  await running.tab.until("globalThis.cameraPage !== undefined");
  return running.tab;
}

const found = "navigator.usb.getDevices().then((devices) => devices.map(({ serialNumber }) => serialNumber))";

test("a page finds a camera that is plugged in, and hears of its going and coming", options, async () => {
  await plugIn(1e6);
  const tab = await openPage();
  assert.deepEqual(await tab.evaluate(found), [serial]);
  await tab.evaluate(`(() => {
    globalThis.heard = [];
    const hear = ({ type, device }) => heard.push(type + " " + device.serialNumber);
    for (const type of ["connect", "disconnect"]) navigator.usb.addEventListener(type, hear);
  })()`);
  await camera!.unplug();
  assert.deepEqual(await tab.until("heard.length === 1 && heard"), [`disconnect ${serial}`]);
  assert.deepEqual(await tab.evaluate(found), []);
  await plugIn(1e6);
  assert.deepEqual(await tab.until("heard.length === 2 && heard"), [`disconnect ${serial}`, `connect ${serial}`]);
  assert.deepEqual(await tab.evaluate(found), [serial]);
  assert.deepEqual(tab.errors, []);
});

const places = { "a page": "readSequence", "a dedicated Worker": "readSequenceInWorker" } as const;

for (const [place, method] of Object.entries(places)) {
  test(`${place} streams for a minute, and has each byte and event that the camera sent`, options, async () => {
    const plugged = await plugIn(0);
    const tab = await openPage();
    await tab.until(`${found}.then(({ length }) => length === 1)`);
    const asked: SequenceAsked = { serial, intervalUs, forMs: 60_000 };
    const told = await tab.evaluate<SequenceTold>(`cameraPage.${method}(${JSON.stringify(asked)})`);
    plugged.detach();
    const { bytesSent, bytesLost } = await plugged.account();
    console.log(`${place}: ${JSON.stringify(told)}`);
    assert.equal(bytesLost, 0);
    assert.equal(told.statistics.bytes, bytesSent);
    // The ring may have dropped the last bytes. A loop is told of them with the next packet, and there was none.
    assert.equal(told.bytes + told.statistics.droppedBytes, bytesSent);
    assert.ok(told.droppedBytes <= told.statistics.droppedBytes);
    assert.ok(told.events > 1e6, `${told.events} events`);
    assert.deepEqual(tab.errors, []);
  });
}

test("a page that closes a camera opens it again at once, many times", options, async () => {
  await plugIn(1e6);
  const tab = await openPage();
  await tab.until(`${found}.then(({ length }) => length === 1)`);
  const events = await tab.evaluate<number[]>(`(async () => {
    const counts = [];
    for (let round = 0; round < 5; round++) {
      const device = await cameraPage.openCamera("${serial}");
      for await (const { packet } of device) {
        if (packet?.polarityEvents === undefined) continue;
        counts.push(packet.polarityEvents.t.length);
        break;
      }
      await device.close();
    }
    return counts;
  })()`);
  assert.equal(events.length, 5);
  assert.ok(events.every((count) => count > 0), `${events}`);
});

test("a camera that another page has is busy", options, async () => {
  const tab = await openPage();
  const other = await running!.browser.openTab({ storage: "profile" });
  await other.goTo(`${running!.site.url}/index.html`);
  await other.until("globalThis.cameraPage !== undefined");
  await tab.evaluate(`(async () => { globalThis.device = await cameraPage.openCamera("${serial}"); })()`);
  const code = `cameraPage.openCamera("${serial}").then(() => "opened", ({ code }) => code)`;
  assert.equal(await other.evaluate(code), "busy");
  await tab.evaluate("device.close()");
  assert.equal(await other.evaluate(code), "opened");
  await other.close();
});

test("a loop over a camera that is unplugged ends with what was received, then disconnected", options, async () => {
  await plugIn(1e6);
  const tab = await openPage();
  await tab.until(`${found}.then(({ length }) => length === 1)`);
  await tab.evaluate(`(async () => {
    const device = await cameraPage.openCamera("${serial}");
    globalThis.seen = { events: 0 };
    (async () => {
      for await (const { packet } of device) seen.events += packet?.polarityEvents?.t.length ?? 0;
    })().catch(({ code }) => Object.assign(seen, { code, closed: device.closed, bytes: device.statistics.bytes }));
  })()`);
  await tab.until("seen.events > 1000");
  const plugged = camera!;
  await plugged.unplug();
  const seen = await tab.until<{ code: string; bytes: number }>("'code' in seen && seen");
  assert.equal(seen.code, "disconnected");
  assert.deepEqual(await tab.evaluate(found), []);
});
