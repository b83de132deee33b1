/** The viewer's page, bundled. */

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectDirectory } from "../project.ts";
import { bundle, type Files } from "./bundle.ts";
import { guideEntries } from "./guide.ts";

/** What the page is bundled from. */
const pageFolder = join(projectDirectory, "src", "viewer", "page");

/** The modules of WebAssembly, where `zig build` puts them. */
const wasmFolder = join(projectDirectory, "zig", "zig-out", "wasm");

/** A module of WebAssembly by its name. */
export function wasmFile(name: string): string {
  return join(wasmFolder, name);
}

/** Where the page runs: given by `view`, or by any static host. */
export type Host = "view" | "site";

/** A page, and where its assets are. */
export interface BundledPage {
  readonly files: Files;
  /** The folder of the assets, whose name is the hash of what is in it: `assets/0123456789abcdef/`. */
  readonly assets: string;
}

/**
 * Bundles the page: `index.html`, and all else in a folder whose name tells its content. A browser may keep what is in
 * that folder for good, and an update has another folder.
 */
export async function bundleViewer(host: Host, folder: string = pageFolder): Promise<BundledPage> {
  const content = new Map([
    ...await bundle(["main.ts", "viewer.css"], { directory: folder }),
    ...(host === "site" ? await bundle(["src/viewer/offline/register.ts", ...guideEntries]) : []),
    ...wasmFiles(),
    ...filesOf(folder, /\.(svg|png)$/),
  ]);
  const assets = `assets/${hashOf(content)}/`;
  const html = readFileSync(join(folder, "index.html"), "utf8");
  return {
    assets,
    files: new Map([
      ["index.html", new TextEncoder().encode(pageOf(html, { host, assets, names: content }))],
      ...[...content].map(([name, bytes]) => [assets + name, bytes] as const),
    ]),
  };
}

/** The library and the virtual camera as WebAssembly. */
export function wasmFiles(): [string, Uint8Array][] {
  return filesOf(wasmFolder, /\.wasm$/);
}

function filesOf(folder: string, wanted: RegExp): [string, Uint8Array][] {
  return readdirSync(folder).filter((name) => wanted.test(name)).sort().map((name) => {
    return [name, readFileSync(join(folder, name))];
  });
}

/** The page with its files where they are, and marked with where it runs. */
function pageOf(
  html: string,
  { host, assets, names }: { readonly host: Host; readonly assets: string; readonly names: Files },
): string {
  const moved = html.replace(/\b(href|src)="([^":/]+)"/g, (attribute, kind: string, name: string) => {
    return names.has(name) ? `${kind}="${assets}${name}"` : attribute;
  });
  if (host === "view") return moved.replace("<html ", '<html data-served-by="view" ');
  return moved
    .replace(/^( *)<\/head>/m, `$1  <script type="module" src="${assets}register.js"></script>\n$1</head>`)
    .replace(/^( *)<\/nav>/m, '$1  <a href="guide/">Guide</a>\n$1</nav>');
}

/** Of names and contents, 64 bits in hexadecimal: enough to tell versions apart. */
export function hashOf(files: Files): string {
  const hash = createHash("sha256");
  for (const [name, bytes] of [...files].sort(([one], [other]) => one < other ? -1 : 1)) {
    hash.update(`${name}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest("hex").slice(0, 16);
}
