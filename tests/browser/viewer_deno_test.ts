/** The viewer where there is nothing to show: what it says, and that it goes on. */

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inFolder } from "../support/temporary_folder.ts";
import { test } from "./testing/in_browser.ts";
import { serveSite } from "./testing/site.ts";
import { laptop, phone } from "./testing/tab.ts";
import { viewerFiles, withViewer } from "./testing/viewer.ts";

test("a browser without WebUSB is told what to do instead", async (browser) => {
  const site = serveSite({ files: await viewerFiles() });
  const tab = await browser.openTab();
  await tab.inject("delete Navigator.prototype.usb;");
  await tab.goTo(`${site.url}/index.html`);
  const message = await tab.until<string>("document.querySelector('.message.error')?.textContent");
  assert.match(message, /has no WebUSB/);
  assert.match(message, /Recordings and the virtual camera work here as well/);
  await tab.close();
  await site.close();
});

for (const [name, screen] of Object.entries({ laptop, phone })) {
  test(`the page fits the width of a ${name}, in light and in dark`, async (browser) => {
    await withViewer(browser, { screen }, async (tab) => {
      for (const colorScheme of ["light", "dark"] as const) {
        await tab.setScreen({ ...screen, colorScheme });
        assert.equal(await tab.evaluate("document.documentElement.scrollWidth"), screen.width);
      }
    });
  });
}

const damaged: Readonly<Record<string, readonly [name: string, content: string, message: RegExp]>> = {
  "a text": ["letter.txt", "Dear camera,", /^letter\.txt: line 1: there is no column t/],
  "an empty file": ["empty.raw", "", /empty\.raw/],
  "a name that looks like markup": ["<img src=x onerror=alert(1)>.raw", "junk", /<img src=x onerror=alert\(1\)>/],
};

for (const [what, [name, content, message]] of Object.entries(damaged)) {
  test(`${what} that is dropped is refused in words, and the page goes on`, async (browser) => {
    await withViewer(browser, {}, async (tab) => {
      await inFolder(async (folder) => {
        const path = join(folder, name);
        await writeFile(path, content);
        await tab.dropFiles("#views", [path]);
        const text = await tab.until<string>(`[...document.querySelectorAll(".message.error strong")]
          .map(({ textContent }) => textContent).find((text) => text.includes(${JSON.stringify(name)}))`);
        assert.match(text, message);
      });
      assert.equal(await tab.evaluate("document.querySelectorAll('img').length"), 0);
      await tab.press("?");
      await tab.until("document.querySelector('dialog').open");
    });
  });
}
