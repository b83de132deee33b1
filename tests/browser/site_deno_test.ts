/** The static site in a browser: below any path, without a network, and after an update. */

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { siteFiles } from "../../scripts/site/site.ts";
import { contentTypes } from "../../src/viewer/server/site_files.ts";
import { withStandIn } from "../site/stand_in.ts";
import { serveSite } from "./testing/site.ts";
import { test } from "./testing/in_browser.ts";

type Answer = (request: Request) => Response;

/** Answers with files below a path, by a table that may change while it is served. */
function answersOf(files: ReadonlyMap<string, Uint8Array>, below: string): Record<string, Answer> {
  const answers: Record<string, Answer> = {};
  for (const [path, bytes] of files) {
    const type = contentTypes[path.slice(path.lastIndexOf(".") + 1)]!;
    const answer = () =>
      new Response(bytes.slice(), { headers: { "content-type": type, "cache-control": "max-age=600" } });
    answers[below + path] = answer;
    if (path.endsWith("index.html")) answers[below + path.slice(0, -"index.html".length)] = answer;
  }
  return answers;
}

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
