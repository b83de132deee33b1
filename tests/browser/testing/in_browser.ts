/** Tests in one browser, which each file of tests starts at its first. */

import { after } from "node:test";
import { getChromium } from "../../../scripts/setup/chromium.ts";
import { slow, test as anyTest } from "../../support/test.ts";
import { Chromium } from "./chromium.ts";

const found = await getChromium();
const skip = "obstacle" in found ? found.obstacle : undefined;
let browser: Promise<Chromium> | undefined;
after(async () => await (await browser)?.close());

/** A test in the browser; left out where there is none. */
export function test(name: string, run: (browser: Chromium) => Promise<void>): void {
  anyTest(name, { ...slow, skip }, async () => {
    if ("obstacle" in found) return;
    browser ??= Chromium.start(found.program);
    await run(await browser);
  });
}
