/** Tabs whose `navigator.usb` has the devices of the test. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Usb } from "../../../../src/web/usb_types.ts";
import { inFolder } from "../../../support/temporary_folder.ts";
import { bundle } from "../bundle.ts";
import type { Chromium } from "../chromium.ts";
import { serveSite, type SiteOptions } from "../site.ts";
import type { Screen, Tab } from "../tab.ts";
import { bridgePath, bridgeUsb } from "./bridge.ts";

let script: Promise<string> | undefined;

/** Bundles the page's end of the bridge, once. */
async function bridgeScript(): Promise<string> {
  let text = "";
  await inFolder(async (folder) => {
    const output = join(folder, "bridged_usb.js");
    await bundle("tests/browser/pages/bridged_usb.ts", output, "iife");
    text = readFileSync(output, "utf8");
  });
  return text;
}

/** What a test has of a page. */
export interface BridgedTab {
  readonly tab: Tab;
  /** Of the site, without a slash at its end. */
  readonly url: string;
}

/** Runs with a tab and a site for it; its pages see the devices of `usb`. */
export async function withBridgedTab(
  browser: Chromium,
  usb: Usb,
  { screen, ...site }: SiteOptions & { readonly screen?: Screen },
  run: (bridged: BridgedTab) => Promise<void>,
): Promise<void> {
  script ??= bridgeScript();
  const { url, close } = serveSite({ ...site, answers: { ...site.answers, [bridgePath]: bridgeUsb(usb) } });
  try {
    const tab = await browser.openTab(screen);
    await tab.inject(await script);
    await run({ tab, url });
    await tab.close();
  } finally {
    await close();
  }
}
