/** Tabs whose `navigator.usb` has the devices of the test. */

import type { Usb } from "../../../../src/web/usb_types.ts";
import { bundle } from "../../../../scripts/site/bundle.ts";
import type { Chromium } from "../chromium.ts";
import { serveSite, type SiteOptions } from "../site.ts";
import type { Screen, Tab } from "../tab.ts";
import { bridgePath, bridgeUsb } from "./bridge.ts";

let script: Promise<string> | undefined;

/** Bundles the page's end of the bridge, as a script whose names stay its own. */
async function bridgeScript(): Promise<string> {
  const files = await bundle(["tests/browser/pages/bridged_usb.ts"]);
  return `(() => { ${new TextDecoder().decode(files.get("bridged_usb.js"))} })();`;
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
  { screen, ...site }: SiteOptions & { readonly screen?: Screen | undefined },
  run: (bridged: BridgedTab) => Promise<void>,
): Promise<void> {
  script ??= bridgeScript();
  const { url, close } = serveSite({ ...site, answers: { ...site.answers, [bridgePath]: bridgeUsb(usb) } });
  try {
    const tab = await browser.openTab({ screen });
    await tab.inject(await script);
    await run({ tab, url });
    await tab.close();
  } finally {
    await close();
  }
}
