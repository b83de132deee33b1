/** The static site in a browser: below any path, without a network, and after an update. */

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { siteFiles } from "../../scripts/site/site.ts";
import { withStandIn } from "../site/stand_in.ts";
import { serveSite } from "./testing/site.ts";
import { answersOf } from "./testing/static_host.ts";
import { test } from "./testing/in_browser.ts";

test("the site works below a path, then without a network, and an update arrives with the next visit", async (browser) => {
  const tab = await browser.openTab();
  await withStandIn(async (page) => {
    const answers = answersOf(await siteFiles(page), "/some/path/");
    const site = serveSite({ answers });
    const url = `${site.url}/some/path/`;
    await tab.goTo(url);
    const text = "document.body.textContent.trim()";
    assert.equal(await tab.until(`${text} !== "" && ${text}`), "an answer, an answer of a Worker");
    assert.equal(await tab.evaluate("getComputedStyle(document.body).color"), "rgb(1, 2, 3)");
    await tab.evaluate("navigator.serviceWorker.ready.then(() => true)");

    // An update, while the old page is open.
    await writeFile(join(page, "shared.ts"), 'export const answer: string = "news";\n');
    for (const path of Object.keys(answers)) delete answers[path];
    Object.assign(answers, answersOf(await siteFiles(page), "/some/path/"));
    await tab.goTo(url);
    assert.equal(await tab.until(`${text} !== "" && ${text}`), "news, news of a Worker");

    // The new worker takes over when no page of the old one is open.
    await tab.evaluate("navigator.serviceWorker.ready.then((registration) => registration.update()).then(() => true)");
    await tab.until("navigator.serviceWorker.ready.then(({ waiting, installing }) => !installing && true)");
    await tab.goTo("about:blank");
    await tab.goTo(url);
    await tab.until(
      "navigator.serviceWorker.ready.then(({ waiting, installing, active }) => !waiting && !installing && active.state === 'activated')",
    );
    assert.equal((await tab.evaluate<string[]>("caches.keys()")).length, 1);

    await site.close();
    await tab.goTo(url);
    assert.equal(await tab.until(`${text} !== "" && ${text}`), "news, news of a Worker");
  });
  tab.errors.length = 0; // those of a network that is not there
  await tab.close();
});
