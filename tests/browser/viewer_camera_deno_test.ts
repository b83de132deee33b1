/** The viewer with a camera: what a person does to the page, the camera does. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  configureVirtualBus,
  describeVirtualBus,
  openRecording,
  type Rect,
  type VirtualCameraOptions,
} from "../../mod.ts";
import { eventually } from "../support/eventually.ts";
import { inFolder } from "../support/temporary_folder.ts";
import { assertNothingLeft } from "../support/virtual.ts";
import { TestUsb } from "../web/testing/usb_device.ts";
import type { Chromium } from "./testing/chromium.ts";
import { test } from "./testing/in_browser.ts";
import type { Tab } from "./testing/tab.ts";
import { figure, imageData, pictureDigest, pictures, styleMenu, withViewer } from "./testing/viewer.ts";

const scene: VirtualCameraOptions = { bytesPerSecond: 200_000 };

/** Runs with the page, which shows the camera because it was allowed before, and lets go of it in the end. */
async function withCamera(
  browser: Chromium,
  camera: VirtualCameraOptions,
  run: (tab: Tab) => Promise<void>,
): Promise<void> {
  await configureVirtualBus([camera]);
  const usb = await TestUsb.open();
  try {
    await withViewer(browser, { usb }, async (tab) => {
      await tab.until("document.querySelector('.badge.camera') !== null");
      await untilEvents(tab);
      await run(tab);
      // By its method: a message that comes or goes would move the button away from the mouse.
      await tab.until("(document.querySelector('.view .close')?.click(), document.querySelector('.view') === null)");
    });
  } finally {
    await usb.close();
    await configureVirtualBus();
  }
  await assertNothingLeft();
}

async function untilEvents(tab: Tab): Promise<void> {
  await eventually("events", async () => /[1-9]/.test(await figure(tab, "Rate") ?? "") ? true : undefined);
}

/** The part of the last events that were ON, in percent; undefined where there were none. */
async function onPercent(tab: Tab): Promise<number | undefined> {
  const text = await figure(tab, "ON");
  return text === undefined || !/\d/.test(text) ? undefined : Number.parseInt(text);
}

test("a region that is dragged on the picture is the camera's: no event outside is shown any more", async (browser) => {
  await withCamera(browser, scene, async (tab) => {
    await tab.choose(styleMenu, "total");
    const { x, y, width, height } = await tab.box(".stage canvas");
    const at = (right: number, down: number) => ({ x: x + right * width, y: y + down * height });
    await tab.drag(at(0.25, 0.25), at(0.6, 0.75));
    await tab.until("document.querySelector('.stage .outline').hidden === false");
    const region = await eventually("the region in force", async () => {
      const [x, y, width, height] = await regionNumbers(tab);
      return x! > 0 ? { x: x!, y: y!, width: width!, height: height! } : undefined;
    });
    for (const [side, wanted] of Object.entries({ x: 320, y: 180, width: 448, height: 360 })) {
      assert.ok(Math.abs(region[side as keyof Rect] - wanted) < 8, `${JSON.stringify(region)}`);
    }
    // What was sent before the region was in force may still come.
    await eventually("a picture of the region", async () => {
      await tab.press("x");
      await tab.until(`${litIn(region)}.then(([inside]) => inside > 100)`);
      const [inside, outside] = await tab.evaluate<[number, number]>(litIn(region));
      return inside > 100 && outside === 0 ? true : undefined;
    });
    await tab.press("a");
    await eventually("all pixels", async () => (await regionNumbers(tab)).join() === "0,0,1280,720" || undefined);
    await tab.until(`${litIn(region)}.then(([_, outside]) => outside > 0)`);
  });
});

/** The fields of the panel: x, y, width, height. */
function regionNumbers(tab: Tab): Promise<number[]> {
  return tab.evaluate("[...document.querySelectorAll('.numbers input')].map(({ value }) => Number(value))");
}

/** How many lit pixels are inside and outside of a rectangle, counted in the page: hundreds of thousands may be. */
function litIn({ x, y, width, height }: Rect): string {
  return `${imageData}.then(({ data, width }) => {
    const counts = [0, 0];
    for (let at = 0; at < data.length; at += 4) {
      if (data[at] === data[at + 2]) continue;
      const [px, py] = [(at / 4) % width - ${x}, Math.floor(at / 4 / width) - ${y}];
      counts[px >= 0 && px < ${width} && py >= 0 && py < ${height} ? 0 : 1]++;
    }
    return counts;
  })`;
}

test("a bias that is moved by its slider changes what the camera sends, and a reset gives it back", async (browser) => {
  await withCamera(browser, scene, async (tab) => {
    const slider = ".bias input[type=range][aria-label=diffOn]";
    await tab.focus(slider);
    const before = await eventually("ON events", async () => {
      const percent = await onPercent(tab);
      return percent !== undefined && percent > 30 ? percent : undefined;
    });
    await tab.press("End");
    await eventually("fewer ON events", async () => (await onPercent(tab) ?? 0) < before / 2 ? true : undefined);
    const maximum = await tab.evaluate(`document.querySelector("${slider}").max`);
    assert.equal(await tab.evaluate(`document.querySelector("${slider}").value`), maximum);
    await tab.clickButton("Reset biases");
    await eventually("ON events again", async () => (await onPercent(tab) ?? 0) > before / 2 ? true : undefined);
  });
});

test("a paused picture stands still, a step moves it on, and then it follows the camera again", async (browser) => {
  await withCamera(browser, scene, async (tab) => {
    await tab.clickButton("Pause");
    await tab.until('document.querySelector(".transport [aria-label=\\"Go on\\"]") !== null');
    await tab.evaluate(pictures(20)); // the last one may still be drawn
    const paused = await pictureDigest(tab);
    await tab.evaluate(pictures(20));
    assert.equal(await pictureDigest(tab), paused);
    await tab.press(".");
    const stepped = await eventually("another picture", async () => {
      const digest = await pictureDigest(tab);
      return digest === paused ? undefined : digest;
    });
    await tab.press(" ");
    await eventually("it follows", async () => await pictureDigest(tab) === stepped ? undefined : true);
    await eventually("no delay", async () => await figure(tab, "Behind") === undefined ? true : undefined);
  });
});

test("a snapshot is the picture as a PNG, and a recording has what the camera sent", async (browser) => {
  await withCamera(browser, scene, async (tab) => {
    await inFolder(async (folder) => {
      await tab.saveFilesTo(folder);
      await tab.press("p");
      const png = await saved(folder, ".png");
      assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [1280, 720]);
      assert.ok(await litInFile(tab, png, "img") > 100, "the snapshot shows events");
      await tab.clickButton("Record");
      await tab.until(
        "[...document.querySelectorAll('.capture button')].some((button) => /^Stop .*[kM]B/.test(button.textContent))",
      );
      await tab.press("r");
      const receipt = await saved(folder, ".receipt.jsonl");
      await saved(folder, ".raw");
      const raw = readdirSync(folder).find((name) => name.endsWith(".raw"))!;
      assert.match(raw, /^prophesee-evk4-00000001_/);
      assert.ok(receipt.length > 100);
      await using recording = await openRecording(join(folder, raw));
      let events = 0;
      for await (const { packet } of recording) events += packet.polarityEvents?.t.length ?? 0;
      const message = await tab.until<string>(
        "[...document.querySelectorAll('.message')].map(({ textContent }) => textContent).find((text) => /\\.raw: /.test(text))",
      );
      assert.match(message, /nothing is missing/);
      assert.ok(events > 1000, `${events}`);
    });
  });
});

test("a clip has the pictures that were shown while it ran", async (browser) => {
  await withCamera(browser, scene, async (tab) => {
    await inFolder(async (folder) => {
      await tab.saveFilesTo(folder);
      await tab.choose(styleMenu, "total"); // whose pixels stay lit: an encoder leaves out what is gone at once
      await tab.until(`${litIn({ x: 0, y: 0, width: 1280, height: 720 })}.then(([lit]) => lit > 20_000)`);
      await tab.clickButton("Clip");
      await tab.until(
        "[...document.querySelectorAll('.capture button')].some((each) => each.textContent === 'End clip')",
      );
      await tab.evaluate(pictures(60));
      await tab.press("v");
      assert.ok(await litInFile(tab, await saved(folder, ".webm"), "video") > 1000);
    });
  });
});

test("a canvas of which the browser makes no clip is told", async (browser) => {
  await withCamera(browser, scene, async (tab) => {
    await tab.evaluate(
      `void (HTMLCanvasElement.prototype.captureStream = () => { throw new Error("no such stream"); })`,
    );
    await tab.clickButton("Clip");
    const hasTold =
      "[...document.querySelectorAll('.message')].some(({ textContent }) => /no such stream/.test(textContent))";
    await tab.until(hasTold);
  });
});

/** How many pixels are not black in a file that the page has saved: a picture, or a clip. */
async function litInFile(tab: Tab, bytes: Uint8Array, element: "img" | "video"): Promise<number> {
  return await tab.evaluate<number>(`(async () => {
    const bytes = Uint8Array.from(atob("${bytes.toBase64()}"), (letter) => letter.charCodeAt(0));
    const shown = document.createElement("${element}");
    const ready = new Promise((resolve, reject) => {
      shown.onload = shown.onloadeddata = resolve;
      shown.onerror = () => reject(new Error("the browser cannot read the file"));
    });
    shown.src = URL.createObjectURL(new Blob([bytes]));
    await ready;
    if ("currentTime" in shown) {
      const found = new Promise((resolve) => shown.onseeked = resolve);
      shown.currentTime = 0.3;
      await found;
    }
    const copy = new OffscreenCanvas(1280, 720).getContext("2d");
    copy.drawImage(shown, 0, 0);
    const { data } = copy.getImageData(0, 0, 1280, 720);
    let lit = 0;
    for (let at = 0; at < data.length; at += 4) lit += data[at] + data[at + 1] + data[at + 2] > 60 ? 1 : 0;
    return lit;
  })()`);
}

test("a camera that is unplugged leaves with a word, and comes back by itself", async (browser) => {
  await withCamera(browser, scene, async (tab) => {
    await configureVirtualBus([scene]);
    await tab.until(
      "[...document.querySelectorAll('.message.error')].some(({ textContent }) => /unplugged/.test(textContent))",
    );
    await tab.until("document.querySelector('.badge.camera') !== null");
    await untilEvents(tab);
    assert.equal((await describeVirtualBus()).cameras[0]!.streaming, true);
  });
});

/** A file that the browser has saved, once it is whole. */
async function saved(folder: string, ending: string) {
  return await eventually(`a file ${ending}`, () => {
    const name = readdirSync(folder).find((each) => each.endsWith(ending));
    return name === undefined ? undefined : readFileSync(join(folder, name));
  });
}
