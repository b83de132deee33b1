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

/** What the list says. */
interface SiteList {
  /** The page's files. */
  readonly files: readonly string[];
  /** Those of them that lie elsewhere in the package, by their paths from the page's folder. */
  readonly elsewhere?: Readonly<Record<string, string>>;
}

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
  const { files: paths, elsewhere = {} } = await readList(folder);
  const places = new Map(paths.map((path) => [path, new URL(elsewhere[path] ?? path, folder)]));
  const files = new Map<string, Promise<SiteFile>>();
  return {
    read(path) {
      const name = path === "" ? "index.html" : path;
      // Only what the list has: no other path leads out of the folder.
      const place = places.get(name);
      if (place === undefined) return Promise.resolve(undefined);
      let file = files.get(name);
      if (file === undefined) {
        const contentType = contentTypes[name.slice(name.lastIndexOf(".") + 1)] ?? "application/octet-stream";
        file = readBytes(place).then((bytes) => ({ contentType, bytes }));
        file.catch(() => files.delete(name)); // the next request tries again
        files.set(name, file);
      }
      return file;
    },
  };
}

async function readList(folder: URL): Promise<SiteList> {
  try {
    return JSON.parse(new TextDecoder().decode(await readBytes(new URL(listName, folder))));
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
