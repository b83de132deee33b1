/** The bundled page: which files there are, and where. */

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { NeuromorphicError } from "../../errors.ts";
import { isClone } from "../../native/program.ts";

/** A file of the page. */
export interface SiteFile {
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

/** The files of the page by their paths, `""` for the page itself. Each is read when it is first asked for. */
export interface SiteFiles {
  /** Undefined for what is no file of the page. */
  read(path: string): Promise<SiteFile | undefined>;
}

/** The list of the page's files, written beside them by `deno task build:site`. */
const listName = "files.json";

/** Types by the ends of names; there are no others in the page. */
export const contentTypes: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  json: "application/json",
  webmanifest: "application/manifest+json",
  svg: "image/svg+xml",
  png: "image/png",
  wasm: "application/wasm",
  txt: "text/plain; charset=utf-8",
};

/** Where the page is: in a clone where it is built, else in the package. */
function siteFolder(): URL {
  return new URL(isClone ? "../../../npm-build/viewer/" : "../../../viewer/", import.meta.url);
}

/**
 * Opens the bundled page.
 *
 * @throws {NeuromorphicError} "file-not-found" where it is not built, or missing in the package.
 */
export async function openSite(folder: URL = siteFolder()): Promise<SiteFiles> {
  const paths = new Set(await readList(folder));
  const files = new Map<string, Promise<SiteFile>>();
  return {
    read(path) {
      const name = path === "" ? "index.html" : path;
      // Only what the list has: no path leads out of the folder.
      if (!paths.has(name)) return Promise.resolve(undefined);
      let file = files.get(name);
      if (file === undefined) {
        const contentType = contentTypes[name.slice(name.lastIndexOf(".") + 1)] ?? "application/octet-stream";
        file = readBytes(new URL(name, folder)).then((bytes) => ({ contentType, bytes }));
        file.catch(() => files.delete(name)); // the next request tries again
        files.set(name, file);
      }
      return file;
    },
  };
}

async function readList(folder: URL): Promise<string[]> {
  try {
    const { files } = JSON.parse(new TextDecoder().decode(await readBytes(new URL(listName, folder))));
    return files;
  } catch (cause) {
    const help = isClone ? "build it: deno task build:site" : "install the package again";
    throw new NeuromorphicError("file-not-found", `the page is missing (${folder.href}); ${help}`, {
      operation: "open viewer",
      cause,
    });
  }
}

/** JSR's modules come from a server, and their page with them. */
async function readBytes(url: URL): Promise<Uint8Array> {
  if (url.protocol === "file:") return await readFile(fileURLToPath(url));
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url.href}: ${response.status} ${response.statusText}`);
  return new Uint8Array(await response.arrayBuffer());
}
