/** The tests' own hands and eyes: what they do to a page is what its scripts see a person do. */

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { eventually } from "../support/eventually.ts";
import { inFolder } from "../support/temporary_folder.ts";
import { serveSite } from "./testing/site.ts";
import { phone, type Tab } from "./testing/tab.ts";
import { test } from "./testing/in_browser.ts";

const page = `<!doctype html>
<title>a page for tests</title>
<link rel="stylesheet" href="/page.css">
<button id="button">press</button>
<canvas id="canvas" width="300" height="200"></canvas>
<input id="slider" type="range" min="0" max="10" value="5">
<button id="far">press</button>
<script type="module" src="/page.js"></script>`;

const style = `
body { margin: 0; background: rgb(0, 0, 255) }
@media (prefers-color-scheme: dark) { body { background: rgb(255, 0, 0) } }
#far { margin-top: 2000px }
`;

const script = `
globalThis.seen = [];
const see = (...what) => seen.push(what.join(" "));
button.onclick = () => see("click");
far.onclick = () => see("far click");
canvas.onpointerdown = ({ offsetX, offsetY }) => see("down", offsetX, offsetY);
canvas.onpointerup = ({ offsetX, offsetY, buttons }) => see("up", offsetX, offsetY);
slider.oninput = () => see("slider", slider.value);
onkeydown = ({ key, code }) => see("key", key, code);
canvas.ondragover = (event) => event.preventDefault();
canvas.ondrop = async (event) => {
  event.preventDefault();
  for (const file of event.dataTransfer.files) see("file", file.name, await file.text());
};
`;

async function withPage(tab: Tab, use: (url: string) => Promise<void>, js = script): Promise<void> {
  const site = serveSite({ texts: { "/index.html": page, "/page.css": style, "/page.js": js } });
  try {
    await tab.goTo(`${site.url}/index.html`);
    await use(site.url);
  } finally {
    await site.close();
  }
}

test("a page sees clicks, drags, keys and sliders as a person's", async (browser) => {
  const tab = await browser.openTab();
  await withPage(tab, async () => {
    await tab.click("#button");
    const { x, y } = await tab.box("#canvas");
    await tab.drag({ x: x + 10, y: y + 20 }, { x: x + 110, y: y + 70 });
    await tab.press("x");
    await tab.press("ArrowDown");
    await tab.evaluate("slider.focus()");
    await tab.press("ArrowRight");
    await tab.click("#far");
    const seen = ["click", "down 10 20", "up 110 70", "key x KeyX", "key ArrowDown ArrowDown"];
    seen.push("key ArrowRight ArrowRight", "slider 6", "far click");
    assert.deepEqual(await tab.evaluate("seen"), seen);
  });
  await tab.close();
});

test("a page gets the files that are dropped on it", async (browser) => {
  const tab = await browser.openTab();
  await inFolder(async (folder) => {
    const file = join(folder, "a file.txt");
    await writeFile(file, "its text");
    await withPage(tab, async () => {
      await tab.dropFiles("#canvas", [file]);
      assert.deepEqual(await tab.until("seen.length > 0 && seen"), ["file a file.txt its text"]);
    });
  });
  await tab.close();
});

test("a picture shows the page on the screen that was chosen", async (browser) => {
  const tab = await browser.openTab({ screen: phone });
  await withPage(tab, async () => {
    assert.deepEqual(pngSize(await tab.screenshot()), { width: 780, height: 1688 });
    await tab.setScreen({ width: 320, height: 200, colorScheme: "dark" });
    assert.deepEqual(pngSize(await tab.screenshot()), { width: 320, height: 200 });
    assert.equal(await tab.evaluate("getComputedStyle(document.body).backgroundColor"), "rgb(255, 0, 0)");
  });
  await tab.close();
});

/** A PNG begins with its signature and the chunk IHDR: length, type, width and height, each of four bytes. */
function pngSize(png: Uint8Array): { width: number; height: number } {
  const view = new DataView(png.buffer);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

const mistakes: Readonly<Record<string, readonly [script: string, error: RegExp]>> = {
  "an error nobody catches": ["throw new Error('a mistake')", /a mistake/],
  "a promise that is rejected": ["Promise.reject(new Error('a broken promise'))", /a broken promise/],
  "console.error": ["console.error('a complaint', 3)", /a complaint 3/],
  "what the policy forbids": [
    "document.body.append(Object.assign(document.createElement('script'), { text: '1' }))",
    /inline script/,
  ],
  "a file that is not there": ["fetch('/nothing')", /404 .*\/nothing/],
};

for (const [name, [js, error]] of Object.entries(mistakes)) {
  test(`a test fails for ${name} in the page`, async (browser) => {
    const tab = await browser.openTab();
    await withPage(tab, async () => {
      await eventually("the error", () => tab.errors[0]);
    }, js);
    await assert.rejects(() => tab.close(), error);
  });
}

test("what an expression throws in the page, it throws in the test", async (browser) => {
  const tab = await browser.openTab();
  await assert.rejects(() => tab.evaluate("Promise.reject(new RangeError('too far'))"), /RangeError: too far/);
  assert.equal(await tab.evaluate("Promise.resolve(7)"), 7);
  await tab.close();
});
