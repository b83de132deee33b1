/** The guide's examples, run in their pages: the text that its readers see is the text that runs here. */

import assert from "node:assert/strict";
import { readExamples } from "../../scripts/site/guide.ts";
import { siteFiles } from "../../scripts/site/site.ts";
import { test } from "./testing/in_browser.ts";
import { serveSite, type Site } from "./testing/site.ts";
import { answersOf } from "./testing/static_host.ts";
import type { Tab } from "./testing/tab.ts";

let files: Promise<ReadonlyMap<string, Uint8Array>> | undefined;

async function withPage(tab: Tab, path: string, use: (site: Site) => Promise<void>): Promise<void> {
  files ??= siteFiles();
  const site = serveSite({ answers: answersOf(await files) });
  try {
    await tab.goTo(`${site.url}/${path}`);
    await use(site);
  } finally {
    await site.close();
  }
  await tab.close();
}

for (const { name, title } of readExamples()) {
  test(`the guide's example "${title}" runs to its end and prints something`, async (browser) => {
    const tab = await browser.openTab();
    await withPage(tab, `guide/${name}.html`, async () => {
      await tab.click("#run");
      const state = await tab.until("document.querySelector('#output').dataset.state");
      const text = await tab.evaluate<string>("document.querySelector('#output').textContent");
      assert.equal(state, "done", text);
      assert.match(text, /\S/);
      if (["picture", "accumulator"].includes(name)) {
        assert.equal(await tab.evaluate("document.querySelector('#picture canvas').width"), 1280);
      }
    });
  });
}

test("an example that its reader has changed runs as changed; a mistake is told, and can be undone", async (browser) => {
  const tab = await browser.openTab();
  await withPage(tab, "guide/events.html", async () => {
    const run = async (code: string) => {
      await tab.evaluate(`document.querySelector("#code").value = ${JSON.stringify(code)}`);
      await tab.click("#run");
      await tab.until("document.querySelector('#output').dataset.state");
      return await tab.evaluate("document.querySelector('#output').textContent");
    };
    assert.equal(await run('console.log("changed", [1, 2])'), "changed [1,2]\n");
    assert.equal(await run('throw new Error("<b>mine</b>")'), "Error: <b>mine</b>\n");
    assert.equal(await tab.evaluate("document.querySelectorAll('#output b').length"), 0);
    await tab.click("#reset");
    assert.match(await tab.evaluate<string>("document.querySelector('#code').value"), /createVirtualUsb/);
  });
});
