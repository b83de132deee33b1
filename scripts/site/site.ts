/** The static site, and the page of `view`: which files they have. */

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { runOrThrow } from "../commands.ts";
import { buildDirectory, names } from "../packages/names.ts";
import { projectDirectory } from "../project.ts";
import { bundle, type Files } from "./bundle.ts";
import { guidePages } from "./guide.ts";
import { bundleViewer, hashOf } from "./viewer.ts";

/** Where the static site and the page of `view` are built. */
export const siteFolders = {
  site: join(buildDirectory, "site"),
  view: join(buildDirectory, "viewer"),
} as const;

/** The files of the static site: any host gives them as they are, below any path. `page` is the page's folder. */
export async function siteFiles(page?: string): Promise<Files> {
  const { files: viewer, assets } = await bundleViewer("site", page);
  const files = new Map([...viewer, ...guidePages(assets)]);
  return new Map([...files, ["service_worker.js", await serviceWorker(files)]]);
}

/** The files of `view`'s page, and the list of them that its server gives from. */
export async function viewFiles(page?: string): Promise<Files> {
  const files = await viewPage(page);
  return new Map([...files, listOf(files)]);
}

/** The files of `view`'s page. */
export async function viewPage(page?: string): Promise<Files> {
  return (await bundleViewer("view", page)).files;
}

/** The list of a page's files, as `src/viewer/server/site_files.ts` reads it. Some may lie elsewhere. */
export function listOf(files: Files, elsewhere?: Readonly<Record<string, string>>): readonly [string, Uint8Array] {
  const list = { files: [...files.keys()].sort(), elsewhere };
  return ["files.json", new TextEncoder().encode(`${JSON.stringify(list, undefined, 2)}\n`)];
}

/** It has the hash of all files in it: a browser that finds another one has found an update. */
async function serviceWorker(files: Files): Promise<Uint8Array> {
  // A folder's page by the folder's address, as it is visited.
  const paths = [...files.keys()].sort().map((path) => path.replace(/(^|\/)index\.html$/, "$1") || "./");
  const define = { SITE_VERSION: hashOf(files), SITE_FILES: paths };
  const bundled = await bundle(["src/viewer/offline/service_worker.ts"], { define });
  return bundled.get("service_worker.js")!;
}

/** Writes pages of the API of both modules, by Deno. They are some thousand files, which a visit keeps one by one. */
export async function writeApi(folder: string): Promise<void> {
  const parameters = ["doc", "--html", `--name=${names.npm}`, `--output=${folder}`, "mod.ts", "src/web/mod.ts"];
  await runOrThrow(Deno.execPath(), parameters, { directory: projectDirectory });
}

/** Writes files below a folder, in place of what was there. */
export function writeSite(folder: string, files: Files): void {
  rmSync(folder, { recursive: true, force: true });
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
}
