/** What `ours.ts` is, with the decoder as WebAssembly in a page of Chromium. */

import { basename } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { getChromium } from "../../../scripts/setup/chromium.ts";
import { bundle } from "../../../scripts/site/bundle.ts";
import { wasmFiles } from "../../../scripts/site/viewer.ts";
import { Chromium } from "../../browser/testing/chromium.ts";
import { serveSite } from "../../browser/testing/site.ts";
import { wordsOfRawFile } from "../../support/raw_file.ts";
import type { Decoding } from "./decoding.ts";

const texts = {
  "/index.html": '<!doctype html><title>a decoder</title><script type="module" src="/peers.js"></script>',
};

const found = await getChromium();
if ("obstacle" in found) throw new Error(`no Chromium: ${found.obstacle}`);
const files = new Map([...await bundle(["tests/bench/pages/peers.ts"]), ...wasmFiles()]);
// An isolated page has a clock of 5 µs; any other one of 100.
const site = serveSite({ files, texts, isIsolated: true });
const browser = await Chromium.start(found.program);
try {
  const tab = await browser.openTab();
  await tab.goTo(`${site.url}/index.html`);
  await tab.until("globalThis.peersPage !== undefined && crossOriginIsolated");
  for await (const path of createInterface({ input: process.stdin })) {
    const name = `${basename(path, ".raw")}.words`;
    if (!files.has(name)) files.set(name, wordsOfRawFile(path));
    console.log(JSON.stringify(await tab.evaluate<Decoding>(`peersPage.decode(${JSON.stringify(name)})`)));
  }
} finally {
  await browser.close();
  await site.close();
}
