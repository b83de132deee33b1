/** The guest as a computer with a browser: its policies, its memory for the browser, what tells of cables. */

import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import process from "node:process";
import { run } from "../../kernel/guest.ts";
import { eventually } from "../../support/eventually.ts";
import { Chromium } from "../testing/chromium.ts";
import { getChromium } from "../../../scripts/setup/chromium.ts";

/** The folder of the pages; set in the guest only. */
export const site: string | undefined = process.env.NEUROMORPHIC_DRIVERS_BROWSER_SITE;

/** Why the tests are left out; undefined in the guest, where they run. */
export const skipOutsideGuest: string | undefined = site === undefined
  ? "needs the guest of `deno task test:browser`"
  : undefined;

const policies = "/etc/chromium/policies/managed";

/** Makes the guest ready and starts its browser, which grants every camera of Prophesee's board to pages of `url`. */
export async function startBrowser(url: string): Promise<Chromium> {
  // The host's files are read-only: memory is mounted over the folder. There is no prompt to click on without a screen.
  await run("mount", ["-t", "tmpfs", "tmpfs", "/etc/chromium"]);
  mkdirSync(policies, { recursive: true });
  const devices = [{ vendor_id: 0x04b4, product_id: 0x00f5 }];
  writeFileSync(`${policies}/camera.json`, JSON.stringify({ WebUsbAllowDevicesForUrls: [{ devices, urls: [url] }] }));
  mkdirSync("/dev/shm", { recursive: true });
  await run("mount", ["-t", "tmpfs", "tmpfs", "/dev/shm"]);
  await startUdevd();
  const found = await getChromium();
  if ("obstacle" in found) throw new Error(found.obstacle);
  return await Chromium.start(found.program, { flags: ["--no-zygote", "--in-process-gpu"] });
}

/** The browser hears of devices that come and go from udevd. */
async function startUdevd(): Promise<void> {
  spawn("/lib/systemd/systemd-udevd", { stdio: "ignore" });
  await eventually("udevd to answer", () => run("udevadm", ["control", "--ping"]).then(() => true, () => undefined));
}
