/** Tests of pages over real WebUSB: Debian's Chromium in the guest, cameras on its USB host controller. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectDirectory } from "../project.ts";
import type { TestTools } from "../setup.ts";
import { getChromium } from "../setup/chromium.ts";
import { ensurePackages } from "../setup/packages.ts";
import { writeSite } from "../site/site.ts";
import { cameraPageFiles } from "../testing/camera_page.ts";
import { readReport, resultOfJUnit } from "../testing/junit.ts";
import { skippedSuite, type SuiteResult } from "../testing/result.ts";
import { testCommand } from "../testing/runtimes.ts";
import { suiteLimits } from "../watchdog.ts";
import { guestSharedDirectory } from "./initramfs.ts";
import { getKernel } from "./kernel.ts";
import { ensureGuestPackages } from "./packages.ts";
import { quote, runInGuestPatiently } from "./run.ts";
import { commandStartedAgain, guestEnvironment } from "./suite.ts";

/** Tells the tests where the pages are that were bundled for them, and that they run in the guest. */
const siteVariable = "NEUROMORPHIC_DRIVERS_BROWSER_SITE";

const tests = "./tests/browser/guest/";

/** Why the browser cannot run in the guest here; undefined where it can. udevd tells it what is plugged in and out. */
async function findObstacle(): Promise<string | undefined> {
  const chromium = await getChromium();
  if ("obstacle" in chromium) return chromium.obstacle;
  return await ensureGuestPackages() ?? await ensurePackages(["udev"]);
}

/** Runs the tests; where they cannot run, says why and skips. */
export async function runBrowserSuiteInGuest(tools: TestTools): Promise<SuiteResult> {
  const obstacle = await findObstacle();
  if (obstacle !== undefined) return skippedSuite(obstacle);
  const sharedDirectory = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_guest_shared_"));
  try {
    // Bundled here: the guest has no network, and its files are read-only.
    writeSite(join(sharedDirectory, "site"), await cameraPageFiles());
    const path = `${guestSharedDirectory}/browser`;
    const test = testCommand("deno", tools, `${path}.xml`, [tests], ["--no-check", "--cached-only"]);
    const command = [
      `cd ${quote(projectDirectory)} || exit 1`,
      ...guestEnvironment,
      `export ${siteVariable}=${guestSharedDirectory}/site`,
      commandStartedAgain(test, path),
    ].join("\n");
    const result = await runInGuestPatiently(await getKernel(), command, { sharedDirectory, limits: suiteLimits });
    if ("obstacle" in result) return skippedSuite(result.obstacle);
    const [status, xml] = ["status", "xml"].map((kind) => readReport(join(sharedDirectory, `browser.${kind}`)));
    return resultOfJUnit({ exitStatus: Number(status ?? 1), output: result.output }, xml);
  } finally {
    rmSync(sharedDirectory, { recursive: true, force: true });
  }
}
