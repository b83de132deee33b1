/** `deno task screenshots`: the pictures of the viewer in the README, made by the page itself. */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectDirectory } from "../../scripts/project.ts";
import { getChromium } from "../../scripts/setup/chromium.ts";
import { eventually } from "../support/eventually.ts";
import { Chromium } from "./testing/chromium.ts";
import { laptop, phone, type Screen, type Tab } from "./testing/tab.ts";
import { figure, withViewer } from "./testing/viewer.ts";

const folder = join(projectDirectory, "src", "viewer", "pictures");

/** A README's page loads them. */
const mostBytes = 300_000;

const pictures: Readonly<Record<string, Screen>> = {
  "laptop.jpg": { ...laptop, colorScheme: "dark" },
  "phone.jpg": phone,
};

/** Waits for a picture worth looking at: the star has gone some way, and the notes are read. */
async function settle(tab: Tab): Promise<void> {
  await tab.until("document.querySelector('.badge.virtual') !== null");
  while (await tab.evaluate<boolean>("document.querySelector('.message') !== null")) {
    await tab.click(".message button");
  }
  // The plot has some seconds to show, and the camera is in time.
  await eventually(
    "four seconds",
    async () => Number.parseFloat(await figure(tab, "Time") ?? "0") > 4 ? true : undefined,
  );
  await tab.until("document.querySelector('.figures .warning') === null");
}

const found = await getChromium();
if ("obstacle" in found) throw new Error(found.obstacle);
const browser = await Chromium.start(found.program);
try {
  mkdirSync(folder, { recursive: true });
  for (const [name, screen] of Object.entries(pictures)) {
    await withViewer(browser, { screen }, async (tab) => {
      await settle(tab);
      const jpeg = await tab.screenshot(80);
      if (jpeg.length > mostBytes) throw new Error(`${name} has ${jpeg.length} bytes, more than ${mostBytes}`);
      writeFileSync(join(folder, name), jpeg);
      console.log(`${name}: ${jpeg.length} bytes`);
    });
  }
} finally {
  await browser.close();
}
