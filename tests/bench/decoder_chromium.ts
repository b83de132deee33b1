/** The decoder in a page of Chromium: what `decoder_child.ts` is for the runtimes. */

import { basename } from "node:path";
import { getChromium } from "../../scripts/setup/chromium.ts";
import { bundle } from "../../scripts/site/bundle.ts";
import { wasmFiles } from "../../scripts/site/viewer.ts";
import { Chromium } from "../browser/testing/chromium.ts";
import { serveSite } from "../browser/testing/site.ts";
import { wordsOfRawFile } from "../support/raw_file.ts";
import type { ChildReport } from "./decoding_times.ts";

const texts = {
  "/index.html": '<!doctype html><title>a decoder</title><script type="module" src="/decoder.js"></script>',
};

/** Measures each stream in one page. */
export async function measureInChromium(paths: readonly string[], rounds: number): Promise<ChildReport> {
  const found = await getChromium();
  if ("obstacle" in found) throw new Error(`no Chromium: ${found.obstacle}`);
  const names = paths.map((path) => basename(path, ".raw"));
  const files = new Map([
    ...await bundle(["tests/bench/pages/decoder.ts"]),
    ...wasmFiles(),
    ...paths.map((path, index) => [`${names[index]}.words`, wordsOfRawFile(path)] as const),
  ]);
  // An isolated page has a clock of 5 µs; any other one of 100.
  const site = serveSite({ files, texts, isIsolated: true });
  const browser = await Chromium.start(found.program);
  try {
    const tab = await browser.openTab();
    await tab.goTo(`${site.url}/index.html`);
    await tab.until("globalThis.decoderPage !== undefined && crossOriginIsolated");
    const report = await tab.evaluate<ChildReport>(`decoderPage.measure(${JSON.stringify(names)}, ${rounds})`);
    await tab.close();
    return report;
  } finally {
    await browser.close();
    await site.close();
  }
}
