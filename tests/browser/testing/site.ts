/** Serves pages to the browser on this machine's `localhost`, which is a secure context. */

import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";

/** What a test serves. */
export interface SiteOptions {
  /** Where files lie. Default: none. */
  readonly folder?: string;
  /** Files by their paths without the first slash, as a bundle has them. */
  readonly files?: ReadonlyMap<string, Uint8Array>;
  /** Texts by their paths, as `/index.html`. */
  readonly texts?: Readonly<Record<string, string>>;
  /** Pages see no other site, and have a finer clock for it. Default: false. */
  readonly isIsolated?: boolean;
  /** What is answered instead, by path, as a WebSocket is. */
  readonly answers?: Readonly<Record<string, (request: Request) => Response>>;
}

/** A server that runs. */
export interface Site {
  /** Without a slash at its end. */
  readonly url: string;
  close(): Promise<void>;
}

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".wasm": "application/wasm",
};

/** As strict as a page can be that decodes by WebAssembly: no script of the page itself, no other host. */
const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' data: blob:; media-src blob:";

/** What isolates a page from other sites. */
const isolation = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };

/** Starts a server. */
export function serveSite({ folder, files, texts = {}, isIsolated = false, answers = {} }: SiteOptions): Site {
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async (request) => {
    const { pathname } = new URL(request.url);
    const answer = answers[pathname];
    if (answer !== undefined) return answer(request);
    const content = texts[pathname] ?? files?.get(pathname.slice(1))?.slice() ?? await readFileOf(folder, pathname);
    if (content === undefined) return new Response(null, { status: pathname === "/favicon.ico" ? 204 : 404 });
    const headers = {
      "Content-Type": types[extname(pathname)] ?? "application/octet-stream",
      "Content-Security-Policy": policy,
      ...(isIsolated ? isolation : {}),
    };
    return new Response(content, { headers });
  });
  return { url: `http://localhost:${server.addr.port}`, close: () => server.shutdown() };
}

async function readFileOf(folder: string | undefined, path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (folder === undefined) return undefined;
  try {
    return new Uint8Array(await readFile(join(folder, normalize(decodeURIComponent(path)))));
  } catch {
    return undefined;
  }
}
