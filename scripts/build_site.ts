/**
 * `deno task build:site`: builds the static site in npm-build/site (viewer, guide, API), and the page of `view` in
 * npm-build/viewer.
 *
 *   --only view   the page of `view` alone
 */

import { join } from "node:path";
import process from "node:process";
import { readOptions } from "./arguments.ts";
import { say } from "./progress.ts";
import { setUp } from "./setup.ts";
import { siteFiles, siteFolders, viewFiles, writeApi, writeSite } from "./site/site.ts";

const { only } = readOptions(import.meta, { only: { type: "string" } });
if (only !== undefined && only !== "view") {
  say(`--only takes view, not ${only}`);
  process.exit(2);
}
await setUp();
writeSite(siteFolders.view, await viewFiles());
if (only === undefined) {
  writeSite(siteFolders.site, await siteFiles());
  await writeApi(join(siteFolders.site, "api"));
  say(`built ${siteFolders.site}`);
}
